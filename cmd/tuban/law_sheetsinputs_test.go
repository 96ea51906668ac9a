package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tuban/pipeline"
	"tuban/pipeline/evidence"
	products "tuban/pipeline/product"
	"tuban/pipeline/runfile"
	"tuban/raster/store/storetest"
)

// Imagery that was moved is found by a run file; imagery that is another is refused; a copy is taken, and the sheet says so.
func TestSheetsOfMovedImagery(t *testing.T) {
	onceInFull(t)
	f := countyPair(t, 3, 500, 400)
	out := t.TempDir()
	detect(t, f, pipeline.Options{Out: out})
	at := t.TempDir()
	moved := *f
	for i, to := range []*runfile.Imagery{&moved.Before, &moved.After} {
		from := [2]runfile.Imagery{f.Before, f.After}[i]
		*to = from
		to.Scenes = []runfile.Scene{from.Scenes[0]}
		to.Scenes[0].URI = filepath.Join(at, filepath.Base(from.Scenes[0].URI))
		if err := os.Rename(from.Scenes[0].URI, to.Scenes[0].URI); err != nil {
			t.Fatal(err)
		}
	}
	o := evidence.Options{To: t.TempDir(), Top: 1}
	if _, err := sheetsOf(t, out, o); err == nil || !strings.Contains(err.Error(), "--imagery") {
		t.Errorf("imagery that is gone: %v", err)
	}
	o.Moved = &moved
	if _, err := sheetsOf(t, out, o); err != nil {
		t.Fatal(err)
	}
	before := sheetFiles(t, o.To)
	if !strings.Contains(before["inputs.json"], `"recorded": "`+f.Before.Scenes[0].URI) {
		t.Error("the list of inputs does not say where the imagery was")
	}
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(moved.After.Scenes[0].URI, later, later); err != nil {
		t.Fatal(err)
	}
	if _, err := sheetsOf(t, out, o); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(readText(t, filepath.Join(o.To, "inputs.json")), `"changed": true`) {
		t.Error("nothing says that a file was touched after the run")
	}
	w, err := os.OpenFile(moved.After.Scenes[0].URI, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.WriteString("x"); err != nil {
		t.Fatal(err)
	}
	w.Close()
	if _, err := sheetsOf(t, out, o); err == nil || !strings.Contains(err.Error(), "not the file that the product was made from") {
		t.Errorf("another file in the place of the imagery: %v", err)
	}
}

// What cannot be read is hatched, said in the index and the list, and costs the exit code.
func TestSheetsWithGaps(t *testing.T) {
	onceInFull(t)
	runFile, _, f := damagedRun(t)
	if code, _, errw := tuban("run", runFile); code != exitGaps {
		t.Fatalf("exit code %d: %s", code, errw)
	}
	to := t.TempDir()
	code, said, errw := tuban("sheets", f.Out, "--to", to, "--workers", "2")
	if code != exitGaps || !strings.HasPrefix(said, "NOT COMPLETE") {
		t.Fatalf("exit code %d:\n%s%s", code, said, errw)
	}
	files := sheetFiles(t, to)
	if !strings.Contains(files["index.html"], "读取失败") || !strings.Contains(files["sheets.json"], `"failures"`) {
		t.Error("neither the index nor the list says that imagery could not be read")
	}
	hatched := 0
	for _, text := range files {
		hatched += strings.Count(text, "% 无数据")
	}
	if hatched == 0 {
		t.Error("no sheet says that a picture has no data")
	}
	// A sheet that lacks imagery is not finished: the next call tries again, and says what it could not read again.
	p, err := products.Open(ctx, drivers(), f.Out)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	again, err := evidence.Make(ctx, drivers(), p, evidence.Options{To: to})
	if err != nil || again.Made == 0 || len(again.Failures) == 0 {
		t.Errorf("%+v, %v: hatched sheets count as finished", again, err)
	}
}

// A product and its imagery in object storage give the sheets that they give on disk, but that ETags stand for the hashes of the
// inputs: nothing is downloaded to be hashed.
func TestSheetsFromStorage(t *testing.T) {
	onceInFull(t)
	s := storetest.Start(t)
	through(t, s, s.Endpoint)
	f := countyPair(t, 3, 400, 300)
	up := uploaded(t, s, f)
	out := "s3://" + bucket + "/product"
	if _, err := inStorage(up, pipeline.Options{Out: out, Cache: t.TempDir(), Clock: testClock}); err != nil {
		t.Fatal(err)
	}
	local := t.TempDir()
	detect(t, f, pipeline.Options{Out: local})
	pictures := regexp.MustCompile(`data:image/jpeg;base64,[^"]+`)
	var shown [2][]string
	for i, dir := range []string{out, local} {
		to := t.TempDir()
		if code, said, errw := tuban("sheets", dir, "--to", to); code != exitComplete {
			t.Fatalf("%s: exit code %d, %s%s", dir, code, said, errw)
		}
		for name, text := range sheetFiles(t, to) {
			switch {
			case filepath.Dir(name) != ".":
				shown[i] = append(shown[i], pictures.FindAllString(text, -1)...)
				if remote := i == 0; strings.Contains(text, "ETag") != remote {
					t.Errorf("%s says of an ETag: %v", name, !remote)
				}
			case name == "inputs.json" && i == 0 && (strings.Contains(text, "sha256") || strings.Count(text, `"version"`) != 3):
				t.Errorf("the inputs are not named by what the storage says of them:\n%s", text)
			}
		}
		slices.Sort(shown[i])
	}
	if len(shown[0]) == 0 || !slices.Equal(shown[0], shown[1]) {
		t.Errorf("%d pictures from storage, %d from disk, or others", len(shown[0]), len(shown[1]))
	}
}

func TestSheetsCommandLine(t *testing.T) {
	onceInFull(t)
	f := countyPair(t, 3, 500, 400)
	out := t.TempDir()
	detect(t, f, pipeline.Options{Out: out})
	to := filepath.Join(t.TempDir(), "sheets")
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"sheets", exitUsage, "the folder of a product"},
		{"sheets OUT", exitUsage, "--to"},
		{"sheets OUT --to TO --top -1", exitUsage, "--top -1"},
		{"sheets OUT --to TO --volumes", exitUsage, "--pdf"},
		{"sheets OUT --to TO --cid none", exitInput, "no published patch none"},
		{"sheets OUT --to TO --county 990000", exitInput, "no patch"},
		{"sheets OUT --to TO --register missing", exitInput, "missing holds no register"},
		{"sheets OUT --to TO --imagery missing.yaml", exitInput, "missing.yaml"},
		{"sheets OUT --to TO --pdf --browser no-such-browser --top 1", exitInput, "no such program"},
		{"sheets TO --to TO", exitInput, "no finished product"},
	} {
		args := strings.Fields(strings.NewReplacer("OUT", out, "TO", to).Replace(c.args))
		if code, said, errw := tuban(args...); code != c.code || !strings.Contains(errw, c.says) {
			t.Errorf("%s: exit code %d, %s%s", c.args, code, said, errw)
		}
	}
	if err := os.RemoveAll(to); err != nil {
		t.Fatal(err)
	}
	code, said, errw := tuban("sheets", out, "--to", to, "--dry-run")
	if code != exitComplete || !strings.Contains(said, "to be made") || exists(to) {
		t.Errorf("exit code %d, %s%s, or something was left", code, said, errw)
	}
}
