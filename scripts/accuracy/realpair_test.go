package main

import (
	"os"
	"path/filepath"
	"testing"

	"tuban/classify/accuracy"
	"tuban/pipeline/runfile"
)

// A pair runs by its images, their bands and days: everything else is as without it.
func TestRunFileOfAPair(t *testing.T) {
	p := realPair{name: "town", folder: "/a folder", roles: fourBands, before: "19860201", after: "2001-02-01"}
	text := p.runText()
	want := `name: town
before: {scenes: ["/a folder/before.tif"], bands: {blue: 1, green: 2, red: 3, nir: 4}, date: "19860201"}
after: {scenes: ["/a folder/after.tif"], bands: {blue: 1, green: 2, red: 3, nir: 4}, date: "2001-02-01"}
`
	if string(text) != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
	if _, err := runfile.Parse("run.yaml", text, nil); err != nil {
		t.Error(err)
	}
}

func TestReadDates(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dates.txt")
	for text, want := range map[string][2]string{"date_1: 20150916\ndate_2: 20171015\n": {"20150916", "20171015"}, "date_1: 20150916\n": {}} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		before, after, err := readDates(path)
		if (err != nil) != (want[0] == "") || before != want[0] || after != want[1] {
			t.Errorf("%q: %s, %s, %v", text, before, after, err)
		}
	}
}

func TestBestIsOfAllScenesTogether(t *testing.T) {
	good := accuracy.Confusion{TP: 1}
	even := accuracy.Confusion{TP: 50, FP: 30, FN: 30}
	bad := accuracy.Confusion{TP: 10, FP: 100, FN: 100}
	got := best([]result{{"nothing", []accuracy.Confusion{{}, {}}}, {"one town", []accuracy.Confusion{good, bad}}, {"both", []accuracy.Confusion{even, even}}})
	if got.method != "both" {
		t.Errorf("the best is %s", got.method)
	}
}
