package pipeline

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"tuban/pipeline/survey"
	"tuban/raster"
)

func TestManifestRoundTrip(t *testing.T) {
	dir := t.TempDir()
	want := &Manifest{
		Name: "农安", Key: "0123456789abcdef", Version: "1.0", Created: testTime, Complete: true, Grid: testGrid,
		Inputs: []Source{{"before", "/b.tif", 1 << 40, "ab"}}, Rules: "kinds: []\n# 注",
		Measured:   &Measured{Bands: []BandStat{{"before", raster.Red, 3, 0.1, 0.2, 1e-7}}},
		Survey:     &SurveyReport{System: "三调", Parcels: 7, Stats: survey.Stats{Features: 9, Codes: map[string]int64{"0101": 9}}},
		Counts:     Counts{3, 2, 1234.56, map[string]int{"built": 3}, map[string]int{}},
		Unobserved: map[string]float64{"no-data": 1.25},
		Failures:   []ReadFailure{{"b", raster.Window{X: 1, Y: 2, W: 3, H: 4}, "e"}},
		Outputs:    []Output{{"mask.tif", 12, "cd"}},
	}
	if err := want.write(dir); err != nil {
		t.Fatal(err)
	}
	got, err := ReadManifest(dir)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\ngot  %+v\nwant %+v", err, got, want)
	}
	first, _ := os.ReadFile(filepath.Join(dir, ManifestName))
	if err := got.write(dir); err != nil {
		t.Fatal(err)
	}
	if second, _ := os.ReadFile(filepath.Join(dir, ManifestName)); string(first) != string(second) {
		t.Errorf("written again it is\n%s\nnot\n%s", second, first)
	}
}

// What an output folder's state means: done, free, or somebody else's.
func TestOccupied(t *testing.T) {
	with := func(key string, complete bool) string {
		dir := t.TempDir()
		if err := (&Manifest{Key: key, Name: "there", Complete: complete, Asked: "of " + key}).write(dir); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	back := t.TempDir()
	if err := (&Manifest{Key: "without", Asked: "of k"}).write(back); err != nil {
		t.Fatal(err)
	}
	damaged := t.TempDir()
	put(t, filepath.Join(damaged, ManifestName), []byte("{"))
	for _, c := range []struct {
		name, dir string
		force     bool
		done      bool
		err       string
	}{
		{"no folder", filepath.Join(t.TempDir(), "none"), false, false, ""},
		{"an empty folder", t.TempDir(), false, false, ""},
		{"the same product", with("k", true), false, true, ""},
		{"the same product, forced", with("k", true), true, false, ""},
		{"the same product with gaps, to be tried again", with("k", false), false, false, ""},
		{"the product without a scene that has come back", back, false, false, ""},
		{"another product with gaps", with("l", false), false, false, "(key l, not k): choose another folder, or replace it with --force"},
		{"another product", with("l", true), false, false, "(key l, not k): choose another folder, or replace it with --force"},
		{"another product, forced", with("l", true), true, false, ""},
		{"a damaged manifest", damaged, false, false, "the product is damaged, run again with --force"},
		{"a damaged manifest, forced", damaged, true, false, ""},
	} {
		done, err := (&Plan{Key: "k", Asked: "of k"}).Finished(context.Background(), Drivers{}, Options{Out: c.dir, Force: c.force})
		if (done != nil) != c.done || (err != nil) != (c.err != "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: %+v, %v", c.name, done, err)
		}
		var input *InputError
		if err != nil && !errors.As(err, &input) {
			t.Errorf("%s: %v is not the user's to mend", c.name, err)
		}
		if errors.Is(err, ErrExists) != strings.Contains(c.err, "key l") {
			t.Errorf("%s: %v", c.name, err)
		}
		if done != nil && done.Name != "there" {
			t.Errorf("%s: %+v", c.name, done)
		}
	}
	if _, err := ReadManifest(t.TempDir()); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// A file that is being replaced is the old one until the new one is whole.
func TestReplaceFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	put(t, path, []byte("old"))
	err := replaceFile(path, func(w io.Writer) error {
		if _, err := io.WriteString(w, "half"); err != nil {
			return err
		}
		if b, err := os.ReadFile(path); err != nil || string(b) != "old" {
			t.Errorf("meanwhile it is %q, %v", b, err)
		}
		return errDisk
	})
	if !errors.Is(err, errDisk) {
		t.Error(err)
	}
	if b, _ := os.ReadFile(path); string(b) != "old" {
		t.Errorf("after an error it is %q", b)
	}
	if err := replaceFile(path, func(w io.Writer) error { _, err := io.WriteString(w, "new"); return err }); err != nil {
		t.Fatal(err)
	}
	if b, _ := os.ReadFile(path); string(b) != "new" {
		t.Errorf("at last it is %q", b)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("left %v", left)
	}
}

func TestDescribeOutput(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "f"), []byte("abc"))
	got, err := describeOutput(dir, "f")
	if want := (Output{"f", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := describeOutput(dir, "g"); !os.IsNotExist(err) {
		t.Error(err)
	}
}

// The scratch folder is named by what is observed, so that inputs never mix.
func TestOpenScratch(t *testing.T) {
	out := t.TempDir()
	for _, c := range []struct {
		o    Options
		want string
	}{
		{Options{Out: out}, filepath.Join(out, ".tuban", "k")},
		{Options{Out: out, Scratch: filepath.Join(out, "s")}, filepath.Join(out, "s", "k")},
		{Options{Out: "s3://bucket/out", Scratch: filepath.Join(out, "t")}, filepath.Join(out, "t", "k")},
	} {
		got, err := (&Plan{InputKey: "k"}).openScratch(c.o)
		if st, e := os.Stat(got); err != nil || got != c.want || e != nil || !st.IsDir() {
			t.Errorf("%s, %v, want %s", got, err, c.want)
		}
	}
	// Two products in object storage do not share a folder.
	cache := Options{Cache: filepath.Join(out, "c")}
	a, b := cache, cache
	a.Out, b.Out = "s3://bucket/a", "s3://bucket/b"
	if a.workFolder() == b.workFolder() || filepath.Dir(a.workFolder()) != cache.Cache {
		t.Error(a.workFolder(), b.workFolder())
	}
	var input *InputError
	put(t, filepath.Join(out, "file"), nil)
	if _, err := (&Plan{}).openScratch(Options{Out: filepath.Join(out, "file")}); !errors.As(err, &input) {
		t.Error(err)
	}
}
