package pipeline

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"tuban/classify/object"
	"tuban/raster"
	"tuban/raster/vector"
)

// The rules of the twin: each kind once in the language, once in Go.
const twinRules = `
kinds:
  - code: a
    type: JZ
    eligible: ["01"]
    when: before.red > 4 and after.red < 5
    clean: majority 3
    evidence: [before.red, after.red - before.red]
  - code: b
    type: DT
    when: after.nir > 6 or before.red > 7
    clean: close 3
    evidence: [after.nir]
  - code: c
    type: LT
    eligible: ["02", "03"]
    when: before.nir - after.nir > 2
`

// twinPixel is a pixel as the naive scan sees it: per date its values by role and the origin they are from.
type twinPixel struct {
	red, nir [2]float32
	from     [2]int32
}

// greater is v > limit in Kleene's logic: 0 no, 1 unknown, 2 yes.
func greater(v, limit float32) uint8 {
	switch {
	case v != v:
		return kleeneUnknown
	case v > limit:
		return kleeneTrue
	}
	return 0
}

var twinWhen = []func(p twinPixel) uint8{
	func(p twinPixel) uint8 { return min(greater(p.red[0], 4), greater(-p.red[1], -5)) },
	func(p twinPixel) uint8 { return max(greater(p.nir[1], 6), greater(p.red[0], 7)) },
	func(p twinPixel) uint8 { return greater(p.nir[0]-p.nir[1], 2) },
}

var twinEvidence = []func(p twinPixel) []float32{
	func(p twinPixel) []float32 { return []float32{p.red[0], p.red[1] - p.red[0]} },
	func(p twinPixel) []float32 { return []float32{p.nir[1]} },
	func(twinPixel) []float32 { return nil },
}

// world is a random run: two dates of scenes, a region or none, parcels or none.
type world struct {
	plan   *Plan
	files  *images
	region raster.Window // in half pixels, when plan.Region is set
	boxes  []raster.Window
	codes  []string
}

func drawScenes(t *rapid.T, im *images, date string) []raster.Scene {
	var scenes []raster.Scene
	for i := range rapid.IntRange(1, 3).Draw(t, date) {
		s := raster.Scene{ID: fmt.Sprint(date, i), URI: fmt.Sprint(date, i), Bands: map[raster.Role]raster.Band{}}
		f := &rasterFile{planes: map[raster.Role][]float32{}, broken: rapid.IntRange(0, 9).Draw(t, "broken") == 0}
		f.place = raster.Window{
			X: rapid.IntRange(-5, 12).Draw(t, "x"), Y: rapid.IntRange(-5, 12).Draw(t, "y"),
			W: rapid.IntRange(1, 30).Draw(t, "w"), H: rapid.IntRange(1, 30).Draw(t, "h"),
		}
		roles := rapid.SampledFrom([][]raster.Role{{raster.Red, raster.NIR}, {raster.Red, raster.NIR}, {raster.Red}, {raster.NIR}, {raster.Blue}}).Draw(t, "roles")
		// A part of it is not stored.
		hole := raster.Window{X: rapid.IntRange(0, 12).Draw(t, "hole x"), Y: rapid.IntRange(0, 8).Draw(t, "hole y"), W: 18, H: 14}
		if rapid.Bool().Draw(t, "stored") {
			hole = raster.Window{}
		}
		rnd := rapid.Uint64().Draw(t, "seed")
		noise := func(n uint64) uint64 {
			rnd = rnd*6364136223846793005 + 1442695040888963407
			return rnd >> 33 % n
		}
		for k, r := range roles {
			s.Bands[r] = raster.Band{Index: k + 1}
			f.planes[r] = make([]float32, f.place.Pixels())
			// Flat patches with noise on them, so that something survives the cleaning.
			for j := range f.planes[r] {
				x, y := j%f.place.W/5, j/f.place.W/4
				v := float32((x*3+y*7+k*5+i+len(date))%10) + float32(noise(3)) - 1
				if noise(12) == 0 || hole.Contains(raster.Window{X: j % f.place.W, Y: j / f.place.W, W: 1, H: 1}) {
					v = raster.NaN
				}
				f.planes[r][j] = v
			}
		}
		im.files[s.URI] = f
		scenes = append(scenes, s)
	}
	return scenes
}

