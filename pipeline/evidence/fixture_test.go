package evidence

import (
	"fmt"
	"image"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"tuban/classify/register"
	"tuban/pipeline"
	"tuban/pipeline/product"
	"tuban/pipeline/report"
	"tuban/raster"
)

// rowOf is a row of a product with the fields given.
func rowOf(t testing.TB, geom orb.MultiPolygon, values map[string]string) product.Row {
	t.Helper()
	names := slices.Sorted(maps.Keys(values))
	var list []string
	for _, n := range names {
		list = append(list, values[n])
	}
	r, err := product.NewRow(geom, names, list)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// shifted is a geometry whose coordinates are an affine image of g's.
func shifted(g orb.MultiPolygon, scale, dx, dy float64) orb.MultiPolygon {
	var out orb.MultiPolygon
	for _, p := range g {
		var q orb.Polygon
		for _, r := range p {
			var s orb.Ring
			for _, v := range r {
				s = append(s, orb.Point{v[0]*scale + dx, v[1]*scale + dy})
			}
			q = append(q, s)
		}
		out = append(out, q)
	}
	return out
}

// testMaker makes pages of a product of half-metre pixels whose dates lie 0.6 pixels apart.
func testMaker(values map[string]string, t testing.TB) (*maker, *subject) {
	limit := 0.4134
	m := &maker{
		p: &product.Product{Manifest: &pipeline.Manifest{
			Name: "演示县 2025 年第三季度", Key: "0123456789abcdef", Version: "0.2.0", Created: time.Date(2025, 9, 1, 0, 0, 0, 0, time.UTC),
			Survey:  &pipeline.SurveyReport{System: "TD/T 1055-2019"},
			Judging: []pipeline.Judging{{Kind: "built", By: "when", Bands: []raster.Role{raster.NIR}, Evidence: []string{"before.ndvi", "after.ndvi", "after.rough", "after.tint"}}},
			Measured: &pipeline.Measured{
				Limits: []pipeline.ResolvedLimit{{Name: "limit.green", Value: &limit, How: "survey classes"}},
				Pairs: []pipeline.PairMeasure{{Before: "b", After: "a", Field: &register.Field{
					Verdict: register.Corrected, W: 1000, H: 1000, NX: 2, NY: 2, DX: []float64{0.5, 0.5, 0.5, 0.5}, DY: []float64{-0.25, -0.25, -0.25, -0.25}, Residual: 0.12,
				}}},
			},
		}},
		grid:  raster.Grid{CRS: "EPSG:4530", Transform: [6]float64{42500000, 0.5, 0, 4900000, 0, -0.5}, W: 1000, H: 1000},
		pixel: [2]float64{0.5, 0.5}, infrared: true, look: "后时相亮度已归一化到前时相，两期用同一拉伸；小图为近红外假彩色（红＝近红外）；斜纹处无数据或被云遮挡",
		sensors: map[string]string{"before b": "GF-2", "after a": "SuperView-1"},
		inputList: inputList{Inputs: []Input{
			{Role: "before", URI: "/data/b.tif", Digest: digestOf([]byte("b"))}, {Role: "after", URI: "/data/a.tif", Digest: digestOf([]byte("a"))},
			{Role: "survey", URI: "s3://survey/dltb.gpkg", Version: `"5f41025a8ad8432c"`},
		}},
		listDigest: digestOf([]byte("list")),
	}
	geom := orb.MultiPolygon{{{{42500200, 4899800}, {42500250, 4899800}, {42500260, 4899760}, {42500205, 4899755}, {42500200, 4899800}}}}
	s := &subject{Row: rowOf(t, geom, values), cid: values["cid"], zone: 42, epsg: 4530, zoned: geom, degrees: shifted(geom, 1e-5, 126-425, 44.2-48.9), up: 0.0017}
	s.frame = frameOf(pixelBound(m.grid, geom), 0.5, 0.5, m.grid.Window())
	return m, s
}

// aPatch has the fields of a patch of a run without legal layers.
func aPatch() map[string]string {
	return map[string]string{
		"cid": "9062c6d15f1ccc4d", "XZQDM": "220183", "TBLX": "JZ", "TZ": "新增建筑", "LBMC": "疑似违建", "kind": "built",
		"QSX": "20240814", "HSX": "20250820", "JCMJ": "2137.5", "DLBM": "0103", "DLMC": "旱地", "SPPP": "未加载审批数据",
		"GDMJ": "2000", "QTNYDMJ": "137.5", "JSYDMJ": "0", "WLYDMJ": "0", "QTMJ": "0", "DLFX": "0103:2000.00 1006:137.50",
		"QSXYX": "b", "HSXYX": "a", "evidence1": "0.7957", "evidence2": "0.1338", "evidence3": "0.21", "score": "93.4",
		"parts": "strength 0.97, shape 1.00", "LON": "126.0022", "LAT": "44.1978", "ZLDWMC": "演示一村",
	}
}

// aFullPatch has all that a sheet can say, and more of each list than fits, in words longer than any form has.
func aFullPatch(t testing.TB) (*maker, *subject) {
	v := aPatch()
	long := strings.Repeat("长", 80)
	for field, value := range map[string]string{
		"JCBH": "220183202500000123", "XMC": "前郭尔罗斯蒙古族自治县", "XZMC": "查干花镇查干花镇查干花镇", "CMC": long, "ZLDWMC": long, "LBMC": long, "TZ": long, "DLMC": long,
		"SFYN": "是", "SFHX": "否", "DDTC": "1301", "SPPP": "部分匹配审批（待核）", "SCFX": "20240301", "LSGX": "扩大", "PDJL": "defer",
		"YXJ": "17", "YXJYY": "占永久基本农田 1.23 亩；占生态保护红线 0.40 亩；面积 3.10 亩；" + long, "TQBQ": long, "TS": strings.Repeat(long, 3),
		"YNMJ": "123456.78", "YNJMJ": "113456.78", "YNJBMJ": "0", "HXMJ": "1.5", "KFWMJ": "2137.5", "BHDMJ": "0", "HTDMJ": "2137.5", "CZMJ": "0", "GDJMJ": "1800", "KTZMJ": "0",
		"JCMJ": "1234567.89", "QTYX": "c d e f g", "evidence4": "-12345.678",
		"DLFX": "0103:2000.00 1006:137.50 0201:1.00 0202:1.00 0301:1.00 0302:1.00 0305:1.00 0307:1.00 0401:1.00",
	} {
		v[field] = value
	}
	m, s := testMaker(v, t)
	s.number, s.former = v["JCBH"], "220183202400001、220183202400002、220183202400003、220183202400004、220183202400005"
	m.p.Manifest.Name += long
	for i := range 9 {
		s.approvals = append(s.approvals, rowOf(t, nil, map[string]string{
			"kind": "temporary", "LXMC": "临时用地", "number": fmt.Sprintf("吉自然资临〔2024〕%d 号%s", i, long), "date": "20240501", "expires": "20260501",
			"derived": "是", "relation": "before", "MJ": "1234567.8", "status": "expired", "counts": "否",
		}))
		s.overlays = append(s.overlays,
			rowOf(t, nil, map[string]string{"layer": "separate_layer", "LXMC": "单独图层" + long, "name": long, "MJ": "1234.5", "JMJ": "1200"}),
			rowOf(t, nil, map[string]string{"layer": "basic_farmland", "name": long, "version": "2023", "since": "20230101", "MJ": "12"}))
		m.p.Manifest.Measured.Limits = append(m.p.Manifest.Measured.Limits, pipeline.ResolvedLimit{Name: "limit." + long[:30] + fmt.Sprint(i)})
		m.inputList.Inputs = append(m.inputList.Inputs, Input{Role: "layer basic_farmland", URI: "/data/" + long + ".gpkg", Digest: digestOf([]byte{byte(i)})})
	}
	var ring orb.Ring
	for i := range 40 {
		ring = append(ring, orb.Point{42500100 + float64(i*5), 4899800 - float64(i*i%97)})
	}
	s.zoned = orb.MultiPolygon{{append(ring, ring[0])}, s.zoned[0]}
	s.degrees = shifted(s.zoned, 1e-5, 126-425, 44.2-48.9)
	values := s.Row
	full, err := product.NewRow(s.zoned, values.Fields(), textsOf(values))
	if err != nil {
		t.Fatal(err)
	}
	s.Row = full
	m.p.Manifest.Measured.Pairs[0].Why = &report.Text{}
	return m, s
}

func textsOf(r product.Row) (out []string) {
	for _, f := range r.Fields() {
		out = append(out, r.Text(f))
	}
	return out
}

// pictures are shots of a chequered field, half of it without data at the later date.
func pictures(f frame) (out [2][views]shot) {
	w, h := f.size()
	for d := range out {
		for v := range views {
			img := image.NewRGBA(image.Rect(0, 0, w, h))
			for i := 0; i < len(img.Pix); i += 4 {
				x, y := i/4%w, i/4/w
				img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = uint8(60+40*d), uint8(90+x/8%2*30), uint8(70+y/8%2*20+60*v), 255
			}
			out[d][v] = shot{img, float64(d) / 2}
		}
	}
	return out
}

// pageOf renders the sheet of a subject.
func pageOf(t testing.TB, m *maker, s *subject) string {
	t.Helper()
	text := m.describe(s)
	stamp, err := m.stampOfSheet(s, text)
	if err != nil {
		t.Fatal(err)
	}
	b, err := m.render(s, text, stamp, pictures(s.frame))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
