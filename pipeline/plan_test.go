package pipeline

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"tuban/pipeline/runfile"
	"tuban/raster"
	"tuban/raster/vector"
)

const planRules = `
kinds:
  - {code: built, type: JZ, eligible: ["01"], when: before.red > 4 and after.red < 5, clean: majority 3}
  - {code: felled, type: LT, eligible: ["03"], when: before.red > after.red}
`

// inputs is a whole set of inputs: files that can be fingerprinted, and what the fakes say of them.
type inputs struct {
	file   *runfile.File
	images *images
	layers layers
}

func (in *inputs) drivers() Drivers { return drivers(in.images, in.layers) }

// makeInputs lays out a before and an after scene of the test grid's size, the after one shifted by (3, 2) pixels, a
// survey of three parcels and a region.
func makeInputs(t *testing.T) *inputs {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	for _, name := range []string{"b.tif", "a.tif", "s.gpkg", "r.gpkg"} {
		put(t, at(name), []byte(name))
	}
	put(t, at("rules.yaml"), []byte(planRules))
	b, a := info(at("b.tif"), 1), info(at("a.tif"), 1)
	a.Native = testGrid.Crop(testGrid.Window().Shift(3, 2))
	im := &images{origin: testGrid, info: map[string]raster.Info{at("b.tif"): b, at("a.tif"): a}, files: map[string]*rasterFile{}}
	for i, uri := range []string{at("b.tif"), at("a.tif")} {
		f := &rasterFile{place: testGrid.Window().Shift(3*i, 2*i), planes: map[raster.Role][]float32{}}
		for k := range f.place.Pixels() {
			f.planes[raster.Red] = append(f.planes[raster.Red], float32((k*7+int64(i)*5)%11))
		}
		im.files[uri] = f
	}
	red := map[string]int{"red": 1}
	whole := testGrid.Bounds(testGrid.Window())
	parcel := func(x0, y0, x1, y1 float64, class, id string) vector.Feature {
		return vector.Feature{WKB: encode(box(x0, y0, x1, y1)), Values: []string{class, id, "220122001", ""}}
	}
	return &inputs{
		images: im,
		layers: layers{
			info: map[string]vector.LayerInfo{at("s.gpkg"): {
				Name: "DLTB", CRS: testCRS, Features: 3, Fields: []string{"BSM", "DLBM", "ZLDWDM", "DLMC", "XX"}, Bounds: whole,
			}, at("r.gpkg"): {Name: "region", CRS: testCRS, Features: 1, Bounds: whole}},
			features: map[string][]vector.Feature{
				at("s.gpkg"): {parcel(0, 0, 12, 17, "0101", "p1"), parcel(12, 0, 18, 17, "1001", "p2"), parcel(18, 0, 23, 8, "0301", "p3")},
				at("r.gpkg"): {{WKB: encode(box(4, 4, 20, 15))}},
			},
		},
		file: &runfile.File{
			Name:   "n",
			Before: runfile.Imagery{Scenes: []runfile.Scene{{URI: at("b.tif"), Date: "2024-08-14", Bands: red}}},
			After:  runfile.Imagery{Scenes: []runfile.Scene{{URI: at("a.tif"), Date: "2025-08-20", Bands: red}}},
			Survey: &runfile.Survey{Source: runfile.Sources{at("s.gpkg")}, Class: "DLBM", System: "三调", ID: "BSM", Unit: "ZLDWDM"},
			Rules:  at("rules.yaml"), Normalise: "none", Registration: "none", Outputs: []string{"gpkg"},
		},
	}
}

