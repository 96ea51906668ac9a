package rollup

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tuban/pipeline/register"
)

// balanced sums patches with a register of these events: what is suspected of cropland by unit, the tree, and what was released elsewhere.
func balanced(list []*patch, events ...register.Event) (suspicion, *Node, int) {
	reg := &register.Register{Events: events}
	root := &Node{Level: All}
	list = copies(list)
	fill(root, list)
	done, others := verify(root, list, reg, []string{"run"})
	root.finish(nil)
	return suspect(list, &Targets{Reduces: reduces}, done), root, others
}

// cropped is a patch whose parts have these areas of cropland alone, each in its county.
func cropped(cid string, parts map[string]Area) *patch {
	p := &patch{cid: cid, gv: "g", after: "JZ", values: map[Dimension]string{}}
	for _, county := range []string{"220122", "220183"} {
		if a := parts[county]; a > 0 {
			p.area += a
			p.parts = append(p.parts, part{place: placeOf(Unit{Code: county}, Unit{}, Unit{}), area: a, crop: a})
		}
	}
	p.groups = []amount{{"cropland", p.area, true}}
	return p
}

func decided(cid string, from ...string) register.Event {
	d := &register.Decision{Version: register.Version{CID: cid, GV: "g"}, Verdict: register.Pass}
	for _, f := range from {
		d.From = append(d.From, register.Version{CID: f, GV: "g"})
	}
	if len(from) > 0 {
		d.GV = ""
	}
	return register.Event{Decision: d}
}

func released(jcbh, cid, parent string, m2 float64) register.Event {
	return register.Event{Release: &register.Release{Version: register.Version{CID: cid}, JCBH: jcbh, County: jcbh[:6], Parent: parent, AreaM2: m2, Run: "run"}}
}

func returned(jcbh, category string) register.Event {
	return register.Event{Return: &register.Return{JCBH: jcbh, Level1: category}}
}

// What one county concludes of its land says nothing of another's, and what is in no export concludes nothing.
func TestConclusionsAreOfWhatWasReleased(t *testing.T) {
	two := cropped("c", map[string]Area{"220122": 60000, "220183": 40000})
	one := cropped("c", map[string]Area{"220122": 100000})
	other := cropped("d", map[string]Area{"220122": 50000})
	const a1, a2, b1, facility = "22012220260001", "22012220260002", "22018320260001", "设施农用地"
	for _, c := range []struct {
		name      string
		list      []*patch
		events    []register.Event
		suspected [2]Area // in the two counties
		verified  Area    // of cropland
	}{
		{"cut, A returned", []*patch{two}, []register.Event{decided("c"), released(a1, "c", "c", 600), released(b1, "c", "c", 400), returned(a1, facility)}, [2]Area{0, 40000}, 60000},
		{"cut, B returned", []*patch{two}, []register.Event{decided("c"), released(a1, "c", "c", 600), released(b1, "c", "c", 400), returned(b1, facility)}, [2]Area{60000, 0}, 40000},
		{"cut, drawn smaller", []*patch{two}, []register.Event{decided("c"), released(a1, "c", "c", 500), released(b1, "c", "c", 400), returned(a1, facility)}, [2]Area{0, 40000}, 50000},
		{"cut, both", []*patch{two}, []register.Event{decided("c"), released(a1, "c", "c", 600), released(b1, "c", "c", 400), returned(a1, facility), returned(b1, facility)}, [2]Area{}, 100000},
		{"cut where the product knows of one county", []*patch{one}, []register.Event{decided("c"), released(a1, "c", "c", 600), released(b1, "c", "c", 400), returned(b1, facility)}, [2]Area{60000, 0}, 40000},
		{"a sliver stays with the larger part", []*patch{two}, []register.Event{decided("c"), released(a1, "c", "", 1000), returned(a1, facility)}, [2]Area{}, 100000},
		{"drawn smaller", []*patch{one}, []register.Event{decided("c"), released(a1, "c", "", 900), returned(a1, facility)}, [2]Area{}, 90000},
		{"left out of exports", []*patch{two}, []register.Event{decided("c"), released(a1, "c", "c", 600), returned(a1, "JY")}, [2]Area{60000, 40000}, 0},
		{"split, one returned", []*patch{one}, []register.Event{
			decided("c", "c"), decided("e", "c"), released(a1, "c", "", 700), released(a2, "e", "", 300), returned(a2, facility),
		}, [2]Area{70000, 0}, 30000},
		{"split, and judged whole since", []*patch{one}, []register.Event{
			decided("c", "c"), decided("e", "c"), released(a1, "e", "", 300), returned(a1, facility), decided("c"),
		}, [2]Area{70000, 0}, 30000},
		{"merged", []*patch{one, other}, []register.Event{decided("c", "c", "d"), released(a1, "c", "", 1500), returned(a1, facility)}, [2]Area{}, 150000},
	} {
		s, root, others := balanced(c.list, c.events...)
		if got := [2]Area{s.cropland["220122"], s.cropland["220183"]}; got != c.suspected || root.Verified.Cropland != c.verified || others != 0 {
			t.Errorf("%s: suspected %v, verified %v, %d elsewhere; want %v and %v", c.name, got, root.Verified.Cropland, others, c.suspected, c.verified)
		}
	}
}

