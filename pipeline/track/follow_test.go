package track

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"
)

// five has cells of five pixels: wider than the tolerance.
const five = cells(5)

// before makes known candidates of a picture: upper case was published, lower case never was, and G had gone.
func (c cells) before(text string) (out []Known) {
	letters, shapes := c.picture(text)
	for _, l := range letters {
		out = append(out, Known{
			CID: "c" + l, GV: "v" + l, Kind: "built", Type: "JZ", Geom: shapes[l], Area: planar.Area(shapes[l]), First: "20240101", Last: "20240601",
			Published: strings.ToUpper(l) == l, Gone: map[string]Reason{"G": NotSeen}[l],
		})
	}
	return out
}

func (c cells) after(text string) (out []Found) {
	letters, shapes := c.picture(text)
	for _, l := range letters {
		out = append(out, Found{GV: "w" + l, Kind: "built", Type: "JZ", Geom: shapes[l], Area: planar.Area(shapes[l]), Day: "20250101", Published: strings.ToUpper(l) == l})
	}
	return out
}

// say writes fates as "A: grown cA from cA", and what is unseen.
func say(known []Known, found []Found, fates []Fate, unseen []int) string {
	var out []string
	for i, f := range fates {
		s := fmt.Sprintf("%s: %s %s", found[i].GV[1:], f.Relation, f.CID)
		if len(f.Links) > 0 {
			s += " from"
		}
		for _, l := range f.Links {
			s += " " + l.CID
		}
		out = append(out, s)
	}
	for _, k := range unseen {
		out = append(out, "unseen "+known[k].CID)
	}
	return strings.Join(out, "; ")
}

func TestFollow(t *testing.T) {
	for _, c := range []struct{ name, before, after, want string }{
		{"stays", `
			.AAAA.
			.AAAA.`, `
			.BBBB.
			.BBBB.`, "B: same cA from cA"},
		{"grows", `
			.AAAA.
			.AAAA.
			......`, `
			.BBBB.
			.BBBB.
			.BBBB.`, "B: grown cA from cA"},
		{"shrinks", `
			.AAAA.
			.AAAA.
			.AAAA.`, `
			......
			.BBBB.
			.BBBB.`, "B: shrunk cA from cA"},
		{"appears beside one that stays", `
			.AA...
			.AA...`, `
			.BB.CC
			.BB.CC`, "B: same cA from cA; C: new wC"},
		{"vanishes", `
			.AA.BB
			.AA.BB`, `
			....CC
			....CC`, "C: same cB from cB; unseen cA"},
		{"splits: the larger part carries on", `
			AAAAAAA
			AAAAAAA`, `
			BB.CCCC
			BB.CCCC`, "B: split wB from cA; C: split cA from cA"},
		{"merges: the larger one carries on", `
			AA.BBBB
			AA.BBBB`, `
			CCCCCCC
			CCCCCCC`, "C: merged cB from cB cA"},
		{"merges and splits at once", `
			AAAA.BBBB
			AAAA.BBBB`, `
			CC.DDDDDD
			CC.DDDDDD`, "C: split cA from cA; D: merged cB from cB cA"},
		{"a corner of another is not its case", `
			AAAAAA......
			AAAAAA......
			AAAAAA......
			AAAAAA......`, `
			......BBBBBB
			......BBBBBB
			......BBBBBB
			.....BBBBBBB`, "B: new wB; unseen cA"},
		{"a ruin beneath the minimum is no part", `
			AAAAAAA
			AAAAAAA`, `
			b.CCCCC
			b.CCCCC`, "C: shrunk cA from cA; b: new wb"},
		{"published at last", `
			aaaa
			aaaa`, `
			BBBBB
			BBBBB`, "B: new ca from ca"},
		{"one that was never published, and another beside it", `
			aaaa....
			aaaa....`, `
			...BBBB.
			...BBBB.`, "B: new wB; unseen ca"},
		{"grows over what had gone", `
			AA.GGG
			AA.GGG`, `
			BBBBBB
			BBBBBB`, "B: grown cA from cA; unseen cG"},
		{"comes back, in two parts", `
			GGGGGGG
			GGGGGGG`, `
			BB.CCCC
			BB.CCCC`, "B: split wB from cG; C: split cG from cG"},
		{"a field that was never published is no first sight of a house on it", `
			aaaaaaaa
			aaaaaaaa
			aaaaaaaa`, `
			........
			.BB.....
			.BB.....`, "B: new wB; unseen ca"},
	} {
		t.Run(c.name, func(t *testing.T) {
			known, found := five.before(c.before), five.after(c.after)
			fates, unseen, err := Follow(five, Default(), known, found)
			if got := say(known, found, fates, unseen); err != nil || got != c.want {
				t.Errorf("%s, %v; want %s", got, err, c.want)
			}
		})
	}
}