func drawWorld(t *rapid.T, dir string) (*world, *eligibility) {
	im := &images{origin: testGrid, files: map[string]*rasterFile{}}
	w := &world{files: im, plan: &Plan{Grid: testGrid, Workers: 1}}
	w.plan.Before, w.plan.After = drawScenes(t, im, "before"), drawScenes(t, im, "after")
	w.plan.BeforeOrigins, w.plan.AfterOrigins = w.drawBesides(t, 0), w.drawBesides(t, 1)
	w.plan.Pixel = object.Metric{X: 2, Y: 2}
	surveyed := rapid.Bool().Draw(t, "survey")
	w.plan.OffParcel = rapid.Bool().Draw(t, "off parcel")
	if surveyed {
		w.plan.Rules = compile(t, twinRules, "TD/T 1055-2019")
	} else {
		w.plan.Rules = compile(t, twinRules, "")
	}
	// The bands that a date may lack are none of needs' business here.
	if err := w.plan.planes(w.plan.Rules.Program); err != nil {
		t.Fatal(err)
	}
	for _, k := range w.plan.Rules.Kinds {
		w.plan.CleanHalo = max(w.plan.CleanHalo, k.Clean.Halo())
	}
	if rapid.Bool().Draw(t, "region") {
		w.region = raster.Window{X: rapid.IntRange(-3, 30).Draw(t, "rx"), Y: rapid.IntRange(-3, 20).Draw(t, "ry"), W: rapid.IntRange(1, 50).Draw(t, "rw"), H: rapid.IntRange(1, 40).Draw(t, "rh")}
		x0, y0, x1, y1 := float64(w.region.X)/2, float64(w.region.Y)/2, float64(w.region.X+w.region.W)/2, float64(w.region.Y+w.region.H)/2
		w.plan.Region = orb.MultiPolygon{{{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}}}
	}
	if !surveyed {
		e, err := w.plan.eligibility(nil)
		if err != nil {
			t.Fatal(err)
		}
		return w, e
	}
	var features []vector.Feature
	for range rapid.IntRange(1, 6).Draw(t, "parcels") {
		b := raster.Window{X: rapid.IntRange(0, 20).Draw(t, "px"), Y: rapid.IntRange(0, 14).Draw(t, "py"), W: rapid.IntRange(1, 12).Draw(t, "pw"), H: rapid.IntRange(1, 12).Draw(t, "ph")}
		code := rapid.SampledFrom([]string{"0101", "0201", "0301", "1001", "junk"}).Draw(t, "code")
		w.boxes, w.codes = append(w.boxes, b), append(w.codes, code)
		features = append(features, vector.Feature{
			WKB: encode(box(float64(b.X), float64(b.Y), float64(b.X+b.W), float64(b.Y+b.H))), Values: []string{code, ""},
		})
	}
	store := parcels(t, filepath.Join(dir, "stage"), features)
	t.Cleanup(func() { store.Close() })
	e, err := w.plan.eligibility(store)
	if err != nil {
		t.Fatal(err)
	}
	return w, e
}

// pixel mosaics one pixel by the book: in list order, the first valid one wins.
func (w *world) pixel(x, y int) twinPixel {
	p := twinPixel{from: [2]int32{fromOutside, fromOutside}}
	nan := raster.NaN
	p.red, p.nir = [2]float32{nan, nan}, [2]float32{nan, nan}
	for d, scenes := range [][]raster.Scene{w.plan.Before, w.plan.After} {
		for i, s := range scenes {
			f := w.files.files[s.URI]
			if x < f.place.X || y < f.place.Y || x >= f.place.X+f.place.W || y >= f.place.Y+f.place.H {
				continue
			}
			if !s.Has(raster.Red) && !s.Has(raster.NIR) {
				if slices.Index(twinRank, fromUnfit) > slices.Index(twinRank, p.from[d]) {
					p.from[d] = fromUnfit
				}
				continue
			}
			v := f.at([]raster.Role{raster.Red, raster.NIR}, x, y)
			from := w.besides(d, i, x, y)
			switch {
			case f.broken:
				from = fromUnreadable
			case v[0] != v[0] && v[1] != v[1]:
				from = fromNoData
			}
			if from >= 0 {
				p.from[d], p.red[d], p.nir[d] = from, v[0], v[1]
				break
			}
			if slices.Index(twinRank, from) > slices.Index(twinRank, p.from[d]) {
				p.from[d] = from
			}
		}
	}
	return p
}

