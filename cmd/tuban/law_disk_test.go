package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"tuban/pipeline"
)

// smallDisk mounts a file system of the given size, which takes root.
func smallDisk(t *testing.T, bytes int64) (dir string, resize func(bytes int64)) {
	t.Helper()
	dir = t.TempDir()
	if err := syscall.Mount("tuban-test", dir, "tmpfs", 0, fmt.Sprintf("size=%d", bytes)); err != nil {
		t.Skipf("a disk that runs full is not tested: mounting one takes root: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir, func(bytes int64) {
		if err := syscall.Mount("tuban-test", dir, "tmpfs", syscall.MS_REMOUNT, fmt.Sprintf("size=%d", bytes)); err != nil {
			t.Fatal(err)
		}
	}
}

// TestFullDisk lets the disk run full at every stage of a run: it ends in an error that says so, without a product, and with
// room made the same command finishes what an undisturbed run makes.
func TestFullDisk(t *testing.T) {
	f := countyPair(t, 5, 500, 400)
	f.Outputs = []string{"gpkg", "shp", "report"}
	const plenty = 64 << 20
	o := pipeline.Options{Tile: 100, Workers: 2}
	want := detect(t, f, o)
	var size int64
	for _, out := range want.manifest.Outputs {
		size += out.Bytes
	}
	met := map[string]bool{}
	// From too little for the staged survey to nearly enough for the product.
	parts := []float64{0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 0.97}
	if testing.Short() {
		parts = []float64{0.01, 0.1, 0.4, 0.9}
	}
	for _, part := range parts {
		dir, resize := smallDisk(t, max(1, int64(float64(size)*part))&^4095+4096)
		o.Out, o.Clock = filepath.Join(dir, "out"), testClock
		_, err := detectWith(ctx, drivers(), f, o)
		if err == nil {
			continue // the scratch is gone before the product needs its room
		}
		said := err.Error()
		if !errors.Is(err, syscall.ENOSPC) && !strings.Contains(said, "o space left") && !strings.Contains(said, "disk") {
			t.Errorf("with %.0f %% of the room: %v", 100*part, err)
		}
		if exists(filepath.Join(o.Out, pipeline.ManifestName)) {
			t.Errorf("with %.0f %% of the room there is a manifest", 100*part)
		}
		met[strings.SplitN(said, ":", 2)[0]] = true
		resize(plenty)
		if err := differ(want, detect(t, f, o)); err != nil {
			t.Errorf("after a disk that ran full at %.0f %%: %v", 100*part, err)
		}
		if err := os.RemoveAll(o.Out); err != nil {
			t.Fatal(err)
		}
	}
	if len(met) < 3 {
		t.Errorf("the disk ran full only in %v", met)
	}
}
