package pipeline

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tuban/pipeline/runfile"
	"tuban/raster"
	"tuban/raster/vector"
)

// addFile gives the survey another file beside its first, with what is said of that and those features.
func (in *inputs) addFile(t *testing.T, name string, change func(i *vector.LayerInfo), features ...vector.Feature) string {
	t.Helper()
	first := in.file.Survey.Source[0]
	path := filepath.Join(filepath.Dir(first), name)
	put(t, path, []byte(name))
	i := in.layers.info[first]
	i.Fields = slices.Clone(i.Fields)
	if change != nil {
		change(&i)
	}
	in.layers.info[path], in.layers.features[path] = i, features
	in.file.Survey.Source = append(in.file.Survey.Source, path)
	return path
}

// Patterns stand for their files, a file that is meant twice is read once, and the parts of a file are not files.
func TestSurveyFiles(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	for _, name := range []string{"a.gpkg", "b.gpkg", "b.gpkg-wal", "c.shp", "c.dbf", "c.shx", "c.prj", "c.cpg", "d[1].gpkg"} {
		put(t, in(name), []byte(name))
	}
	if err := os.Mkdir(in("e.gdb"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(in("a.gpkg"), in("z.gpkg")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		list runfile.Sources
		want string
		err  string
	}{
		{runfile.Sources{in("a.gpkg")}, "a.gpkg", ""},
		{runfile.Sources{in("*.gpkg")}, "a.gpkg b.gpkg d[1].gpkg", ""},
		{runfile.Sources{in("b.gpkg"), in("*.gpkg"), dir + "/./b.gpkg"}, "b.gpkg a.gpkg d[1].gpkg", ""},
		{runfile.Sources{in("*")}, "a.gpkg b.gpkg c.shp d[1].gpkg e.gdb", ""},
		{runfile.Sources{in("c.*")}, "c.shp", ""},
		{runfile.Sources{in("*.gdb"), in("z.gpkg")}, "e.gdb z.gpkg", ""},
		{runfile.Sources{in("d[1].gpkg")}, "d[1].gpkg", ""},
		{runfile.Sources{in("a.gpkg"), in("*.tab")}, "", "no file matches"},
		{runfile.Sources{in("gone.gpkg")}, "gone.gpkg", ""}, // described by whoever opens it
	} {
		got, err := surveyFiles(context.Background(), Drivers{}, c.list)
		for i := range got {
			got[i] = filepath.Base(got[i])
		}
		if strings.Join(got, " ") != c.want || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%v: %v, %v; want %s", c.list, got, err, c.want)
		}
	}
}

// A field is found in each file under the name that it has there: in another case, by its alias, or not at all.
func TestSurveyFieldsByFile(t *testing.T) {
	in := makeInputs(t)
	in.addFile(t, "lower.gpkg", func(i *vector.LayerInfo) { i.Fields = []string{"dlbm", "dlmc"} })
	in.addFile(t, "alias.gpkg", func(i *vector.LayerInfo) {
		i.Fields, i.Aliases = []string{"F1", "F2", "ZLDWDM"}, []string{"", "DLBM", "单位代码"}
	})
	p := in.plan(t)
	s := p.Survey
	for i, want := range []string{"DLBM,BSM,ZLDWDM,DLMC", "dlbm,,,dlmc", "F2,,ZLDWDM,"} {
		if got := strings.Join(s.Files[i].Layer.Fields, ","); got != want {
			t.Errorf("%s: %s, want %s", s.Files[i].Layer.Source, got, want)
		}
	}
	if s.ID != "BSM" || s.Unit != "ZLDWDM" || !slices.Equal(s.Fields, []string{"DLBM", "BSM", "ZLDWDM", "DLMC"}) {
		t.Errorf("%+v", s)
	}
	all := strings.Join(p.Warnings, "\n")
	for _, want := range []string{"alias.gpkg: no field is called DLBM: the field F2 is used, whose alias that is", "lower.gpkg, alias.gpkg of 3 files have no field BSM", "lower.gpkg of 3 files have no field ZLDWDM"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not among the warnings:\n%s", want, all)
		}
	}
}

