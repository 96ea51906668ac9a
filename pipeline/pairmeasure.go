package pipeline

import (
	"errors"
	"fmt"
	"slices"
	"strings"

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
	// Field is how far the dates lie beside each other, and what is done about it; nil where it was not asked for.
	Field *register.Field `json:"field,omitempty"`
}

// NormaliseState is what becomes of the after values of a pair.
type NormaliseState string

// The states; measurePair sets them.
const (
	// Normalised: the values are mapped to the before date's by Lines.
	Normalised NormaliseState = "normalised"
	// Raw: they stay as they are: nobody asked, or the pair shares too few pixels to measure.
	Raw NormaliseState = "raw"
	// NotComparable: the fit was refused, so that the pair's pixels are not judgeable.
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

// aligning is the adjustment that takes the fields back, and leaves values as they are.
func (p *Plan) aligning(fields map[int]*register.Field) adjustment {
	a := adjustment{pairs: make([]pairAdjustment, len(p.BeforeOrigins)*len(p.AfterOrigins))}
	for q := range a.pairs {
		a.pairs[q].tolerance = defaultTolerance
	}
	for q, f := range fields {
		a.pairs[q].tolerance = f.Tolerance
		if !f.Identity() {
			a.pairs[q].field = f
			a.halo = max(a.halo, f.Halo())
		}
		a.pairs[q].refused = f.Verdict == register.Refused
	}
	return a
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
		t.fit(x, y, p.Normalise)
		if i == 0 || m.Pixels == 0 || m.State != Normalised && t.State == Normalised {
			m = t
		}
		if m.State == Normalised || !p.Normalise {
			break
		}
	}
	return m
}

// leastLasting is how many pixels of lasting land stand for a pair.
const leastLasting = 2000

// barest keeps the pixels that are, at both dates, in the less green half: yards have trees too.
func barest(roles []raster.Role, x, y [][]float64) (bx, by [][]float64) {
	if len(x) == 0 {
		return x, y
	}
	green := [2][]float64{greenness(roles, x), greenness(roles, y)}
	var half [2]float64
	for d, g := range green {
		s := slices.Clone(g)
		slices.Sort(s)
		if len(s) > 0 {
			half[d] = s[len(s)/2]
		}
	}
	bx, by = make([][]float64, len(x)), make([][]float64, len(y))
	for k := range x[0] {
		if !(green[0][k] <= half[0] && green[1][k] <= half[1]) {
			continue
		}
		for i := range x {
			bx[i], by[i] = append(bx[i], x[i][k]), append(by[i], y[i][k])
		}
	}
	return bx, by
}

// greenness ranks the pixels of one date by near infrared against red, or by green against red and blue.
func greenness(roles []raster.Role, v [][]float64) []float64 {
	at := func(r raster.Role) []float64 {
		if i := slices.Index(roles, r); i >= 0 {
			return v[i]
		}
		return nil
	}
	up, down := at(raster.NIR), at(raster.Red)
	if up == nil {
		up = at(raster.Green)
	}
	out := make([]float64, len(v[0]))
	if up == nil || down == nil {
		return out
	}
	for k := range out {
		if sum := up[k] + down[k]; sum != 0 {
			out[k] = (up[k] - down[k]) / sum
		}
	}
	return out
}

// fit finds the unchanged among the pixels x before and y after, and the lines through them.
func (m *PairMeasure) fit(x, y [][]float64, normalise bool) {
	if len(x) > 0 {
		m.Pixels = len(x[0])
	}
	o := irmad.Options{}
	for _, r := range m.Roles {
		o.Bands = append(o.Bands, string(r))
	}
	var err error
	if m.Change, err = irmad.Fit(x, y, o); err == nil && normalise {
		m.Lines, err = irmad.Normalise(x, y, m.Change, o)
	}
	var refused *irmad.Refusal
	switch {
	case err == nil && normalise:
		m.State = Normalised
	case errors.As(err, &refused):
		m.Why = &report.Text{ZH: refused.ZH, EN: refused.EN}
		if normalise && refused.Reason != irmad.TooFewPixels {
			m.State = NotComparable
		}
	case err != nil:
		m.Why = &report.Text{EN: err.Error()}
	}
}

// roleList are the planes of a sample.
type roleList []raster.Role

// common returns the bands that both scenes have. The panchromatic band shows what the others show.
func (l roleList) common(before, after raster.Scene) []raster.Role {
	var out []raster.Role
	for _, r := range l {
		if r != raster.Pan && before.Has(r) && after.Has(r) {
			out = append(out, r)
		}
	}
	return out
}

// pixels gathers, band by band, the pixels of pair q that have a value in all the roles at both dates; those on lasting
// land only, if that is asked for.
func (s *observed) pixels(q int, roles []raster.Role, lasting bool) (x, y [][]float64) {
	var bands []int
	for _, r := range roles {
		bands = append(bands, slices.Index(s.roles, r))
	}
	x, y = make([][]float64, len(bands)), make([][]float64, len(bands))
	for k, at := range s.pair {
		if int(at) != q || lasting && !s.lasting[k] {
			continue
		}
		whole := true
		for _, b := range bands {
			u, v := s.values[0][b][k], s.values[1][b][k]
			whole = whole && u == u && v == v
		}
		if !whole {
			continue
		}
		for i, b := range bands {
			x[i], y[i] = append(x[i], float64(s.values[0][b][k])), append(y[i], float64(s.values[1][b][k]))
		}
	}
	return x, y
}

