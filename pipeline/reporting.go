package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"tuban/classify/landclass"
	"tuban/classify/object"
	"tuban/pipeline/overlay"
	"tuban/pipeline/picture"
	"tuban/pipeline/report"
	"tuban/raster"
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

// reportGaps says what was not observed, and what went wrong.
func (r *result) reportGaps(rep *report.Report) {
	p := r.plan
	type key struct {
		reason object.Reason
		kind   string
	}
	sums := map[key]float64{}
	for _, g := range r.parcelGaps {
		sums[key{g.reason, g.kind}] += g.area
	}
	for _, g := range r.gaps {
		rep.UnobservedM2 += g.area
	}
	for k, kind := range p.Rules.Kinds {
		for reason := object.Outside; reason <= object.NotJudgeable; reason++ {
			if a := sums[key{reason, kind.Code}]; a > 0 {
				rep.Gaps = append(rep.Gaps, report.Gap{Reason: report.Text{ZH: reason.ZH(), EN: reason.String()}, Kind: rep.Kinds[k].Name, AreaM2: a})
			}
		}
	}
	slices.SortStableFunc(rep.Gaps, func(a, b report.Gap) int { return cmp.Compare(b.AreaM2, a.AreaM2) })
	rep.Failures = failuresByScene(r.unreadable())
	rep.Warnings = append(rep.Warnings, p.SeasonWarnings()...)
	if p.stretched() {
		rep.Warnings = append(rep.Warnings, report.Text{
			ZH: "含 8 位影像：若经拉伸，其指数在年际间不可直接比较，请结合原始影像复核。",
			EN: "Some imagery has 8 bits; if it was stretched, its indices do not compare between years.",
		})
	}
	for k, j := range p.Judging {
		if name, t := rep.Kinds[k].Name, j.Text(); !j.Whole() || len(j.Probabilities) > 0 {
			rep.Warnings = append(rep.Warnings, report.Text{ZH: name.ZH + "：" + t.ZH, EN: name.EN + ": " + t.EN + "."})
		}
	}
	for _, w := range p.Warnings {
		rep.Warnings = append(rep.Warnings, report.Text{EN: w})
	}
	rep.Warnings = append(rep.Warnings, r.measured.warnings()...)
	var met []string
	if r.survey != nil {
		met = r.survey.warnings()
	}
	for _, l := range r.legal.reports {
		met = append(met, l.Warnings()...)
	}
	for _, w := range met {
		rep.Warnings = append(rep.Warnings, report.Text{EN: w})
	}
}

// failuresByScene says once per scene how much of it could not be read, and why.
func failuresByScene(list []ReadFailure) []report.Text {
	type loss struct {
		windows int
		pixels  int64
		first   string
	}
	losses := map[string]*loss{}
	for _, f := range list {
		l := losses[f.Scene]
		if l == nil {
			l = &loss{first: f.Error}
			losses[f.Scene] = l
		}
		l.windows++
		l.pixels += f.Window.Pixels()
	}
	var out []report.Text
	for _, scene := range slices.Sorted(maps.Keys(losses)) {
		l := losses[scene]
		out = append(out, report.Text{
			ZH: fmt.Sprintf("影像 %s 有 %d 处（共 %d 像元）读取失败", scene, l.windows, l.pixels),
			EN: fmt.Sprintf("scene %s: %d windows (%d pixels) could not be read: %s", scene, l.windows, l.pixels, l.first),
		})
	}
	return out
}

// stretched reports whether a scene has 8-bit samples, as stretched mosaics do.
func (p *Plan) stretched() bool {
	eight := func(s raster.Scene) bool { return s.DataType == "Byte" }
	return slices.ContainsFunc(p.Before, eight) || slices.ContainsFunc(p.After, eight)
}

// tally is a table of totals under construction.
type tally struct {
	rows  []report.Total
	index map[string]int
}

func (t *tally) add(code string, name report.Text, area float64) {
	if t.index == nil {
		t.index = map[string]int{}
	}
	i, ok := t.index[code]
	if !ok {
		i = len(t.rows)
		t.index[code] = i
		t.rows = append(t.rows, report.Total{Code: code, Name: name})
	}
	t.rows[i].Count++
	t.rows[i].AreaM2 += area
}

// largest returns the rows by falling area.
func (t *tally) largest() []report.Total {
	slices.SortStableFunc(t.rows, func(a, b report.Total) int {
		return cmp.Or(cmp.Compare(b.AreaM2, a.AreaM2), cmp.Compare(a.Code, b.Code))
	})
	return t.rows
}

// reportTotals fills the totals and returns the published patches in the order in which a reviewer works through them.
func (r *result) reportTotals(rep *report.Report) []*Patch {
	p := r.plan
	var order []*Patch
	var kinds, categories, classes, units, states tally
	for _, q := range r.patches {
		if q.Dropped != "" {
			rep.Dropped++
			continue
		}
		order = append(order, q)
		rep.Published++
		rep.PublishedM2 += q.Area
		kinds.add(p.Rules.Kinds[q.Kind].Code, rep.Kinds[q.Kind].Name, q.Area)
		if len(q.Categories) == 0 {
			categories.add("", report.Text{ZH: "未归类", EN: "No category"}, q.Area)
		}
		for _, c := range q.Categories {
			categories.add(p.Rules.Categories[c].Code, p.categoryText(c), q.Area)
		}
		state := p.Triage.States[q.Triage.State]
		states.add(string(q.Triage.State), report.Text{ZH: state.ZH, EN: state.EN}, q.Area)
		for _, s := range q.Shares {
			classes.add(s.Code, p.classText(s.Code), s.Area)
		}
		if p.Survey != nil && p.Survey.Unit != "" {
			units.add(p.unit(q), report.Text{ZH: p.mainValue(q, "ZLDWMC")}, q.Area)
		}
	}
	rep.ByKind, rep.ByCategory, rep.ByClass, rep.ByUnit = kinds.largest(), categories.largest(), classes.largest(), units.largest()
	for _, a := range r.layerAreas() {
		kind, _ := overlay.Lookup(a.Kind)
		rep.ByLayer = append(rep.ByLayer, report.Total{Name: report.Text{ZH: kind.ZH, EN: kind.EN}, Count: a.Patches, AreaM2: a.AreaM2})
	}
	rep.Approvals, rep.ByApproval = len(p.approvalKinds()) > 0, states.largest()
	for i := range rep.ByApproval {
		rep.ByApproval[i].Code = "" // the words say it
	}
	slices.SortFunc(order, func(a, b *Patch) int { return cmp.Compare(a.Triage.Place, b.Triage.Place) })
	return order
}

func (p *Plan) categoryText(c int) report.Text {
	n := p.Rules.Categories[c].Name
	return report.Text{ZH: n.ZH, EN: n.EN}
}

func (p *Plan) classText(code string) report.Text {
	if p.Survey != nil {
		if c, ok := p.Survey.System.Lookup(code); ok {
			return report.Text{ZH: c.Name, EN: c.NameEN}
		}
	}
	return report.Text{ZH: "编码未知", EN: "unknown code"}
}

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
