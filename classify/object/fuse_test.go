package object

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// scan cuts the scene into tiles of w × h pixels and returns their runs, in the order of a shuffle by seed.
func (s scene) scan(t *rapid.T, w, h int, seed uint64) []Run {
	var tiles [][]Run
	for ty := 0; ty < s.h; ty += h {
		for tx := 0; tx < s.w; tx += w {
			var runs []Run
			for y := ty; y < min(ty+h, s.h); y++ {
				a, b := y*s.w+tx, y*s.w+min(tx+w, s.w)
				r := Row{Y: int32(y), X: int32(tx), Kind: s.kind[a:b], Parcel: s.parcel[a:b], Pair: s.pair[a:b]}
				for e := range r.Evidence {
					r.Evidence[e] = s.evidence[e][a:b]
				}
				var err error
				if runs, err = AppendRow(runs, r); err != nil {
					t.Fatal(err)
				}
				for i := a; i < b; i++ { // one gap a pixel: the finest cut there is
					x := int32(i - y*s.w)
					for bit, reason := range s.gaps[i] {
						if reason != None {
							runs = append(runs, Run{Y: int32(y), X0: x, X1: x + 1, Parcel: s.parcel[i], Undecided: 1 << bit, Reason: reason})
						}
					}
				}
			}
			tiles = append(tiles, runs)
		}
	}
	rand.New(rand.NewPCG(seed, 1)).Shuffle(len(tiles), func(i, j int) { tiles[i], tiles[j] = tiles[j], tiles[i] })
	return slices.Concat(tiles...)
}

// scene is a picture with everything else that a run knows.
type scene struct {
	picture
	parcel   []int32
	pair     []uint16
	evidence [NEvidence][]float32
	gaps     [][2]Reason
}

func scenes() *rapid.Generator[scene] {
	return rapid.Custom(func(t *rapid.T) scene {
		s := scene{picture: pictures(17).Draw(t, "picture")}
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		for range s.kind {
			s.parcel = append(s.parcel, int32(rng.IntN(8)/4))
			s.pair = append(s.pair, uint16(rng.IntN(8)/7))
			s.gaps = append(s.gaps, [2]Reason{Reason(rng.IntN(6) / 4 * int(Cloud)), Reason(rng.IntN(6) / 4 * int(NotJudgeable))})
			for e := range s.evidence {
				v := rng.Float32()*20 - 10
				if rng.IntN(5) == 0 {
					v = nan
				}
				s.evidence[e] = append(s.evidence[e], v)
			}
		}
		return s
	})
}

func TestTilesAndTheirOrderDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := scenes().Draw(t, "scene")
		want, err := Fuse(s.scan(t, s.w, s.h, 0))
		if err != nil {
			t.Fatal(err)
		}
		w, h := rapid.IntRange(1, s.w).Draw(t, "tile w"), rapid.IntRange(1, s.h).Draw(t, "tile h")
		got, err := Fuse(s.scan(t, w, h, rapid.Uint64().Draw(t, "order")))
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("tiles of %d × %d:\ngot  %v\nwant %v", w, h, got, want)
		}
		again, err := Fuse(slices.Clone(got))
		if err != nil || !reflect.DeepEqual(again, got) {
			t.Fatalf("fusing twice differs: %v", err)
		}
		s.checkRuns(t, got)
	})
}

// checkRuns asserts what Fuse promises against the pixels: sorted, maximal, each pixel once, sums right.
func (s scene) checkRuns(t *rapid.T, runs []Run) {
	if !slices.IsSortedFunc(runs, func(a, b Run) int { return compare(&a, &b) }) {
		t.Fatal("not sorted")
	}
	kind := make([]uint8, len(s.kind))
	gaps := make([][2]Reason, len(s.kind))
	var sums, missing [NEvidence]int64
	for i, r := range runs {
		for _, o := range runs[i+1:] {
			if o.Y == r.Y && o.X0 == r.X1 && alike(&r, &o) {
				t.Fatalf("%v and %v are not merged", r, o)
			}
		}
		for x := r.X0; x < r.X1; x++ {
			at := int(r.Y)*s.w + int(x)
			if s.parcel[at] != r.Parcel {
				t.Fatalf("%v: parcel of column %d is %d", r, x, s.parcel[at])
			}
			if r.Kind != 0 {
				kind[at] = r.Kind
			} else {
				gaps[at][r.Undecided-1] = r.Reason
			}
		}
		for e := range sums {
			sums[e] += r.Sums[e]
			missing[e] += int64(r.Missing[e])
		}
	}
	if !slices.Equal(kind, s.kind) || !slices.Equal(gaps, s.gaps) {
		t.Fatal("the runs do not cover the pixels that they came from")
	}
	for e := range sums {
		var want, lacking int64
		for i, v := range s.evidence[e] {
			if s.kind[i] != 0 && v == v {
				want += int64(math.Round(float64(v) * 1000))
			}
			if s.kind[i] != 0 && v != v {
				lacking++
			}
		}
		if sums[e] != want {
			t.Fatalf("evidence %d sums to %d, want %d", e, sums[e], want)
		}
		if missing[e] != lacking {
			t.Fatalf("%d pixels lack evidence %d, want %d", missing[e], e, lacking)
		}
	}
}

