package main

import (
	"fmt"
	"io"
	"math"
	"strings"

	"tuban/classify/accuracy"
)

// writeTable writes one set's results as a Markdown table: F1 per scene, then overall accuracy, kappa, precision, recall and F1 of all
// labelled pixels together.
func writeTable(w io.Writer, title string, scenes []string, results []result) error {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n| method |", title)
	if len(scenes) > 1 {
		for _, s := range scenes {
			fmt.Fprintf(&b, " %s |", s)
		}
	}
	b.WriteString(" OA | kappa | precision | recall | F1 |\n|---|")
	columns := 5
	if len(scenes) > 1 {
		columns += len(scenes)
	}
	b.WriteString(strings.Repeat("---:|", columns))
	b.WriteByte('\n')
	for _, r := range results {
		// A bar in a name would end the cell.
		fmt.Fprintf(&b, "| %s |", strings.ReplaceAll(r.method, "|", `\|`))
		if len(scenes) > 1 {
			for _, c := range r.scenes {
				fmt.Fprintf(&b, " %s |", number(c.Measures().F1))
			}
		}
		m := r.pooled().Measures()
		for _, v := range []accuracy.Ratio{m.OA, m.Kappa, m.Precision, m.Recall, m.F1} {
			fmt.Fprintf(&b, " %s |", number(v))
		}
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
	_, err := io.WriteString(w, b.String())
	return err
}

// number is a measure with three decimals and no zero before them; a dash where it is undefined.
func number(r accuracy.Ratio) string {
	if math.IsNaN(float64(r)) {
		return "–"
	}
	s := fmt.Sprintf("%.3f", math.Abs(float64(r)))
	s = strings.TrimPrefix(s, "0")
	if r < 0 && s != ".000" {
		s = "−" + s
	}
	return s
}
