package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tuban/pipeline"
)

// TestManifestIsLast: the folder holds no manifest until everything else is in it.
func TestManifestIsLast(t *testing.T) {
	f := randomPair(t, 21, 80, 50)
	f.Outputs = []string{"gpkg", "shp", "report"}
	o := pipeline.Options{Out: t.TempDir(), Clock: testClock}
	path := filepath.Join(o.Out, pipeline.ManifestName)
	w := &watch{each: func(stage string, n int) {
		if exists(path) {
			t.Errorf("a manifest in stage %s, message %d", stage, n)
		}
	}}
	o.Progress = w
	m, err := detectWith(ctx, w.drivers(), f, o)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, out := range m.Outputs {
		names = append(names, out.Path)
	}
	entries, err := os.ReadDir(o.Out)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != pipeline.ManifestName && !slices.Contains(names, e.Name()) {
			t.Errorf("%s is in the product and not in its manifest", e.Name())
		}
	}
}

// TestFinishedProduct: the same key is a no-op, another is refused unless forced, and a replacement that is cut off
// while it writes leaves no manifest.
func TestFinishedProduct(t *testing.T) {
	f := randomPair(t, 22, 80, 50)
	o := pipeline.Options{Out: t.TempDir(), Clock: testClock}
	first := detect(t, f, o)
	before := snapshot(t, o.Out)

	again := o
	again.Clock = testClock.Add(time.Hour)
	again.Tile, again.Workers, again.Memory = 19, 1, 300<<20
	w := &watch{}
	again.Progress = w
	m, err := detectWith(ctx, w.drivers(), f, again)
	if err != nil || m.Key != first.manifest.Key || !m.Created.Equal(testClock) {
		t.Fatalf("the same run again: %v, %v", m, err)
	}
	if len(w.read) > 0 || w.n > 0 {
		t.Errorf("the same run again read %d windows and sent %d messages", len(w.read), w.n)
	}
	unchanged(t, o.Out, before)

	f.Name = "another"
	var input *pipeline.InputError
	if _, err = detectWith(ctx, drivers(), f, again); !errors.Is(err, pipeline.ErrExists) || !errors.As(err, &input) {
		t.Fatalf("another product in the same folder: %v", err)
	}
	unchanged(t, o.Out, before)

	again.Force = true
	c, cancel := context.WithCancel(ctx)
	defer cancel()
	w = &watch{each: func(stage string, _ int) {
		if stage == "write" {
			cancel()
		}
	}}
	again.Progress = w
	if _, err := detectWith(c, w.drivers(), f, again); !errors.Is(err, context.Canceled) {
		t.Fatal("not interrupted:", err)
	}
	if exists(filepath.Join(o.Out, pipeline.ManifestName)) {
		t.Error("a replacement that was cut off while it wrote leaves the old manifest beside new files")
	}
	m, err = detectWith(ctx, drivers(), f, pipeline.Options{Out: o.Out, Clock: testClock})
	if err != nil || m.Name != "another" {
		t.Fatalf("replacing: %v, %v", m, err)
	}
	if findings := wrong(t, o.Out); len(findings) > 0 {
		t.Errorf("the replacement does not pass its check: %v", findings)
	}
}

type fileState struct {
	size int64
	time time.Time
}

func snapshot(t *testing.T, dir string) map[string]fileState {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]fileState{}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name()] = fileState{info.Size(), info.ModTime()}
	}
	return out
}

func unchanged(t *testing.T, dir string, before map[string]fileState) {
	t.Helper()
	after := snapshot(t, dir)
	if len(after) != len(before) {
		t.Errorf("%d files became %d", len(before), len(after))
	}
	for name, s := range before {
		if after[name] != s {
			t.Errorf("%s was touched", name)
		}
	}
}