// What a person added is verified with the product that it was added to, and is elsewhere in another.
func TestAddedPatches(t *testing.T) {
	add := decided("x")
	add.Decision.GV = ""
	const jcbh = "22012220260001"
	for run, elsewhere := range map[string]int{"run": 0, "another": 1} {
		r := released(jcbh, "x", "", 800)
		r.Release.Run, r.Release.Values = run, map[string]string{"GDMJ": "200.00", "YNMJ": "100.00"}
		s, root, others := balanced([]*patch{cropped("c", map[string]Area{"220122": 1000})}, add, r, returned(jcbh, "设施农用地"))
		v := root.Verified
		if others != elsewhere || v.Returned.Patches != 1-elsewhere || s.cropland["220122"] != 1000 {
			t.Errorf("%s: %d elsewhere, %+v, suspected %v", run, others, v, s.cropland)
		}
		if elsewhere == 0 && (v.Cropland != 20000 || v.Farmland == nil || *v.Farmland != 10000) {
			t.Errorf("verified %v of cropland, %v of basic farmland", v.Cropland, v.Farmland)
		}
	}
}

// Whatever counties return of patches that were cut, what stays suspected is all that lies in counties that returned nothing of it.
func TestNoLandVanishes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := drawPatches(t)
		events := []register.Event{}
		heard := map[*patch]map[string]bool{}
		for i, p := range list {
			heard[p] = map[string]bool{}
			areas := map[string]Area{}
			for _, x := range p.parts {
				if len(x.place) > 2 {
					areas[x.place[2].Code] += x.area
				}
			}
			if len(p.parts) == 1 || len(areas) < 2 {
				continue
			}
			for _, county := range slices.Sorted(maps.Keys(areas)) {
				jcbh := fmt.Sprintf("%s2026%04d", county, i+1)
				events = append(events, released(jcbh, p.cid, p.cid, areas[county].M2()))
				if rapid.Bool().Draw(t, "returned") {
					events = append(events, returned(jcbh, "设施农用地"))
					heard[p][county] = true
				}
			}
		}
		before, _, _ := balanced(list)
		after, _, _ := balanced(list, events...)
		for _, county := range []string{"220122", "220183", "220302", "210102"} {
			want := Area(0)
			for _, p := range list {
				if s, _, _ := balanced([]*patch{p}); !heard[p][county] {
					want += s.cropland[county]
				}
			}
			if got := after.cropland[county]; got != want {
				t.Fatalf("in %s %v stay suspected of %v, want %v", county, got, before.cropland[county], want)
			}
		}
	})
}
