package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tuban/classify/object"
	"tuban/pipeline"
	"tuban/pipeline/runfile"
	"tuban/raster"
)

// interrupt starts a run and cancels it at its progress message number stop. It reports whether the run was cut off;
// one that was leaves no manifest.
func interrupt(t *testing.T, f *runfile.File, o pipeline.Options, stop int) bool {
	t.Helper()
	c, cancel := context.WithCancel(ctx)
	defer cancel()
	w := &watch{each: func(_ string, n int) {
		if n == stop {
			cancel()
		}
	}}
	o.Progress = w
	_, err := detectWith(c, w.drivers(), f, o)
	switch {
	case err == nil:
		return false
	case !errors.Is(err, context.Canceled):
		t.Fatalf("cancelled at message %d: %v", stop, err)
	case exists(filepath.Join(o.Out, pipeline.ManifestName)):
		t.Fatalf("cancelled at message %d, and yet there is a manifest", stop)
	}
	return true
}

// interruptInScan cuts a run off after it has finished some tiles.
func interruptInScan(t *testing.T, f *runfile.File, o pipeline.Options, tiles int) {
	t.Helper()
	c, cancel := context.WithCancel(ctx)
	defer cancel()
	w := &watch{}
	w.each = func(stage string, _ int) {
		// The message that begins the stage is the first; a tile is counted once it is in the journal.
		if stage == "scan" {
			if tiles--; tiles < 0 {
				cancel()
			}
		}
	}
	o.Progress = w
	if _, err := detectWith(c, w.drivers(), f, o); !errors.Is(err, context.Canceled) {
		t.Fatal("not interrupted:", err)
	}
}

