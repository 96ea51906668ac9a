package pipeline

import (
	"errors"
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"tuban/classify/object"
	"tuban/raster"
	"tuban/raster/vector"
)

const patchRules = `
kinds:
  - {code: built, type: JZ, when: after.red > 1, min_area: 20 m2, evidence: [after.red, before.red]}
  - {code: dug, type: DT, when: after.red > 2, min_pixels: 3}
categories:
  - {code: cropland, kinds: [built], where: 'area("01") >= 15'}
  - {code: construction, where: 'share("建设用地") > 0.5'}
  - {code: bare, where: uncovered > 0}
`

// described makes a describer over the test grid and a survey: 0101 in columns 0 to 9, 1001 in columns 10 to 14, and two
// parcels of 0301 in the rows of columns 15 to 17.
func described(t interface {
	Fatal(...any)
	Cleanup(func())
}, dir string) *describer {
	parcel := func(x0, y0, x1, y1 float64, class, id string) vector.Feature {
		return vector.Feature{WKB: encode(box(x0, y0, x1, y1)), Values: []string{class, id}}
	}
	p := &Plan{
		Grid: testGrid, Pixel: object.Metric{X: 2, Y: 2}, Rules: compile(t, patchRules, "TD/T 1055-2019"),
		Before: []raster.Scene{scene("b0"), scene("b1")}, After: []raster.Scene{scene("a0"), scene("a1"), scene("a2")},
		Survey: &SurveyPlan{System: "TD/T 1055-2019", Fields: []string{"DLBM", "BSM"}, ID: "BSM"},
	}
	p.BeforeOrigins, p.AfterOrigins = sceneOrigins(p.Before), sceneOrigins(p.After)
	p.Triage = triageRules(t)
	store := parcels(t, filepath.Join(dir, "stage"), []vector.Feature{
		parcel(0, 0, 10, 17, "0101", "p1"), parcel(10, 0, 15, 17, "1001", "p2"), parcel(15, 0, 18, 4, "0301", "p3"), parcel(15, 4, 18, 17, "0301", "p4"),
	})
	t.Cleanup(func() { store.Close() })
	return &describer{plan: p, store: store, legal: &legalLayers{unitNames: map[string]string{}}, engine: cells{}, geo: geographer{}}
}

// block is the change runs of a rectangle of pixels.
func block(w raster.Window, kind uint8, pair uint16, thousandths int64) []object.Run {
	var runs []object.Run
	for y := w.Y; y < w.Y+w.H; y++ {
		r := object.Run{Y: int32(y), X0: int32(w.X), X1: int32(w.X + w.W), Kind: kind, Pair: pair}
		r.Sums[0], r.Sums[1] = thousandths*int64(w.W), -thousandths*int64(w.W)
		runs = append(runs, r)
	}
	return runs
}

func TestDescribe(t *testing.T) {
	d := described(t, t.TempDir())
	pixel, err := d.pixelArea()
	if err != nil || math.Abs(pixel-4) > 0.04 {
		t.Fatalf("a pixel has %g m², %v", pixel, err)
	}
	for _, c := range []struct {
		name       string
		runs       []object.Run
		shares     []string
		cells      []int // of each share
		uncovered  int
		main       string
		categories []int
		dropped    string
	}{
		{"on one parcel", block(raster.Window{X: 1, Y: 2, W: 4, H: 3}, 1, 0, 1), []string{"0101"}, []int{12}, 0, "p1", []int{0}, ""},
		{"across three", block(raster.Window{X: 8, Y: 2, W: 9, H: 1}, 1, 0, 1), []string{"1001", "0101", "0301"}, []int{5, 2, 2}, 0, "p2", []int{1}, ""},
		{"two parcels of one class, the first on a tie", block(raster.Window{X: 15, Y: 2, W: 2, H: 4}, 1, 0, 1), []string{"0301"}, []int{8}, 0, "p3", nil, ""},
		{"the larger parcel", block(raster.Window{X: 15, Y: 2, W: 2, H: 5}, 1, 0, 1), []string{"0301"}, []int{10}, 0, "p4", nil, ""},
		{"partly on no parcel", block(raster.Window{X: 16, Y: 0, W: 7, H: 1}, 1, 0, 1), []string{"0301"}, []int{2}, 5, "p3", []int{2}, ""},
		{"on no parcel", block(raster.Window{X: 20, Y: 0, W: 3, H: 3}, 1, 0, 1), nil, nil, 9, "", []int{2}, ""},
		{"too small an area", block(raster.Window{X: 1, Y: 2, W: 5, H: 1}, 1, 0, 1), []string{"0101"}, []int{5}, 0, "p1", []int{0}, DropSmall},
		{"too few pixels", block(raster.Window{X: 1, Y: 2, W: 2, H: 1}, 2, 0, 1), []string{"0101"}, []int{2}, 0, "p1", nil, DropSmall},
		{"enough pixels", block(raster.Window{X: 1, Y: 2, W: 3, H: 1}, 2, 0, 1), []string{"0101"}, []int{3}, 0, "p1", nil, ""},
	} {
		p, err := d.describe(c.runs)
		if err != nil {
			t.Fatal(err)
		}
		near := func(area float64, cells int) bool { return math.Abs(area-float64(cells)*pixel) < 0.011 }
		var codes []string
		sum := p.Uncovered
		for i, s := range p.Shares {
			codes = append(codes, s.Code)
			sum += s.Area
			if i < len(c.cells) && !near(s.Area, c.cells[i]) {
				t.Errorf("%s: share %+v, want %d pixels", c.name, s, c.cells[i])
			}
		}
		if !slices.Equal(codes, c.shares) || !near(p.Uncovered, c.uncovered) || cents(sum) != p.Area {
			t.Errorf("%s: shares %+v and %g of %g", c.name, p.Shares, p.Uncovered, p.Area)
		}
		var pixels int64
		for _, r := range c.runs {
			pixels += r.Pixels()
		}
		if p.Pixels != pixels || !near(p.Area, int(pixels)) || p.Kind != int(c.runs[0].Kind)-1 {
			t.Errorf("%s: %d pixels, %g m², kind %d", c.name, p.Pixels, p.Area, p.Kind)
		}
		main := ""
		if p.Main.Index > 0 {
			main = p.Main.Values[1]
		}
		if main != c.main || !slices.Equal(p.Categories, c.categories) || p.Dropped != c.dropped {
			t.Errorf("%s: main %q, categories %v, dropped %q", c.name, main, p.Categories, p.Dropped)
		}
	}
}

