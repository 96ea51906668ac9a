package pipeline

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tuban/classify/object"
	"tuban/raster"
)

// textureRules need a halo of texture and one of cleaning; the texture is that of pixels of 2 m.
const textureRules = `
kinds:
  - code: rough
    type: JZ
    when: after.deviation(10) > 1.5 and after.pantex(10) > 0.5
    clean: open 3, majority 3
    evidence: [after.deviation(10)]
  - code: dark
    type: DT
    when: before.red > after.red
    clean: close 3
`

// rgb is a plan for two RGB scenes over the test grid, the after one ending short of it.
func rgb(t interface{ Fatal(...any) }, text string) (*Plan, *images) {
	im := &images{origin: testGrid, files: map[string]*rasterFile{}}
	p := &Plan{Grid: testGrid, Workers: 3, Rules: compile(t, text, ""), Tile: 5}
	p.Pixel = object.Metric{X: 2, Y: 2}
	for i, name := range []string{"before", "after"} {
		s := raster.Scene{ID: name, URI: name, Bands: map[raster.Role]raster.Band{}}
		f := &rasterFile{place: raster.Window{W: testGrid.W - 2*i, H: testGrid.H - i}, planes: map[raster.Role][]float32{}}
		state := uint32(i + 1)
		for _, r := range []raster.Role{raster.Blue, raster.Green, raster.Red} {
			s.Bands[r] = raster.Band{Index: 1}
			for range f.place.Pixels() {
				state = state*1664525 + 1013904223
				f.planes[r] = append(f.planes[r], float32(state>>28))
			}
		}
		im.files[name] = f
		if i == 0 {
			p.Before = []raster.Scene{s}
		} else {
			p.After = []raster.Scene{s}
		}
	}
	p.BeforeOrigins, p.AfterOrigins = sceneOrigins(p.Before), sceneOrigins(p.After)
	if err := p.needs(); err != nil {
		t.Fatal(err)
	}
	return p, im
}

