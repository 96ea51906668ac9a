package pipeline

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tuban/classify/day"
	"tuban/classify/object"
	"tuban/pipeline/overlay"
	"tuban/pipeline/survey"
	"tuban/raster"
	"tuban/raster/vector"
)

// legalFeature is a rectangle of pixels of a layer, with what its fields say.
type legalFeature struct {
	x0, y0, x1, y1 int
	values         map[overlay.Role]string
}

func (f legalFeature) has(x, y int) bool { return x >= f.x0 && x < f.x1 && y >= f.y0 && y < f.y1 }

func (f legalFeature) effect() overlay.Effect {
	since, _ := day.Parse(f.values[overlay.Since])
	until, _ := day.Parse(f.values[overlay.Until])
	return overlay.Effect{Since: since, Until: until}
}

// lay gives the describer a layer of the features.
func lay(t interface {
	Fatal(...any)
	Cleanup(func())
}, d *describer, dir, code string, features []legalFeature) {
	kind, ok := overlay.Lookup(code)
	if !ok {
		t.Fatal("no kind", code)
	}
	var list []vector.Feature
	mapping := overlay.Mapping{}
	for _, f := range features {
		v := vector.Feature{WKB: encode(box(float64(f.x0), float64(f.y0), float64(f.x1), float64(f.y1))), Values: []string{""}}
		for _, r := range overlay.Roles {
			v.Values = append(v.Values, f.values[r])
			mapping[r] = string(r)
		}
		list = append(list, v)
	}
	g := overlay.Group{Kind: kind, Sliver: overlay.DefaultSliver(), Layers: []overlay.Layer{{Spec: vector.LayerSpec{Source: code}, Mapping: mapping}}}
	store, err := g.Stage(context.Background(), filepath.Join(dir, code+".stage"), layersOf(code, list), overlay.StageOptions{
		Grid: testGrid, Repairer: func() survey.Repairer { return cells{} },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	d.legal.stores = append(d.legal.stores, store)
	d.plan.Layers = append(d.plan.Layers, g)
	if err := d.legal.nameUnits(store); err != nil {
		t.Fatal(err)
	}
}

func layersOf(source string, list []vector.Feature) layers {
	return layers{features: map[string][]vector.Feature{source: list}}
}

// drawLegal draws rectangles over and beside the test grid.
func drawLegal(t *rapid.T, name string, n int, values func(i int) map[overlay.Role]string) (out []legalFeature) {
	for i := range rapid.IntRange(0, n).Draw(t, name) {
		x, y := rapid.IntRange(0, testGrid.W-1).Draw(t, "x"), rapid.IntRange(0, testGrid.H-1).Draw(t, "y")
		w, h := rapid.IntRange(1, 14).Draw(t, "w"), rapid.IntRange(1, 14).Draw(t, "h")
		out = append(out, legalFeature{x, y, min(x+w, testGrid.W), min(y+h, testGrid.H), values(i)})
	}
	return out
}

// patchPixels draws a patch of two overlapping or touching rectangles, and returns its runs and its pixels.
func patchPixels(t *rapid.T) ([]object.Run, [][2]int) {
	x, y := rapid.IntRange(0, 14).Draw(t, "patch x"), rapid.IntRange(0, 9).Draw(t, "patch y")
	w, h := rapid.IntRange(2, 8).Draw(t, "patch w"), rapid.IntRange(2, 7).Draw(t, "patch h")
	runs := block(raster.Window{X: x, Y: y, W: w, H: h}, 1, 0, 1000)
	var pixels [][2]int
	for _, r := range runs {
		for c := r.X0; c < r.X1; c++ {
			pixels = append(pixels, [2]int{int(c), int(r.Y)})
		}
	}
	return runs, pixels
}

// Against a count of pixels: areas within layers, in effect or not, are those of unions; units add up to the patch in all that
// they divide; any selection of approvals covers what it covers; a sliver never makes a patch lie in a layer.
func TestLegalLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir := tempDir(t)
		d := described(t, dir)
		days := []string{"", "2020-01-01", "20300101"}
		dated := func(int) map[overlay.Role]string {
			return map[overlay.Role]string{
				overlay.Since: rapid.SampledFrom(days).Draw(t, "since"), overlay.Until: rapid.SampledFrom(days).Draw(t, "until"),
				overlay.Ridge: rapid.SampledFrom([]string{"", "0.1", "0"}).Draw(t, "ridge"), overlay.ID: "f",
			}
		}
		drawn := map[string][]legalFeature{}
		for _, kind := range []string{"basic_farmland", "red_line"} {
			drawn[kind] = drawLegal(t, kind, 4, dated)
			lay(t, d, dir, kind, drawn[kind])
		}
		coded := func(prefix string, digits int) func(i int) map[overlay.Role]string {
			return func(i int) map[overlay.Role]string {
				code := fmt.Sprintf("%s%0*d", prefix, digits-len(prefix), rapid.IntRange(0, 2).Draw(t, "code"))
				return map[overlay.Role]string{overlay.Code: code, overlay.Name: "名" + code}
			}
		}
		drawn["village"] = drawLegal(t, "village", 4, coded("220122100", 12))
		drawn["town"] = drawLegal(t, "town", 3, coded("220122", 9))
		drawn["county"] = drawLegal(t, "county", 2, coded("22", 6))
		for _, kind := range []string{"village", "town", "county"} {
			lay(t, d, dir, kind, drawn[kind])
		}
		drawn["approval"] = drawLegal(t, "approval", 5, func(i int) map[overlay.Role]string {
			return map[overlay.Role]string{overlay.Number: fmt.Sprint("文", i)}
		})
		lay(t, d, dir, "approval", drawn["approval"])

		runs, pixels := patchPixels(t)
		p, err := d.describe(runs)
		if err != nil {
			t.Fatal(err)
		}
		naive := func(in func(x, y int) bool) float64 {
			n := 0
			for _, q := range pixels {
				if in(q[0], q[1]) {
					n++
				}
			}
			return p.Area * float64(n) / float64(len(pixels))
		}
		near := func(what string, got, want float64) {
			if math.Abs(got-want) > 0.03 {
				t.Fatalf("%s: %.2f m², want %.2f", what, got, want)
			}
		}
		seen := d.plan.AfterOrigins[p.After].Date
		for _, kind := range []string{"basic_farmland", "red_line"} {
			got := p.Legal.Within[kind]
			near(kind, got.Area, naive(func(x, y int) bool {
				return slices.ContainsFunc(drawn[kind], func(f legalFeature) bool { return f.effect().At(seen) && f.has(x, y) })
			}))
			var sum, all int64
			for _, o := range p.Legal.Overlaps {
				if o.Kind.Code != kind {
					continue
				}
				all += inCents(t, o.Area)
				if o.InEffect {
					sum += inCents(t, o.Area)
				}
				if o.Kind.Ridges && o.Net > o.Area {
					t.Fatalf("net %v of %v", o.Net, o.Area)
				}
			}
			if sum != inCents(t, got.Area) || all > inCents(t, p.Area) {
				t.Fatalf("%s: the features have %d of %v (%d of %v)", kind, sum, got.Area, all, p.Area)
			}
			if got.Real && got.Area < overlay.DefaultSliver().Area && got.Area < p.Area {
				t.Fatalf("%s: %v m² make the patch lie in it", kind, got.Area)
			}
		}
		checkUnits(t, p, drawn, naive)
		checkApprovals(t, p, drawn["approval"], naive, near)
	})
}

