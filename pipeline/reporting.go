package pipeline

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sync/errgroup"

	"tuban/pipeline/picture"
	"tuban/pipeline/report"
)

const (
	// mapEdge is the longer edge of the map in pixels; each third of map.png is reduced by panelReduction.
	mapEdge, panelReduction = 1400, 2
	// mapLeast is what the longer edge of the map is enlarged to, chipEdge the edge of a patch's pictures, both in pixels.
	mapLeast, chipEdge = 700, 360
	// A patch's pictures show at least chipGround metres and chipLeast pixels of the imagery around it.
	chipGround, chipLeast = 90, 48
	// cardCount patches, the first of the ranking, have pictures.
	cardCount = 24
	// listed patches are named in the report; all are in the GeoPackage.
	listed = 500
)

// writeReport writes report.html and map.png.
func (r *result) writeReport(ctx context.Context, d Drivers, o Options) (err error) {
	p := r.plan
	canvas := &canvas{imagery: d.Imagery, plan: p, stretch: [2]picture.Stretch{r.measured.stretch("before", p), r.measured.stretch("after", p)}}
	rep := report.Report{
		Name: p.Name, Product: p.Key, Version: o.Version, Created: o.Clock,
		Region: p.RegionName, Before: p.dateOf(0), After: p.dateOf(1),
		Grid: p.Grid.String(), AreaM2: r.examined, Map: report.Map{NorthUp: p.Grid.NorthUp()},
	}
	if p.Survey != nil {
		rep.Survey = fmt.Sprintf("%s（%s，%s）", p.Survey.names(), p.Survey.Files[0].Layer.Layer, p.Survey.System)
	}
	for _, k := range p.Rules.Kinds {
		rep.Kinds = append(rep.Kinds, report.Kind{Code: k.Code, Name: report.Text{ZH: k.Name.ZH, EN: k.Name.EN}})
	}
	r.reportGaps(&rep)
	r.reportHistory(&rep)
	order := r.reportTotals(&rep)
	view := p.mapView()
	dates, err := canvas.both(ctx, view)
	if err != nil {
		return err
	}
	var panel errgroup.Group // it is compressed while other pictures are read
	panel.Go(func() error { return r.writePanel(dates, view, order, filepath.Join(o.Out, mapName)) })
	defer func() { err = errors.Join(err, panel.Wait()) }()
	if rep.Map.Base, err = jpeg(dates[1], 82); err != nil {
		return err
	}
	rep.Map.MetresPerPixel = p.Pixel.X * float64(view.Window.W) / float64(view.W)
	for i, q := range order {
		rep.Map.Shapes = append(rep.Map.Shapes, report.Shape{Kind: p.Rules.Kinds[q.Kind].Code, No: i + 1, Geom: view.Geometry(toPixels(p.Grid, q.Geom))})
		if i >= listed {
			continue
		}
		entry, err := r.reportPatch(ctx, canvas, q, i)
		if err != nil {
			return err
		}
		rep.Patches = append(rep.Patches, entry)
	}
	for _, m := range r.measured.list() {
		rep.Measured = append(rep.Measured, report.KV{Name: report.Text{EN: m.Name}, Value: m.Value})
	}
	for _, s := range p.Sources {
		rep.Inputs = append(rep.Inputs, report.KV{Name: report.Text{EN: s.Role}, Value: filepath.Base(s.URI) + " · " + s.Fingerprint[:16]})
	}
	for _, f := range []struct{ name, zh, en string }{
		{packageName, "全部图层：疑似图斑、像元边界、未发布候选、未观测区域", "all layers: patches, raw outlines, dropped, unobserved"},
		{maskName, "变化掩膜（值为变化种类序号）", "mask: the kind's ordinal"},
		{ManifestName, "来源、规则、校验和", "inputs, rules, checksums"},
	} {
		rep.Files = append(rep.Files, report.KV{Name: report.Text{ZH: f.zh, EN: f.en}, Value: f.name})
	}
	return replaceFile(filepath.Join(o.Out, reportName), func(w io.Writer) error { return report.Write(w, rep) })
}

// writePanel writes before | after | after with the patches as one picture. dates show view.
func (r *result) writePanel(dates [2]*image.RGBA, view picture.View, order []*Patch, path string) error {
	p := r.plan
	n := 1
	if max(view.W, view.H) > mapEdge/panelReduction {
		n = panelReduction
	}
	view.W, view.H = view.W/n, view.H/n
	var outlines []picture.Outline
	for _, q := range order {
		outlines = append(outlines, picture.Outline{Geom: view.Geometry(toPixels(p.Grid, q.Geom)), Color: picture.Palette(q.Kind)})
	}
	panel := picture.Panel(picture.Reduce(dates[0], n), picture.Reduce(dates[1], n), outlines, picture.Strokes{MinSize: 10}, 6)
	b, err := picture.PNG(panel)
	if err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o644)
}

func jpeg(img *image.RGBA, quality int) (report.Picture, error) {
	b, err := picture.JPEG(img, quality)
	return report.Picture{Data: b, W: img.Rect.Dx(), H: img.Rect.Dy()}, err
}

// dateOf says of date i which days and sensors its origins are of.
func (p *Plan) dateOf(i int) report.Date {
	d := report.Date{}
	for _, s := range p.scenes(i) {
		d.Scenes = append(d.Scenes, s.ID)
	}
	origins := p.origins(i)
	first, last := origins[0].Date, origins[0].Date
	sensors := map[string]bool{}
	for _, s := range origins {
		if s.Date.Before(first) {
			first = s.Date
		}
		if s.Date.After(last) {
			last = s.Date
		}
		if s.Sensor != "" && !sensors[s.Sensor] {
			sensors[s.Sensor] = true
			d.Sensor = strings.TrimPrefix(d.Sensor+"、"+s.Sensor, "、")
		}
	}
	d.Day = first.Format("2006-01-02")
	if !last.Equal(first) {
		d.Day += " – " + last.Format("2006-01-02")
	}
	return d
}
