package assess

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"tuban/raster/vector"
)

// Files of a sample.
const (
	sampleCSV  = "sample.csv"
	sampleGPKG = "sample.gpkg"
	sampleJSON = "sample.json"
	sheetName  = "index.html"
	chipFolder = "chips"
)

// csvHeader names the columns of sample.csv. The interpreter fills in reference, and remark at will. What the map says of a
// point is in sample.json alone: who sees it beside the picture tends to agree.
var csvHeader = []string{"id", "x", "y", "lon", "lat", "reference", "remark"}

// byteOrderMark begins the CSV, without which Excel takes Chinese text for another encoding.
const byteOrderMark = "\ufeff"

// write leaves the sample in its folder; sample.csv comes last, and makes it one.
func (p *product) write(ctx context.Context, d *Design, o DrawOptions) error {
	js, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(o.Out, sampleJSON), append(js, '\n'), 0o644); err != nil {
		return badInput(err)
	}
	if err := p.writePoints(ctx, d, o); err != nil {
		return err
	}
	if !o.NoChips {
		if err := p.writeChips(ctx, d, o); err != nil {
			return err
		}
	}
	text, err := pointsCSV(d)
	if err != nil {
		return err
	}
	return badInput(os.WriteFile(filepath.Join(o.Out, sampleCSV), text, 0o644))
}

func pointsCSV(d *Design) ([]byte, error) {
	b := bytes.NewBufferString(byteOrderMark)
	w := csv.NewWriter(b)
	w.UseCRLF = true
	if err := w.Write(csvHeader); err != nil {
		return nil, err
	}
	number := func(v float64, decimals int) string { return strconv.FormatFloat(v, 'f', decimals, 64) }
	for _, q := range d.Points {
		row := []string{strconv.Itoa(q.ID), number(q.X, 3), number(q.Y, 3), number(q.Lon, 8), number(q.Lat, 8), "", ""}
		if err := w.Write(row); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// writePoints writes sample.gpkg.
func (p *product) writePoints(ctx context.Context, d *Design, o DrawOptions) error {
	t := vector.Table{
		Name: "sample", Title: "精度评价样点", CRS: p.grid.CRS, Geometry: "Point",
		Fields: []vector.Field{
			{Name: "id", Type: vector.Int64, Alias: "样点编号"},
			{Name: "x", Type: vector.Float, Alias: "X 坐标"}, {Name: "y", Type: vector.Float, Alias: "Y 坐标"},
			{Name: "lon", Type: vector.Float, Alias: "经度"}, {Name: "lat", Type: vector.Float, Alias: "纬度"},
			{Name: "reference", Type: vector.String, Width: 64, Alias: "判读类别（待填）"},
			{Name: "remark", Type: vector.String, Width: 254, Alias: "备注"},
		},
		Rows: func(yield func(vector.Row, error) bool) {
			for _, q := range d.Points {
				b, err := wkb.Marshal(orb.Point{q.X, q.Y})
				if !yield(vector.Row{WKB: b, Values: []any{int64(q.ID), q.X, q.Y, q.Lon, q.Lat, nil, nil}}, err) {
					return
				}
			}
		},
	}
	return p.Vectors.WriteGeoPackage(ctx, filepath.Join(o.Out, sampleGPKG), []vector.Table{t}, vector.WriteOptions{Clock: o.Clock})
}
