package pipeline

import (
	"fmt"
	"slices"

	"tuban/classify/bandmath"
	"tuban/classify/irmad"
	"tuban/classify/register"
	"tuban/pipeline/report"
	"tuban/raster"
)

// PairMeasure says how the after pixels of a pair of origins are brought to the before ones.
type PairMeasure struct {
	Before string `json:"before"`
	After  string `json:"after"`
	// Pixels of the sample have both origins; with Lasting, those on land that no season changes (construction land of the
	// survey), on which the unchanged were then sought.
	Pixels  int  `json:"pixels"`
	Lasting bool `json:"lasting,omitempty"`
	// State says what became of the values; Why, where they are not normalised, the reason.
	State NormaliseState `json:"state"`
	Why   *report.Text   `json:"why,omitempty"`
	// Roles are the bands that both scenes have, Lines map the after values of each to the before ones, Change is the
	// statistic that found the unchanged pixels.
	Roles  []raster.Role    `json:"roles,omitempty"`
	Lines  []irmad.Line     `json:"lines,omitempty"`
	Change *irmad.Transform `json:"change,omitempty"`
	// Floors are, beside Lines, the numbers that no after value is mapped below; 0 where a band has none.
	Floors []float64 `json:"floors,omitempty"`
	// Field is how far the dates lie beside each other, and what is done about it; nil where it was not asked for.
	Field *register.Field `json:"field,omitempty"`
}

// NormaliseState is what becomes of the after values of a pair.
type NormaliseState string

// The states; measurePair sets them.
const (
	// Normalised: the values are mapped to the before date's by Lines.
	Normalised NormaliseState = "normalised"
	// Raw: they stay as they are, because nobody asked.
	Raw NormaliseState = "raw"
	// NotComparable: the fit was refused, or the pair shares too few pixels, so that kinds which compare values are not
	// judgeable there.
	NotComparable NormaliseState = "refused"
)

// pairsOf lists the pairs of origins that the sample has pixels of.
func (p *Plan) pairsOf(seen *observed) []int {
	var out []int
	for _, q := range seen.pair {
		if q >= 0 && (len(out) == 0 || out[len(out)-1] != int(q)) && !slices.Contains(out, int(q)) {
			out = append(out, int(q))
		}
	}
	slices.Sort(out)
	return out
}

// register fits a field to the chips of each pair; nil when nobody asked.
func (p *Plan) register(chips []pairChip, pairs []int) map[int]*register.Field {
	if !p.Registration {
		return nil
	}
	out := map[int]*register.Field{}
	for _, q := range pairs {
		var own []register.Chip
		for _, c := range chips {
			if c.pair == q {
				own = append(own, c.Chip)
			}
		}
		f := register.Fit(own, register.Options{W: p.Grid.W, H: p.Grid.H})
		out[q] = &f
	}
	return out
}

// measurePair fits the values of one pair.
func (p *Plan) measurePair(q int, field *register.Field, seen *observed) PairMeasure {
	before, after := p.unpair(uint16(q))
	b, a := p.BeforeOrigins[before], p.AfterOrigins[after]
	m := PairMeasure{Before: b.Name, After: a.Name, State: Raw, Field: field}
	m.Roles = seen.roles.common(p.Before[b.Scene], p.After[a.Scene])
	if field != nil && field.Verdict == register.Refused {
		m.State = NotComparable
		m.Why = &report.Text{
			ZH: fmt.Sprintf("两期影像相对位移过大（中位 %.1f 像元）：请先重新正射或配准", field.Median),
			EN: fmt.Sprintf("the dates lie %.1f pixels apart (median), more than is corrected: orthorectify or register one of them again", field.Median),
		}
		return m
	}
	if !p.Normalise && !p.uses(bandmath.Change) {
		return m
	}
	// First on land that no season and no crop changes, where a survey tells it: on fields, what is alike at both dates is
	// not what lasts.
	for i, lasting := range []bool{true, false} {
		t := m
		t.Lasting = lasting
		x, y := seen.pixels(q, m.Roles, lasting)
		if lasting {
			if x, y = barest(m.Roles, x, y); len(x) == 0 || len(x[0]) < leastLasting {
				continue
			}
		}
		t.fit(x, y, p.Roles, p.Normalise)
		if i == 0 || m.Change == nil || t.State == Normalised {
			m = t
		}
		if m.State == Normalised || !p.Normalise && m.Change != nil {
			break
		}
	}
	return m
}
