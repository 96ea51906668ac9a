package main

import (
	"fmt"
	"math"
	"strings"

	"tuban/classify/accuracy"
)

// table is a Markdown table: the first column to the left, the others to the right.
type table struct {
	head []string
	rows [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// String is the table with an empty line behind it. A row with more or fewer cells than the head is a caller's bug: it panics.
func (t *table) String() string {
	var b strings.Builder
	line := func(cells []string) {
		if len(cells) != len(t.head) {
			panic(fmt.Sprintf("table row %q has %d cells, its head %d", cells, len(cells), len(t.head)))
		}
		b.WriteByte('|')
		for _, c := range cells {
			// A bar in a cell would end it.
			b.WriteString(" " + strings.ReplaceAll(c, "|", `\|`) + " |")
		}
		b.WriteByte('\n')
	}
	line(t.head)
	b.WriteString("|---|" + strings.Repeat("---:|", len(t.head)-1) + "\n")
	for _, r := range t.rows {
		line(r)
	}
	b.WriteByte('\n')
	return b.String()
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

// percent is a share in percent with one decimal and without the sign; a dash where it is undefined.
func percent(r accuracy.Ratio) string {
	if math.IsNaN(float64(r)) {
		return "–"
	}
	return fmt.Sprintf("%.1f", 100*float64(r))
}

// versus is a text with the difference of its number from that of the default behind it, in its unit and with as many decimals;
// the text alone where one of them is undefined.
func versus(text string, got, usual float64, decimals int) string {
	d := got - usual
	if math.IsNaN(d) {
		return text
	}
	s := fmt.Sprintf("%.*f", decimals, math.Abs(d))
	if decimals == 3 {
		s = strings.TrimPrefix(s, "0") // as number does
	}
	switch {
	case strings.Trim(s, "0.") == "":
		s = "±0"
	case d < 0:
		s = "−" + s
	default:
		s = "+" + s
	}
	return text + " (" + s + ")"
}
