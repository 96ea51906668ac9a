package evidence

import (
	"cmp"
	"fmt"
	"strings"

	"tuban/pipeline/product"
	"tuban/pipeline/report"
	"tuban/raster/ellipsoid"
)

// controlLines has a line for each controlled area that the product knows, and for other layers that meet the patch.
func controlLines(s *subject) (out []controlLine, more int) {
	area, _ := s.Number("JCMJ")
	line := func(name string, r product.Row, gross, net string) controlLine {
		l := controlLine{Name: name, Gross: s.unknown()}
		if v, ok := r.Number(gross); ok {
			l.Gross, l.Mu, l.Percent = report.Decimal(v, 2), report.Decimal(ellipsoid.Mu(v), 2), report.Percent(v, area)
			if n, ok := r.Number(net); ok && net != "" {
				l.Net = report.Decimal(n, 2)
			}
		}
		return l
	}
	known := map[string]bool{}
	for _, c := range controls {
		known[c.layer] = true
		l := line(c.name, s.Row, c.gross, c.net)
		l.Note = overlayNote(s, c.layer)
		out = append(out, l)
	}
	fixed := len(out)
	for _, r := range s.overlays {
		layer := r.Text("layer")
		if known[layer] {
			continue
		}
		if len(out) == fixed+mostExtra {
			more++
			continue
		}
		l := line(cmp.Or(r.Text("LXMC"), layer), r, "MJ", "JMJ")
		l.Note = featureOf(r)
		out = append(out, l)
	}
	return out, more
}

// overlayNote names what of a layer meets the patch: the largest first, the others counted.
func overlayNote(s *subject, layer string) string {
	var best *product.Row
	n, most := 0, -1.0
	for i, r := range s.overlays {
		if r.Text("layer") != layer {
			continue
		}
		n++
		if v, _ := r.Number("MJ"); v > most {
			best, most = &s.overlays[i], v
		}
	}
	if best == nil {
		return ""
	}
	note := featureOf(*best)
	if n > 1 {
		note += fmt.Sprintf(" …等 %d 项", n)
	}
	return strings.TrimSpace(note)
}

func featureOf(r product.Row) string {
	var parts []string
	for _, v := range []string{cmp.Or(r.Text("name"), r.Text("feature")), r.Text("class"), r.Text("version")} {
		if v != "" {
			parts = append(parts, v)
		}
	}
	if v := r.Text("since"); v != "" {
		parts = append(parts, report.Day(v)+" 起")
	}
	if v := r.Text("until"); v != "" {
		parts = append(parts, report.Day(v)+" 止")
	}
	if r.Text("sliver") == "是" {
		parts = append(parts, "（细碎重叠）")
	}
	return strings.Join(parts, " ")
}

func approvalLines(s *subject) (out []approvalLine, more int) {
	for _, r := range s.approvals {
		if len(out) == mostApprovals {
			more++
			continue
		}
		date := cmp.Or(report.Day(r.Text("date")), dash)
		if e := r.Text("expires"); e != "" {
			date += " 至 " + report.Day(e)
			if r.Text("derived") == "是" {
				date += "（推算）"
			}
		}
		status := word("status", r.Text("status"))
		if r.Text("counts") == "否" {
			status += "，不计入"
		}
		area, _ := s.Number("JCMJ")
		v, _ := r.Number("MJ")
		out = append(out, approvalLine{
			Kind: cmp.Or(r.Text("LXMC"), r.Text("kind")), Number: cmp.Or(r.Text("number"), r.Text("name"), dash), Date: date,
			Relation: word("relation", r.Text("relation")), Area: squareMetres(r, "MJ"), Percent: report.Percent(v, area), Status: status,
		})
	}
	return out, more
}