func (in *inputs) plan(t *testing.T) *Plan {
	t.Helper()
	p, err := NewPlan(context.Background(), in.drivers(), in.file, Options{Version: "1"})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The grid is where both dates, the survey and the region overlap, on the lattice of the first before scene.
func TestPlanGrid(t *testing.T) {
	all := testGrid.Window()
	for _, c := range []struct {
		name   string
		change func(in *inputs)
		want   raster.Window
	}{
		{"both dates", func(in *inputs) { in.file.Survey = nil }, raster.Window{X: 3, Y: 2, W: 20, H: 15}},
		{"the survey", func(in *inputs) {}, raster.Window{X: 3, Y: 2, W: 20, H: 15}},
		{"a smaller survey", func(in *inputs) {
			i := in.layers.info[in.file.Survey.Source[0]]
			i.Bounds = testGrid.Bounds(raster.Window{X: 0, Y: 5, W: 10, H: 6})
			in.layers.info[in.file.Survey.Source[0]] = i
		}, raster.Window{X: 3, Y: 5, W: 7, H: 6}},
		{"a box off the lattice", func(in *inputs) {
			x0, y1 := testGrid.Point(6.5, 4.5)
			x1, y0 := testGrid.Point(9.5, 8)
			in.file.Region = &runfile.Region{BBox: []float64{x0, y0, x1, y1}, CRS: testCRS}
		}, raster.Window{X: 6, Y: 4, W: 4, H: 4}},
		{"a layer", func(in *inputs) {
			in.file.Region = &runfile.Region{Source: strings.Replace(in.file.Survey.Source[0], "s.gpkg", "r.gpkg", 1)}
		}, raster.Window{X: 4, Y: 4, W: 16, H: 11}},
		{"another name of the CRS", func(in *inputs) {
			i := in.images.info[in.file.After.Scenes[0].URI]
			i.Native.CRS = "WKT"
			in.images.info[in.file.After.Scenes[0].URI] = i
		}, raster.Window{X: 3, Y: 2, W: 20, H: 15}},
	} {
		in := makeInputs(t)
		c.change(in)
		p := in.plan(t)
		x, y, ok := testGrid.Offset(p.Grid)
		if got := (raster.Window{X: x, Y: y, W: p.Grid.W, H: p.Grid.H}); !ok || got != c.want || !all.Contains(got) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
		if p.Pixel.X != 2 || p.Pixel.Y != 2 || p.After[0].Native.CRS != testCRS {
			t.Errorf("%s: %+v", c.name, p)
		}
		if layer := in.file.Region != nil && in.file.Region.Source != ""; layer != (p.Region != nil) {
			t.Errorf("%s: region %v", c.name, p.Region)
		} else if layer && p.Region[0].Bound() != (orb.Bound{Min: orb.Point{0, 0}, Max: orb.Point{16, 11}}) {
			t.Errorf("%s: region %v", c.name, p.Region)
		}
	}
}

func TestPlanSurvey(t *testing.T) {
	p := makeInputs(t).plan(t)
	if s := p.Survey; s.ID != "BSM" || s.Unit != "ZLDWDM" || s.Files[0].Layer.Layer != "DLTB" || !slices.Equal(s.Fields, []string{"DLBM", "BSM", "ZLDWDM", "DLMC"}) {
		t.Errorf("%+v", p.Survey)
	}
	in := makeInputs(t)
	in.file.Survey.ID, in.file.Survey.Unit = "TBBH", "DLBM"
	if s := in.plan(t).Survey; s.ID != "" || s.Unit != "DLBM" || !slices.Equal(s.Fields, []string{"DLBM", "DLMC"}) {
		t.Errorf("%+v", s)
	}
	in.file.Survey.Unit = "XZQ"
	if p := in.plan(t); p.Survey.Unit != "" || len(p.Warnings) != 2 || !strings.Contains(p.Warnings[0], "no field XZQ") || !strings.Contains(p.Warnings[1], "no field TBBH") {
		t.Errorf("%+v %q", p.Survey, p.Warnings)
	}
}

// What does not fit together is told with the remedy, before a pixel is read.
func TestPlanRefuses(t *testing.T) {
	survey := func(change func(i *vector.LayerInfo)) func(in *inputs) {
		return func(in *inputs) {
			i := in.layers.info[in.file.Survey.Source[0]]
			change(&i)
			in.layers.info[in.file.Survey.Source[0]] = i
		}
	}
	for _, c := range []struct {
		name   string
		change func(in *inputs)
		want   string
	}{
		{"no class field", func(in *inputs) { in.file.Survey.Class = "DLDM" }, "layer DLTB has no field DLDM: it has [BSM DLBM"},
		{"no survey file", func(in *inputs) { in.file.Survey.Source[0] += "x" }, "survey: "},
		{"no CRS", survey(func(i *vector.LayerInfo) { i.CRS = "" }), "ogr2ogr -a_srs"},
		{"a CRS that nobody knows", survey(func(i *vector.LayerInfo) { i.CRS = "EPSG:1" }), "its extent cannot be expressed"},
		{"a system that nobody knows", func(in *inputs) { in.file.Survey.System = "二调" }, "survey: unknown code system"},
		{"a zone prefix", survey(func(i *vector.LayerInfo) { i.Bounds.MinX += zonePrefix; i.Bounds.MaxX += zonePrefix }), "s.gpkg do not overlap"},
		{"a zone prefix, the reason", survey(func(i *vector.LayerInfo) { i.Bounds.MinX += zonePrefix; i.Bounds.MaxX += zonePrefix }), "zone prefix"},
		{"touching only", survey(func(i *vector.LayerInfo) { i.Bounds = testGrid.Bounds(raster.Window{X: -5, W: 8, H: 17}) }), "do not overlap"},
		{"dates apart", func(in *inputs) {
			i := in.images.info[in.file.After.Scenes[0].URI]
			i.Native = testGrid.Crop(testGrid.Window().Shift(23, 0))
			in.images.info[in.file.After.Scenes[0].URI] = i
		}, "the before and the after imagery do not overlap"},
		{"no region file", func(in *inputs) { in.file.Region = &runfile.Region{Source: "none"} }, "region: "},
		{"an empty region", func(in *inputs) {
			in.layers.features["empty"], in.layers.info["empty"] = []vector.Feature{{}}, vector.LayerInfo{CRS: testCRS}
			in.file.Region = &runfile.Region{Source: "empty"}
		}, "region: empty: layer  holds no polygon"},
		{"a region elsewhere", func(in *inputs) {
			in.file.Region = &runfile.Region{BBox: []float64{0, 0, 10, 10}, CRS: testCRS}
		}, "the imagery (with the survey) and the region [0 0 10 10], EPSG:4530 do not overlap"},
		{"no rules file", func(in *inputs) { in.file.Rules += "x" }, "rules: "},
		{"no bands for the rules", func(in *inputs) { in.file.After.Scenes[0].Bands = map[string]int{"nir": 1} }, "no kind can be judged: built needs [red] of the after scene a"},
	} {
		in := makeInputs(t)
		c.change(in)
		_, err := NewPlan(context.Background(), in.drivers(), in.file, Options{})
		var input *InputError
		if !errors.As(err, &input) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	in := makeInputs(t)
	if _, err := NewPlan(context.Background(), in.drivers(), in.file, Options{Memory: 1 << 20}); err == nil || !strings.Contains(err.Error(), "give at least 256 MiB") {
		t.Error(err)
	}
}
