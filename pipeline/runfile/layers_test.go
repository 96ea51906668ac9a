package runfile

import (
	"reflect"
	"strings"
	"testing"

	"tuban/pipeline/overlay"
)

const twoDates = "before: {scenes: [a.tif], date: 2024-08-14}\nafter: {scenes: [b.tif], date: 2025-08-20}\n"

func none(string) (string, bool) { return "", false }

func TestLayers(t *testing.T) {
	f, err := Parse("/runs/run.yaml", []byte(twoDates+`
layers:
  - {kind: basic_farmland, source: farm.gpkg, layer: YJJBNTTB, version: 2023, since: 2023-01-01, until: 20301231}
  - kind: red_line
    source: [red/*.shp, s3://bucket/red.gpkg]
    encoding: GBK
    fields: {name: MC, id: 001}
    where: {HXLX: 01, ZT: [1, 2.50]}
    sliver: {area: 0}
    empty: true
  - {kind: separate_layer, source: /data/ttq.gpkg, type: 1303}
  - {kind: approval, source: lsyd.gpkg, type: temporary}
`), none)
	if err != nil {
		t.Fatal(err)
	}
	if want := (Sources{"/runs/red/*.shp", "s3://bucket/red.gpkg"}); !reflect.DeepEqual(f.Layers[1].Source, want) || f.Layers[0].Source[0] != "/runs/farm.gpkg" || f.Layers[2].Source[0] != "/data/ttq.gpkg" {
		t.Errorf("%v %v", f.Layers[0].Source, f.Layers[1].Source)
	}
	if l := f.Layers[1]; !reflect.DeepEqual(l.Where, map[string]Values{"HXLX": {"01"}, "ZT": {"1", "2.50"}}) || l.Fields["id"] != "001" || !l.Empty {
		t.Errorf("what looks like a number is a text: %+v", l)
	}
	if s := f.Layers[1].SliverBounds(); s != (overlay.Sliver{Area: 0, Width: overlay.DefaultSliver().Width}) {
		t.Errorf("%+v", s)
	}
	if e := f.Layers[0].Effect(); e.Since.Year() != 2023 || e.Until.Year() != 2030 {
		t.Errorf("%+v", e)
	}
	if f.Layers[0].Version != "2023" || f.Layers[2].Type != "1303" {
		t.Errorf("%+v", f.Layers)
	}
}

// Two entries that an alias of YAML makes of one are resolved once each.
func TestLayersByAlias(t *testing.T) {
	f, err := Parse("/runs/run.yaml", []byte(twoDates+"layers:\n  - {kind: town, source: &s [units.gpkg], layer: XZQ}\n  - {kind: county, source: *s, layer: XJ}\n"), none)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range f.Layers {
		if l.Source[0] != "/runs/units.gpkg" {
			t.Errorf("%s: %v", l.Kind, l.Source)
		}
	}
}

// Every mistake is answered with its line and what to do.
func TestLayerMistakes(t *testing.T) {
	for _, c := range []struct{ name, entry, want string }{
		{"no kind", "{source: a.gpkg}", "layers: entry 1 has no kind: it is one of basic_farmland"},
		{"another kind", "{kind: redline, source: a.gpkg}", `there is no kind "redline" (did you mean "red_line"?)`},
		{"no source", "{kind: red_line}", "layers: red_line has no source"},
		{"an empty source", `{kind: red_line, source: [a.gpkg, ""]}`, "layers: red_line has no source"},
		{"another key", "{kind: red_line, source: a.gpkg, wher: {A: B}}", `[4:38] unknown key "wher" (did you mean "where"`},
		{"a type of nothing", "{kind: red_line, source: a.gpkg, type: 1}", "red_line has no types"},
		{"another type", "{kind: approval, source: a.gpkg, type: temporal}", `approval has no type "temporal" (did you mean "temporary"`},
		{"another role", "{kind: red_line, source: a.gpkg, fields: {nam: MC}}", `red_line has no role "nam" (did you mean "name"`},
		{"a role of nothing", "{kind: red_line, source: a.gpkg, fields: {name: ''}}", "the role name has no field"},
		{"a condition of nothing", "{kind: red_line, source: a.gpkg, where: {ZT: []}}", "where: ZT has no values"},
		{"a day", "{kind: red_line, source: a.gpkg, since: May}", `since: "May" is not a date`},
		{"days in the wrong order", "{kind: red_line, source: a.gpkg, since: 2024-01-02, until: 2024-01-01}", "in effect until 2024-01-01, before it is since 2024-01-02"},
		{"a negative sliver", "{kind: red_line, source: a.gpkg, sliver: {width: -1}}", "sliver: -1 is not possible"},
		{"an endless sliver", "{kind: red_line, source: a.gpkg, sliver: {area: .inf}}", "sliver: +Inf is not possible"},
		{"a sliver as a number", "{kind: red_line, source: a.gpkg, sliver: 5}", "a map such as {key: value} is wanted here"},
		{"a path out of the bucket", "{kind: red_line, source: s3://b}", "is no name of a bucket"},
		{"empty as a word", "{kind: red_line, source: a.gpkg, empty: perhaps}", "true or false is wanted here"},
	} {
		_, err := Parse("/runs/run.yaml", []byte(twoDates+"layers:\n  - "+c.entry+"\n"), none)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v\nwant %s", c.name, err, c.want)
		} else if !strings.Contains(err.Error(), "4 |") && !strings.Contains(err.Error(), "[4:") {
			t.Errorf("%s: no line: %v", c.name, err)
		}
	}
}
