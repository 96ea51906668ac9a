package main

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"tuban/classify/object"
	"tuban/pipeline"
)

// TestKilled kills runs at random moments, as a power failure or an impatient administrator would, and continues each until it
// ends: the product is that of an undisturbed run to the byte, and no finished tile is scanned twice.
func TestKilled(t *testing.T) {
	kills := 50
	if testing.Short() {
		kills = 4
	}
	t.Setenv("SOURCE_DATE_EPOCH", strconv.FormatInt(testClock.Unix(), 10))
	dir := t.TempDir()
	if code, _, errw := tuban("demo", "--out", dir, "--size", "900", "--inputs-only"); code != exitComplete {
		t.Fatal(errw)
	}
	run := func(out string) *exec.Cmd {
		return program("run", filepath.Join(dir, "run.yaml"), "--out", out, "--tile", "100")
	}
	whole := t.TempDir()
	began := time.Now()
	if said, err := run(whole).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	long := time.Since(began)
	want := readProduct(t, whole)

	out, scanned := t.TempDir(), 0
	for done := 0; done < kills; {
		cmd := run(out)
		var said bytes.Buffer
		cmd.Stdout, cmd.Stderr = &said, &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		select {
		case <-time.After(rand.N(long)):
			_ = cmd.Process.Kill()
			err := <-ended
			done++
			tiles := journalTiles(t, out)
			for tile, n := range tiles {
				if n > 1 {
					t.Errorf("tile %d was scanned %d times", tile, n)
				}
			}
			if len(tiles) > 0 && len(tiles) < scanned {
				t.Errorf("%d tiles were finished, then %d", scanned, len(tiles))
			}
			scanned = len(tiles)
			if err != nil && !exists(filepath.Join(out, pipeline.ManifestName)) {
				continue
			}
		case err := <-ended:
			if err != nil {
				t.Fatalf("after %d kills: %v: %s", done, err, said.Bytes())
			}
		}
		// A manifest stands for a product, whenever its run was killed.
		if err := differ(want, readProduct(t, out)); err != nil {
			t.Errorf("after %d kills: %v", done, err)
		}
		out, scanned = t.TempDir(), 0
	}
	if said, err := run(out).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if err := differ(want, readProduct(t, out)); err != nil {
		t.Errorf("after all kills: %v", err)
	}
}

// journalTiles counts the records of each tile that an interrupted run has left.
func journalTiles(t *testing.T, out string) map[int]int {
	t.Helper()
	tiles := map[int]int{}
	list, err := filepath.Glob(filepath.Join(out, ".tuban", "*", "scan-*", "tiles-*.journal"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range list {
		f, err := os.Open(path)
		if errors.Is(err, os.ErrNotExist) {
			continue // a killed run's child may take a moment to be gone
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := object.ReadJournal(f, func(r object.Record) error { tiles[r.Tile]++; return nil }); err != nil {
			t.Error(err)
		}
		f.Close()
	}
	return tiles
}