// A name that an earlier candidate has moved on with is not given again.
func TestFreshNames(t *testing.T) {
	known, found := five.before("AA...... AA......"), five.after("BB...CCC BB...CCC")
	known[0].CID = "wC"
	fates, _, err := Follow(five, Default(), known, found)
	if err != nil || fates[0].CID != "wC" || fates[1].CID == "wC" || fates[1].Relation != New {
		t.Errorf("%+v, %v", fates, err)
	}
	again, _, err := Follow(five, Default(), known, found)
	if err != nil || again[1].CID != fates[1].CID {
		t.Errorf("%s, and then %s, %v", fates[1].CID, again[1].CID, err)
	}
}

// history draws what was known and what is found: shapes of few cells, so that they meet in all ways.
func history(t *rapid.T) (known []Known, found []Found) {
	types := []string{"JZ", "DT", "SM", "04"}
	var taken [2]cellSet
	draw := func(side int) orb.MultiPolygon {
		x, y := rapid.IntRange(0, 14).Draw(t, "x"), rapid.IntRange(0, 8).Draw(t, "y")
		w, h := rapid.IntRange(1, 8).Draw(t, "w"), rapid.IntRange(1, 6).Draw(t, "h")
		var mine cellSet
		for row := y; row < y+h; row++ {
			for col := x; col < x+w; col++ {
				if !taken[side][row][col] {
					mine[row][col], taken[side][row][col] = true, true
				}
			}
		}
		return five.polygons(mine)
	}
	for i := range rapid.IntRange(0, 8).Draw(t, "known") {
		if g := draw(0); len(g) > 0 {
			typ := rapid.SampledFrom(types).Draw(t, "type")
			k := Known{CID: fmt.Sprint("k", i), GV: fmt.Sprint("gk", i), Kind: typ, Type: typ, Geom: g, Area: planar.Area(g), First: fmt.Sprintf("2024010%d", i), Published: rapid.IntRange(0, 3).Draw(t, "published") > 0}
			if k.Published && rapid.IntRange(0, 3).Draw(t, "gone") == 0 {
				k.Gone = NotSeen
			}
			known = append(known, k)
		}
	}
	for i := range rapid.IntRange(0, 8).Draw(t, "found") {
		if g := draw(1); len(g) > 0 {
			typ := rapid.SampledFrom(types).Draw(t, "type")
			found = append(found, Found{GV: fmt.Sprint("gf", i), Kind: typ, Type: typ, Geom: g, Area: planar.Area(g), Day: "20250101", Published: rapid.IntRange(0, 3).Draw(t, "published") > 0})
		}
	}
	return known, found
}

