package pipeline

import (
	"context"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tuban/classify/object"
	"tuban/raster"
)

// scanOne returns what one tile holds.
func scanOne(t rapid.TB, s *tileScanner, core raster.Window) (out []object.Run) {
	t.Helper()
	err := s.scan(context.Background(), []raster.Window{core}, func(_ int, runs []object.Run) error {
		out = slices.Clone(runs)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Whatever the tile, the scan leaves what the naive twin leaves, each pixel once.
func TestScanAgreesWithNaive(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		w, e := drawWorld(t, dir)
		want := w.naive(e)
		mosaics := openMosaics(t, w.plan, w.files)
		s := newTileScanner(w.plan, e, mosaics[0], mosaics[1])
		tiles := raster.Tiles(w.plan.Grid, rapid.IntRange(1, 24).Draw(t, "tile"), 0)
		var runs []object.Run
		counts := gapPixels{}
		for _, i := range rapid.Permutation(tiles).Draw(t, "order") {
			n, reads := len(runs), w.files.reads.Load()
			runs = append(runs, scanOne(t, s, i.Core)...)
			skipped := s.can == 0
			counts.add(countGaps(runs[n:], i.Core, s.parcel))
			if skipped && (len(runs) > n || w.files.reads.Load() > reads) {
				t.Fatalf("tile %v was skipped, but left runs or was read", i.Core)
			}
			eligible := int64(0)
			for y := range i.Core.H {
				for x := range i.Core.W {
					_, can := w.at(e, i.Core.X+x, i.Core.Y+y)
					if slices.Contains(can, true) {
						eligible++
					}
				}
			}
			if skipped != (eligible == 0) || s.examined != eligible {
				t.Fatalf("tile %v: %d pixels eligible, %d examined, skipped %v", i.Core, eligible, s.examined, skipped)
			}
		}
		compare(t, w.plan.Grid, runs, want)
		naive := gapPixels{}
		for _, o := range want {
			if o.undecided != 0 {
				naive[gapKey{o.parcel, o.undecided, o.reason}]++
			}
		}
		if !maps.Equal(counts, naive) {
			t.Fatalf("gaps %v, want %v", counts, naive)
		}
	})
}

// compare takes the runs apart and holds each pixel against the twin's.
func compare(t *rapid.T, g raster.Grid, runs []object.Run, want map[[2]int]twinOut) {
	type seen struct{ change, gap int }
	count := map[[2]int]seen{}
	for _, r := range runs {
		var sums [object.NEvidence]int64
		var missing [object.NEvidence]int32
		for x := r.X0; x < r.X1; x++ {
			at := [2]int{int(x), int(r.Y)}
			c, o := count[at], want[at]
			switch {
			case r.Kind > 0 && r.Parcel != o.parcel, r.Kind == 0 && r.Parcel != 0:
				t.Fatalf("%v lies on parcel %d, the run says %d", at, o.parcel, r.Parcel)
			case r.Kind > 0:
				c.change++
				if r.Kind != o.kind || r.Pair != o.pair || r.Reason != object.None || r.Undecided != 0 {
					t.Fatalf("%v: run %+v, want %+v", at, r, o)
				}
				for i, v := range o.sums {
					sums[i] += v
					missing[i] += o.missing[i]
				}
			default:
				c.gap++
				if r.Undecided != o.undecided || r.Reason != o.reason {
					t.Fatalf("%v: run %+v, want %+v", at, r, o)
				}
			}
			count[at] = c
		}
		if r.Kind > 0 && (sums != r.Sums || missing != r.Missing) {
			t.Fatalf("run %+v: evidence is %v, missing %v", r, sums, missing)
		}
	}
	for y := range g.H {
		for x := range g.W {
			at := [2]int{x, y}
			c, o := count[at], want[at]
			if (o.kind > 0) != (c.change == 1) || c.change > 1 || (o.undecided != 0) != (c.gap == 1) || c.gap > 1 {
				t.Fatalf("%v: in %d change runs and %d gaps, want %+v", at, c.change, c.gap, o)
			}
		}
	}
}
