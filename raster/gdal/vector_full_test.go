package gdal

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"tuban/raster/vector"
)

// TestFullDisk: on a disk that fills up at any moment a writer fails with the file's name, and what was there stays.
func TestFullDisk(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("SKIPPED: only root can mount a small disk, so no full one was tried")
	}
	dir := filepath.Join(t.TempDir(), "disk")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=512k"); err != nil {
		t.Skipf("SKIPPED: a small disk cannot be mounted here, so no full one was tried: %v", err)
	}
	defer func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	}()
	// From a disk on which nothing fits to one on which all but the last kilobytes do.
	table := many(300)
	for name, write := range map[string]func(path string) error{
		"a.gpkg": func(path string) error { return WriteGeoPackage(t.Context(), path, []vector.Table{table}, pinned) },
		"a.shp":  func(path string) error { return WriteShapefile(t.Context(), path, table, pinned) },
	} {
		failed, whole := 0, 0
		for ballast := 512 << 10; ballast >= 0; ballast -= 12 << 10 {
			path := filepath.Join(dir, name)
			if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
				t.Fatal(err)
			}
			// As much as there is room for, up to the ballast.
			_ = os.WriteFile(filepath.Join(dir, "ballast"), make([]byte, ballast), 0o644)
			err := write(path)
			left, _ := filepath.Glob(filepath.Join(dir, "*a*"))
			hidden, _ := filepath.Glob(filepath.Join(dir, ".*a*"))
			if err != nil {
				failed++
				if text := err.Error(); !strings.HasPrefix(text, "writing "+path+": ") || !strings.Contains(text, "disk is full") {
					t.Errorf("%s beside %d KiB: the error does not say what is full: %v", name, ballast>>10, err)
				}
				if b, _ := os.ReadFile(path); string(b) != "old" || len(left) != 2 || len(hidden) != 0 {
					t.Errorf("%s beside %d KiB: after %v there are %v %v", name, ballast>>10, err, left, hidden)
				}
			} else {
				whole++
				if got := read(t, vector.LayerSpec{Source: path, Fields: []string{"BSM"}}, ""); len(got) != 300 || got[299].values[0] != "2201830000000000299" || planarArea(got[299].geom) != 100 {
					t.Errorf("%s beside %d KiB: written, but %d features are read", name, ballast>>10, len(got))
				}
			}
			for _, p := range append(left, hidden...) {
				os.RemoveAll(p)
			}
		}
		if failed == 0 || whole == 0 {
			t.Errorf("%s: %d times full, %d times written", name, failed, whole)
		}
		t.Logf("%s: %d times full, %d times written", name, failed, whole)
	}
}