// What is wrong with one of several files is told with that file's name.
func TestSurveyFileRefused(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(i *vector.LayerInfo)
		want   string
	}{
		{"no class field", func(i *vector.LayerInfo) { i.Fields = []string{"BSM"} }, "second.gpkg: layer DLTB has no field DLBM"},
		{"no system", func(i *vector.LayerInfo) { i.CRS = "" }, "second.gpkg: layer DLTB has no coordinate reference system"},
		{"a prefix under a code without", func(i *vector.LayerInfo) {
			i.CRS, i.Bounds = "EPSG:4551", raster.Bounds{MinX: 42_480_000, MinY: 4_850_000, MaxX: 42_490_000, MaxY: 4_860_000}
		}, "second.gpkg: the coordinates [42480000.000"},
	} {
		in := makeInputs(t)
		in.addFile(t, "second.gpkg", c.change)
		_, err := NewPlan(context.Background(), in.drivers(), in.file, Options{})
		var input *InputError
		if !errors.As(err, &input) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// The run's area is that of all files; one file that lies elsewhere, or is empty, is a warning; all of them is an error.
func TestSurveyBounds(t *testing.T) {
	west, east := testGrid.Bounds(raster.Window{X: 0, Y: 3, W: 9, H: 5}), testGrid.Bounds(raster.Window{X: 9, Y: 4, W: 9, H: 8})
	in := makeInputs(t)
	first := in.file.Survey.Source[0]
	i := in.layers.info[first]
	i.Bounds = west
	in.layers.info[first] = i
	in.addFile(t, "east.gpkg", func(i *vector.LayerInfo) { i.Bounds = east })
	in.addFile(t, "empty.gpkg", func(i *vector.LayerInfo) { i.Bounds = raster.EmptyBounds() })
	p := in.plan(t)
	x, y, _ := testGrid.Offset(p.Grid)
	if got, want := (raster.Window{X: x, Y: y, W: p.Grid.W, H: p.Grid.H}), (raster.Window{X: 3, Y: 3, W: 15, H: 9}); got != want {
		t.Errorf("%v, want %v", got, want)
	}
	if !strings.Contains(strings.Join(p.Warnings, "\n"), "empty.gpkg: layer DLTB holds no feature") {
		t.Errorf("%q", p.Warnings)
	}
}

// Parcels of the earlier file count on land that two files have; the overlap, and a file that is elsewhere, are reported.
func TestSurveyFilesInOrder(t *testing.T) {
	parcel := func(x0, y0, x1, y1 float64, class, id string) vector.Feature {
		return vector.Feature{WKB: encode(box(x0, y0, x1, y1)), Values: []string{class, id, "220122001", ""}}
	}
	for _, reversed := range []bool{false, true} {
		in := makeInputs(t)
		in.file.Region = &runfile.Region{Source: strings.Replace(in.file.Survey.Source[0], "s.gpkg", "r.gpkg", 1)}
		second := in.addFile(t, "second.gpkg", nil, parcel(12, 4, 18, 15, "0301", "q"))
		in.addFile(t, "elsewhere.gpkg", nil, parcel(500, 500, 510, 510, "0301", "z"))
		if reversed {
			slices.Reverse(in.file.Survey.Source)
		}
		p := in.plan(t)
		var said bytes.Buffer
		o := Options{Log: slog.New(slog.NewTextHandler(&said, nil))}.withDefaults()
		store, r, err := p.stage(context.Background(), in.drivers(), t.TempDir(), o)
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		elig, err := p.eligibility(store)
		if err != nil {
			t.Fatal(err)
		}
		s := newTileScanner(p, elig, nil, nil)
		if _, err := s.burn(p.Grid.Window()); err != nil {
			t.Fatal(err)
		}
		at, err := store.Parcel(s.parcel[5*p.Grid.W+10]) // pixel (14, 9) of the test grid
		want, first := "p2", in.file.Survey.Source[0]
		if reversed {
			want, first = "q", second
		}
		if err != nil || at.Values[1] != want {
			t.Errorf("reversed %v: parcel %v, want %s; %v", reversed, at.Values, want, err)
		}
		if len(r.Overlaps) != 1 || r.Overlaps[0].First != first || r.Overlaps[0].AreaM2 != 6*11*4 {
			t.Errorf("overlaps %+v", r.Overlaps)
		}
		text := strings.Join(r.warnings(), "\n")
		if !strings.Contains(text, "overlap on about 264 m²: those of the first file count there") || !strings.Contains(text, "elsewhere.gpkg touches the run's area") {
			t.Errorf("warnings %s", text)
		}
		if len(r.Files) != 3 || !strings.Contains(said.String(), "overlap on about") {
			t.Errorf("%+v; log: %s", r.Files, said.String())
		}
	}
}

// A stage file that was damaged is made again, not used.
func TestDamagedStageIsMadeAgain(t *testing.T) {
	in := makeInputs(t)
	p := in.plan(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "survey.stage")
	stage := func() (said string) {
		var b bytes.Buffer
		store, _, err := p.stage(context.Background(), in.drivers(), dir, Options{Log: slog.New(slog.NewTextHandler(&b, nil))}.withDefaults())
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		for i := range int32(store.Len()) {
			if _, err := store.Parcel(i + 1); err != nil {
				t.Fatal(err)
			}
		}
		return b.String()
	}
	if said := stage(); strings.Contains(said, "staging it again") {
		t.Errorf("at first: %s", said)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if said := stage(); strings.Contains(said, "staging it again") {
		t.Errorf("unchanged: %s", said)
	}
	for _, at := range []int{0, 40, len(whole) / 2, len(whole) - 1} {
		b := slices.Clone(whole)
		b[at] ^= 4
		for _, damaged := range [][]byte{b, whole[:at]} {
			if err := os.WriteFile(path, damaged, 0o644); err != nil {
				t.Fatal(err)
			}
			if said := stage(); !strings.Contains(said, "staging it again") {
				t.Errorf("byte %d of %d: used as it was: %s", at, len(whole), said)
			}
		}
	}
}
