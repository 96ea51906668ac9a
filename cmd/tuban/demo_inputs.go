package main

import (
	"context"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"tuban/pipeline"
	"tuban/raster"
	"tuban/raster/gdal"
	"tuban/raster/synth"
	"tuban/raster/vector"
)

// writeScene writes one date of the county: blue, green, red and, where the scenario delivers it, near infrared, in
// reflectance × 10,000 or as a mosaic of 8 bits.
func writeScene(ctx context.Context, path string, c *synth.County, d synth.Date, o demoOptions, p pipeline.Progress) error {
	none, n, kind := 0.0, o.scenario.Bands, "UInt16"
	if o.scenario.Byte(d) {
		kind = "Byte"
	}
	spec := gdal.RasterSpec{
		Grid: c.Grid(), Bands: n, DataType: kind, NoData: &none, Overviews: !o.plain, PlainGTiff: o.plain,
		Descriptions: []string{"blue", "green", "red", "nir"}[:n], Colors: []string{"Blue", "Green", "Red", "Undefined"}[:n],
	}
	var numbers [4][]uint16
	return gdal.WriteCOG(ctx, path, spec, func(w raster.Window, planes [][]float32) error {
		rows := make([][]uint16, len(numbers))
		for i := range numbers {
			if int64(cap(numbers[i])) < w.Pixels() {
				numbers[i] = make([]uint16, w.Pixels())
			}
			rows[i] = numbers[i][:w.Pixels()]
		}
		paint(c, d, w, rows)
		for i, row := range rows[:n] {
			for k, v := range row {
				planes[i][k] = float32(v)
			}
		}
		p.Advance(w.Pixels())
		return nil
	})
}

// writeSurvey writes the parcels as a survey database would: layer DLTB with its standard fields.
func writeSurvey(ctx context.Context, path string, c *synth.County) error {
	text := func(name string, width int, alias string) vector.Field {
		return vector.Field{Name: name, Type: vector.String, Width: width, Alias: alias}
	}
	t := vector.Table{
		Name: "DLTB", Title: "地类图斑", CRS: c.Grid().CRS, Geometry: "Polygon",
		Fields: []vector.Field{text("BSM", 18, "标识码"), text("DLBM", 5, "地类编码"), text("DLMC", 60, "地类名称"), text("ZLDWDM", 19, "坐落单位代码"), text("ZLDWMC", 60, "坐落单位名称"),
			{Name: "KCXS", Type: vector.Float, Width: 6, Precision: 4, Alias: "扣除地类系数"}},
		Rows: func(yield func(vector.Row, error) bool) {
			for _, p := range c.Parcels() {
				b, err := wkb.Marshal(p.Ring)
				if !yield(vector.Row{WKB: b, Values: []any{p.ID, p.Code, p.Name, p.Unit, p.UnitName, p.Ridge}}, err) {
					return
				}
			}
		},
	}
	return gdal.WriteGeoPackage(ctx, path, []vector.Table{t}, vector.WriteOptions{})
}

// writeSeams writes the parts of the second image with the fields that the handover of a mosaic has.
func writeSeams(ctx context.Context, path string, c *synth.County, seams []synth.Seam) error {
	t := vector.Table{
		Name: "seams", Title: "接缝线", CRS: c.Grid().CRS, Geometry: "Polygon",
		Fields: []vector.Field{
			{Name: "SXSJ", Type: vector.String, Width: 8, Alias: "时相"}, {Name: "SJY", Type: vector.String, Width: 16, Alias: "数据源"},
		},
		Rows: func(yield func(vector.Row, error) bool) {
			for _, s := range seams {
				if !yield(polygonRow(s.Ring, s.Day.Format("20060102"), s.Sensor)) {
					return
				}
			}
		},
	}
	return gdal.WriteGeoPackage(ctx, path, []vector.Table{t}, vector.WriteOptions{})
}

// writeTruth writes what was injected, what must not be found, and the permits.
func writeTruth(ctx context.Context, path string, c *synth.County) error {
	truth := vector.Table{
		Name: "truth", Title: "注入的变化", CRS: c.Grid().CRS, Geometry: "Polygon",
		Fields: []vector.Field{
			{Name: "code", Type: vector.String, Width: 5, Alias: "变化前地类"}, {Name: "type", Type: vector.String, Width: 16, Alias: "变化种类"},
			{Name: "legal", Type: vector.Int, Alias: "有审批"}, {Name: "area_m2", Type: vector.Float, Width: 18, Precision: 2, Alias: "面积（平方米）"},
		},
		Rows: func(yield func(vector.Row, error) bool) {
			for _, ch := range c.Changes() {
				legal := int64(0)
				if ch.Legal {
					legal = 1
				}
				if !yield(polygonRow(ch.Polygon, ch.ParcelCode, ch.Kind, legal, ch.Area)) {
					return
				}
			}
		},
	}
	traps := vector.Table{
		Name: "traps", Title: "不应报出的变化", CRS: c.Grid().CRS, Geometry: "Polygon",
		Fields: []vector.Field{{Name: "type", Type: vector.String, Width: 16, Alias: "种类"}},
		Rows: func(yield func(vector.Row, error) bool) {
			for _, tr := range c.Traps() {
				if !yield(polygonRow(tr.Polygon, tr.Kind)) {
					return
				}
			}
		},
	}
	approvals := vector.Table{
		Name: "approvals", Title: "审批", CRS: c.Grid().CRS, Geometry: "Polygon",
		Fields: []vector.Field{
			{Name: "id", Type: vector.String, Width: 32, Alias: "批准文号"}, {Name: "kind", Type: vector.String, Width: 32, Alias: "审批种类"},
			{Name: "date", Type: vector.String, Width: 8, Alias: "批准日期"},
		},
		Rows: func(yield func(vector.Row, error) bool) {
			for _, a := range c.Approvals() {
				if !yield(polygonRow(a.Polygon, a.ID, a.Kind, a.Date.Format("20060102"))) {
					return
				}
			}
		},
	}
	return gdal.WriteGeoPackage(ctx, path, []vector.Table{truth, traps, approvals}, vector.WriteOptions{})
}

func polygonRow(p orb.Polygon, values ...any) (vector.Row, error) {
	b, err := wkb.Marshal(p)
	return vector.Row{WKB: b, Values: values}, err
}
