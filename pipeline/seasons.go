package pipeline

import (
	"tuban/classify/season"
	"tuban/pipeline/report"
	"tuban/raster"
)

// state fills dst with 1 where the origin of a pixel of date d is in the state name, 0 where not, NaN where there is none.
func (p *Plan) state(dst []float32, name string, d int, from []int32) {
	origins := p.origins(d)
	last, value := int32(-1), raster.NaN
	for k, o := range from {
		if o != last {
			last, value = o, raster.NaN
			if o >= 0 {
				value = stateValue(p.Calendar.On(origins[o].Date), name)
			}
		}
		dst[k] = value
	}
}

func stateValue(l season.Look, name string) float32 {
	in := map[string]bool{"growing": l.Growing, "leaf": l.Leaf, "snow": l.Snow}
	if in[name] {
		return 1
	}
	return 0
}

// SeasonWarnings says, in Chinese and English, what the days of the scenes allow to conclude, once for each pair of looks that occurs.
func (p *Plan) SeasonWarnings() []report.Text {
	var out []report.Text
	seen := map[[2]season.Look]bool{}
	for _, b := range p.BeforeOrigins {
		for _, a := range p.AfterOrigins {
			looks := [2]season.Look{p.Calendar.On(b.Date), p.Calendar.On(a.Date)}
			if seen[looks] {
				continue
			}
			seen[looks] = true
			if c, ok := season.Conclude(looks[0], looks[1]); ok {
				days := b.Date.Format("2006-01-02") + " → " + a.Date.Format("2006-01-02")
				out = append(out, report.Text{ZH: "时相 " + days + "：" + c.ZH, EN: "Dates " + days + ": " + c.EN + "."})
			}
		}
	}
	return out
}
