package assess

import (
	"fmt"
	"io"
	"strings"

	"tuban/classify/accuracy"
)

// WriteText writes the report as tables for people.
func (r *Report) WriteText(w io.Writer) {
	fmt.Fprintf(w, "product    %s (key %s)\nreference  %s, %s", r.Product, r.Key, r.Reference, r.Form)
	if r.Values != nil {
		fmt.Fprintf(w, ": changed %v, unchanged %v, not labelled %v", r.Values.Changed, r.Values.Unchanged, r.Values.Ignored)
	}
	fmt.Fprintln(w)
	if len(r.Kinds) > 0 {
		fmt.Fprintf(w, "kinds      %s\n", strings.Join(r.Kinds, ", "))
	}
	for _, x := range r.Warnings {
		fmt.Fprintln(w, "warning   ", x)
	}
	for _, x := range r.Remarks {
		fmt.Fprintln(w, "note      ", x)
	}
	r.writePixels(w)
	if r.Objects != nil {
		r.writeObjects(w)
	}
	if r.Curve != nil {
		writeCurve(w, r.Curve)
	}
}

func (r *Report) writePixels(w io.Writer) {
	p := r.Pixels
	fmt.Fprintf(w, "\nby pixel: %d labelled, of which %d (%s %%) were not observed; %d of those changed\n", p.Labelled, p.Unobserved, percent(p.UnobservedShare), p.UnobservedChanged)
	fmt.Fprintf(w, "  %-24s %12s %12s %12s %12s %7s %7s %7s %7s %7s\n", "what was not observed is", "found", "false", "missed", "neither", "OA", "prec.", "recall", "F1", "kappa")
	for _, x := range []struct {
		name string
		m    accuracy.Measures
	}{{"counted as not found", p.All}, {"left out", p.Observed}} {
		fmt.Fprintf(w, "  %-24s %12d %12d %12d %12d %7s %7s %7s %7s %7s\n", x.name, x.m.TP, x.m.FP, x.m.FN, x.m.TN,
			number(x.m.OA), number(x.m.Precision), number(x.m.Recall), number(x.m.F1), number(x.m.Kappa))
	}
}

func (r *Report) writeObjects(w io.Writer) {
	t := r.Objects
	fmt.Fprintf(w, "\nby object: a hit is covered by %.0f %% or more, and so is a patch that is true\n", 100*r.Overlap)
	if t.ReferenceLeftOut+t.PatchesLeftOut > 0 {
		fmt.Fprintf(w, "  left out: %d objects (too small, or of other types), %d patches (where the reference says nothing)\n", t.ReferenceLeftOut, t.PatchesLeftOut)
	}
	fmt.Fprintf(w, "  %-28s %8s %8s %8s %8s %8s %8s %8s %8s %8s\n", "", "objects", "hits", "as kind", "recall", "patches", "true", "prec.", "F1", "area ±")
	for _, group := range []struct {
		title string
		rows  []accuracy.ObjectRow
	}{
		{"", []accuracy.ObjectRow{t.All}}, {"", []accuracy.ObjectRow{{Name: "observed objects only", ReferenceSide: t.Observed, F1: accuracy.Quotient(0, 0)}}},
		{"type of the object", t.ByType}, {"kind of the patch", t.ByKind}, {"category of the patch", t.ByCategory}, {"size in m²", t.BySize},
	} {
		if group.title != "" && len(group.rows) > 0 {
			fmt.Fprintf(w, "  %s\n", group.title)
		}
		for _, x := range group.rows {
			writeRow(w, x, group.title != "")
		}
	}
}

func writeRow(w io.Writer, x accuracy.ObjectRow, inner bool) {
	name := x.Name
	if name == "" {
		name = "none"
	}
	if inner {
		name = "  " + name
	}
	fmt.Fprintf(w, "  %-28s", name)
	if s := x.ReferenceSide; s != nil {
		fmt.Fprintf(w, " %8d %8d %8d %8s", s.Objects, s.Hits, s.HitsSameKind, number(s.Recall))
	} else {
		fmt.Fprintf(w, " %8s %8s %8s %8s", "", "", "", "")
	}
	if s := x.PatchSide; s != nil {
		fmt.Fprintf(w, " %8d %8d %8s", s.Patches, s.True, number(s.Precision))
	} else {
		fmt.Fprintf(w, " %8s %8s %8s", "", "", "")
	}
	if x.ReferenceSide != nil && x.PatchSide != nil {
		fmt.Fprintf(w, " %8s", number(x.F1))
	} else {
		fmt.Fprintf(w, " %8s", "")
	}
	if s := x.ReferenceSide; s != nil {
		fmt.Fprintf(w, " %8s", number(s.MedianAreaError))
	}
	fmt.Fprintln(w)
}

func writeCurve(w io.Writer, c *accuracy.Curve) {
	fmt.Fprintf(w, "\nby score: %d candidates, %d of them true; average precision %s; of the true ones, the upper half of the ranking holds %s (of published patches alone: %s)\n",
		c.Candidates, c.CandidatesTrue, number(c.AveragePrecision), number(c.UpperHalf), number(c.UpperHalfPublished))
	fmt.Fprintf(w, "  %-10s %8s %8s %8s %8s %8s %8s\n", "score from", "patches", "true", "prec.", "hits", "recall", "F1")
	for _, p := range c.Points {
		if p.Patches > 0 {
			fmt.Fprintf(w, "  %-10.0f %8d %8d %8s %8d %8s %8s\n", p.Score, p.Patches, p.True, number(p.Precision), p.ObjectsHit, number(p.Recall), number(p.F1))
		}
	}
}

// number writes a measure with three decimals, a dash where it is not defined.
func number(r accuracy.Ratio) string {
	if !r.Defined() {
		return "-"
	}
	return fmt.Sprintf("%.3f", float64(r))
}

func percent(r accuracy.Ratio) string {
	if !r.Defined() {
		return "-"
	}
	return fmt.Sprintf("%.1f", 100*float64(r))
}
