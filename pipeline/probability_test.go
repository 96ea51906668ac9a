package pipeline

import (
	"context"
	"errors"
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tuban/classify/object"
	"tuban/classify/rules"
	"tuban/pipeline/runfile"
	"tuban/raster"
)

// rasterRules read probabilities of each date and of the pair beside bands.
const rasterRules = `
models: {built: {raster: true}, changed: {pair: true, raster: true}}
kinds:
  - code: built
    type: JZ
    when: after.p_built - before.p_built > 0.3 and change > 1
    clean: majority 3
    evidence: [after.p_built, p_changed]
  - {code: moved, type: DT, when: p_changed > 0.8}
  - {code: dark, type: LT, when: before.red > after.red}
`

// believing gives a plan a raster for each name that its rules read, of the numbers that value says at a pixel of the grid.
func believing(p *Plan, im *images, names []string, value func(name string, x, y int) float32) {
	if p.adjust.pairs == nil {
		p.adjust.pairs = make([]pairAdjustment, len(p.BeforeOrigins)*len(p.AfterOrigins)) // measured, and left as they are
	}
	for i, name := range names {
		role := raster.Role(name[strings.LastIndexByte(name, '.')+1:])
		f := &rasterFile{place: raster.Window{X: i, Y: 1, W: testGrid.W - i, H: testGrid.H - 2}, planes: map[raster.Role][]float32{}}
		for y := range f.place.H {
			for x := range f.place.W {
				f.planes[role] = append(f.planes[role], value(name, f.place.X+x, f.place.Y+y))
			}
		}
		im.files[name+".tif"] = f
		date := 0
		if strings.HasPrefix(name, "after.") {
			date = 1
		}
		p.Probabilities = append(p.Probabilities, Probability{Name: name, Date: date,
			Scene: raster.Scene{ID: name, URI: name + ".tif", Bands: map[raster.Role]raster.Band{role: {Index: 1, Scale: 1}}}})
	}
}

var threeRasters = []string{"before.p_built", "after.p_built", "p_changed"}

// blotches are probabilities in patches of some pixels.
func blotches(name string, x, y int) float32 {
	v := uint32(x/3*7+y/2*13+len(name)*5) * 2654435761
	return float32(v>>24) / 255
}

// The tile law holds with probabilities, which registration moves with their date.
func TestTileLawProbabilities(t *testing.T) {
	p, im := adjustedFor(t, rasterRules)
	for i := range p.adjust.pairs {
		if a := &p.adjust.pairs[i]; a.scaling != nil {
			a.scaling = append(a.scaling, asIs, asIs)
		}
	}
	believing(p, im, threeRasters, blotches)
	p.Tile = 100
	want := fused(t, p.scanned(t, im, t.TempDir()).runs)
	kinds := map[uint8]int64{}
	for _, r := range want {
		kinds[r.Kind] += r.Pixels()
	}
	for k := range uint8(3) {
		if kinds[k+1] == 0 {
			t.Fatalf("the test fires in %v pixels only", kinds)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		p.Tile, p.Workers = rapid.IntRange(1, 25).Draw(t, "tile"), rapid.IntRange(1, 4).Draw(t, "workers")
		got := p.scanned(t, im, filepath.Join(tempDir(t), "scan"))
		if !reflect.DeepEqual(fused(t, got.runs), want) {
			t.Fatalf("tiles of %d, %d workers: other runs", p.Tile, p.Workers)
		}
	})
}

// loaded reads the whole grid as a tile does.
func loaded(t *testing.T, p *Plan, im *images) *view {
	t.Helper()
	return wholeGrid(t, p, openMosaics(t, p, im))
}

