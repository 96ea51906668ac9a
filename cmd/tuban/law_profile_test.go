package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tuban/pipeline"
)

// TestAccountNamesEveryStage: a run spends its time in the stages that its progress saw, and no more than it took. The
// product is the one of a run that nobody keeps account of.
func TestAccountNamesEveryStage(t *testing.T) {
	f := randomPair(t, 27, 80, 50)
	f.Outputs = []string{"gpkg", "shp", "report"}
	o := pipeline.Options{Out: t.TempDir(), Clock: testClock, Tile: 33}
	detect(t, f, o)
	want := readText(t, filepath.Join(o.Out, pipeline.ManifestName))

	var saw []string
	w := &watch{each: func(stage string, _ int) {
		if !slices.Contains(saw, stage) {
			saw = append(saw, stage)
		}
	}}
	o.Out, o.Tile, o.Progress, o.Account = t.TempDir(), 21, w, pipeline.NewAccount()
	m, err := detectWith(ctx, w.drivers(), f, o)
	if err != nil {
		t.Fatal(err)
	}
	s := o.Account.Sums()
	var named, files []string
	left := s.Wall
	for _, st := range s.Stages {
		named = append(named, st.Name)
		left -= st.Wall
		within := st.Wall
		for _, p := range st.Parts {
			files = append(files, strings.Split(p.Name, ", ")...)
			within -= p.Wall
		}
		if within < 0 {
			t.Errorf("the parts take longer than the whole: %+v", st)
		}
	}
	if !slices.Equal(named, saw) || left < 0 {
		t.Errorf("stages %q, progress saw %q; %v left of %v", named, saw, left, s.Wall)
	}
	for _, out := range m.Outputs {
		switch filepath.Ext(out.Path) {
		case ".shx", ".dbf", ".prj", ".cpg", ".png": // written with another
		default:
			if !slices.Contains(files, out.Path) {
				t.Errorf("%s is written at no time of its own: %q", out.Path, files)
			}
		}
	}
	if n := s.Counted(pipeline.TilesRead); n.N == 0 || s.Counted(pipeline.TilesResumed).N != 0 {
		t.Errorf("%+v", s.Counts)
	}
	if got := readText(t, filepath.Join(o.Out, pipeline.ManifestName)); got != want {
		t.Errorf("another product:\n%s\n%s", got, want)
	}
}

// TestProfile: a profile is of the process that does the work, with and without one of its own; each of its files can be
// read, and names the stages.
func TestProfile(t *testing.T) {
	runFile, _ := soundPair(t)
	for _, isolated := range []string{"true", "false"} {
		dir := filepath.Join(t.TempDir(), "profile")
		code, said, errw := tuban("run", runFile, "--out", t.TempDir(), "--profile", dir, "--tile", "200", "--isolate="+isolated)
		if code != exitComplete || !strings.Contains(said, "\nwhere the time went ") {
			t.Fatalf("exit code %d: %s%s", code, said, errw)
		}
		var s pipeline.Sums
		if err := json.Unmarshal([]byte(readText(t, filepath.Join(dir, timesFile))), &s); err != nil || s.Counted(pipeline.TilesRead).N == 0 {
			t.Errorf("%v: %+v", err, s)
		}
		events := readText(t, filepath.Join(dir, traceFile))
		if !strings.HasPrefix(events, "go 1.") || !strings.Contains(events[:16], " trace\x00") || !strings.Contains(events, "\x05tiles") {
			t.Errorf("isolate=%s: %d bytes of trace begin %q", isolated, len(events), events[:min(16, len(events))])
		}
		for _, st := range s.Stages {
			if !strings.Contains(events, st.Name) || !strings.Contains(said, "\n  "+st.Name+" ") {
				t.Errorf("isolate=%s: stage %s is not in the trace, or not printed:\n%s", isolated, st.Name, said)
			}
		}
		for name, measures := range map[string]string{cpuProfile: "samples", heapProfile: "inuse_space"} {
			if text := unzipped(t, filepath.Join(dir, name)); !bytes.Contains(text, []byte(measures)) {
				t.Errorf("isolate=%s: %s is no profile", isolated, name)
			}
		}
	}
	// Nothing is done: no time went anywhere.
	out := t.TempDir()
	for again := range 2 {
		code, said, errw := tuban("run", runFile, "--out", out, "--isolate=false")
		if code != exitComplete || strings.Contains(said, "where the time went") != (again == 0) {
			t.Errorf("exit code %d: %s%s", code, said, errw)
		}
	}
	code, _, errw := tuban("run", runFile, "--out", t.TempDir(), "--profile", filepath.Join(runFile, "profile"))
	if code != exitInput || !strings.Contains(errw, "--profile") {
		t.Errorf("no folder: exit code %d: %s", code, errw)
	}
}

// unzipped is the content of a profile, which is a zipped protocol buffer.
func unzipped(t *testing.T, path string) []byte {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