// adjusting is the adjustment that the measurements of the pairs ask for.
func (p *Plan) adjusting(measured []PairMeasure, pairs []int, fields map[int]*register.Field) adjustment {
	a := p.aligning(fields)
	for i, m := range measured {
		to := &a.pairs[pairs[i]]
		to.refused = m.State == NotComparable
		a.refuses = a.refuses || to.refused
		to.change = m.Change
		for _, r := range m.Roles {
			to.bands = append(to.bands, p.roleIndex(r))
		}
		if to.change != nil && slices.Contains(to.bands, -1) {
			to.change = nil // the rules do not ask for it: the tiles read fewer bands
		}
		if m.State != Normalised {
			continue
		}
		to.gain, to.offset = make([]float32, len(p.Roles)), make([]float32, len(p.Roles))
		for k := range to.gain {
			to.gain[k] = 1
		}
		for k, l := range m.Lines {
			if at := p.roleIndex(m.Roles[k]); at >= 0 {
				to.gain[at], to.offset[at] = float32(l.Gain), float32(l.Offset)
			}
		}
	}
	return a
}

// list is what is printed and stored of the pair.
func (m *PairMeasure) list() []MeasuredValue {
	name := m.Before + " → " + m.After
	var out []MeasuredValue
	state := fmt.Sprintf("%s (%d pixels", m.State, m.Pixels)
	if m.Lasting {
		state += " of construction land"
	}
	if m.Change != nil {
		state += fmt.Sprintf(", %d iterations", m.Change.Iterations)
	}
	state += ")"
	if m.Why != nil {
		state += ": " + m.Why.EN
	}
	out = append(out, MeasuredValue{"values " + name, state})
	for i, l := range m.Lines {
		out = append(out, MeasuredValue{
			fmt.Sprintf("values %s, %s", name, m.Roles[i]),
			fmt.Sprintf("gain %.5g, offset %.5g, residual %.4g, correlation %.3f (n = %d)", l.Gain, l.Offset, l.Residual, l.Correlation, l.N),
		})
	}
	if f := m.Field; f != nil {
		out = append(out, MeasuredValue{"position " + name, fmt.Sprintf(
			"%s: shift %.2f px median, %.2f px p90; left %.2f px, tolerance %.2f px (%d of %d chips)",
			f.Verdict, f.Median, f.P90, f.Residual, f.Tolerance, f.Used, f.Chips)})
	}
	return out
}

// warnings says what a reader of the product should know of the pair.
func (m *PairMeasure) warnings() []report.Text {
	name := m.Before + " → " + m.After
	var out []report.Text
	switch {
	case m.State == NotComparable:
		out = append(out, report.Text{
			ZH: fmt.Sprintf("影像对 %s 的数值无法归一，须比较两期数值的变化种类在其范围内列为无法判定：%s。如需按原值比较，请设 normalise: none。", name, orWords(m.Why.ZH, m.Why.EN)),
			EN: fmt.Sprintf("The values of %s could not be brought to one scale, so that kinds which compare them are not judgeable there: %s. To compare the values as they are, write normalise: none.", name, m.Why.EN),
		})
	case m.State == Raw:
		t := report.Text{
			ZH: fmt.Sprintf("影像对 %s 未做相对辐射归一化", name),
			EN: fmt.Sprintf("The values of %s are not normalised to each other", name),
		}
		if m.Why != nil {
			t.ZH, t.EN = t.ZH+"："+orWords(m.Why.ZH, m.Why.EN), t.EN+": "+m.Why.EN
		}
		t.ZH, t.EN = t.ZH+"。", t.EN+"."
		out = append(out, t)
	}
	if f := m.Field; f == nil {
		out = append(out, report.Text{
			ZH: fmt.Sprintf("影像对 %s 未检查配准。", name),
			EN: fmt.Sprintf("Whether %s lie on each other was not looked at.", name),
		})
	} else if f.Verdict == register.Tolerated || f.Verdict == register.Unknown {
		words := map[register.Verdict]report.Text{
			register.Tolerated: {ZH: "位移不一致，未作改正", EN: "the shifts disagree, so that nothing was corrected"},
			register.Unknown:   {ZH: "可靠的匹配点过少，未作改正", EN: "too few places could be matched, so that nothing was corrected"},
		}[f.Verdict]
		out = append(out, report.Text{
			ZH: fmt.Sprintf("影像对 %s 配准：%s；窄于 %.1f 像元的图斑可能由配准误差引起，已注明。", name, words.ZH, f.Tolerance),
			EN: fmt.Sprintf("Registration of %s: %s; patches narrower than %.1f pixels may be due to it and say so.", name, words.EN, f.Tolerance),
		})
	}
	return out
}

func orWords(zh, en string) string {
	return strings.TrimSpace(map[bool]string{true: zh, false: en}[zh != ""])
}