// finished returns the tiles in the journal of an interrupted run.
func finished(t *testing.T, out string) (tiles []object.Record) {
	t.Helper()
	file, err := os.Open(journal(t, out))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := object.ReadJournal(file, func(r object.Record) error {
		tiles = append(tiles, r)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return tiles
}

// readWindow is what the scan reads for a tile.
func readWindow(p *pipeline.Plan, core raster.Window) raster.Window {
	g := p.Grid.Window()
	return core.Grow(p.CleanHalo).Intersect(g).Grow(p.TextureHalo).Intersect(g)
}

// TestResumeAnywhere interrupts a run at random moments, several times in a row: the product is that of an
// undisturbed run.
func TestResumeAnywhere(t *testing.T) {
	f := randomPair(t, 11, 96, 53)
	o := pipeline.Options{Tile: 21, Workers: 2}
	want := detect(t, f, o)
	count := &watch{}
	whole := o
	whole.Out, whole.Progress = t.TempDir(), count
	if _, err := detectWith(ctx, count.drivers(), f, whole); err != nil {
		t.Fatal(err)
	}
	rounds := 7
	if testing.Short() {
		rounds = 4
	}
	for round := range rounds {
		o.Out = t.TempDir()
		o.Workers = 1 + round%3
		o.Clock = testClock
		cut := 0
		for range 1 + rand.IntN(4) {
			if !interrupt(t, f, o, 1+rand.IntN(count.n)) {
				break
			}
			cut++
		}
		if err := differ(want, detect(t, f, o)); err != nil {
			t.Errorf("after %d interruptions: %v", cut, err)
		}
		if exists(filepath.Join(o.Out, ".tuban")) {
			t.Error("a finished run leaves scratch behind")
		}
	}
}

// TestResumeReadsNoTileTwice: what the journal holds is not read again.
func TestResumeReadsNoTileTwice(t *testing.T) {
	f := randomPair(t, 12, 96, 53)
	o := pipeline.Options{Tile: 19, Workers: 1, Out: t.TempDir(), Clock: testClock}
	plan, err := pipeline.NewPlan(ctx, drivers(), f, o)
	if err != nil {
		t.Fatal(err)
	}
	tiles := raster.Tiles(plan.Grid, plan.Tile, 0)
	interruptInScan(t, f, o, 7)
	done := map[int]bool{}
	for _, r := range finished(t, o.Out) {
		done[r.Tile] = true
	}
	if len(done) < 7 || len(done) > 8 {
		t.Fatalf("%d tiles in the journal, want the 7 that were reported or one more", len(done))
	}
	w := &watch{}
	o.Progress = w
	if _, err := detectWith(ctx, w.drivers(), f, o); err != nil {
		t.Fatal(err)
	}
	for _, tile := range tiles {
		if n := w.read[readWindow(plan, tile.Core)]; (n == 0) != done[tile.Index] {
			t.Errorf("tile %d was read %d times after the interruption; finished before: %t", tile.Index, n, done[tile.Index])
		}
	}
}

// TestResumeMixesNothing: neither tiles of another size nor those of other rules are taken over.
func TestResumeMixesNothing(t *testing.T) {
	f := randomPair(t, 13, 96, 53)
	o := pipeline.Options{Tile: 19, Workers: 1, Out: t.TempDir(), Clock: testClock}
	interruptInScan(t, f, o, 9)
	if n := len(finished(t, o.Out)); n < 9 {
		t.Fatalf("%d tiles in the journal", n)
	}

	other := o
	other.Tile = 26
	want := detect(t, f, pipeline.Options{Tile: 26})
	allRead(t, f, other)
	if err := differ(want, readProduct(t, o.Out)); err != nil {
		t.Errorf("after an interruption with another tile size: %v", err)
	}

	// What a patch means is no matter of the tiles, what a kind looks for is.
	for _, c := range []struct {
		rules string
		read  bool
	}{
		{haloRules + "  - {code: more, where: patch_area > 10}\n", false},
		{strings.Replace(haloRules, "min_area: 30 m2", "min_area: 20 m2", 1), false},
		{strings.Replace(haloRules, "after.nir < before.nir", "after.nir <= before.nir", 1), true},
	} {
		if c.rules == haloRules {
			t.Fatal("the rules are the same")
		}
		o.Out = t.TempDir()
		if err := os.WriteFile(f.Rules, []byte(haloRules), 0o644); err != nil {
			t.Fatal(err)
		}
		interruptInScan(t, f, o, 9)
		kept := len(finished(t, o.Out))
		if err := os.WriteFile(f.Rules, []byte(c.rules), 0o644); err != nil {
			t.Fatal(err)
		}
		want = detect(t, f, pipeline.Options{Tile: 19})
		if c.read {
			allRead(t, f, o)
		} else if n, all := countRead(t, f, o); n != all-kept {
			t.Errorf("%d of %d tiles were read, %d were finished", n, all, kept)
		}
		if err := differ(want, readProduct(t, o.Out)); err != nil {
			t.Errorf("after an interruption with other rules: %v", err)
		}
	}
}

// TestRulesAlone: where the scratch folder is named, a run with rules that look for the same reads no pixel again.
func TestRulesAlone(t *testing.T) {
	f := randomPair(t, 16, 96, 53)
	o := pipeline.Options{Tile: 19, Workers: 1, Clock: testClock, Scratch: t.TempDir()}
	detect(t, f, o)
	if err := os.WriteFile(f.Rules, []byte(haloRules+"  - {code: more, where: patch_area > 10}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	want := detect(t, f, pipeline.Options{Tile: 19})
	o.Out = t.TempDir()
	if n, _ := countRead(t, f, o); n != 0 {
		t.Errorf("%d tiles were read again", n)
	}
	if err := differ(want, readProduct(t, o.Out)); err != nil {
		t.Error(err)
	}
}

// countRead runs to the end and returns how many tiles the scan read, and how many there are. It expects that what was read belongs
// to one of them.
func countRead(t *testing.T, f *runfile.File, o pipeline.Options) (read, all int) {
	t.Helper()
	plan, err := pipeline.NewPlan(ctx, drivers(), f, o)
	if err != nil {
		t.Fatal(err)
	}
	w := &watch{}
	o.Progress = w
	if _, err := pipeline.Detect(ctx, w.drivers(), plan, o); err != nil {
		t.Fatal(err)
	}
	// What cleaning looks at is read in strips, of which the first begins where no other tile's does.
	type corner struct{ x, y, width int }
	first := map[corner]bool{}
	for win := range w.read {
		first[corner{win.X, win.Y, win.W}] = true
	}
	tiles := raster.Tiles(plan.Grid, plan.Tile, 0)
	for _, tile := range tiles {
		work := tile.Core.Grow(plan.CleanHalo).Intersect(plan.Grid.Window())
		if !first[corner{work.X, work.Y, work.W}] {
			continue
		}
		read++
		for win := range w.read {
			if readWindow(plan, tile.Core).Contains(win) {
				delete(w.read, win)
			}
		}
	}
	if len(w.read) > 0 {
		t.Errorf("windows of no tile were read: %v", w.read)
	}
	return read, len(tiles)
}

// allRead runs to the end and expects that every tile is read.
func allRead(t *testing.T, f *runfile.File, o pipeline.Options) {
	t.Helper()
	if n, all := countRead(t, f, o); n != all {
		t.Errorf("tiles of %d: %d of %d were read", o.Tile, n, all)
	}
}

// TestDamagedJournal cuts the journal off, damages it, and gives it another order: the product stays the same.
func TestDamagedJournal(t *testing.T) {
	f := randomPair(t, 14, 96, 53)
	o := pipeline.Options{Tile: 19, Workers: 1, Clock: testClock}
	want := detect(t, f, o)
	for name, damage := range map[string]func(b []byte) []byte{
		"cut off":     func(b []byte) []byte { return b[:rand.IntN(len(b))] },
		"emptied":     func([]byte) []byte { return nil },
		"a bit wrong": func(b []byte) []byte { b[rand.IntN(len(b))] ^= 1 << rand.IntN(8); return b },
		"longer":      func(b []byte) []byte { return append(b, make([]byte, rand.IntN(40))...) },
	} {
		o.Out = t.TempDir()
		interruptInScan(t, f, o, 12)
		path := journal(t, o.Out)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, damage(b), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := differ(want, detect(t, f, o)); err != nil {
			t.Errorf("journal %s: %v", name, err)
		}
	}
}

// TestOrderOfTiles gives the join the tiles in random order, by way of the journal.
func TestOrderOfTiles(t *testing.T) {
	f := randomPair(t, 15, 96, 53)
	o := pipeline.Options{Tile: 9, Workers: 2, Clock: testClock}
	want := detect(t, f, o)
	for range 3 {
		o.Out = t.TempDir()
		c, cancel := context.WithCancel(ctx)
		w := &watch{each: func(stage string, _ int) {
			if stage == "join" {
				cancel()
			}
		}}
		o.Progress = w
		if _, err := detectWith(c, w.drivers(), f, o); !errors.Is(err, context.Canceled) {
			t.Fatal("not interrupted:", err)
		}
		records := finished(t, o.Out)
		rand.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		file, err := os.Create(journal(t, o.Out))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range records {
			if err := object.AppendRecord(file, r); err != nil {
				t.Fatal(err)
			}
		}
		file.Close()
		w = &watch{}
		o.Progress = w
		if _, err := detectWith(ctx, w.drivers(), f, o); err != nil {
			t.Fatal(err)
		}
		if len(w.read) > 0 {
			t.Errorf("%d windows were read though all tiles were finished", len(w.read))
		}
		if err := differ(want, readProduct(t, o.Out)); err != nil {
			t.Errorf("tiles in random order: %v", err)
		}
	}
}