// at returns the parcel of a pixel, the first that covers it, and the kinds that are eligible there.
func (w *world) at(e *eligibility, x, y int) (parcel int32, kinds []bool) {
	all := []bool{true, true, true}
	if e.region != nil {
		// Centres on the left and top edges are inside.
		cx, cy := 2*x+1, 2*y+1
		if r := w.region; cx < r.X || cx >= r.X+r.W || cy < r.Y || cy >= r.Y+r.H {
			all = []bool{false, false, false}
		}
	}
	for i, b := range w.boxes {
		if parcel == 0 && x >= b.X && x < b.X+b.W && y >= b.Y && y < b.Y+b.H {
			parcel = int32(i + 1)
		}
	}
	if e.store == nil || !all[0] {
		return parcel, all
	}
	class := ""
	if parcel > 0 {
		class = w.codes[parcel-1]
	}
	return parcel, []bool{class == "0101", parcel > 0 || w.plan.OffParcel, class == "0201" || class == "0301"}
}

// gapOf is the twin's reason: the before date counts first.
func gapOf(from [2]int32) object.Reason {
	for _, f := range from {
		switch f {
		case fromOutside:
			return object.Outside
		case fromNoData:
			return object.NoData
		case fromUnreadable:
			return object.Unreadable
		case fromUnfit:
			return object.NotJudgeable
		case fromShadow:
			return object.Shadow
		case fromCloud:
			return object.Cloud
		}
	}
	return object.NotJudgeable
}

// naive scans the whole grid pixel by pixel.
func (w *world) naive(e *eligibility) map[[2]int]twinOut {
	g := w.plan.Grid
	pixels := make([]twinPixel, g.Pixels())
	for i := range pixels {
		pixels[i] = w.pixel(i%g.W, i/g.W)
	}
	out := map[[2]int]twinOut{}
	for k, kind := range w.plan.Rules.Kinds {
		raw := make([]uint8, len(pixels))
		for i, p := range pixels {
			raw[i] = twinWhen[k](p)
		}
		cleaned := slices.Clone(raw)
		kind.Clean.Apply(cleaned, g.W, g.H, nil)
		for i, p := range pixels {
			at := [2]int{i % g.W, i / g.W}
			o := out[at]
			parcel, can := w.at(e, at[0], at[1])
			o.parcel = parcel
			seen := p.from[0] >= 0 && p.from[1] >= 0
			switch {
			case !can[k]:
			case raw[i] == kleeneUnknown, cleaned[i] == kleeneTrue && !seen:
				o.undecided |= 1 << k
				o.reason = gapOf(p.from)
			case cleaned[i] == kleeneTrue && o.kind == 0:
				o.kind, o.pair = uint8(k+1), uint16(int(p.from[0])*len(w.plan.AfterOrigins)+int(p.from[1]))
				for j, v := range twinEvidence[k](p) {
					if v == v {
						o.sums[j] = int64(math.Round(float64(v) * 1000))
					} else {
						o.missing[j] = 1
					}
				}
			}
			out[at] = o
		}
	}
	return out
}

// twinOut is what a pixel leaves in the runs.
type twinOut struct {
	parcel    int32
	kind      uint8
	pair      uint16
	undecided uint32
	reason    object.Reason
	sums      [object.NEvidence]int64
	missing   [object.NEvidence]int32
}
