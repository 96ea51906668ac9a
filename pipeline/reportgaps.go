package pipeline

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"tuban/classify/object"
	"tuban/pipeline/report"
	"tuban/raster"
)

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
