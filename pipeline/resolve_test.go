package pipeline

import (
	"context"
	"math"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"tuban/classify/landclass"
	"tuban/pipeline/survey"
	"tuban/raster"
	"tuban/raster/vector"
)

// limitRules leave everything to the pixels: a limit between two classes, one of the pair, a model, an automatic limit.
const limitRules = `
limits:
  bright: {of: red, low: ["01"], high: ["07"], default: 99}
  bounded: {of: red, low: ["01"], high: ["07"], most: 3}
  jump: {of: after.red - before.red, method: otsu}
models:
  house: {features: [red], yes: ["07"], no: ["01"]}
kinds:
  - {code: brighter, type: JZ, when: before.red < limit.bright and after.red > limit.bright, min_pixels: 1}
  - {code: jumped, type: DT, when: after.red - before.red > limit.jump and after.red < limit.bounded, min_pixels: 1}
  - {code: likely, type: DT, when: after.p_house - before.p_house > 0.5 and after.red > auto, min_pixels: 1}
`

// landOfTwo is a plan over a grid whose left half is cropland of red about 2 and whose right half is built up, of red about
// 10; in the later image a corner of the cropland has turned bright.
func landOfTwo(t *testing.T) (*Plan, *images, *survey.Store) {
	t.Helper()
	old := testGrid
	t.Cleanup(func() { testGrid = old })
	testGrid.W, testGrid.H = 60, 40
	im := &images{origin: testGrid, files: map[string]*rasterFile{}}
	p := &Plan{Grid: testGrid, Workers: 2, Tile: 16, OffParcel: true, Rules: compile(t, limitRules, landclass.TD1055)}
	p.Survey = &SurveyPlan{System: landclass.TD1055}
	p.Pixel.X, p.Pixel.Y = 2, 2
	for i, name := range []string{"before", "after"} {
		f := &rasterFile{place: testGrid.Window(), planes: map[raster.Role][]float32{raster.Red: nil}}
		state := uint32(7 + i)
		for k := range testGrid.Pixels() {
			x, y := int(k)%testGrid.W, int(k)/testGrid.W
			state = state*1664525 + 1013904223
			v := 2 + float32(state>>30)/4
			if x >= 30 || i == 1 && x < 10 && y < 10 {
				v += 8
			}
			f.planes[raster.Red] = append(f.planes[raster.Red], v)
		}
		im.files[name] = f
		s := raster.Scene{ID: name, URI: name, Bands: map[raster.Role]raster.Band{raster.Red: {Index: 1}}}
		if i == 0 {
			p.Before = []raster.Scene{s}
		} else {
			p.After = []raster.Scene{s}
		}
	}
	p.BeforeOrigins, p.AfterOrigins = sceneOrigins(p.Before), sceneOrigins(p.After)
	if err := p.needs(); err != nil {
		t.Fatal(err)
	}
	store := parcels(t, filepath.Join(t.TempDir(), "stage"), []vector.Feature{
		{WKB: encode(box(0, 0, 30, 40)), Values: []string{"0103", ""}},
		{WKB: encode(box(30, 0, 60, 40)), Values: []string{"0702", ""}},
	})
	t.Cleanup(func() { store.Close() })
	return p, im, store
}

// What the rules leave to the pixels is found where the classes part, whatever the workers, and the tiles go by it.
func TestLimitsComeFromTheSurvey(t *testing.T) {
	p, im, store := landOfTwo(t)
	q, m, err := p.measure(context.Background(), drivers(im, layers{}), store, Options{}.withDefaults())
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]float64{}
	for _, l := range m.Limits {
		if l.Value == nil {
			t.Fatalf("%s is unknown: %s", l.Name, l.How)
		}
		found[l.Name] = *l.Value
	}
	for name, between := range map[string][2]float64{
		"limit.bright": {2.8, 10}, "limit.bounded": {3, 3}, "limit.jump": {1, 8}, "auto(after.red)": {2.8, 10},
	} {
		if v, ok := found[name]; !ok || v < between[0] || v > between[1] {
			t.Errorf("%s is %v, not within %v", name, v, between)
		}
	}
	if len(m.Models) != 1 || len(m.Models[0].Weights) != 2 || !(m.Models[0].Weights[1] > 0) {
		t.Fatalf("models %+v", m.Models)
	}
	for _, workers := range []int{1, 4} {
		p.Workers = workers
		_, again, err := p.measure(context.Background(), drivers(im, layers{}), store, Options{Workers: workers}.withDefaults())
		if err != nil || !reflect.DeepEqual(again, m) {
			t.Errorf("%d workers find something else (%v)", workers, err)
		}
	}
	out, err := q.scan(context.Background(), drivers(im, layers{}), store, t.TempDir(), Options{}.withDefaults())
	if err != nil {
		t.Fatal(err)
	}
	pixels := map[uint8]int64{}
	for _, r := range out.runs {
		pixels[r.Kind] += r.Pixels()
	}
	if pixels[1] != 100 || pixels[2] != 0 || pixels[3] != 0 || pixels[0] != 0 {
		t.Errorf("pixels by kind %v, want the hundred of the corner in the first", pixels)
	}
}

// What cannot be found stays at its default, or unknown, and is said.
func TestLimitsThatCannotBeFound(t *testing.T) {
	p, im, _ := landOfTwo(t)
	p.Rules = compile(t, limitRules, "")
	p.Survey = nil
	p.Planes, p.Roles, p.Judging = nil, nil, nil
	if err := p.needs(); err != nil {
		t.Fatal(err)
	}
	q, m, err := p.measure(context.Background(), drivers(im, layers{}), nil, Options{}.withDefaults())
	if err != nil {
		t.Fatal(err)
	}
	said := ""
	for _, w := range m.warnings() {
		said += w.EN + "\n"
	}
	for _, l := range m.Limits {
		switch l.Name {
		case "limit.bright":
			if l.Value == nil || *l.Value != 99 || !strings.Contains(l.How, "no survey") {
				t.Errorf("%+v", l)
			}
		case "limit.bounded":
			if l.Value != nil || !strings.Contains(said, l.Name) {
				t.Errorf("%+v, and it is said: %s", l, said)
			}
		}
	}
	out, err := q.scan(context.Background(), drivers(im, layers{}), nil, t.TempDir(), Options{}.withDefaults())
	if err != nil {
		t.Fatal(err)
	}
	undecided := int64(0)
	for _, r := range out.runs {
		if r.Kind == 0 && r.Undecided&4 != 0 {
			undecided += r.Pixels()
		}
	}
	if undecided == 0 {
		t.Error("a kind whose model is unknown is decided everywhere")
	}
}

func TestMeanWidth(t *testing.T) {
	unit := [6]float64{0, 1, 0, 0, 0, -1}
	for _, c := range []struct {
		w, h, want float64
	}{{100, 1, 0.99}, {10, 10, 5}, {200, 4, 3.92}} {
		mp := box(0, 0, c.w, c.h)
		if got := meanWidth(mp, testGrid.Transform[1], -testGrid.Transform[5], testGrid.Transform); math.Abs(got-2*c.want) > 0.02 {
			t.Errorf("%v × %v pixels of 2 m: %v m wide, want %v", c.w, c.h, got, 2*c.want)
		}
		if got := meanWidth(mp, 1, 1, unit); got <= 0 {
			t.Errorf("width %v", got)
		}
	}
}