// TestEachAttributeCounts: runs that differ in one attribute alone stay apart and have their own place.
func TestEachAttributeCounts(t *testing.T) {
	base := Run{X0: 3, X1: 5, Reason: Cloud, Undecided: 1, Parcel: 1, Pair: 1}
	for name, change := range map[string]func(*Run){
		"parcel":    func(r *Run) { r.Parcel++ },
		"pair":      func(r *Run) { r.Pair++ },
		"undecided": func(r *Run) { r.Undecided++ },
		"reason":    func(r *Run) { r.Reason++ },
		"kind":      func(r *Run) { r.Kind++ },
	} {
		other := base
		change(&other)
		a, errA := Fuse([]Run{base, other})
		b, errB := Fuse([]Run{other, base})
		if errA != nil || errB != nil || len(a) != 2 || !slices.Equal(a, b) {
			t.Errorf("%s: %v, %v; in the other order %v, %v", name, a, errA, b, errB)
		}
		other.X0, other.X1 = base.X1, base.X1+1
		if a, err := Fuse([]Run{base, other}); err != nil || len(a) != 2 {
			t.Errorf("%s, side by side: %v, %v", name, a, err)
		}
	}
}

func TestFuseRefuses(t *testing.T) {
	big := [NEvidence]int64{2: math.MaxInt64 - 1}
	for name, c := range map[string]struct {
		runs []Run
		want string
	}{
		"overlapping kinds":    {[]Run{{Y: 2, X0: 0, X1: 5, Kind: 1}, {Y: 2, X0: 4, X1: 6, Kind: 2}}, "change runs overlap at columns [4, 5)"},
		"the same run twice":   {[]Run{{Y: 2, X0: 0, X1: 5, Kind: 1}, {Y: 2, X0: 0, X1: 5, Kind: 1}}, "overlap"},
		"overlap behind a gap": {[]Run{{X0: 0, X1: 9, Kind: 1}, {X0: 2, X1: 3, Reason: Cloud}, {X0: 5, X1: 6, Kind: 1}}, "overlap"},
		"a gap twice":          {[]Run{{X0: 0, X1: 5, Reason: Cloud}, {X0: 1, X1: 2, Reason: NoData}, {X0: 4, X1: 6, Reason: Cloud}}, "twice a gap (cloud)"},
		"overflow":             {[]Run{{X0: 0, X1: 1, Kind: 1, Sums: big}, {X0: 1, X1: 2, Kind: 1, Sums: big}}, "sum of evidence 3 does not fit"},
		"empty":                {[]Run{{X0: 3, X1: 3, Kind: 1}}, "empty"},
		"backwards":            {[]Run{{X0: 3, X1: 1}}, "empty"},
		"outside":              {[]Run{{Y: -1, X0: 0, X1: 1}}, "outside"},
		"lacking too much":     {[]Run{{X1: 2, Kind: 1, Missing: [NEvidence]int32{3: 3}}}, "3 pixels lack evidence 4"},
		"unknown reason":       {[]Run{{X0: 0, X1: 1, Reason: 99}}, "unknown reason"},
	} {
		if _, err := Fuse(c.runs); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want an error with %q", name, err, c.want)
		}
	}
}

func TestFuseOfNothing(t *testing.T) {
	if runs, err := Fuse(nil); err != nil || len(runs) != 0 {
		t.Errorf("got %v, %v", runs, err)
	}
}