// noOverlay is a Geometry that leaves no patch to an overlay.
type noOverlay struct{ cells }

func (noOverlay) Overlay(orb.MultiPolygon, []orb.MultiPolygon) ([]Piece, orb.MultiPolygon, error) {
	return nil, nil, errors.New("an overlay")
}

// Parcels that meet vertex by vertex need no overlay; one that ends at a neighbour's side does.
func TestCutWithoutOverlay(t *testing.T) {
	d := described(t, t.TempDir())
	d.engine = noOverlay{}
	for _, c := range []struct {
		x, w, first, second int
		main                string
	}{{8, 3, 2, 1, "p1"}, {8, 4, 2, 2, "p1"}, {8, 5, 3, 2, "p2"}} {
		p, err := d.describe(block(raster.Window{X: c.x, Y: 2, W: c.w, H: 3}, 1, 0, 1))
		if err != nil {
			t.Fatal(err)
		}
		sum := p.Uncovered
		for i, of := range []int{c.first, c.second} {
			if want := p.Area * float64(of) / float64(c.w); math.Abs(p.Shares[i].Area-want) > 0.011 {
				t.Errorf("%d columns: share %+v, want %g", c.w, p.Shares[i], want)
			}
			sum += p.Shares[i].Area
		}
		if len(p.Shares) != 2 || cents(sum) != p.Area || p.Main.Values[1] != c.main {
			t.Errorf("%d columns: %+v of %g, most on %v", c.w, p.Shares, p.Area, p.Main.Values)
		}
	}
	if _, err := d.describe(block(raster.Window{X: 13, Y: 2, W: 4, H: 4}, 1, 0, 1)); err == nil {
		t.Error("guessed where a boundary ends at another")
	}
}

// The scenes of most pixels are the patch's, on a tie the first pair's; the others are listed once.
func TestScenesOfPatch(t *testing.T) {
	d := described(t, t.TempDir())
	at := func(x, w int, pair uint16) []object.Run {
		return block(raster.Window{X: x, Y: 5, W: w, H: 1}, 1, pair, 1)
	}
	for _, c := range []struct {
		runs          []object.Run
		before, after int
		others        []string
	}{
		{at(0, 4, 5), 1, 2, nil},
		{append(at(0, 4, 5), at(4, 3, 1)...), 1, 2, []string{"b0", "a1"}},
		{append(at(0, 4, 5), at(4, 4, 1)...), 0, 1, []string{"b1", "a2"}},
		{append(append(at(0, 4, 5), at(4, 1, 3)...), at(5, 1, 4)...), 1, 2, []string{"a0", "a1"}},
	} {
		p, err := d.describe(c.runs)
		if err != nil || p.Before != c.before || p.After != c.after || !slices.Equal(p.Others, c.others) {
			t.Errorf("%d %d %v, %v; want %+v", p.Before, p.After, p.Others, err, c)
		}
	}
}