func checkUnits(t *rapid.T, p *Patch, drawn map[string][]legalFeature, naive func(func(x, y int) bool) float64) {
	codeAt := func(x, y int) string {
		for _, kind := range []string{"village", "town", "county"} {
			for _, f := range drawn[kind] {
				if f.has(x, y) {
					return f.values[overlay.Code]
				}
			}
		}
		return ""
	}
	var area, crop, farm, red int64
	seen := map[string]bool{}
	for _, u := range p.Legal.Units {
		if seen[u.Code] {
			t.Fatalf("two parts of %q", u.Code)
		}
		seen[u.Code] = true
		area, crop = area+inCents(t, u.Area), crop+inCents(t, u.Cropland)
		farm, red = farm+inCents(t, u.Within["basic_farmland"]), red+inCents(t, u.Within["red_line"])
		if want := naive(func(x, y int) bool { return codeAt(x, y) == u.Code }); math.Abs(u.Area-want) > 0.03 {
			t.Fatalf("unit %q has %v, want %v", u.Code, u.Area, want)
		}
		if u.Village.Code != "" && u.Village.Name != "名"+u.Village.Code || len(u.Code) >= 6 && u.County.Code != u.Code[:6] {
			t.Fatalf("%+v", u)
		}
	}
	total, _, _, _, _ := p.groups("TD/T 1055-2019")
	if area != inCents(t, p.Area) || crop != inCents(t, total) || farm != inCents(t, p.Legal.Within["basic_farmland"].Area) || red != inCents(t, p.Legal.Within["red_line"].Area) {
		t.Fatalf("the units add up to %d, %d, %d, %d of %+v", area, crop, farm, red, p)
	}
	// The county with most of the patch is where it counts, if it lies in any.
	best := ""
	sums := map[string]float64{}
	for _, u := range p.Legal.Units {
		if c := u.County.Code; c != "" {
			sums[c] = cents(sums[c] + u.Area)
		}
	}
	for _, c := range sortedCodes(sums) {
		if best == "" || sums[c] > sums[best] {
			best = c
		}
	}
	if got := p.unitOf(6).Code; got != best {
		t.Fatalf("counts in %q, most of it lies in %q: %v", got, best, sums)
	}
}

