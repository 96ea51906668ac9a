package pipeline

import (
	"context"
	"fmt"
	"math"

	"tuban/classify/landclass"
	"tuban/pipeline/picture"
	"tuban/pipeline/report"
)

// reportPatch describes the patch at position i of the report; the largest get pictures.
func (r *result) reportPatch(ctx context.Context, c *canvas, q *Patch, i int) (report.Patch, error) {
	p := r.plan
	kind := p.Rules.Kinds[q.Kind]
	zh, en, _, _ := landclass.AfterType(kind.Type)
	out := report.Patch{
		No: i + 1, CID: q.CID, Kind: kind.Code, Type: kind.Type, TypeName: report.Text{ZH: zh, EN: en},
		Class: q.class(), Unit: p.unit(q), UnitName: p.mainValue(q, "ZLDWMC"), AreaM2: q.Area,
		QSX: p.BeforeOrigins[q.Before].Date.Format("20060102"), HSX: p.AfterOrigins[q.After].Date.Format("20060102"),
		Lon: q.Lon, Lat: q.Lat,
		Approval: p.Triage.States[q.Triage.State].ZH, Why: q.Triage.Why, Labels: p.labels(q),
	}
	if out.Class != "" {
		out.ClassName = p.classText(out.Class)
	}
	for _, k := range q.Categories {
		out.Categories = append(out.Categories, p.categoryText(k))
	}
	for _, s := range q.Shares {
		out.Shares = append(out.Shares, report.Share{Class: s.Code, Name: p.classText(s.Code), AreaM2: s.Area})
	}
	if q.Uncovered > 0 && p.Survey != nil {
		out.Shares = append(out.Shares, report.Share{AreaM2: q.Uncovered})
	}
	out.Score, out.Hints = &q.Score, q.Hints
	for _, part := range q.Parts {
		for _, s := range scoreParts {
			if s.code == part.Code {
				out.Parts = append(out.Parts, report.KV{Name: s.name, Value: fmt.Sprintf("%.2f", part.Value)})
			}
		}
	}
	for k, e := range kind.Published {
		value := "—"
		if v := q.Evidence[k]; !math.IsNaN(v) {
			value = fmt.Sprintf("%.3f", v)
		}
		out.Evidence = append(out.Evidence, report.KV{Name: report.Text{EN: e}, Value: value})
	}
	if i >= cardCount {
		return out, nil
	}
	inPixels := toPixels(p.Grid, q.Geom)
	least := max(chipLeast, int(chipGround/max(p.Pixel.X, p.Pixel.Y)))
	around := picture.Around(inPixels.Bound(), 1.6, least, p.Grid.Window())
	view := picture.Fit(around, chipEdge, chipEdge, p.Pixel.X, p.Pixel.Y)
	dates, err := c.both(ctx, view)
	if err != nil {
		return out, err
	}
	for d, to := range []*report.Picture{&out.Before, &out.After} {
		if *to, err = jpeg(dates[d], 85); err != nil {
			return out, err
		}
	}
	out.Outline = view.Geometry(inPixels)
	out.Metres = p.Pixel.X * float64(view.Window.W)
	return out, nil
}
