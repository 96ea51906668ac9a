package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tuban/pipeline"
	"tuban/pipeline/review"
	"tuban/raster/vector"
)

// What happens to the files of a working copy between export and import is noticed, and said with its remedy; what does no harm is
// no obstacle.
func TestReviewFiles(t *testing.T) {
	onceInFull(t)
	whole, err := reviewed()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		do   func(t *testing.T, product, dir string)
		code int
		says string
	}{
		{"nothing", func(*testing.T, string, string) {}, exitComplete, "not judged yet"},
		{"the copy of the product is lost, the product is there", func(t *testing.T, _, dir string) { remove(t, dir, review.BaseName) }, exitComplete, "not judged yet"},
		{"the product is lost, its copy is there", func(t *testing.T, product, _ string) { remove(t, product, pipeline.ManifestName) }, exitComplete, "not judged yet"},
		{"both are lost", func(t *testing.T, product, dir string) {
			remove(t, product, pipeline.ManifestName)
			remove(t, dir, review.BaseName)
		}, exitInput, "--product"},
		{"the product is another now", func(t *testing.T, product, _ string) {
			path := filepath.Join(product, pipeline.ManifestName)
			text := strings.Replace(readText(t, path), `"key": "`, `"key": "0`, 1)
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}, exitInput, "export again"},
		{"the copy of the product was changed", func(t *testing.T, _, dir string) {
			table := vector.Table{Name: "changes", CRS: "EPSG:4530", Geometry: "MultiPolygon", Fields: pipeline.PatchFields(), Rows: func(func(vector.Row, error) bool) {}}
			if err := (vectors{}).WriteGeoPackage(context.Background(), filepath.Join(dir, review.BaseName), []vector.Table{table}, vector.WriteOptions{}); err != nil {
				t.Fatal(err)
			}
		}, exitInput, "not those that"},
		{"QGIS still has it open", func(t *testing.T, _, dir string) {
			if err := os.WriteFile(filepath.Join(dir, review.PackageName+"-wal"), []byte("x"), 0o644); err != nil {
				t.Fatal(err)
			}
		}, exitInput, "save the layer"},
		{"it is gone", func(t *testing.T, _, dir string) { remove(t, dir, review.PackageName) }, exitInput, "tuban review export"},
		{"it is no working copy", func(t *testing.T, _, dir string) {
			if err := os.Rename(filepath.Join(dir, review.BaseName), filepath.Join(dir, review.PackageName)); err != nil {
				t.Fatal(err)
			}
		}, exitInput, "no working copy"},
	} {
		product := copyProduct(t, whole)
		dir := filepath.Join(t.TempDir(), "review")
		if code, out, errw := tuban("review", "export", product, "--to", dir, "--isolate=false"); code != exitComplete {
			t.Fatalf("exit code %d\n%s%s", code, out, errw)
		}
		if code, _, errw := tuban("review", "export", product, "--to", dir, "--isolate=false"); code != exitInput || !strings.Contains(errw, "would be lost") {
			t.Errorf("exported over a working copy: exit code %d, %s", code, errw)
		}
		c.do(t, product, dir)
		code, out, errw := tuban("review", "import", dir, "--register", filepath.Join(t.TempDir(), "register"), "--isolate=false")
		if code != c.code || !strings.Contains(out+errw, c.says) {
			t.Errorf("%s: exit code %d, want %d and %q\n%s%s", c.name, code, c.code, c.says, out, errw)
		}
	}
}

func remove(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}

// An export that was interrupted before its project was there is made anew over what it left; a copy in which anybody judged is not,
// with its project or without.
func TestReviewExportOverLeftovers(t *testing.T) {
	onceInFull(t)
	product, dir := workingCopy(t, "")
	export := func(want int, when string) {
		t.Helper()
		if code, out, errw := tuban("review", "export", product, "--to", dir, "--isolate=false"); code != want {
			t.Errorf("%s: exit code %d, want %d\n%s%s", when, code, want, out, errw)
		}
	}
	export(exitInput, "a whole copy")
	remove(t, dir, "review.qgz")
	export(exitComplete, "without its project")
	var report map[string]any
	qgis(t, &report, judgeScript, filepath.Join(dir, "review.qgz"))
	remove(t, dir, "review.qgz")
	export(exitInput, "judged, without its project")
}
