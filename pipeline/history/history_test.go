package history

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"tuban/pipeline"
	"tuban/pipeline/register"
	"tuban/pipeline/track"
	"tuban/raster/vector"
)

var ctx = context.Background()

func square(x, y, size float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}, {x, y}}}}
}

// layers is the GeoPackage of a product in memory: rows as "field=value field=value" by layer.
type layers struct {
	pipeline.Vectors
	rows map[string][]string
}

func (l layers) DescribeLayer(_ context.Context, s vector.LayerSpec) (vector.LayerInfo, error) {
	rows, ok := l.rows[s.Layer]
	if !ok && s.Layer != "run" {
		return vector.LayerInfo{}, errors.New("no such layer")
	}
	info := vector.LayerInfo{Name: s.Layer, CRS: "EPSG:4530"}
	if len(rows) > 0 {
		for _, kv := range strings.Fields(rows[0]) {
			name, _, _ := strings.Cut(kv, "=")
			info.Fields = append(info.Fields, name)
		}
	}
	return info, nil
}

func (l layers) ReadLayer(_ context.Context, s vector.LayerSpec, _ string, visit func(vector.Feature) error) error {
	for i, row := range l.rows[s.Layer] {
		f := vector.Feature{FID: int64(i + 1)}
		for _, kv := range strings.Fields(row) {
			_, value, _ := strings.Cut(kv, "=")
			f.Values = append(f.Values, strings.ReplaceAll(value, "+", " "))
		}
		var err error
		if f.WKB, err = wkb.Marshal(square(float64(i), 0, 1)); err != nil {
			return err
		}
		if err := visit(f); err != nil {
			return err
		}
	}
	return nil
}

type sameName struct{ pipeline.Coordinates }

func (sameName) SameCRS(a, b string) (bool, error) {
	if a == "" || b == "" {
		return false, errors.New("no system")
	}
	return a == b, nil
}

func read(t *testing.T, rows map[string][]string, dir string) (*pipeline.Past, error) {
	t.Helper()
	out := t.TempDir()
	if err := os.WriteFile(filepath.Join(out, pipeline.ManifestName), []byte(`{"key": "k"}`), 0o644); err != nil {
		t.Fatal(err)
	}
	return Reader{}.Read(ctx, pipeline.Drivers{Vectors: layers{rows: rows}, Coordinates: sameName{}}, out, dir, "EPSG:4530")
}