// A probability of the after date goes where the image of that date goes, and keeps its value when that is normalised; one
// without an image is unknown, and one of the pair needs both images.
func TestProbabilitiesFollowTheImages(t *testing.T) {
	p, im := rgb(t, rasterRules)
	// The raster is the after image's red in another unit, and goes on where that ends.
	red := im.files["after"]
	believing(p, im, threeRasters, func(name string, x, y int) float32 {
		if name == "after.p_built" && x < red.place.W && y < red.place.H {
			return red.planes[raster.Red][y*red.place.W+x] / 16
		}
		return 0.5
	})
	hole := im.files["before"]
	for _, plane := range hole.planes {
		plane[5*hole.place.W+7] = raster.NaN
	}
	p.adjust = adjustment{halo: 4, pairs: []pairAdjustment{{field: bend(1.3), scaling: []scaling{asIs, asIs, {2, 5, asIs.floor}, asIs, asIs}}}}
	s := loaded(t, p, im)
	plane := func(d int, r raster.Role) []float32 { return s.blocks[d].Planes[p.roleIndex(r)] }
	whole := p.Grid.Window()
	moved, known := 0, [3]int{}
	for k := range int(whole.Pixels()) {
		x, y := k%whole.W, k/whole.W
		inside := func(i int) bool { // of the raster, and far enough from its edge for the field
			return im.files[threeRasters[i]+".tif"].place.Grow(-3).Intersect(raster.Window{X: x, Y: y, W: 1, H: 1}).Pixels() == 1
		}
		before, after, both := plane(0, "p_built")[k], plane(1, "p_built")[k], plane(0, "p_changed")[k]
		if s.from[0][k] < 0 && before == before || s.from[1][k] < 0 && after == after || (s.from[0][k] < 0 || s.from[1][k] < 0) && both == both {
			t.Fatalf("(%d, %d): a probability without an image: %g %g %g", x, y, before, after, both)
		}
		if inside(0) && s.from[0][k] >= 0 {
			known[0]++
			if before != 0.5 {
				t.Fatalf("(%d, %d): before %g", x, y, before)
			}
		}
		if v := (plane(1, raster.Red)[k] - 5) / 2; inside(1) && s.from[1][k] >= 0 && s.from[0][k] >= 0 {
			known[1]++
			if v == v && !(math.Abs(float64(after-v/16)) < 1e-5) {
				t.Fatalf("(%d, %d): %g, but the image says %g", x, y, after, v/16)
			}
			if at := red.planes[raster.Red][y*red.place.W+x] / 16; math.Abs(float64(after-at)) > 0.01 {
				moved++
			}
		}
		if inside(2) && s.from[0][k] >= 0 && s.from[1][k] >= 0 {
			known[2]++
			if both != 0.5 {
				t.Fatalf("(%d, %d): of the pair %g", x, y, both)
			}
		}
	}
	if moved < 50 || slices.Min(known[:]) < 50 || s.from[0][5*whole.W+7] >= 0 {
		t.Errorf("%d moved, %v known", moved, known)
	}
}

// What is no probability stops the measurement, with the remedy, and is unknown afterwards; rounding is neither.
func TestBeyondProbability(t *testing.T) {
	for _, c := range []struct{ v, want float32 }{{0, 0}, {1, 1}, {1.0001, 1}, {-0.001, 0}, {1.01, raster.NaN}, {100, raster.NaN}, {-9999, raster.NaN}, {raster.NaN, raster.NaN}} {
		p, im := rgb(t, rasterRules)
		believing(p, im, threeRasters, func(name string, x, y int) float32 {
			if name == "before.p_built" && x == 9 && y == 5 {
				return c.v
			}
			return 0.5
		})
		s := loaded(t, p, im)
		got := s.blocks[0].Planes[p.roleIndex("p_built")]
		if at := 5*testGrid.W + 9; math.Float32bits(got[at]) != math.Float32bits(c.want) && !(got[at] != got[at] && c.want != c.want) || got[at+1] != 0.5 {
			t.Errorf("%g is %g, want %g; beside it %g", c.v, got[at], c.want, got[at+1])
		}
		_, err := p.observe(context.Background(), drivers(im, layers{}), nil, p.spots(spotsPerAxis, 0), false, Options{}.withDefaults())
		if wrong := c.want != c.want && c.v == c.v; (err != nil) != wrong {
			t.Errorf("%g: measuring says %v", c.v, err)
		} else if wrong && (!strings.Contains(err.Error(), "before.p_built.tif") || !strings.Contains(err.Error(), "`scale`")) {
			t.Error(err)
		}
	}
}

// A raster that cannot be read costs the kinds that need it, where it cannot be read; with --strict, the run.
func TestUnreadableProbability(t *testing.T) {
	p, im := rgb(t, rasterRules)
	believing(p, im, threeRasters, blotches)
	count := func(runs []object.Run) (fired [4]int64, undecided [3]int64) {
		for _, r := range runs {
			fired[r.Kind] += r.Pixels()
			for k := range undecided {
				if r.Kind == 0 && r.Undecided&(1<<k) != 0 {
					undecided[k] += r.Pixels()
				}
			}
		}
		return fired, undecided
	}
	was, _ := count(p.scanned(t, im, t.TempDir()).runs)
	im.files["p_changed.tif"].broken = true
	out := p.scanned(t, im, t.TempDir())
	fired, undecided := count(out.runs)
	if was[2] == 0 || fired[2] != 0 || undecided[1] != testGrid.Pixels() || undecided[2] >= testGrid.Pixels()/2 || fired[3] < was[3] {
		t.Errorf("fired %v, %v undecided; before %v", fired, undecided, was)
	}
	if len(out.failures) != 1 || out.failures[0].Scene != "p_changed" || out.failures[0].Error != errDisk.Error() {
		t.Errorf("failures %+v", out.failures)
	}
	_, err := p.scan(context.Background(), drivers(im, layers{}), nil, t.TempDir(), Options{Strict: true}.withDefaults())
	if !errors.Is(err, errDisk) || !strings.Contains(err.Error(), "p_changed.tif") {
		t.Errorf("strict: %v", err)
	}
}

