package pipeline

import (
	"fmt"

	"tuban/classify/register"
	"tuban/pipeline/report"
)

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
		if m.lineOf(m.Roles[i]) < 0 {
			out = append(out, MeasuredValue{fmt.Sprintf("values %s, %s", name, m.Roles[i]), "none: the band is constant"})
			continue
		}
		out = append(out, MeasuredValue{
			fmt.Sprintf("values %s, %s", name, m.Roles[i]),
			fmt.Sprintf("gain %.5g, offset %.5g, from %.4g up, residual %.4g, correlation %.3f (n = %d)", l.Gain, l.Offset, m.Floors[i], l.Residual, l.Correlation, l.N),
		})
	}
	if f := m.Field; f != nil {
		out = append(out, MeasuredValue{"position " + name, fmt.Sprintf(
			"%s: shift %.2f px median, %.2f px p90; left %.2f px, tolerance %.2f px (%d of %d chips)",
			f.Verdict, f.Median, f.P90, f.Residual, f.Tolerance, f.Used, f.Chips)})
	}
	return out
}

// namedPairs bounds how many pairs the warnings name: a mosaic has hundreds.
const namedPairs = 6

// pairWarnings says what a reader of the product should know of the pairs; of many, the first few speak for the rest.
func pairWarnings(list []PairMeasure) []report.Text {
	var out []report.Text
	more := 0
	for i := range list {
		own := list[i].warnings()
		if len(out) >= namedPairs {
			more += len(own)
			continue
		}
		out = append(out, own...)
	}
	if more > 0 {
		out = append(out, report.Text{
			ZH: fmt.Sprintf("另有 %d 条影像对提示，见 manifest.json 的 measured。", more),
			EN: fmt.Sprintf("There are %d more remarks on pairs of scenes: see measured in manifest.json.", more),
		})
	}
	return out
}

// warnings says what a reader of the product should know of the pair.
func (m *PairMeasure) warnings() []report.Text {
	name := m.Before + " → " + m.After
	var out []report.Text
	switch {
	case m.Field != nil && m.Field.Verdict == register.Refused:
		out = append(out, report.Text{
			ZH: fmt.Sprintf("影像对 %s 范围内各变化种类均列为无法判定：%s。确认无需配准时，可设 registration: none。", name, m.Why.ZH),
			EN: fmt.Sprintf("No kind is judgeable where %s meet: %s. If that is wrong, write registration: none.", name, m.Why.EN),
		})
	case m.State == NotComparable:
		out = append(out, report.Text{
			ZH: fmt.Sprintf("影像对 %s 的数值无法归一，须比较两期数值的变化种类在其范围内列为无法判定：%s。如需按原值比较，请设 normalise: none。", name, m.Why.ZH),
			EN: fmt.Sprintf("The values of %s could not be brought to one scale, so that kinds which compare them are not judgeable there: %s. To compare the values as they are, write normalise: none.", name, m.Why.EN),
		})
	case m.State == Raw:
		t := report.Text{
			ZH: fmt.Sprintf("影像对 %s 未做相对辐射归一化", name),
			EN: fmt.Sprintf("The values of %s are not normalised to each other", name),
		}
		if m.Why != nil {
			t.ZH, t.EN = t.ZH+"："+m.Why.ZH, t.EN+": "+m.Why.EN
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
