package main

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tuban/pipeline"
	"tuban/pipeline/runfile"
	"tuban/raster"
)

// soundPair writes a pair without any damage, and its run file.
func soundPair(t *testing.T) (runFile string, f *runfile.File) {
	t.Helper()
	dir := t.TempDir()
	for name, value := range map[string]func(band, x, y int) float64{"before": patchy(60), "after": holed(62, patchy(61))} {
		image{name: name, grid: testGrid(0, 0, 1, 700, 600), bands: 4, block: 128, value: value}.write(t, dir)
	}
	const text = `
name: sound
before: {scenes: [before.tif], bands: {blue: 1, green: 2, red: 3, nir: 4}, date: 2024-08-14}
after:  {scenes: [after.tif], bands: {blue: 1, green: 2, red: 3, nir: 4}, date: 2025-08-20}
normalise: none
registration: none
rules: rules.yaml
outputs: [gpkg]
out: out
`
	runFile = filepath.Join(dir, "run.yaml")
	for name, content := range map[string]string{runFile: text, filepath.Join(dir, "rules.yaml"): "kinds: [{code: bright, type: JZ, when: after.red - before.red > 900, clean: open 3, min_area: 20 m2}]\n"} {
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	f, err := runfile.Parse(runFile, []byte(text), os.LookupEnv)
	if err != nil {
		t.Fatal(err)
	}
	return runFile, f
}

// lossy is imagery of which one part of the after scene is known to be unreadable.
type lossy struct {
	imagery
	lost raster.Window
}

func (l lossy) Open(g raster.Grid, scenes []raster.Scene, roles []raster.Role, cacheBytes int64) (pipeline.Pixels, error) {
	px, err := l.imagery.Open(g, scenes, roles, cacheBytes)
	if scenes[0].ID != "after" {
		return px, err
	}
	return lossyPixels{px, l.lost}, err
}

type lossyPixels struct {
	pipeline.Pixels
	lost raster.Window
}

func (p lossyPixels) Read(ctx context.Context, scene int, w raster.Window, dst [][]float32) error {
	if !w.Intersect(p.lost).Empty() {
		return errors.New("unreadable")
	}
	return p.Pixels.Read(ctx, scene, w, dst)
}

// TestNativeFaultCostsOnePiece: a piece of a scene on which the decoder crashes, hangs or takes all memory is a gap. The
// rest of the product is that of a run which was told beforehand that the piece cannot be read.
func TestNativeFaultCostsOnePiece(t *testing.T) {
	piece := raster.Window{X: 256, Y: 256, W: 256, H: 256}
	runFile, f := soundPair(t)
	t.Setenv("SOURCE_DATE_EPOCH", strconv.FormatInt(testClock.Unix(), 10))
	d := drivers()
	d.Imagery = lossy{lost: piece}
	o := pipeline.Options{Out: t.TempDir(), Tile: 100, Clock: testClock, Version: version()}
	if _, err := detectWith(ctx, d, f, o); err != nil {
		t.Fatal(err)
	}
	told := readProduct(t, o.Out)
	if a := told.manifest.Unobserved["unreadable"]; math.Abs(a-float64(piece.Pixels())) > 100 || told.manifest.Counts.Published == 0 {
		t.Fatalf("%.0f m² unreadable, %+v: the test means nothing", a, told.manifest.Counts)
	}
	for _, c := range []struct{ how, says string }{
		{"segv", "the decoder crashed (segmentation fault) here"},
		{"hang", "the decoder gave no answer here within 2s"},
		{"grow", "the decoder wanted more than 640 MiB of memory here"},
	} {
		t.Run(c.how, func(t *testing.T) {
			defect{"decode", "after.tif", piece, c.how}.set(t)
			out := t.TempDir()
			code, said, errw := tuban("run", runFile, "--out", out, "--tile", "100", "--workers", "2", "--memory", "256MiB", "--stall", "2s")
			if code != exitGaps || !strings.HasPrefix(said, "NOT COMPLETE") || strings.Contains(errw, "goroutine") {
				t.Fatalf("exit code %d, want %d:\n%s%s", code, exitGaps, said, errw)
			}
			if strings.Count(errw, "continuing without it") != 1 || !strings.Contains(errw, c.says) {
				t.Errorf("this does not say once that %s:\n%s", c.says, errw)
			}
			got := readProduct(t, out)
			for _, failure := range got.manifest.Failures {
				if failure.Scene != "after" || failure.Window != piece || !strings.Contains(failure.Error, c.says) {
					t.Errorf("failure %+v", failure)
				}
			}
			if len(got.manifest.Failures) != len(told.manifest.Failures) {
				t.Errorf("%d failures, want %d", len(got.manifest.Failures), len(told.manifest.Failures))
			}
			// What the outputs say of the failure itself may differ.
			want := *told.manifest
			want.Outputs, got.manifest.Outputs = nil, nil
			if err := differ(&product{&want, told.runs, told.mask, told.rows}, got); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestNativeFaultInHeader: a file that cannot even be opened is refused by name.
func TestNativeFaultInHeader(t *testing.T) {
	runFile, _ := soundPair(t)
	defect{What: "inspect", File: "after.tif", How: "segv"}.set(t)
	after := filepath.Join(filepath.Dir(runFile), "after.tif")
	for _, args := range [][]string{{"inspect", after}, {"plan", runFile}, {"run", runFile}} {
		code, out, errw := tuban(args...)
		if code != exitInput || !strings.Contains(errw, after+": the decoder crashed (segmentation fault) here") {
			t.Errorf("%q: exit code %d, want %d:\n%s%s", args, code, exitInput, out, errw)
		}
	}
}

// TestIsolationIsInvisible: without a fault, a command says and returns the same with and without a process of its own.
func TestIsolationIsInvisible(t *testing.T) {
	runFile, _ := soundPair(t)
	dir := filepath.Dir(runFile)
	for _, args := range [][]string{
		{"inspect", filepath.Join(dir, "after.tif")},
		{"inspect", filepath.Join(dir, "none.tif")},
		{"inspect", runFile},
		{"plan", runFile},
		{"plan", runFile, "--tile", "-1"},
		{"plan", filepath.Join(dir, "none.yaml")},
		{"run", runFile, "--out", filepath.Join(dir, "before.tif")},
		{"demo"},
	} {
		code, out, errw := tuban(args...)
		code2, out2, errw2 := tuban(append(args, "--isolate=false")...)
		if code != code2 || out != out2 || errw != errw2 {
			t.Errorf("%q: %d\n%s%s\nwithout isolation: %d\n%s%s", args, code, out, errw, code2, out2, errw2)
		}
	}
	if code, _, errw := tuban("plan", runFile, "--stall", "0s"); code != exitUsage || !strings.Contains(errw, "--stall") {
		t.Errorf("exit code %d: %s", code, errw)
	}
}

// Each verb either runs in a child or calls no native library on a user's files.
func TestEveryVerbIsIsolatedOrPure(t *testing.T) {
	pure := []string{"completion", "help", "rules", "triage", "version"}
	for _, c := range newRoot(os.Stdout, os.Stderr).Commands() {
		if slices.Contains(pure, c.Name()) == slices.Contains(nativeVerbs, c.Name()) {
			t.Errorf("is %q native or not?", c.Name())
		}
	}
}