// Rules that read nothing but rasters still read a band, which tells where the land was seen, and say by what they decide.
func TestRastersAlone(t *testing.T) {
	p, im := rgb(t, "models: {built: {raster: true}}\nkinds:\n  - {code: built, type: JZ, when: after.p_built - before.p_built > 0.3}\n")
	if !slices.Equal(p.Roles, []raster.Role{raster.Blue, "p_built"}) {
		t.Errorf("roles %v", p.Roles)
	}
	if say := p.Judging[0]; say.By != rules.ByWhen || say.Text().ZH != "由外部概率栅格 before.p_built, after.p_built 判定。" {
		t.Errorf("%+v: %+v", say, say.Text())
	}
	believing(p, im, threeRasters[:2], blotches)
	var fired, gaps int64
	for _, r := range p.scanned(t, im, t.TempDir()).runs {
		if r.Kind > 0 {
			fired += r.Pixels()
		} else {
			gaps += r.Pixels()
		}
	}
	if fired == 0 || gaps == 0 || gaps > testGrid.Pixels()/2 {
		t.Errorf("%d pixels fired, %d are gaps", fired, gaps)
	}
}

// believed gives the inputs rules with models, and rasters for them.
func believedInputs(t *testing.T) *inputs {
	t.Helper()
	in := makeInputs(t)
	put(t, in.file.Rules, []byte(`
models:
  built: {features: [red], yes: [建设用地], no: [耕地]}
  changed: {pair: true, raster: true}
kinds:
  - {code: built, type: JZ, when: after.p_built - before.p_built > 0.5 and p_changed > 0.5}
`))
	dir := filepath.Dir(in.file.Rules)
	for _, name := range []string{"p1.tif", "p2.tif", "p.tif"} {
		uri := filepath.Join(dir, name)
		put(t, uri, []byte(name))
		i := info(uri, 1)
		i.DataType = "Float32"
		in.images.info[uri] = i
	}
	in.file.Probabilities = map[string]*runfile.Probability{
		"built":   {Before: filepath.Join(dir, "p1.tif"), After: filepath.Join(dir, "p2.tif")},
		"changed": {Pair: filepath.Join(dir, "p.tif")},
	}
	return in
}

func TestProbabilityPlan(t *testing.T) {
	in := believedInputs(t)
	p := in.plan(t)
	if len(p.Rules.Models) != 0 || len(p.Rules.Program.Params()) != 0 {
		t.Errorf("models %v are looked for, parameters %v", p.Rules.Models, p.Rules.Program.Params())
	}
	var got []string
	for _, q := range p.Probabilities {
		got = append(got, q.Name+" "+dateNames[q.Date]+" "+filepath.Base(q.Scene.URI))
	}
	if want := []string{"p_changed before p.tif", "before.p_built before p1.tif", "after.p_built after p2.tif"}; !slices.Equal(got, want) {
		t.Errorf("rasters %q, want %q", got, want)
	}
	if !slices.Equal(p.Roles, []raster.Role{raster.Red, "p_built", "p_changed"}) {
		t.Errorf("roles %v", p.Roles)
	}
	var sources []string
	for _, s := range p.Sources {
		if strings.HasPrefix(s.Role, "probability ") {
			sources = append(sources, s.Role+" "+filepath.Base(s.URI))
		}
	}
	if want := []string{"probability p_changed p.tif", "probability before.p_built p1.tif", "probability after.p_built p2.tif"}; !slices.Equal(sources, want) {
		t.Errorf("sources %q", sources)
	}
	// The content and the settings of a raster make another product.
	put(t, in.file.Probabilities["changed"].Pair, []byte("another"))
	other := in.plan(t)
	scale, none := 0.01, 255.0
	in.file.Probabilities["built"].Scale, in.file.Probabilities["built"].NoData = &scale, &none
	scaled := in.plan(t)
	in.file.Probabilities = nil
	if other.InputKey == p.InputKey || scaled.InputKey == other.InputKey || other.ScanKey != p.ScanKey {
		t.Errorf("keys %s %s %s", p.InputKey, other.InputKey, scaled.InputKey)
	}
	if b := scaled.Probabilities[1].Scene.Bands["p_built"]; b.Scale != 0.01 || b.Offset != 0 || !b.HasNoData || b.NoData != 255 {
		t.Errorf("%+v", b)
	}
}