// Identities are unique, every earlier one is accounted for once, and the order of candidates does not matter.
func TestFollowLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		known, found := history(t)
		fates, unseen, err := Follow(five, Default(), known, found)
		if err != nil {
			t.Fatal(err)
		}
		ids, later := map[string]int{}, map[string]int{}
		for i, f := range fates {
			ids[f.CID]++
			for _, l := range f.Links {
				later[l.CID]++
			}
			if slices.Contains(f.Earlier(), f.CID) {
				t.Errorf("%s comes from itself", f.CID)
			}
			if (len(f.Links) == 0) != (f.Relation == New) && found[i].Published && f.Relation != New {
				t.Errorf("%s with %d links", f.Relation, len(f.Links))
			}
			if f.Relation == Merged && len(f.Links) < 2 || f.Relation == Split && len(f.Links) != 1 {
				t.Errorf("%s of %v", f.Relation, f.Links)
			}
			first := found[i].Day
			for _, l := range f.Links {
				at := slices.IndexFunc(known, func(k Known) bool { return k.CID == l.CID })
				first = min(first, known[at].First)
			}
			if f.First != first {
				t.Errorf("first seen on %s, not %s", f.First, first)
			}
		}
		for id, n := range ids {
			if n != 1 {
				t.Errorf("%d candidates are %s", n, id)
			}
		}
		missing := map[string]bool{}
		for _, k := range unseen {
			missing[known[k].CID] = true
		}
		for _, k := range known {
			if missing[k.CID] == (later[k.CID] > 0) {
				t.Errorf("%s is unseen: %t, and goes on in %d candidates", k.CID, missing[k.CID], later[k.CID])
			}
			if ids[k.CID] > 0 && later[k.CID] == 0 {
				t.Errorf("%s goes on in a candidate that does not come from it", k.CID)
			}
		}
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 1))
		ks, fs := slices.Clone(known), slices.Clone(found)
		rng.Shuffle(len(ks), func(i, j int) { ks[i], ks[j] = ks[j], ks[i] })
		rng.Shuffle(len(fs), func(i, j int) { fs[i], fs[j] = fs[j], fs[i] })
		again, missed, err := Follow(five, Default(), ks, fs)
		if err != nil {
			t.Fatal(err)
		}
		lines := func(k []Known, f []Found, fates []Fate, unseen []int) []string {
			l := strings.Split(say(k, f, fates, unseen), "; ")
			slices.Sort(l)
			return l
		}
		if a, b := lines(known, found, fates, unseen), lines(ks, fs, again, missed); !slices.Equal(a, b) {
			t.Errorf("%v, in another order %v", a, b)
		}
	})
}

// A run that finds what the last one found calls all of it the same, under the same identities.
func TestIdentity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, found := history(t)
		first, _, err := Follow(five, Default(), nil, found)
		if err != nil {
			t.Fatal(err)
		}
		var known []Known
		for i, f := range found {
			if first[i].CID != f.GV || first[i].Relation != New {
				t.Fatalf("%+v without history", first[i])
			}
			known = append(known, Known{CID: first[i].CID, GV: f.GV, Kind: f.Kind, Type: f.Type, Geom: f.Geom, Area: f.Area, First: f.Day, Last: f.Day, Published: f.Published})
		}
		second, unseen, err := Follow(five, Default(), known, found)
		if err != nil || len(unseen) > 0 {
			t.Fatalf("%d unseen, %v", len(unseen), err)
		}
		for i, f := range second {
			want := Same
			if !found[i].Published {
				want = New
			}
			if f.CID != first[i].CID || f.Relation != want || len(f.Links) != 1 || len(f.Hints) > 0 {
				t.Errorf("%+v", f)
			}
		}
	})
}

// A shift by the tolerance is none, in any direction; growth of more than that at one side is growth, however little of the whole.
func TestTolerance(t *testing.T) {
	one := cells(1)
	known := func(x0, y0, x1, y1 int) []Known {
		g := one.rect(x0, y0, x1, y1)
		return []Known{{CID: "k", GV: "gk", Kind: "built", Type: "JZ", Geom: g, Area: planar.Area(g), Published: true}}
	}
	found := func(x0, y0, x1, y1 int) []Found {
		g := one.rect(x0, y0, x1, y1)
		return []Found{{GV: "gf", Kind: "built", Type: "JZ", Geom: g, Area: planar.Area(g), Published: true}}
	}
	for _, c := range []struct {
		name  string
		known []Known
		found []Found
		want  Relation
	}{
		{"two to the right", known(5, 5, 17, 13), found(7, 5, 19, 13), Same},
		{"two down and left", known(5, 5, 17, 13), found(3, 7, 15, 15), Same},
		{"a narrow one, half of it", known(5, 5, 9, 23), found(7, 5, 11, 23), Same},
		{"two wider all around", known(5, 5, 17, 13), found(3, 3, 19, 15), Grown},
		{"one wider all around", known(5, 5, 25, 20), found(4, 4, 26, 21), Same},
		{"four longer", known(2, 2, 20, 14), found(2, 2, 24, 14), Grown},
		{"four shorter", known(2, 2, 24, 14), found(2, 2, 20, 14), Same},
		{"seven shorter", known(2, 2, 24, 14), found(2, 2, 17, 14), Shrunk},
	} {
		fates, _, err := Follow(one, Default(), c.known, c.found)
		if err != nil || fates[0].Relation != c.want || fates[0].CID != "k" {
			t.Errorf("%s: %+v, %v; want %s", c.name, fates[0], err, c.want)
		}
	}
}
