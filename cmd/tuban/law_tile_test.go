package main

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"tuban/pipeline"
	"tuban/pipeline/runfile"
)

// TestTileLaw runs the same inputs cut into tiles in many ways: the product is the same to the byte.
func TestTileLaw(t *testing.T) {
	for _, c := range []struct {
		name  string
		pair  func(testing.TB) *runfile.File
		tiles []int // 0 is one tile for the whole grid
		short bool
	}{
		{"small, down to one pixel", func(t testing.TB) *runfile.File { return randomPair(t, 1, 47, 31) }, []int{1, 2, 5, 13, 31, 46, 64}, true},
		{"wider than the warp lattice", func(t testing.TB) *runfile.File { return randomPair(t, 2, 640, 60) }, []int{17, 64, 100, 512, 513}, false},
		{"higher than wide, in a region", func(t testing.TB) *runfile.File { return triangular(t, randomPair(t, 3, 90, 160)) }, []int{7, 64, 89}, false},
		{"county", func(t testing.TB) *runfile.File { return countyPair(t, 4, 300, 200) }, []int{23, 64, 199, 512}, true},
		{"measured county", func(t testing.TB) *runfile.File { return scenarioPair(t, "summer", 4, 900, 700) }, []int{97, 512}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if testing.Short() && !c.short {
				t.Skip("SKIPPED: -short")
			}
			f := c.pair(t)
			want := detect(t, f, pipeline.Options{Tile: 4096, Workers: 1})
			substantial(t, want)
			for i, tile := range c.tiles {
				workers := 1 + (i+1)%4
				got := detect(t, f, pipeline.Options{Tile: tile, Workers: workers})
				if err := differ(want, got); err != nil {
					t.Errorf("tiles of %d pixels, %d workers: %v", tile, workers, err)
				}
			}
			random := rand.New(rand.NewPCG(rand.Uint64(), 1))
			for range 2 {
				o := pipeline.Options{Tile: 4 + random.IntN(120), Workers: 1 + random.IntN(4), Memory: (256 + random.Int64N(800)) << 20}
				got := detect(t, f, o)
				if err := differ(want, got); err != nil {
					t.Errorf("tiles of %d pixels, %d workers, %d MiB: %v", o.Tile, o.Workers, o.Memory>>20, err)
				}
			}
		})
	}
}

// triangular limits a run to a triangle whose edges cut through pixels and tiles.
func triangular(t testing.TB, f *runfile.File) *runfile.File {
	ring := orb.Ring{{testX + 2, testY - 3}, {testX + 30, testY - 158}, {testX + 91, testY - 161}, {testX + 70, testY - 9}, {testX + 2, testY - 3}}
	f.Region = &runfile.Region{Source: writeParcels(t, filepath.Join(t.TempDir(), "region.gpkg"), []parcel{{"R", "", ring}})}
	return f
}

// substantial makes sure that a law is tested on something: nothing equals nothing whatever the code does.
func substantial(t *testing.T, p *product) {
	t.Helper()
	var facts []string
	for _, l := range layers {
		facts = append(facts, fmt.Sprintf("%d %s", len(p.rows[l]), l))
		if len(p.rows[l]) == 0 {
			t.Errorf("the layer %s is empty", l)
		}
	}
	t.Logf("%s: %s; %v; unobserved %v", p.manifest.Grid, strings.Join(facts, ", "), p.manifest.Counts.ByKind, p.manifest.Unobserved)
	if p.manifest.Name != "random" {
		return
	}
	for _, kind := range []string{"rough", "smooth", "bare"} {
		if p.manifest.Counts.ByKind[kind] == 0 {
			t.Errorf("no patch of kind %s", kind)
		}
	}
	for _, reason := range []string{"outside", "no-data", "not-judgeable"} {
		if p.manifest.Unobserved[reason] == 0 {
			t.Errorf("nothing is unobserved for the reason %s", reason)
		}
	}
	all := strings.Join(p.rows["changes"], "\n")
	for _, scene := range []string{"b1", "b2", "a1alpha", "a2utm", "a3degrees"} {
		if !strings.Contains(all, scene) {
			t.Errorf("no patch is seen by the scene %s", scene)
		}
	}
}
