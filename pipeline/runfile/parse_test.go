package runfile

import (
	"reflect"
	"strings"
	"testing"
)

// sample is the run file that the project promises to read.
const sample = `name: nongan-2025q3
region: {source: boundary.gpkg}             # or bbox + crs; left out: where both dates and the survey overlap
before: {scenes: ["2024/*.tif"], sensor: GF-2, date: 2024-08-14}
after:  {scenes: ["2025/*.tif"], bands: {blue: 1, green: 2, red: 3, nir: 4}, date: 2025-08-20}
survey: {source: 2024.gpkg, layer: DLTB, class: DLBM, id: BSM, system: TD/T 1055-2019}
normalise: none                             # or auto
registration: none
clouds: none
rules: default                              # or a file:
outputs: [gpkg, shp, report]
out: out/
`

var testEnv = map[string]string{"DATA": "/data", "EMPTY": "", "DAY": "2024-08-14"}

func lookup(name string) (string, bool) {
	v, ok := testEnv[name]
	return v, ok
}

func parse(t *testing.T, text string) *File {
	t.Helper()
	f, err := Parse("/jobs/run.yaml", []byte(text), lookup)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestSample(t *testing.T) {
	want := &File{
		Name:   "nongan-2025q3",
		Region: &Region{Source: "/jobs/boundary.gpkg"},
		Before: Imagery{
			Scenes: []Scene{{URI: "/jobs/2024/*.tif", Sensor: "GF-2", Date: "2024-08-14"}},
			Sensor: "GF-2", Date: "2024-08-14",
		},
		After: Imagery{
			Scenes: []Scene{{URI: "/jobs/2025/*.tif", Bands: map[string]int{"blue": 1, "green": 2, "red": 3, "nir": 4}, Date: "2025-08-20"}},
			Bands:  map[string]int{"blue": 1, "green": 2, "red": 3, "nir": 4}, Date: "2025-08-20",
		},
		Survey:    &Survey{Source: Sources{"/jobs/2024.gpkg"}, Layer: "DLTB", Class: "DLBM", ID: "BSM", Unit: "ZLDWDM", System: "TD/T 1055-2019"},
		Normalise: "none", Registration: "none", Clouds: "none", Rules: "default", Triage: "default",
		Outputs: []string{"gpkg", "shp", "report"}, Out: "/jobs/out",
	}
	if f := parse(t, sample); !reflect.DeepEqual(f, want) {
		t.Errorf("got  %+v\nwant %+v", f, want)
	}
}

// least is a run file of what must be there, with one line of the caller's in front.
func least(line string) string {
	return line + "\nbefore: {scenes: [a.tif], date: 2024-08-14}\nafter: {scenes: [b.tif], date: 2025-08-20}\n"
}

func TestDefaults(t *testing.T) {
	f := parse(t, least(""))
	if f.Name != "run" || f.Normalise != Auto || f.Registration != Auto || f.Clouds != Auto || f.Rules != "default" || f.Triage != "default" || f.Out != "" || f.Survey != nil || f.Region != nil {
		t.Errorf("%+v", f)
	}
	if !reflect.DeepEqual(f.Outputs, []string{"gpkg", "shp", "report"}) {
		t.Errorf("outputs %v", f.Outputs)
	}
	f.Outputs[0] = "spoiled"
	if g := parse(t, least("")); g.Outputs[0] != "gpkg" {
		t.Error("two files share their default outputs")
	}
	s := parse(t, least("survey: {source: x.gpkg, class: DLBM, system: 三调, id: TBBH, unit: XZQ}")).Survey
	if s.ID != "TBBH" || s.Unit != "XZQ" {
		t.Errorf("given fields were replaced: %+v", s)
	}
}

func TestProbabilities(t *testing.T) {
	f := parse(t, least("probabilities: {built: {before: p24.tif, after: s3://bucket/p25.tif, scale: 0.01, nodata: 255, band: 2, crs: EPSG:4530}, changed: {pair: /data/p.tif}}"))
	scale, none := 0.01, 255.0
	want := map[string]*Probability{
		"built":   {Before: "/jobs/p24.tif", After: "s3://bucket/p25.tif", Scale: &scale, NoData: &none, Band: 2, CRS: "EPSG:4530"},
		"changed": {Pair: "/data/p.tif"},
	}
	if !reflect.DeepEqual(f.Probabilities, want) {
		t.Errorf("got %+v", f.Probabilities)
	}
}

func TestSceneForms(t *testing.T) {
	f := parse(t, `
before:
  sensor: GF-2
  date: 2024-08-14
  nodata: 0
  scenes:
    - plain.tif
    - {uri: own day.tif, date: 20240901}
    - {uri: own bands.tif, bands: {red: 1}, nodata: 255}
    - {uri: own sensor.tif, sensor: GF-1}
after: {scenes: [{uri: b.tif, date: 2025-08-20}]}
`)
	zero, full := 0.0, 255.0
	want := []Scene{
		{URI: "/jobs/plain.tif", Sensor: "GF-2", Date: "2024-08-14", NoData: &zero},
		{URI: "/jobs/own day.tif", Sensor: "GF-2", Date: "20240901", NoData: &zero},
		{URI: "/jobs/own bands.tif", Bands: map[string]int{"red": 1}, Date: "2024-08-14", NoData: &full},
		{URI: "/jobs/own sensor.tif", Sensor: "GF-1", Date: "2024-08-14", NoData: &zero},
	}
	if !reflect.DeepEqual(f.Before.Scenes, want) {
		t.Errorf("got  %+v\nwant %+v", f.Before.Scenes, want)
	}
}

func TestPaths(t *testing.T) {
	f := parse(t, `
before: {scenes: [a.tif, /abs/a.tif, ../up/*.tif, s3://bucket/a.tif, /vsicurl/http://x/a.tif, ./in/./a.tif], date: 2024-08-14}
after: {scenes: [b.tif], date: 2025-08-20}
region: {source: r.gpkg}
survey: {source: s.gdb, class: DLBM, system: 2023}
rules: my.yaml
out: out/
`)
	var got []string
	for _, s := range f.Before.Scenes {
		got = append(got, s.URI)
	}
	got = append(got, f.Region.Source, f.Survey.Source[0], f.Rules, f.Out)
	want := []string{"/jobs/a.tif", "/abs/a.tif", "/up/*.tif", "s3://bucket/a.tif", "/vsicurl/http://x/a.tif", "/jobs/in/a.tif",
		"/jobs/r.gpkg", "/jobs/s.gdb", "/jobs/my.yaml", "/jobs/out"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// What YAML would read as a number or a switch stays what was written, wherever a text is wanted.
func TestUnquotedTraps(t *testing.T) {
	for _, name := range []string{"01", "0603", "09", "2024", "1.50", "1e3", "0x10", "0b11", "0o17", "1_000", "+5", "true", "False", "no", "2024-08-14", "TD/T 1055-2019"} {
		f := parse(t, least("survey: {source: x.gpkg, layer: "+name+", class: \"0603\", system: 2023}\nname: "+name))
		if f.Survey.Layer != name || f.Name != name || f.Survey.Class != "0603" || f.Survey.System != "2023" {
			t.Errorf("%s became layer %q, name %q", name, f.Survey.Layer, f.Name)
		}
		f = parse(t, "before: {scenes: ["+name+", {uri: "+name+"}], date: 2024-08-14}\nafter: {scenes: [b.tif], date: 2025-08-20}")
		if want := "/jobs/" + name; f.Before.Scenes[0].URI != want || f.Before.Scenes[1].URI != want {
			t.Errorf("%s became %+v", name, f.Before.Scenes)
		}
	}
	for _, day := range []string{"2024-08-14", `"2024-08-14"`, `'2024-08-14'`, "20240814", `"20240814"`} {
		f := parse(t, "before: {scenes: [a.tif], date: "+day+"}\nafter: {scenes: [{uri: b.tif, date: "+day+"}]}")
		for _, s := range []Scene{f.Before.Scenes[0], f.After.Scenes[0]} {
			if d, err := Day(s.Date); err != nil || d.Format("2006-01-02 15:04 MST") != "2024-08-14 00:00 UTC" {
				t.Errorf("%s became %q: %v %v", day, s.Date, d, err)
			}
		}
	}
	f := parse(t, least("grid: {crs: EPSG:4530, pixel: 0.50}\nregion: {bbox: [-1.50, 007, +2, 1e2], crs: EPSG:4530}"))
	if f.Grid.Pixel != 0.5 || !reflect.DeepEqual(f.Region.BBox, []float64{-1.5, 7, 2, 100}) {
		t.Errorf("numbers: %+v %+v", f.Grid, f.Region)
	}
}

// A file saved by Notepad, and one that begins with a directive.
func TestBeginnings(t *testing.T) {
	for _, head := range []string{"\ufeff", "%YAML 1.2\n---\n", "---\n", "# comment\n\n"} {
		if f := parse(t, head+strings.TrimPrefix(least("name: n"), "\n")); f.Name != "n" {
			t.Errorf("%q: %+v", head, f)
		}
	}
	parse(t, strings.ReplaceAll(sample, "\n", "\r\n"))
}