func TestProbabilityWarnings(t *testing.T) {
	in := believedInputs(t)
	uri := in.file.Probabilities["changed"].Pair
	i := in.images.info[uri]
	i.Native = testGrid.Crop(raster.Window{X: 3, Y: 2, W: 10, H: 15})
	in.images.info[uri] = i
	put(t, in.file.Rules, []byte("models: {built: {raster: true}, changed: {pair: true, raster: true}}\nkinds:\n  - {code: a, type: JZ, when: p_changed > 0.5}\n"))
	warnings := strings.Join(in.plan(t).Warnings, "\n")
	for _, want := range []string{"p_changed of p.tif covers 50 % of the run", "the rasters of the probability built are not read"} {
		if !strings.Contains(warnings, want) {
			t.Errorf("%q does not say %q", warnings, want)
		}
	}
}

func TestProbabilityRefused(t *testing.T) {
	pair := func(in *inputs, change func(i *raster.Info)) {
		uri := in.file.Probabilities["changed"].Pair
		i := in.images.info[uri]
		change(&i)
		in.images.info[uri] = i
	}
	scale := 0.01
	for _, c := range []struct {
		name   string
		change func(in *inputs)
		want   string // "" for a plan
	}{
		{"all is well", func(*inputs) {}, ""},
		{"a slip of the name", func(in *inputs) { in.file.Probabilities["bulit"] = in.file.Probabilities["built"] }, `the rules have no model "bulit" (did you mean "built"?)`},
		{"another name", func(in *inputs) { in.file.Probabilities["water"] = in.file.Probabilities["built"] }, `no model "water": declare it there, as in ` + "`models: {water: {raster: true}}`"},
		{"a pair of dates", func(in *inputs) { in.file.Probabilities["changed"] = in.file.Probabilities["built"] }, "the model changed is of both dates: give one raster"},
		{"dates of a pair", func(in *inputs) { in.file.Probabilities["built"] = in.file.Probabilities["changed"] }, "the model built is of one date: give a raster for each"},
		{"none for what only a raster can tell", func(in *inputs) { delete(in.file.Probabilities, "changed") }, "the rules read p_changed from a raster, but the run file gives none: write `probabilities: {changed: {pair: p.tif}}`"},
		{"one date alone", func(in *inputs) { in.file.Probabilities["built"].Before = "" }, "the rules read before.p_built, but the run file gives no raster for it: write `before:` below"},
		{"computed as ever", func(in *inputs) { delete(in.file.Probabilities, "built") }, ""},
		{"no file", func(in *inputs) { in.file.Probabilities["built"].After += "f" }, "check the path in the run file"},
		{"two bands", func(in *inputs) { pair(in, func(i *raster.Info) { i.Bands = info("", 2).Bands }) }, "p.tif: the raster has 2 bands: say which is the probability"},
		{"the second band", func(in *inputs) {
			pair(in, func(i *raster.Info) { i.Bands = info("", 2).Bands })
			in.file.Probabilities["changed"].Band = 2
		}, ""},
		{"a third band", func(in *inputs) { in.file.Probabilities["changed"].Band = 3 }, "there is no band 3: the raster has 1"},
		{"whole numbers", func(in *inputs) { pair(in, func(i *raster.Info) { i.DataType = "Byte" }) }, "the raster holds whole numbers (Byte): say what a probability of 1 is by `scale`"},
		{"percent", func(in *inputs) {
			pair(in, func(i *raster.Info) { i.DataType = "Byte" })
			in.file.Probabilities["changed"].Scale = &scale
		}, ""},
		{"percent by the file's own word", func(in *inputs) { pair(in, func(i *raster.Info) { i.DataType, i.Bands[0].Scale = "Byte", 0.01 }) }, ""},
		{"elsewhere", func(in *inputs) {
			pair(in, func(i *raster.Info) { i.Native = testGrid.Crop(testGrid.Window().Shift(100, 0)) })
		}, "the raster and the run do not overlap"},
		{"no CRS", func(in *inputs) { pair(in, func(i *raster.Info) { i.Native.CRS = "" }) }, "probabilities: changed: pair: "},
		{"a declared CRS", func(in *inputs) {
			pair(in, func(i *raster.Info) { i.Native.CRS = "" })
			in.file.Probabilities["changed"].CRS = "WKT"
		}, ""},
		{"another CRS", func(in *inputs) { in.file.Probabilities["changed"].CRS = "EPSG:4549" }, "leave `crs:` out, or correct the file"},
		{"no place", func(in *inputs) { pair(in, func(i *raster.Info) { i.GeoTransform = false }) }, "has no georeference"},
	} {
		in := believedInputs(t)
		c.change(in)
		_, err := NewPlan(context.Background(), in.drivers(), in.file, Options{})
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v\nwant %s", c.name, err, c.want)
		}
	}
}
