package overlay

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/planar"

	"tuban/pipeline/survey"
	"tuban/raster"
	"tuban/raster/vector"
)

var testGrid = raster.Grid{CRS: "EPSG:4530", Transform: [6]float64{1000, 1, 0, 5000, 0, -1}, W: 600, H: 400}

// files are layers in memory: rows of attributes by field, and geometry.
type files map[string][]row

type row struct {
	fields map[string]string
	geom   []byte
}

func (f files) ReadLayer(_ context.Context, s vector.LayerSpec, _ string, visit func(vector.Feature) error) error {
	for i, r := range f[s.Source] {
		v := vector.Feature{FID: int64(i), WKB: r.geom}
		for _, field := range s.Fields {
			v.Values = append(v.Values, r.fields[field])
		}
		if err := visit(v); err != nil {
			return err
		}
	}
	return nil
}

// mending stands for a geometry engine: what begins with a mark is broken.
type mending struct{}

func (mending) Repair(in []byte) (out []byte, reason string, err error) {
	switch {
	case bytes.HasPrefix(in, []byte("mend:")):
		return bytes.Clone(in[5:]), "self-intersection", nil
	case bytes.Equal(in, []byte("lost")):
		return nil, "too few points", nil
	}
	return bytes.Clone(in), "", nil
}

func square(x, y, edge float64) []byte {
	b, err := wkb.Marshal(orb.Polygon{{{x, y}, {x + edge, y}, {x + edge, y + edge}, {x, y + edge}, {x, y}}})
	if err != nil {
		panic(err)
	}
	return b
}

var stageOptions = StageOptions{Grid: testGrid, Repairer: func() survey.Repairer { return mending{} }}

func plane(mp orb.MultiPolygon) (float64, error) { return math.Abs(planar.Area(mp)), nil }

// Every feature of every file is used or counted under the reason why it is not, at the first staging and when it is opened
// again; and each keeps its own file's fields, days and type.
func TestStageCounts(t *testing.T) {
	kind, _ := Lookup("approval")
	since := time.Date(2024, 5, 6, 0, 0, 0, 0, time.UTC)
	g := Group{Kind: kind, Layers: []Layer{
		{Spec: vector.LayerSpec{Source: "a"}, Mapping: Mapping{Number: "PZWH", Area: "MJ", Class: "LX"}, Where: []Condition{{"ZT", []string{"1", "2"}}, {"QY", []string{"x"}}}, Effect: Effect{Since: since}},
		{Spec: vector.LayerSpec{Source: "b"}, Mapping: Mapping{Number: "WH", Since: "KS"}, Type: Type{Code: "temporary"}},
	}}
	src := files{
		"a": {
			{map[string]string{"PZWH": "1号", "MJ": "0.0001", "LX": "农用地转用批复", "ZT": "1", "QY": "x"}, square(1010, 4900, 10)},
			{map[string]string{"ZT": "3", "QY": "x"}, square(1010, 4900, 10)},
			{map[string]string{"ZT": "1", "QY": "y"}, []byte("lost")},
			{map[string]string{"LX": "无此类", "ZT": "2", "QY": "x"}, append([]byte("mend:"), square(1020, 4900, 10)...)},
			{map[string]string{"ZT": "2", "QY": "x"}, []byte("lost")},
			{map[string]string{"ZT": "2", "QY": "x"}, nil},
			{map[string]string{"ZT": "2", "QY": "x"}, square(9000, 4900, 10)},
		},
		"b": {
			{map[string]string{"WH": "2号", "KS": "去年"}, square(1030, 4900, 10)},
			{map[string]string{"WH": "3号", "KS": "2023/4/5"}, square(1040, 4900, 10)},
		},
	}
	path := filepath.Join(t.TempDir(), "x.stage")
	if _, err := g.Open(path); !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	check := func(s *Store, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		reports, err := s.Reports(plane)
		if err != nil {
			t.Fatal(err)
		}
		a, b := reports[0], reports[1]
		if a.Features != 7 || a.Used != 2 || a.Filtered != 2 || a.Lost != 1 || a.Empty != 1 || a.Outside != 1 {
			t.Errorf("%+v", a)
		}
		if a.Features != a.Used+a.Filtered+a.Lost+a.Empty+a.Outside || b.Features != b.Used {
			t.Errorf("features are missing: %+v %+v", a, b)
		}
		if !reflect.DeepEqual(a.Repaired, map[string]int64{"self-intersection": 1, "too few points": 1}) || a.AreaUnit != "km²" || a.Untyped["无此类"] != 1 || b.Undated[Since] != 1 {
			t.Errorf("%+v %+v", a, b)
		}
		said := strings.Join(append(a.Warnings(), b.Warnings()...), "\n")
		for _, w := range []string{"1 features had to be repaired: self-intersection", "1 features had no area left", "1 features have no polygon", "2 features are left out by the condition", `"无此类"`, "in km²", "1 days of the field KS cannot be read"} {
			if !strings.Contains(said, w) {
				t.Errorf("nothing says %q:\n%s", w, said)
			}
		}
		var got []string
		for _, i := range s.Near(nil, testGrid.Window()) {
			f, err := s.Feature(i)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprint(f.Value(Number), " ", f.Type.Code, " ", f.Effect.Since.Format("20060102"), " ", f.Layer))
		}
		if want := []string{"1号 conversion 20240506 0", "  20240506 0", "2号 temporary 00010101 1", "3号 temporary 20230405 1"}; !reflect.DeepEqual(got, want) {
			t.Errorf("%q", got)
		}
	}
	check(g.Stage(context.Background(), path, src, stageOptions))
	check(g.Open(path))
}

// The share of ridges is the coefficient, or the areas' ratio; unknown where neither makes sense.
func TestRidge(t *testing.T) {
	kind, _ := Lookup("basic_farmland")
	var rows []row
	for _, v := range [][3]string{{"0.0523", "", ""}, {"", "5", "100"}, {"0", "5", "100"}, {"1.5", "", ""}, {"", "100", "5"}, {"", "-1", "5"}, {"x", "", ""}} {
		rows = append(rows, row{map[string]string{"K": v[0], "T": v[1], "A": v[2]}, square(1010, 4900, 10)})
	}
	g := Group{Kind: kind, Layers: []Layer{{Spec: vector.LayerSpec{Source: "a"}, Mapping: Mapping{Ridge: "K", RidgeArea: "T", Area: "A"}}}}
	s, err := g.Stage(context.Background(), filepath.Join(t.TempDir(), "x.stage"), files{"a": rows}, stageOptions)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for i, want := range []float64{0.0523, 0.05, 0, math.NaN(), math.NaN(), math.NaN(), math.NaN()} {
		f, err := s.Feature(int32(i + 1))
		if err != nil {
			t.Fatal(err)
		}
		if f.Ridge != want && !(math.IsNaN(f.Ridge) && math.IsNaN(want)) {
			t.Errorf("feature %d: %v, want %v", i+1, f.Ridge, want)
		}
	}
}

// The code of a unit is its leading digits.
func TestUnitCode(t *testing.T) {
	for code, want := range map[string]string{"220122": "", "220122100": "220122100", "220122100201": "220122100", "220122100 ": "220122100", "22012210X": "", "": ""} {
		f := &Feature{Values: make([]string, len(Roles))}
		f.Values[1] = code
		if got := f.UnitCode(9); got != want {
			t.Errorf("%q: %q", code, got)
		}
	}
}
