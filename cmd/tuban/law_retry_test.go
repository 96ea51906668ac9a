package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"tuban/pipeline"
	"tuban/raster"
)

// flaky is the imagery of a storage that fails for a while: reads that touch the corner of the grid do not succeed. No
// limit of the rules depends on what lies there: other limits would be other tiles.
type flaky struct {
	watch
	down atomic.Bool
}

func (f *flaky) Open(g raster.Grid, scenes []raster.Scene, roles []raster.Role, cacheBytes int64) (pipeline.Pixels, error) {
	px, err := f.watch.Open(g, scenes, roles, cacheBytes)
	return flakyPixels{px, f}, err
}

type flakyPixels struct {
	pipeline.Pixels
	f *flaky
}

func (p flakyPixels) Read(ctx context.Context, scene int, w raster.Window, dst [][]float32) error {
	if p.f.down.Load() && !w.Intersect(raster.Window{W: 16, H: 8}).Empty() {
		return errors.New("the storage does not answer")
	}
	return p.Pixels.Read(ctx, scene, w, dst)
}

// A product with gaps is not final: the same call tries what could not be read, and only that.
func TestGapsAreTriedAgain(t *testing.T) {
	f := countyPair(t, 3, 600, 500)
	// Limits that the pixels tell would tell another thing without the pixels that cannot be read, and all tiles would go by it.
	f.Rules = filepath.Join(t.TempDir(), "rules.yaml")
	if err := os.WriteFile(f.Rules, []byte("kinds: [{code: bare, type: LT, when: before.ndvi - after.ndvi > 0.3 and after.ndvi < 0.3, clean: open 3, min_area: 100 m2}]"), 0o644); err != nil {
		t.Fatal(err)
	}
	im := &flaky{}
	d := drivers()
	d.Imagery = im
	complete := pipeline.Options{Out: t.TempDir(), Tile: 100, Clock: testClock}
	if _, err := detectWith(t.Context(), d, f, complete); err != nil {
		t.Fatal(err)
	}
	whole := readProduct(t, complete.Out)

	im.down.Store(true)
	o := pipeline.Options{Out: t.TempDir(), Tile: 100, Clock: testClock, Progress: im}
	m, err := detectWith(t.Context(), d, f, o)
	if err != nil {
		t.Fatal(err)
	}
	if m.Complete || m.Unobserved["unreadable"] == 0 {
		t.Fatalf("complete: %t, unobserved %v", m.Complete, m.Unobserved)
	}
	im.down.Store(false)
	im.read = nil
	if m, err = detectWith(t.Context(), d, f, o); err != nil || !m.Complete {
		t.Fatalf("%v, complete: %t", err, m != nil && m.Complete)
	}
	// Of the tiles only the first is read again, with the two pixels beyond it that open 3 looks at.
	first := raster.Window{W: 102, H: 102}
	for w := range im.read {
		if !first.Contains(w) {
			t.Errorf("%v was read again", w)
		}
	}
	if len(im.read) == 0 {
		t.Error("nothing was read again")
	}
	if err := differ(whole, readProduct(t, o.Out)); err != nil {
		t.Errorf("after another try: %v", err)
	}
}
