package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tuban/pipeline"
)

// TestSkippedScene: a scene that cannot be opened costs that scene, and says so before and after; once it can be opened, the
// same command makes the whole product in its place. Who never asked for it is not given the product without it, nor the
// other way round.
func TestSkippedScene(t *testing.T) {
	runFile, _ := soundPair(t)
	dir := filepath.Dir(runFile)
	image{name: "more", grid: testGrid(600, 0, 1, 300, 600), bands: 4, block: 128, value: patchy(63)}.write(t, dir)
	more := filepath.Join(dir, "more.tif")
	sound, err := os.ReadFile(more)
	if err != nil {
		t.Fatal(err)
	}
	text := readText(t, runFile)
	alone := filepath.Join(dir, "alone.yaml")
	for path, content := range map[string]string{alone: text, runFile: strings.Replace(text, "[after.tif]", "[after.tif, more.tif]", 1), more: "no image"} {
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	out := filepath.Join(dir, "out")
	if code, said, errw := tuban("plan", runFile); code != exitComplete || !strings.Contains(said, "more.tif is left out") {
		t.Errorf("plan: exit code %d: %s%s", code, said, errw)
	}
	if code, said, errw := tuban("run", runFile, "--strict"); code != exitInput || exists(filepath.Join(out, pipeline.ManifestName)) {
		t.Errorf("strict: exit code %d: %s%s", code, said, errw)
	}
	if code, said, errw := tuban("run", runFile); code != exitGaps || !strings.HasPrefix(said, "NOT COMPLETE: 1 scene") {
		t.Fatalf("exit code %d: %s%s", code, said, errw)
	}
	if m, err := pipeline.ReadManifest(out); err != nil || m.Complete || len(m.Failures) != 1 || m.Failures[0].Scene != more {
		t.Errorf("%+v, %v", m, err)
	}
	if code, _, errw := tuban("run", alone, "--out", out); code != exitInput || !strings.Contains(errw, "--force") {
		t.Errorf("without the scene: exit code %d: %s", code, errw)
	}
	if err := os.WriteFile(more, sound, 0o644); err != nil {
		t.Fatal(err)
	}
	if code, said, errw := tuban("run", runFile); code != exitComplete {
		t.Errorf("mended: exit code %d: %s%s", code, said, errw)
	}
	if m, err := pipeline.ReadManifest(out); err != nil || !m.Complete || len(m.Inputs) != 3 {
		t.Errorf("%+v, %v", m, err)
	}
}
