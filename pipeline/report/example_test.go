package report

import (
	"math"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"tuban/pipeline/picture"
	"tuban/raster"

	"github.com/paulmach/orb"
)

// exampleReport is a report of a made-up county with everything in it: gaps, warnings, totals, a map, cards, a list.
func exampleReport(t testing.TB) Report {
	t.Helper()
	r, err := example()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var example = sync.OnceValues(func() (r Report, err error) {
	encode := func(s scene, w raster.Window) (p Picture) {
		if err == nil {
			p, err = s.crop(w)
		}
		return p
	}
	r = Report{
		Name: "nongan-2025q3", Product: "7f3c9a52e1", Version: "0.1.0", Created: time.Date(2025, 9, 3, 8, 15, 0, 0, time.FixedZone("CST", 8*3600)),
		Region: "boundary.gpkg（XZQ 220122）", Survey: "2024.gpkg · DLTB · TD/T 1055-2019", Grid: "4096 × 3072 像元，0.5 m，EPSG:4530",
		Before: Date{Day: "2024-08-14", Sensor: "GF-2", Scenes: []string{"GF2_20240814_L1A0001", "GF2_20240814_L1A0002"}},
		After:  Date{Day: "2025-08-20", Sensor: "GF-2", Scenes: []string{"GF2_20250820_L1A0007"}},
		AreaM2: 3145728, UnobservedM2: 98765.43,
		Gaps: []Gap{
			{Text{"无影像数据", "no data"}, Text{}, 61000},
			{Text{"云", "cloud"}, Text{}, 31200.5},
			{Text{"波段不足，不可判断", "not judgeable"}, Text{"水面变化", "Water"}, 6564.93},
		},
		Failures: []Text{{"影像 GF2_20250820_L1A0008 无法读取，已按未观测处理。", "Scene GF2_20250820_L1A0008 could not be read and counts as not observed."}},
		Warnings: []Text{
			{"两期影像为 8 位拉伸产品，未做相对辐射归一化，年际指数不可直接比较。", "Both dates are stretched to 8 bits and were not normalised."},
			{"地类编码 1208、0602C 不在所声明的分类体系中，共 17 个图斑。", "Unknown class codes 1208, 0602C in 17 parcels."},
		},
		Kinds: []Kind{
			{Code: "built", Name: Text{"新增建（构）筑物", "New construction"}},
			{Code: "ground", Name: Text{"动土", "Ground disturbed"}},
			{Code: "water", Name: Text{"新增水面", "New water"}},
			{Code: "trees", Name: Text{"林木减少", "Tree cover lost"}},
		},
		Dropped:  41,
		Inputs:   []KV{{Text{"前时相影像", "before"}, "2024/GF2_20240814_L1A0001.tif（sha256 9b1c…）"}, {Text{"规则", "rules"}, "default"}},
		Measured: []KV{{Text{"辐射归一化", "normalisation"}, "none"}, {Text{"配准", "registration"}, "none"}},
		Files:    []KV{{Text{"图斑", "patches"}, "changes.gpkg"}, {Text{"掩膜", "mask"}, "mask.tif"}},
	}
	grid := raster.Grid{W: 4096, H: 3072}
	before, after, patches := landscape(grid.W/4, grid.H/4)
	// The scene is made at a quarter of the run's pixels, so that a run pixel is a quarter of one of its own.
	overview := picture.Fit(grid.Window(), 1024, 1, 1, 1)
	r.Map = Map{
		Base: encode(after, raster.Window{W: overview.W, H: overview.H}), MetresPerPixel: 2, NorthUp: true,
		NorthWest: orb.Point{125.10231, 44.43125}, SouthEast: orb.Point{125.12804, 44.41742},
		Unobserved: orb.MultiPolygon{{box(0, 0, 150, 70)}, {box(760, 560, 900, 690)}},
	}
	units := []string{"甲镇", "乙镇", "丙镇"}
	classes := []Total{{Code: "0103", Name: Text{"旱地", "Dry land"}}, {Code: "0301", Name: Text{"乔木林地", "Arbor forest"}}, {Code: "1006", Name: Text{"农村道路", "Rural road"}}}
	categories := [][]Text{{{"耕地非农化", "Cropland converted"}, {"疑似违建", "Suspected unapproved building"}}, {{"耕地非农化", "Cropland converted"}}, nil, {{"林地减少", "Forest lost"}}}
	types := []KV{{Text{"建（构）筑物（用途不明）", ""}, "JZ"}, {Text{"动土", ""}, "DT"}, {Text{"水面", ""}, "SM"}, {Text{"动土", ""}, "DT"}}
	byKind, byUnit, byClass := make([]Total, 4), make([]Total, 3), append([]Total(nil), classes...)
	byCategory := []Total{{Name: categories[0][0]}, {Name: categories[0][1]}, {Name: categories[3][0]}}
	for i, b := range patches {
		k := i % 4
		area := (b.Max[0] - b.Min[0]) * (b.Max[1] - b.Min[1]) * 4
		p := Patch{
			No: i + 1, CID: "c" + string(rune('a'+i%26)) + "83f21d907", Kind: r.Kinds[k].Code, Categories: categories[k],
			Type: types[k].Value, TypeName: types[k].Name, Class: classes[i%3].Code, ClassName: classes[i%3].Name,
			Unit: "2201221030010000000", UnitName: units[i%3], AreaM2: area,
			Shares: []Share{{classes[i%3].Code, classes[i%3].Name, 0.8 * area}, {"1006", Text{"农村道路", "Rural road"}, 0.19 * area}, {"", Text{}, 0.01 * area}},
			QSX:    "20240814", HSX: "20250820", Lon: 125.10231 + b.Min[0]*2.5e-5, Lat: 44.43125 - b.Min[1]*1.8e-5,
			Evidence: []KV{{Text{"前 NDVI", ""}, "0.62"}, {Text{"后 NDVI", ""}, "0.08"}},
		}
		score := 100 - float64(i)
		p.Score, p.Parts = &score, []KV{{Text{"变化强度", "strength"}, "0.80"}, {Text{"形状", "shape"}, "1.00"}}
		if i == 3 {
			p.Hints = []string{"细长，宽度不超过配准误差，可能为错位"}
		}
		geom := orb.MultiPolygon{{box(b.Min[0], b.Min[1], b.Max[0], b.Max[1])}}
		if i < 5 {
			v := picture.View{Window: picture.Around(b, 2.5, 60, raster.Window{W: overview.W, H: overview.H}), W: 240, H: 240}
			p.Before, p.After = encode(before, v.Window), encode(after, v.Window)
			p.Before.W, p.Before.H, p.After.W, p.After.H = 240, 240, 240, 240
			p.Outline, p.Metres = v.Geometry(geom), 2*float64(v.Window.W)
		}
		r.Patches = append(r.Patches, p)
		r.Map.Shapes = append(r.Map.Shapes, Shape{Kind: p.Kind, No: p.No, Geom: geom})
		r.PublishedM2 += area
		byKind[k].Code, byKind[k].Name = r.Kinds[k].Code, r.Kinds[k].Name
		for j := range byCategory {
			for _, c := range p.Categories {
				if c == byCategory[j].Name {
					add(&byCategory[j], area)
				}
			}
		}
		byUnit[i%3].Code, byUnit[i%3].Name.ZH = "22012210"+string(rune('1'+i%3)), units[i%3]
		add(&byKind[k], area)
		add(&byUnit[i%3], area)
		add(&byClass[i%3], area)
	}
	r.ByCategory, r.ByKind, r.ByClass, r.ByUnit = byCategory, byKind, byClass, byUnit
	r.Published, r.Patches = len(patches), r.Patches[:30]
	return r, err
})

func add(t *Total, area float64) { t.Count, t.AreaM2 = t.Count+1, t.AreaM2+area }

func box(x0, y0, x1, y1 float64) orb.Ring {
	return orb.Ring{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}
}

type scene struct {
	w, h    int
	planes  [][]float32
	stretch picture.Stretch
}

// landscape paints strip fields of two dates and, in the after date, patches: pale, brown, blue or bare, by turns.
func landscape(w, h int) (before, after scene, patches []orb.Bound) {
	rnd := rand.New(rand.NewPCG(7, 11))
	paint := func(season float64) scene {
		s := scene{w: w, h: h, planes: [][]float32{make([]float32, w*h), make([]float32, w*h), make([]float32, w*h)}}
		for y := range h {
			for x := range w {
				u, v := float64(x)+0.3*float64(y), float64(y)-0.3*float64(x)
				field := math.Floor(u/46)*7.3 + math.Floor(v/170)*3.1
				tone := math.Mod(math.Abs(math.Sin(field)*1000), 1)
				road := math.Mod(math.Abs(v), 170) < 4
				for c, base := range [3]float64{70 + 50*tone*season, 95 + 35*tone, 60 + 20*tone} {
					if road {
						base = 165 - 12*float64(c)
					}
					s.planes[c][y*w+x] = float32(base + 9*rnd.NormFloat64())
				}
			}
		}
		return s
	}
	before, after = paint(1), paint(1.3)
	for c := range 3 {
		for y := range 70 {
			for x := range 150 {
				after.planes[c][y*w+x] = raster.NaN
			}
		}
	}
	colours := [4][3]float64{{215, 210, 205}, {150, 110, 75}, {35, 60, 90}, {150, 145, 90}}
	for i := range 34 {
		pw, ph := 2+rnd.IntN(24), 2+rnd.IntN(20)
		x, y := 20+rnd.IntN(w-80), 80+rnd.IntN(h-140)
		for dy := range ph {
			for dx := range pw {
				for c := range 3 {
					after.planes[c][(y+dy)*w+x+dx] = float32(colours[i%4][c] + 12*rnd.NormFloat64())
				}
			}
		}
		patches = append(patches, orb.Bound{Min: orb.Point{float64(x), float64(y)}, Max: orb.Point{float64(x + pw), float64(y + ph)}})
	}
	before.stretch, after.stretch = picture.Measure(before.planes, 0, 0), picture.Measure(after.planes, 0, 0)
	return before, after, patches
}

// crop returns the pixels of w as a picture, in the contrast of the whole scene.
func (s scene) crop(w raster.Window) (Picture, error) {
	part := make([][]float32, 3)
	for c := range part {
		for y := w.Y; y < w.Y+w.H; y++ {
			part[c] = append(part[c], s.planes[c][y*s.w+w.X:y*s.w+w.X+w.W]...)
		}
	}
	data, err := picture.JPEG(s.stretch.Render(w.W, w.H, part), 0)
	return Picture{Data: data, W: w.W, H: w.H}, err
}