func checkApprovals(t *rapid.T, p *Patch, drawn []legalFeature, naive func(func(x, y int) bool) float64, near func(string, float64, float64)) {
	byNumber := map[string]legalFeature{}
	for _, f := range drawn {
		byNumber[f.values[overlay.Number]] = f
	}
	counts := make([]bool, len(p.Legal.Approvals))
	for i, a := range p.Legal.Approvals {
		counts[i] = rapid.Bool().Draw(t, "counts")
		near(a.Number, a.Area, naive(byNumber[a.Number].has))
		delete(byNumber, a.Number)
		if !a.Sliver && a.Area < overlay.DefaultSliver().Area && a.Area < p.Area {
			t.Fatalf("%v m² are no sliver", a.Area)
		}
	}
	for number, f := range byNumber {
		near(number+", which is not listed,", 0, naive(f.has))
	}
	subset := func(i int) bool { return counts[i] }
	near("a selection of approvals", p.Legal.Covered(subset), naive(func(x, y int) bool {
		for i, a := range p.Legal.Approvals {
			for _, f := range drawn {
				if counts[i] && f.values[overlay.Number] == a.Number && f.has(x, y) {
					return true
				}
			}
		}
		return false
	}))
	var sum int64
	for _, c := range p.Legal.Covers {
		sum += inCents(t, c.Area)
	}
	if len(p.Legal.Covers) > 0 && sum != inCents(t, p.Area) {
		t.Fatalf("the covers are %d of %v", sum, p.Area)
	}
}

// What a run was not given is null; what it was given and does not touch a patch is 否 and 0.
func TestLegalColumnsWithoutLayers(t *testing.T) {
	dir := t.TempDir()
	d := described(t, dir)
	value := func(p *Patch, name string) any {
		for _, c := range d.plan.columns() {
			if c.Name == name {
				return c.value(p)
			}
		}
		t.Fatal("no column", name)
		return nil
	}
	look := func(want map[string]any) {
		t.Helper()
		p, err := d.describe(block(raster.Window{X: 2, Y: 2, W: 4, H: 3}, 1, 0, 1000))
		if err != nil {
			t.Fatal(err)
		}
		for name, v := range want {
			if got := value(p, name); got != v {
				t.Errorf("%s is %v, want %v", name, got, v)
			}
		}
	}
	look(map[string]any{"SFYN": nil, "SFHX": nil, "YNMJ": nil, "HXMJ": nil, "KFWMJ": nil, "DDTC": nil, "XMC": nil, "KTZMJ": 0.0})
	lay(t, d, dir, "basic_farmland", []legalFeature{{15, 0, 20, 4, nil}})
	lay(t, d, dir, "red_line", []legalFeature{{0, 0, 23, 17, nil}})
	lay(t, d, dir, "urban_boundary", nil)
	lay(t, d, dir, "separate_layer", []legalFeature{{2, 2, 4, 5, map[overlay.Role]string{overlay.Class: "1302"}}, {4, 2, 6, 4, map[overlay.Role]string{overlay.Class: "推土区"}}})
	p, err := d.describe(block(raster.Window{X: 2, Y: 2, W: 4, H: 3}, 1, 0, 1000))
	if err != nil {
		t.Fatal(err)
	}
	look(map[string]any{"SFYN": "否", "YNMJ": 0.0, "SFHX": "是", "HXMJ": p.Area, "KFWMJ": p.Area, "DDTC": "1302", "YNJBMJ": nil, "YNJMJ": 0.0})
}

// Cropland without field ridges: by the survey's coefficient, not known where one cannot be read.
func TestNetCropland(t *testing.T) {
	plan := &Plan{Survey: &SurveyPlan{System: "TD/T 1055-2019", Fields: []string{"DLBM", ridgeField}}}
	for _, c := range []struct {
		class, ridge string
		want         float64
	}{{"0103", "0.1", 90}, {"0103", "", 100}, {"0103", "0", 100}, {"0301", "0.1", 0}, {"0103", "1.2", math.NaN()}, {"0103", "-0.1", math.NaN()}, {"0103", "x", math.NaN()}} {
		got := plan.netCropland(survey.Parcel{Values: []string{c.class, c.ridge}}, 100)
		if got != c.want && !(math.IsNaN(got) && math.IsNaN(c.want)) {
			t.Errorf("%s with %q: %v, want %v", c.class, c.ridge, got, c.want)
		}
	}
	plan.Survey.Fields = []string{"DLBM"}
	if got := plan.netCropland(survey.Parcel{Values: []string{"0103"}}, 100); !math.IsNaN(got) {
		t.Errorf("without the field: %v", got)
	}
}
