package rollup

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// place draws a place of some depth, in few enough units that patches share them.
func drawPlace(t *rapid.T) Place {
	county := rapid.SampledFrom([]string{"", "220122", "220183", "220302", "210102"}).Draw(t, "county")
	town, village := Unit{}, Unit{}
	if rapid.IntRange(0, 3).Draw(t, "has town") > 0 {
		town.Code = county + rapid.SampledFrom([]string{"100", "101"}).Draw(t, "town")
		if rapid.IntRange(0, 3).Draw(t, "has village") > 0 {
			village.Code = town.Code + rapid.SampledFrom([]string{"200", "201"}).Draw(t, "village")
		}
	}
	return placeOf(Unit{Code: county}, town, village)
}

// drawPatch draws a patch whose parts, groups and classes add up to it, as those of a product do.
func drawPatch(t *rapid.T, i int) *patch {
	cents := func(name string, most int64) Area { return Area(rapid.Int64Range(0, most).Draw(t, name)) }
	p := &patch{cid: fmt.Sprintf("c%d", i), gv: "g", after: rapid.SampledFrom([]string{"JZ", "DT", "LT", "04"}).Draw(t, "after"), values: map[Dimension]string{}}
	crop := Area(0)
	for range rapid.IntRange(1, 4).Draw(t, "parts") {
		x := part{place: drawPlace(t), area: 1 + cents("area", 1e8), in: map[string]Area{}}
		x.crop = cents("crop", int64(x.area))
		x.in["YNMJ"] = cents("yn", int64(x.area))
		crop, p.area = crop+x.crop, p.area+x.area
		p.parts = append(p.parts, x)
	}
	// What a run measures on the parts may differ from what it measures on the patch by rounding.
	crop = min(p.area, max(0, crop+Area(rapid.Int64Range(-3, 3).Draw(t, "rounding"))))
	other := spread(p.area-crop, []Area{cents("a", 100), cents("b", 100), cents("c", 100), cents("d", 100)})
	p.groups = []amount{{"cropland", crop, true}, {"agricultural", other[0], false}, {"unused", other[1], false}, {"construction", other[2], false}, {none, other[3], false}}
	p.classes = []amount{{"02", other[0], false}, {"01", crop, true}, {none, other[1] + other[2] + other[3], false}}
	for d, list := range map[Dimension][]string{
		ByCategory: {"cropland_lost", "forest_lost", none}, ByKind: {"built", "ground"}, ByTriage: {"matched", "unmatched"}, ByTrack: {"new", "same"}, ByVerdict: {none, "pass", "unchanged"},
	} {
		if rapid.IntRange(0, 5).Draw(t, "has") > 0 {
			p.values[d] = rapid.SampledFrom(list).Draw(t, string(d))
		}
	}
	if rapid.IntRange(0, 5).Draw(t, "survey") == 0 {
		p.groups, p.classes = nil, nil
	}
	yn := Area(0)
	for _, x := range p.parts {
		yn += x.in["YNMJ"]
	}
	for _, l := range legalLayers() {
		switch l.code {
		case "basic_farmland":
			p.overlays = append(p.overlays, overlaid{l, yn, yn > 0})
		case "village_boundary":
			p.overlays = append(p.overlays, overlaid{l, cents("cz", int64(p.area)), true})
		}
	}
	return p
}

func drawPatches(t *rapid.T) (out []*patch) {
	for i := range rapid.IntRange(0, 6).Draw(t, "patches") {
		out = append(out, drawPatch(t, i))
	}
	return out
}

// copies are patches that counting may change.
func copies(list []*patch) (out []*patch) {
	for _, p := range list {
		q := *p
		q.parts, q.values = slices.Clone(p.parts), maps.Clone(p.values)
		out = append(out, &q)
	}
	return out
}

func counted(list []*patch) *Node {
	root := &Node{Level: All}
	fill(root, copies(list))
	root.finish(nil)
	return root
}

