package pipeline

import (
	"fmt"
	"strings"

	"tuban/classify/rules"
	"tuban/pipeline/report"
)

// resolvedValues is what is printed and stored of limits and models.
func (m *Measured) resolvedValues() []MeasuredValue {
	var out []MeasuredValue
	for _, l := range m.Limits {
		v := "unknown: " + l.How
		if l.Value != nil {
			v = fmt.Sprintf("%.5g (%s, n = %d", *l.Value, l.How, l.Low)
			if l.High > 0 {
				v += fmt.Sprintf(" and %d, error %.1f %%", l.High, 100*l.Error)
			}
			v += ")"
		}
		out = append(out, MeasuredValue{l.Name, v})
	}
	for _, x := range m.Models {
		v := "unknown: " + x.How
		if len(x.Weights) > 0 {
			v = x.How + ":"
			for _, w := range x.Weights {
				v += fmt.Sprintf(" %.5g", w)
			}
		}
		out = append(out, MeasuredValue{x.Name, v})
	}
	return out
}

// unresolved warns of limits and models that stay unknown.
func (m *Measured) unresolved() []report.Text {
	var out []report.Text
	warn := func(name, how string) {
		out = append(out, report.Text{
			ZH: fmt.Sprintf("规则参数 %s 无法由本次影像确定（%s），依赖它的判定均列为无法判定。", name, how),
			EN: fmt.Sprintf("The pixels of this run do not tell %s (%s); what depends on it is not judgeable.", name, how),
		})
	}
	for _, l := range m.Limits {
		if l.Value != nil && strings.HasPrefix(l.How, defaulted) {
			out = append(out, report.Text{
				ZH: fmt.Sprintf("规则参数 %s 未能由本次影像确定，采用默认值 %.4g（%s）。", l.Name, *l.Value, strings.TrimPrefix(l.How, defaulted)),
				EN: fmt.Sprintf("The pixels of this run do not tell %s; its default of %.4g holds (%s).", l.Name, *l.Value, strings.TrimPrefix(l.How, defaulted)),
			})
		}
		// Which kinds lack bands is said of the kinds.
		if l.Value == nil && l.How != string(rules.NoBands) {
			warn(l.Name, l.How)
		}
	}
	for _, x := range m.Models {
		if len(x.Weights) == 0 && x.How != string(rules.NoBands) {
			warn(x.Name, x.How)
		}
	}
	return out
}