func (p *Plan) scanned(t interface{ Fatal(...any) }, im *images, dir string) *scanned {
	out, err := p.scan(context.Background(), drivers(im, layers{}), nil, dir, Options{}.withDefaults())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func fused(t interface{ Fatal(...any) }, runs []object.Run) []object.Run {
	out, err := object.Fuse(slices.Clone(runs))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// The tile law, with neighbourhoods: any tile size and any number of workers gives the runs of the whole.
func TestTileLaw(t *testing.T) {
	p, im := rgb(t, textureRules)
	if p.TextureHalo == 0 || p.CleanHalo == 0 {
		t.Fatalf("halos of %d and %d", p.TextureHalo, p.CleanHalo)
	}
	p.Tile = 100
	want := fused(t, p.scanned(t, im, t.TempDir()).runs)
	kinds := map[uint8]bool{}
	for _, r := range want {
		kinds[r.Kind] = true
	}
	if !kinds[0] || !kinds[1] || !kinds[2] {
		t.Fatalf("the test fires %v only", kinds)
	}
	rapid.Check(t, func(t *rapid.T) {
		p.Tile, p.Workers = rapid.IntRange(1, 25).Draw(t, "tile"), rapid.IntRange(1, 4).Draw(t, "workers")
		dir := filepath.Join(tempDir(t), "scan")
		got := p.scanned(t, im, dir)
		if !reflect.DeepEqual(fused(t, got.runs), want) {
			t.Fatalf("tiles of %d, %d workers: other runs", p.Tile, p.Workers)
		}
		if n := len(raster.Tiles(p.Grid, p.Tile, 0)); got.tiles != n || got.skipped != 0 || got.resumed != 0 {
			t.Fatalf("%d tiles, %d skipped, %d resumed of %d", got.tiles, got.skipped, got.resumed, n)
		}
	})
}

// readsOfTiles counts the reads of each tile when it is scanned by itself, more than none. The before date alone decides none of
// textureRules, so that what a tile reads does not depend on those before it (thrift).
func (p *Plan) readsOfTiles(t *testing.T, im *images) map[int]int64 {
	elig, err := p.eligibility(nil)
	if err != nil {
		t.Fatal(err)
	}
	out := map[int]int64{}
	for _, tile := range p.tiles() {
		before := im.reads.Load()
		if err := p.scanTiles(context.Background(), drivers(im, layers{}), elig, []raster.Tile{tile}, Options{}.withDefaults(),
			func(raster.Tile, []object.Run, tileNote) error { return nil }); err != nil {
			t.Fatal(err)
		}
		if out[tile.Index] = im.reads.Load() - before; out[tile.Index] == 0 {
			t.Fatalf("tile %v reads nothing", tile.Core)
		}
	}
	return out
}

// What finished tiles left survives an interruption, whenever it came.
func TestResume(t *testing.T) {
	p, im := rgb(t, textureRules)
	whole := p.scanned(t, im, t.TempDir())
	want, counts := fused(t, whole.runs), whole.unobserved
	total := im.reads.Load()
	alone := p.readsOfTiles(t, im)
	rapid.Check(t, func(t *rapid.T) {
		dir := tempDir(t)
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		stop := im.reads.Load() + rapid.Int64Range(1, total).Draw(t, "stop")
		im.beforeRead = func(n int64) error {
			if n >= stop {
				cancel()
			}
			return nil
		}
		_, err := p.scan(ctx, drivers(im, layers{}), nil, dir, Options{}.withDefaults())
		im.beforeRead = nil
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		journal, err := os.ReadFile(filepath.Join(dir, "tiles-5.journal"))
		if err != nil {
			t.Fatal(err)
		}
		done := map[int]bool{}
		if _, err := object.ReadJournal(bytes.NewReader(journal), func(r object.Record) error { done[r.Tile] = true; return nil }); err != nil {
			t.Fatal(err)
		}
		before := im.reads.Load()
		got := p.scanned(t, im, dir)
		if !reflect.DeepEqual(fused(t, got.runs), want) || !maps.Equal(got.unobserved, counts) {
			t.Fatal("other runs after an interruption")
		}
		// What each tile that was missing reads, and no other.
		var missing int64
		for tile, n := range alone {
			if !done[tile] {
				missing += n
			}
		}
		if reads := im.reads.Load() - before; reads != missing || got.resumed != len(done) {
			t.Fatalf("%d reads, not %d, for %d tiles, %d of %d resumed", reads, missing, got.tiles, got.resumed, len(done))
		}
	})
}

// A tile that met an unreadable scene is tried again; what it left is not taken over.
func TestFailuresAreTriedAgain(t *testing.T) {
	p, im := rgb(t, textureRules)
	want := fused(t, p.scanned(t, im, t.TempDir()).runs)
	dir := t.TempDir()
	im.files["after"].broken = true
	first := p.scanned(t, im, dir)
	if len(first.failures) == 0 || first.failures[0].Scene != "after" {
		t.Fatalf("failures %+v", first.failures)
	}
	for _, r := range first.runs {
		if r.Kind > 0 {
			t.Fatalf("%+v fired without an after date", r)
		}
		if r.X0 < 21 && r.Y < 16 && r.Reason != object.Unreadable {
			t.Fatalf("%+v is not for want of reading", r)
		}
	}
	im.files["after"].broken = false
	second := p.scanned(t, im, dir)
	if !reflect.DeepEqual(fused(t, second.runs), want) || len(second.failures) > 0 {
		t.Errorf("after mending: %d failures, other runs", len(second.failures))
	}
	third := p.scanned(t, im, dir)
	if third.resumed != third.tiles || !maps.Equal(third.unobserved, second.unobserved) || !reflect.DeepEqual(fused(t, third.runs), want) {
		t.Errorf("%d of %d tiles resumed", third.resumed, third.tiles)
	}

	im.files["after"].broken = true
	_, err := p.scan(context.Background(), drivers(im, layers{}), nil, t.TempDir(), Options{Strict: true}.withDefaults())
	if !errors.Is(err, errDisk) || !strings.Contains(err.Error(), "scene after, window ") {
		t.Errorf("strict: %v", err)
	}
}

// Speckle ends in an error that says what to change, not in the memory's end.
func TestSpeckle(t *testing.T) {
	p, im := rgb(t, textureRules)
	_, err := p.scan(context.Background(), drivers(im, layers{}), nil, t.TempDir(), Options{Memory: 20 * runBytes}.withDefaults())
	var input *InputError
	if !errors.As(err, &input) || !strings.Contains(err.Error(), "clean more") || !strings.Contains(err.Error(), "--memory") {
		t.Error(err)
	}
}

// What an earlier start with more memory left is held against the limit before anything is read.
func TestSpeckleInJournal(t *testing.T) {
	p, im := rgb(t, textureRules)
	dir := t.TempDir()
	p.scanned(t, im, dir)
	reads := im.reads.Load()
	_, err := p.scan(context.Background(), drivers(im, layers{}), nil, dir, Options{Memory: 20 * runBytes}.withDefaults())
	var input *InputError
	if !errors.As(err, &input) || im.reads.Load() != reads {
		t.Errorf("%v after %d reads", err, im.reads.Load()-reads)
	}
}

// A tile whose gaps are not counted by parcel, as an older program left it, is scanned again.
func TestUncountedGapsAreScannedAgain(t *testing.T) {
	p, im := rgb(t, textureRules)
	want := p.scanned(t, im, t.TempDir())
	dir := t.TempDir()
	var old bytes.Buffer
	for _, tile := range raster.Tiles(p.Grid, p.Tile, 0) {
		c := tile.Core
		runs := []object.Run{{Y: int32(c.Y), X0: int32(c.X), X1: int32(c.X + 1), Parcel: 1, Undecided: 1, Reason: object.NoData}}
		if err := object.AppendRecord(&old, object.Record{Tile: tile.Index, Runs: runs, Note: "{}"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "tiles-5.journal"), old.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	got := p.scanned(t, im, dir)
	if got.resumed != 0 || !reflect.DeepEqual(fused(t, got.runs), fused(t, want.runs)) || !maps.Equal(got.unobserved, want.unobserved) {
		t.Errorf("%d tiles resumed, gaps %v", got.resumed, got.unobserved)
	}
}

func TestSwaths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := raster.Grid{W: rapid.IntRange(1, 60).Draw(t, "w"), H: rapid.IntRange(1, 40).Draw(t, "h")}
		size, width := rapid.IntRange(1, 70).Draw(t, "size"), rapid.IntRange(1, 5).Draw(t, "width")
		tiles := raster.Tiles(g, size, 0)
		got := swaths(tiles, width)
		seen := make([]bool, len(tiles))
		for i, tile := range got {
			if seen[tile.Index] || tile != tiles[tile.Index] {
				t.Fatalf("%+v at %d", tile, i)
			}
			seen[tile.Index] = true
			if i == 0 {
				continue
			}
			p := got[i-1].Core
			column, before := tile.Core.X/size/width, p.X/size/width
			if column < before || column == before && (tile.Core.Y < p.Y || tile.Core.Y == p.Y && tile.Core.X < p.X) {
				t.Fatalf("%v comes after %v", tile.Core, p)
			}
		}
		if len(got) != len(tiles) {
			t.Fatalf("%d of %d tiles", len(got), len(tiles))
		}
	})
	if swaths(nil, 4) != nil {
		t.Error("no tiles")
	}
}

func TestGatherFailures(t *testing.T) {
	w := func(x, y, wd int) raster.Window { return raster.Window{X: x, Y: y, W: wd, H: 8} }
	got := gather([]ReadFailure{
		{"b", w(0, 0, 8), "e"}, {"a", w(8, 8, 8), "e"}, {"a", w(0, 0, 8), "e"}, {"a", w(8, 0, 8), "e"}, {"a", w(8, 0, 8), "e"},
		{"a", w(24, 0, 8), "e"}, {"a", w(0, 8, 8), "e"},
	})
	want := []ReadFailure{{"a", w(0, 0, 16), "e"}, {"a", w(24, 0, 8), "e"}, {"a", w(0, 8, 16), "e"}, {"b", w(0, 0, 8), "e"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}