// Every unit is the sum of those below it, each level lists everything once, and the values of a partition add up to all: in patches
// and in hundredths of a square metre.
func TestSumsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := drawPatches(t)
		root := counted(list)
		want := Sum{Patches: len(list)}
		for _, p := range list {
			want.Area += p.area
		}
		if root.Tally.Sum != want {
			t.Fatalf("all %+v, want %+v", root.Tally.Sum, want)
		}
		root.each(func(n *Node, _ int, _ []*Node) {
			if len(n.Children) > 0 {
				var sum Tally
				for _, c := range n.Children {
					sum.add(c.Tally)
				}
				if !sameTally(sum, n.Tally) {
					t.Fatalf("below %s %s: %+v, itself %+v", n.Level, n.Code, sum, n.Tally)
				}
			}
			for _, d := range partitions {
				if len(n.Tally.By[d]) == 0 {
					continue
				}
				var sum Sum
				for _, s := range n.Tally.By[d] {
					sum = sum.plus(s)
				}
				if sum != n.Tally.Sum {
					t.Fatalf("%s %s: by %s %+v, all %+v", n.Level, n.Code, d, sum, n.Tally.Sum)
				}
			}
			for code, s := range n.Tally.By[ByOverlay] {
				if s.Area > n.Tally.Area || s.Area < 0 {
					t.Fatalf("%s: %d of %d in %s", n.Code, s.Area, n.Tally.Area, code)
				}
			}
		})
		for _, l := range Levels {
			var sum Tally
			nodes, _ := root.level(l)
			for _, n := range nodes {
				sum.add(n.Tally)
			}
			if !sameTally(sum, root.Tally) {
				t.Fatalf("level %s has %+v, all %+v", l, sum, root.Tally)
			}
		}
	})
}

// sameTally compares sums; a value that nothing has is as good as none.
func sameTally(a, b Tally) bool {
	strip := func(t Tally) map[Dimension]map[string]Sum {
		out := map[Dimension]map[string]Sum{}
		for d, m := range t.By {
			for k, s := range m {
				if s != (Sum{}) {
					if out[d] == nil {
						out[d] = map[string]Sum{}
					}
					out[d][k] = s
				}
			}
		}
		return out
	}
	return a.Sum == b.Sum && reflect.DeepEqual(strip(a), strip(b))
}

func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := drawPatches(t)
		a, err := json.Marshal(counted(list))
		if err != nil {
			t.Fatal(err)
		}
		rand.New(rand.NewSource(rapid.Int64().Draw(t, "seed"))).Shuffle(len(list), func(i, k int) { list[i], list[k] = list[k], list[i] })
		b, err := json.Marshal(counted(list))
		if err != nil || !bytes.Equal(a, b) {
			t.Fatalf("in another order %s, %v; was %s", b, err, a)
		}
	})
}

// What is divided adds up along both margins, and cropland lies where it was measured.
func TestDivide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPatch(t, 0)
		if p.groups == nil {
			return
		}
		sums := make([]Area, len(p.groups))
		for i, row := range divide(p.parts, p.groups) {
			sum := Area(0)
			for k, a := range row {
				if a < 0 {
					t.Fatalf("part %d has %d of %s", i, a, p.groups[k].key)
				}
				sum, sums[k] = sum+a, sums[k]+a
			}
			if sum != p.parts[i].area {
				t.Fatalf("part %d has %d, is %d", i, sum, p.parts[i].area)
			}
			if d := row[0] - p.parts[i].crop; d < -4 || d > 4 {
				t.Fatalf("part %d has %d of cropland, measured were %d", i, row[0], p.parts[i].crop)
			}
		}
		for k, a := range sums {
			if a != p.groups[k].total {
				t.Fatalf("of %s %d are on the parts, %d on the patch", p.groups[k].key, a, p.groups[k].total)
			}
		}
	})
}
