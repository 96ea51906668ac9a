package accuracy

import (
	"math"
	"testing"
)

// Objects and patches of a small map:
//
//	object 0 (300 m², built)   patch 0 covers 200 of it, of its own 250
//	object 1 (900 m², trees)   patches 1 and 2 cover 300 and 200 of it; patch 2 is below the operating point
//	object 2 (100 m², built)   nothing
//	                           patch 3 lies on no object; patch 4 where the reference says nothing
var (
	someObjects = []Object{
		{Area: 300, Type: "built", Pieces: []Piece{{0, 200}}},
		{Area: 900, Type: "trees", Hidden: 0.6, Pieces: []Piece{{1, 300}, {2, 200}}},
		{Area: 100, Type: "built"},
	}
	somePatches = []Patch{
		{Area: 250, Known: 250, True: 200, Published: true, Score: 90, Kind: "built", Categories: []string{"a"}},
		{Area: 320, Known: 320, True: 300, Published: true, Score: 60, Kind: "trees_lost"},
		{Area: 210, Known: 210, True: 200, Score: 20, Kind: "trees_lost"},
		{Area: 500, Known: 500, Published: true, Score: 70, Kind: "built", Categories: []string{"a", "b"}},
		{Area: 500, Published: true, Score: 95, Kind: "built"},
	}
	trees = map[string]string{"trees": "trees_lost"}
)

func TestObjects(t *testing.T) {
	got := Objects(someObjects, somePatches, ObjectOptions{Same: trees})
	type line struct{ objects, hits, same, patches, true int }
	of := func(r ObjectRow) (l line) {
		if r.ReferenceSide != nil {
			l.objects, l.hits, l.same = r.Objects, r.Hits, r.HitsSameKind
		}
		if r.PatchSide != nil {
			l.patches, l.true = r.Patches, r.True
		}
		return l
	}
	rows := map[string]line{"all": of(got.All)}
	for prefix, list := range map[string][]ObjectRow{"type ": got.ByType, "kind ": got.ByKind, "category ": got.ByCategory, "size ": got.BySize} {
		for _, r := range list {
			rows[prefix+r.Name] = of(r)
		}
	}
	for name, want := range map[string]line{
		"all":        {3, 1, 1, 3, 2},
		"type built": {2, 1, 1, 2, 1}, "type trees": {1, 0, 0, 1, 1},
		"kind built": {0, 0, 0, 2, 1}, "kind trees_lost": {0, 0, 0, 1, 1},
		"category ": {0, 0, 0, 1, 1}, "category a": {0, 0, 0, 2, 1}, "category b": {0, 0, 0, 1, 0},
		"size <200": {1, 0, 0, 0, 0}, "size 200-400": {1, 1, 1, 2, 2}, "size 400-1000": {1, 0, 0, 1, 0},
		"size 1000-5000": {}, "size >=5000": {},
	} {
		if l, ok := rows[name]; !ok || l != want {
			t.Errorf("%s: %+v, want %+v", name, l, want)
		}
		delete(rows, name)
	}
	if len(rows) > 0 {
		t.Errorf("more rows than expected: %v", rows)
	}
	if got.PatchesLeftOut != 1 || got.Observed.Objects != 2 || got.Observed.Hits != 1 {
		t.Errorf("%d patches left out, observed objects %+v", got.PatchesLeftOut, got.Observed)
	}
	// Patch 0 is 250 m² on an object of 300.
	if e := float64(got.All.MedianAreaError); math.Abs(e-50./300) > 1e-12 {
		t.Errorf("median area error %v", e)
	}
	if r := got.ByType[1]; r.Recall != 0 || r.Precision != 1 || r.F1 != 0 {
		t.Errorf("trees: %+v", r)
	}
}

// At the overlap itself an object is hit; small objects and other types leave recall alone but make patches true.
func TestObjectOptions(t *testing.T) {
	for _, c := range []struct {
		name               string
		o                  ObjectOptions
		objects, hits, out int
		confirmed          int
	}{
		{"overlap of two thirds exactly", ObjectOptions{Overlap: 2. / 3}, 3, 1, 0, 2},
		{"a little more", ObjectOptions{Overlap: 0.67}, 3, 0, 0, 2},
		{"a third", ObjectOptions{Overlap: 1. / 3}, 3, 2, 0, 2},
		{"minimum area", ObjectOptions{MinArea: 300}, 2, 1, 1, 2},
		{"one type", ObjectOptions{Types: []string{"trees"}}, 1, 0, 2, 2},
	} {
		got := Objects(someObjects, somePatches, c.o)
		if got.All.Objects != c.objects || got.All.Hits != c.hits || got.ReferenceLeftOut != c.out || got.All.True != c.confirmed {
			t.Errorf("%s: %+v %+v, %d left out", c.name, got.All.ReferenceSide, got.All.PatchSide, got.ReferenceLeftOut)
		}
	}
}

func TestCurve(t *testing.T) {
	c := NewCurve(someObjects, somePatches, ObjectOptions{})
	if c.Candidates != 4 || c.CandidatesTrue != 3 {
		t.Fatalf("%+v", c)
	}
	at := func(score float64) Point { return c.Points[int(score)/curveStep] }
	for _, want := range []Point{
		{Score: 0, Patches: 4, True: 3, ObjectsHit: 2},
		{Score: 20, Patches: 4, True: 3, ObjectsHit: 2}, // the limit itself belongs
		{Score: 25, Patches: 3, True: 2, ObjectsHit: 1},
		{Score: 65, Patches: 2, True: 1, ObjectsHit: 1},
		{Score: 75, Patches: 1, True: 1, ObjectsHit: 1},
		{Score: 100},
	} {
		p := at(want.Score)
		if p.Score != want.Score || p.Patches != want.Patches || p.True != want.True || p.ObjectsHit != want.ObjectsHit {
			t.Errorf("%+v, want %+v", p, want)
		}
	}
	// Object 0 comes with precision 1, object 1 with 3 of 4, object 2 never.
	if ap := float64(c.AveragePrecision); math.Abs(ap-(1+0.75)/3) > 1e-12 {
		t.Errorf("average precision %v", ap)
	}
	// Of scores 90, 70 | 60, 20 the first, third and fourth are true.
	if h := float64(c.UpperHalf); math.Abs(h-1./3) > 1e-12 {
		t.Errorf("upper half %v", h)
	}
	// Of 90, 70 and 60 the middle one is half in the upper half; it is false.
	if h := float64(c.UpperHalfPublished); math.Abs(h-1./2) > 1e-12 {
		t.Errorf("upper half of published patches %v", h)
	}
	unscored := []Patch{{Area: 1, Known: 1, Published: true, Score: math.NaN()}}
	if NewCurve(someObjects[2:], unscored, ObjectOptions{}) != nil {
		t.Error("a curve without a score")
	}
}

// A ranking in which all scores are equal says nothing: half of the true ones are in its upper half.
func TestUpperHalfOfEqualScores(t *testing.T) {
	var list []Patch
	for i := range 7 {
		list = append(list, Patch{Known: 1, True: float64(i % 2), Score: 50})
	}
	if h := upperHalf(list, ObjectOptions{}.withDefaults()); math.Abs(float64(h)-0.5) > 1e-12 {
		t.Errorf("%v", h)
	}
}