func TestEvidenceAndPlace(t *testing.T) {
	d := described(t, t.TempDir())
	runs := append(block(raster.Window{X: 2, Y: 4, W: 6, H: 2}, 1, 0, 1500), block(raster.Window{X: 2, Y: 6, W: 6, H: 1}, 1, 0, 6000)...)
	p, err := d.describe(runs)
	if err != nil || !reflect.DeepEqual(p.Evidence, []float64{3, -3}) {
		t.Errorf("evidence %v, %v", p.Evidence, err)
	}
	x, y := testGrid.Point(5, 5.5)
	if lon, lat := 120+x/111_320, y/111_320; math.Abs(p.Lon-lon) > 1e-9 || math.Abs(p.Lat-lat) > 1e-9 {
		t.Errorf("centroid %g, %g, want %g, %g", p.Lon, p.Lat, lon, lat)
	}
	// An L: the centroid is that of its area, not of its corners.
	ell := append(block(raster.Window{X: 0, Y: 0, W: 1, H: 3}, 1, 0, 1), block(raster.Window{X: 0, Y: 3, W: 4, H: 1}, 1, 0, 1)...)
	if p, err = d.describe(ell); err != nil {
		t.Fatal(err)
	}
	x, y = testGrid.Point((3*0.5+4*2)/7, (3*1.5+4*3.5)/7)
	if lon, lat := 120+x/111_320, y/111_320; math.Abs(p.Lon-lon) > 1e-9 || math.Abs(p.Lat-lat) > 1e-9 {
		t.Errorf("centroid of the L %g, %g, want %g, %g", p.Lon, p.Lat, lon, lat)
	}
}

// The identity is that of the kind and the shape, not of the evidence or the scenes.
func TestCID(t *testing.T) {
	d := described(t, t.TempDir())
	w := raster.Window{X: 1, Y: 2, W: 4, H: 3}
	id := func(runs []object.Run) string {
		p, err := d.describe(runs)
		if err != nil {
			t.Fatal(err)
		}
		return p.CID
	}
	want := id(block(w, 1, 0, 1))
	if len(want) != 16 || id(block(w, 1, 4, 77)) != want {
		t.Errorf("%q, of other scenes %q", want, id(block(w, 1, 4, 77)))
	}
	for name, other := range map[string][]object.Run{"kind": block(w, 2, 0, 1), "place": block(w.Shift(1, 0), 1, 0, 1), "shape": block(w, 1, 0, 1)[:2]} {
		if id(other) == want {
			t.Errorf("another %s has the same identity", name)
		}
	}
}

// Gaps by parcel, kind and reason add up to the pixels that were not decided.
func TestGapSums(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		d := described(t, dir)
		pixel, err := d.pixelArea()
		if err != nil {
			t.Fatal(err)
		}
		type key struct {
			id, kind string
			reason   object.Reason
		}
		want := map[key]int{}
		gaps := gapPixels{}
		for y := range 5 {
			for x := 0; x < 20; x += 4 {
				r := object.Run{
					Y: int32(y), X0: int32(x), X1: int32(x + rapid.IntRange(1, 4).Draw(t, "w")), Parcel: int32(rapid.IntRange(0, 4).Draw(t, "parcel")),
					Undecided: uint32(rapid.IntRange(1, 3).Draw(t, "kinds")), Reason: rapid.SampledFrom([]object.Reason{object.NoData, object.Outside}).Draw(t, "reason"),
				}
				gaps[gapKey{r.Parcel, r.Undecided, r.Reason}] += r.Pixels()
				id := ""
				if r.Parcel > 0 {
					id = []string{"p1", "p2", "p3", "p4"}[r.Parcel-1]
				}
				for k, code := range []string{"built", "dug"} {
					if r.Undecided>>k&1 != 0 {
						want[key{id, code, r.Reason}] += int(r.X1 - r.X0)
					}
				}
			}
		}
		got, err := d.sumGaps(gaps)
		if err != nil || len(got) != len(want) {
			t.Fatalf("%d sums, want %d, %v", len(got), len(want), err)
		}
		for _, g := range got {
			if n := want[key{g.id, g.kind, g.reason}]; n == 0 || math.Abs(g.area-float64(n)*pixel) > 0.006 || (g.class == "") != (g.id == "") {
				t.Fatalf("%+v, want %d pixels of %g", g, n, pixel)
			}
		}
	})
}

func TestGapPolygons(t *testing.T) {
	d := described(t, t.TempDir())
	gaps := []object.Run{
		{Y: 1, X0: 2, X1: 6, Parcel: 1, Reason: object.NoData, Undecided: 3}, {Y: 1, X0: 6, X1: 8, Parcel: 2, Reason: object.NoData, Undecided: 3},
		{Y: 5, X0: 0, X1: 23, Reason: object.Outside, Undecided: 1},
	}
	got, err := d.describeGaps(gaps)
	if err != nil || len(got) != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	pixel, _ := d.pixelArea()
	if g := got[0]; g.reason != object.NoData || g.undecided != 3 || math.Abs(g.area-6*pixel) > 0.006 || len(g.geom) != 1 {
		t.Errorf("%+v", g)
	}
	if g := got[1]; g.reason != object.Outside || g.undecided != 1 || math.Abs(g.area-23*pixel) > 0.006 {
		t.Errorf("%+v", g)
	}
}
