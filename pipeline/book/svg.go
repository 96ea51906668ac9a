package book

import (
	"cmp"
	"slices"
	"strings"
)

// Widths and heights of a drawn chart, in its own units.
const (
	chartWidth = 960
	labelWidth = 190
	valueWidth = 110
	barHeight  = 18
	barGap     = 8
)

// drawing is a chart as the HTML template draws it.
type drawing struct {
	Title         string
	Width, Height int
	Legend        []legend
	Labels        []label
	Bars          []bar
}

type legend struct{ Name, Fill string }

// label stands at X, on the middle of a bar.
type label struct {
	X, Y int
	Text string
	End  bool
}

type bar struct {
	X, Y, W float64
	Fill    string
	Hint    string
}

// draw lays the chart out; nil when there is nothing to draw. Values below zero grow to the left of the zero line.
func (s Sheet) draw(c Chart) *drawing {
	rows, some := c.drawn(s.Rows)
	if len(rows) == 0 {
		return nil
	}
	names, _ := c.names(s.Columns)
	d := &drawing{Title: c.heading(len(rows), some), Width: chartWidth}
	if len(c.Series) > 1 {
		for i, n := range names {
			d.Legend = append(d.Legend, legend{n, colour(i)})
		}
	}
	low, high := 0.0, 0.0
	for _, i := range rows {
		l, h := c.span(s.Rows[i])
		low, high = min(low, l), max(high, h)
	}
	scale := float64(chartWidth-labelWidth-valueWidth) / cmp.Or(high-low, 1)
	zero := labelWidth - low*scale
	y := 0
	for _, i := range rows {
		r := s.Rows[i]
		bars := 1
		if !c.Stacked {
			bars = len(c.Series)
		}
		name := c.label(r)
		d.Labels = append(d.Labels, label{labelWidth - 8, y + bars*barHeight/2 + 5, clip(name, 14), true})
		right, left := zero, zero
		for n, k := range c.Series {
			v, known := value(r.Cells[k])
			if !c.Stacked {
				right, left = zero, zero
			}
			x, w := right, v*scale
			if v < 0 {
				w = -w
				x = left - w
				left = x
			} else {
				right += w
			}
			if known && w > 0 {
				d.Bars = append(d.Bars, bar{x, float64(y), w, colour(n), names[n] + " " + s.Columns[k].Kind.Format(r.Cells[k])})
			}
			if !c.Stacked {
				d.Labels = append(d.Labels, label{int(max(x+w, zero)) + 6, y + 14, s.Columns[k].Kind.Format(r.Cells[k]), false})
				y += barHeight
			}
		}
		if c.Stacked {
			_, total := c.span(r)
			d.Labels = append(d.Labels, label{int(right) + 6, y + 14, s.Columns[c.Series[0]].Kind.Format(same(s.Columns[c.Series[0]].Kind, total)), false})
			y += barHeight
		}
		y += barGap
	}
	d.Height = y
	return d
}

// label is what a row is called in a chart; what is not known of it is left out.
func (c Chart) label(r Row) string {
	var words []string
	for k := c.Label; k <= max(c.Label, c.LabelTo); k++ {
		if name, ok := r.Cells[k].(string); ok {
			words = append(words, name)
		}
	}
	return strings.Join(words, " ")
}

// span is how far a row's bars reach below and above zero.
func (c Chart) span(r Row) (low, high float64) {
	for _, k := range c.Series {
		v, _ := value(r.Cells[k])
		switch {
		case c.Stacked && v < 0:
			low += v
		case c.Stacked:
			high += v
		default:
			low, high = min(low, v), max(high, v)
		}
	}
	return low, high
}

// value is a cell as a number; false when it is not known, or is none.
func value(cell any) (v float64, ok bool) {
	switch v := cell.(type) {
	case int:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

// same is a number as a cell of that kind holds it.
func same(k Kind, v float64) any {
	if k == Count {
		return int(v)
	}
	return v
}

// clip shortens a name to n characters.
func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(slices.Concat(r[:n-1], []rune("…")))
}