// Every candidate of a product is known, whatever layer it is in; a product of an earlier version lacks what this one writes.
func TestKnown(t *testing.T) {
	past, err := read(t, map[string][]string{
		"changes": {
			"cid=a gv=a2 kind=built TBLX=JZ JCMJ=400.5 HSX=20250820 SCFX=20240810 PDJL=pass FBBH=2201222025000001+2201222025000002 track=grown",
			"cid=b gv= kind=built TBLX=JZ JCMJ=300 HSX=20250820 SCFX= PDJL= FBBH= track=",
		},
		"dropped": {
			"cid=c gv=c kind=ground TBLX=DT JCMJ=90 HSX=20250820 SCFX=20250820 FBBH= track=new",
			"cid=d gv=d kind=ground TBLX=DT JCMJ=90 HSX=20250820 SCFX=20240820 FBBH= track=shrunk",
		},
		"gone": {"cid=e gv=e1 kind=built TBLX=JZ MJ=700 SCFX=20230801 last=20240810 reason=unobserved PDJL=unchanged FBBH="},
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, k := range past.Known {
		got = append(got, fmt.Sprintf("%s %s %s %s %g %s %s %s %v %t %s", k.CID, k.GV, k.Kind, k.Type, k.Area, k.First, k.Last, k.Verdict, k.Released, k.Published, k.Gone))
	}
	want := []string{
		"a a2 built JZ 400.5 20240810 20250820 pass [2201222025000001 2201222025000002] true ",
		"b b built JZ 300 20250820 20250820  [] true ",
		"c c ground DT 90 20250820 20250820  [] false ",
		"d d ground DT 90 20240820 20250820  [] true ",
		"e e1 built JZ 700 20230801 20240810 unchanged [] true unobserved",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s\nwant %s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if past, err := read(t, map[string][]string{"changes": {"cid=a kind=built JCMJ=1 HSX=20250820"}}, ""); err != nil || len(past.Known) != 1 || past.Known[0].GV != "a" {
		t.Errorf("a product without dropped and gone: %+v, %v", past, err)
	}
	for _, rows := range []map[string][]string{
		{"changes": {"cid=a JCMJ=1", "cid=a JCMJ=1"}},
		{"changes": {"cid=a JCMJ=1"}, "gone": {"cid=a MJ=1"}},
		{"changes": {"cid= JCMJ=1"}},
		{},
	} {
		var input *pipeline.InputError
		if _, err := read(t, rows, ""); !errors.As(err, &input) || !strings.Contains(err.Error(), "--force") {
			t.Errorf("%v: %v", rows, err)
		}
	}
}

// What the register says of candidates: by the decisions that hold, for all that a patch was made of, without numbers that were replaced.
func TestRemember(t *testing.T) {
	dir := t.TempDir()
	reg, err := register.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	shape := func(x float64, crs string) register.Shape {
		s, err := register.NewShape(square(x, 0, 1), crs)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	version := func(cid string) register.Version { return register.Version{CID: cid, GV: cid + "1"} }
	decide := func(v register.Version, verdict register.Verdict, change func(*register.Decision)) register.Event {
		d := register.Decision{Version: v, Kind: "built", Verdict: verdict, By: "甲", On: "2025-09-01", Judged: shape(0, "EPSG:4530")}
		if change != nil {
			change(&d)
		}
		return register.Event{Decision: &d}
	}
	release := func(cid, jcbh, supersedes, parent string) register.Event {
		return register.Event{Release: &register.Release{Version: version(cid), JCBH: jcbh, Supersedes: supersedes, Parent: parent}}
	}
	drawn := shape(5, "EPSG:4530")
	err = reg.Append(time.Unix(1e9, 0), []register.Event{
		decide(version("a"), register.Unchanged, nil),
		decide(version("far"), register.Pass, func(d *register.Decision) { d.Judged = shape(0, "EPSG:4549") }),
		decide(version("lead"), register.Pass, func(d *register.Decision) { d.From = []register.Version{version("lead"), version("member")} }),
		// The parts of a split: the larger one is the candidate.
		decide(version("cut"), register.Pass, func(d *register.Decision) { d.From = []register.Version{version("cut")} }),
		decide(register.Version{CID: "piece", GV: "cut1"}, register.Pass, func(d *register.Decision) { d.From = []register.Version{version("cut")} }),
		// The parts of another, of which only the smaller one passed.
		decide(version("half"), register.Reject, func(d *register.Decision) { d.From = []register.Version{version("half")} }),
		decide(register.Version{CID: "good", GV: "half1"}, register.Pass, func(d *register.Decision) { d.From = []register.Version{version("half")} }),
		decide(register.Version{CID: "added"}, register.Pass, func(d *register.Decision) {
			d.Judged, d.Redrawn, d.Values = register.Shape{}, &drawn, map[string]string{"HSX": "20250820"}
		}),
		release("a", "1", "", ""), release("a", "2", "1", ""), release("lead", "3", "", ""), release("piece", "4", "", ""), release("part", "5", "", "far"),
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	past, err := read(t, map[string][]string{"changes": {"cid=a JCMJ=1 HSX=20250820 FBBH=1"}}, dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, j := range past.Judgements {
		got = append(got, fmt.Sprintf("%s@%s %s %t", j.CID, j.GV, j.Verdict, j.Geom != nil))
	}
	if want := []string{"a@a1 unchanged true", "far@far1 pass false", "lead@lead1 pass true", "member@member1 pass false", "cut@cut1 pass true", "added@ pass true"}; !reflect.DeepEqual(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
	for cid, want := range map[string][]string{"a": {"2"}, "lead": {"3"}, "member": {"3"}, "cut": {"4"}, "far": {"5"}} {
		found := []track.Fate{{CID: cid}}
		if track.Issued(found, past.Issued); !reflect.DeepEqual(found[0].Released, want) {
			t.Errorf("%s was released as %v, want %v", cid, found[0].Released, want)
		}
	}
	if k := past.Known[0]; len(k.Released) != 0 {
		t.Errorf("a number that was replaced goes on: %v", k.Released)
	}
	if k := past.Known[len(past.Known)-1]; k.CID != "added" || !k.Drawn || k.First != "20250820" || !orb.Equal(k.Geom, square(5, 0, 1)) {
		t.Errorf("the patch that a person drew: %+v", k)
	}
}
