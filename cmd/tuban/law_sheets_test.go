package main

import (
	"fmt"
	stdimage "image"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"tuban/pipeline"
	"tuban/pipeline/evidence"
	products "tuban/pipeline/product"
	"tuban/pipeline/runfile"
	"tuban/raster"
)

// sheetsOf makes the sheets of the product in dir.
func sheetsOf(t testing.TB, dir string, o evidence.Options) (*evidence.Result, error) {
	t.Helper()
	p, err := products.Open(ctx, drivers(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	return evidence.Make(ctx, drivers(), p, o)
}

// sheetFiles are the files of a folder of sheets by their path below it, what only serves another call left out.
func sheetFiles(t testing.TB, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.Contains(path, ".tuban") {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		out[rel] = readText(t, path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func sameFiles(a, b map[string]string) error {
	for name, text := range a {
		if b[name] != text {
			return fmt.Errorf("%s differs", name)
		}
	}
	if len(a) != len(b) {
		return fmt.Errorf("%d files and %d", len(a), len(b))
	}
	return nil
}

// What a sheet shows does not depend on how many windows are read at once, nor on the memory: over mosaics of every kind, by
// tiles and by strips, with pieces of pictures from several passes.
func TestSheetsDoNotDependOnTheWork(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: warps a mosaic three times")
	}
	for name, f := range map[string]*runfile.File{"mosaic": randomPair(t, 5, 300, 220), "measured": scenarioPair(t, "summer", 4, 700, 600)} {
		out := t.TempDir()
		detect(t, f, pipeline.Options{Out: out})
		var first map[string]string
		for i, o := range []evidence.Options{{Workers: 1}, {Workers: 3}, {Workers: 2, Memory: 4 << 20}} {
			o.To, o.Top = t.TempDir(), 8
			r, err := sheetsOf(t, out, o)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if r.Made == 0 || r.Made != r.Sheets || len(r.Failures) > 0 {
				t.Fatalf("%s: %+v", name, r)
			}
			if i == 2 && r.Passes < 2 {
				t.Errorf("%s: with little memory, %d pass", name, r.Passes)
			}
			files := sheetFiles(t, o.To)
			if first == nil {
				first = files
			}
			if err := sameFiles(first, files); err != nil {
				t.Errorf("%s, %d workers, %d bytes: %v", name, o.Workers, o.Memory, err)
			}
		}
	}
}

// A county is decoded once at most, whatever the number of patches; sheets that are there are not made again, and decode nothing.
func TestSheetsDecodeOnceAndResume(t *testing.T) {
	f := countyPair(t, 3, 1200, 900)
	out, to := t.TempDir(), t.TempDir()
	detect(t, f, pipeline.Options{Out: out})
	first, err := sheetsOf(t, out, evidence.Options{To: to})
	if err != nil {
		t.Fatal(err)
	}
	// The files' blocks are 512 wide: what lies beyond the image is not decoded.
	if whole := int64(2 * 1200 * 900); first.Decoded == 0 || first.Decoded > whole {
		t.Errorf("%d pixels were decoded of %d", first.Decoded, whole)
	}
	before := sheetFiles(t, to)
	again, err := sheetsOf(t, out, evidence.Options{To: to})
	if err != nil || again.Made != 0 || again.Decoded != 0 || again.Sheets != first.Sheets {
		t.Errorf("%+v, %v: there was nothing to do", again, err)
	}
	var gone string
	for name := range before {
		if filepath.Dir(name) != "." {
			gone = name
		}
	}
	if err := os.Remove(filepath.Join(to, gone)); err != nil {
		t.Fatal(err)
	}
	if again, err = sheetsOf(t, out, evidence.Options{To: to}); err != nil || again.Made != 1 {
		t.Errorf("%+v, %v: one sheet was missing", again, err)
	}
	if err := sameFiles(before, sheetFiles(t, to)); err != nil {
		t.Error(err)
	}
	// A few of them come first in the index, and the others stay in it.
	cid := strings.TrimSuffix(filepath.Base(gone), ".html")
	if _, err := sheetsOf(t, out, evidence.Options{To: to, CIDs: []string{cid}}); err != nil {
		t.Fatal(err)
	}
	index := readText(t, filepath.Join(to, "index.html"))
	if n := strings.Count(index, ".html\""); n != first.Sheets || strings.Index(index, cid) > strings.Index(index, ".html\"") {
		t.Errorf("the index lists %d sheets of %d, or not %s first", n, first.Sheets, cid)
	}
	manifest := filepath.Join(out, pipeline.ManifestName)
	m, err := pipeline.ReadManifest(out)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(readText(t, manifest), m.Key, "0123456789abcdef", 1)
	if err := os.WriteFile(manifest, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := sheetsOf(t, out, evidence.Options{To: to}); err == nil || !strings.Contains(err.Error(), "another product") {
		t.Errorf("sheets of two products in one folder: %v", err)
	}
}

// A sheet says the shift that was measured, and the convergence of meridians of its place: (λ − λ₀) sin φ.
func TestSheetsSayWhatWasMeasured(t *testing.T) {
	onceInFull(t)
	f := scenarioPair(t, "summer", 4, 900, 700)
	out, to := t.TempDir(), t.TempDir()
	p := detect(t, f, pipeline.Options{Out: out})
	if _, err := sheetsOf(t, out, evidence.Options{To: to, Top: 1}); err != nil {
		t.Fatal(err)
	}
	for name, text := range sheetFiles(t, to) {
		if filepath.Dir(name) == "." {
			continue
		}
		verdict := map[string]string{"corrected": "移回原位", "aligned": "吻合", "tolerance": "方向不一致"}[string(p.manifest.Measured.Pairs[0].Field.Verdict)]
		if verdict == "" || !strings.Contains(text, verdict) {
			t.Errorf("the sheet does not say that the dates are %s", p.manifest.Measured.Pairs[0].Field.Verdict)
		}
		angle := written(t, text, `真北偏 ([-+]?[0-9.]+)°`)
		lon, lat := written(t, text, `<td>中心</td>(?:<td>[^<]*</td>){2}<td class="n">([0-9.]+)</td>`), written(t, text, `<td>中心</td>(?:<td>[^<]*</td>){2}<td class="n">[0-9.]+</td><td class="n">([0-9.]+)</td>`)
		meridian := 3 * math.Round(lon/3)
		if want := (lon - meridian) * math.Sin(lat*math.Pi/180); math.Abs(angle-want) > 0.002 {
			t.Errorf("the convergence at %g, %g is %g, not %g", lon, lat, angle, want)
		}
	}
}

// painted is what r has read, before and after, in natural colour.
func painted(r *pipeline.SceneryReader, w raster.Window) (out [2]*stdimage.RGBA) {
	for d := range out {
		out[d] = stdimage.NewRGBA(stdimage.Rect(0, 0, w.W, w.H))
		r.Paint(out[d], stdimage.Pt(w.X, w.Y), d, false)
	}
	return out
}

func written(t *testing.T, text, pattern string) float64 {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(html2plus(text))
	if m == nil {
		t.Fatalf("no %s", pattern)
	}
	v, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// html2plus undoes the one escape that numbers have.
func html2plus(s string) string { return strings.ReplaceAll(s, "&#43;", "+") }

// The after picture shows what the run compared: of a pair whose later date is the earlier one moved by a whole number of pixels,
// both pictures are one.
func TestSceneryLiesWhereTheRunSawIt(t *testing.T) {
	dir := t.TempDir()
	const w, h, dx, dy = 700, 600, 2, -1
	value := patchy(60)
	f := &runfile.File{Name: "moved", Rules: filepath.Join(dir, "rules.yaml"), Normalise: runfile.None, Registration: runfile.Auto, Outputs: []string{"gpkg"}}
	if err := os.WriteFile(f.Rules, []byte("kinds: [{code: bright, type: JZ, when: after.red - before.red > 900, min_area: 20 m2}]\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	f.Before = scenesOf(t, dir, "2024-08-14", []image{{name: "before", grid: testGrid(0, 0, 1, w, h), bands: 4, block: 128, value: value}})
	f.After = scenesOf(t, dir, "2025-08-20", []image{{name: "after", grid: testGrid(0, 0, 1, w, h), bands: 4, block: 128, value: func(band, x, y int) float64 { return value(band, x-dx, y-dy) }}})
	out := t.TempDir()
	m, err := detectWith(ctx, drivers(), f, pipeline.Options{Out: out})
	if err != nil {
		t.Fatal(err)
	}
	if v := m.Measured.Pairs[0].Field.Verdict; v != "corrected" {
		t.Fatalf("the dates are %s: the test means nothing", v)
	}
	s, err := drivers().OpenScenery(ctx, m, pipeline.SceneryOptions{Scratch: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r := s.Reader()
	far := 0
	win := raster.Window{X: 100, Y: 80, W: 300, H: 250}
	if err := r.Read(ctx, win); err != nil {
		t.Fatal(err)
	}
	pictures := painted(r, win)
	for i := range pictures[0].Pix {
		if d := int(pictures[0].Pix[i]) - int(pictures[1].Pix[i]); d > 40 || d < -40 {
			far++
		}
	}
	if share := float64(far) / float64(len(pictures[0].Pix)); share > 0.02 {
		t.Errorf("%.1f %% of the pictures differ", 100*share)
	}
}
