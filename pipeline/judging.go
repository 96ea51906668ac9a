package pipeline

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tuban/classify/bandmath"
	"tuban/classify/rules"
	"tuban/pipeline/report"
	"tuban/raster"
)

// Judging says by what a kind is decided in a run, as far as the bands of the scenes tell before a pixel is read.
type Judging struct {
	Kind string `json:"kind"`
	// By names the conditions of the rules that decide; "" when no two scenes have the bands that one of them needs.
	By rules.Deciding `json:"by"`
	// Bands are what `when` needs beyond red, green and blue, on either date.
	Bands []raster.Role `json:"bands,omitempty"`
	// Probabilities are the rasters that the kind reads in the place of models, as conditions name them.
	Probabilities []string `json:"probabilities,omitempty"`
	// Colour lists the scenes that lack some of Bands: what they show is decided by `rgb`, by colour and texture.
	Colour []Lack `json:"colour,omitempty"`
	// NotJudgeable lists the scenes that lack what every condition needs.
	NotJudgeable []Lack `json:"not_judgeable,omitempty"`
	// Evidence are the expressions whose means the patches carry.
	Evidence []string `json:"evidence,omitempty"`
	// seen says that something of the scenes is read beside Probabilities.
	seen bool
}

// Lack says that a scene lacks bands that a kind needs.
type Lack struct {
	Kind  string        `json:"-"`
	Date  string        `json:"date"`
	Scene string        `json:"scene"`
	Roles []raster.Role `json:"roles"`
}

// judge says how kind k is decided.
func (p *Plan) judge(kind rules.CompiledKind) Judging {
	j := Judging{Kind: kind.Code, Evidence: kind.Published}
	withWhen, withColour := true, kind.RGB != nil
	for _, d := range []struct {
		date   bandmath.Date
		scenes []raster.Scene
	}{{bandmath.Before, p.Before}, {bandmath.After, p.After}} {
		when, colour, beyond := rolesOfDate(kind.Needs, d.date), rolesOfDate(kind.ColourNeeds, d.date), kind.Beyond(d.date)
		j.Bands = append(j.Bands, beyond...)
		forWhen, forColour := 0, 0
		for _, s := range d.scenes {
			need := when
			far := s.Missing(beyond)
			if kind.RGB != nil && (len(far) > 0 || kind.By == rules.ByColour) {
				need = colour
			}
			lack := s.Missing(need)
			switch {
			case len(lack) > 0:
				j.NotJudgeable = append(j.NotJudgeable, Lack{kind.Code, d.date.String(), s.ID, lack})
			case len(far) > 0:
				j.Colour = append(j.Colour, Lack{kind.Code, d.date.String(), s.ID, far})
			}
			if len(s.Missing(when)) == 0 {
				forWhen++
			}
			if len(s.Missing(colour)) == 0 {
				forColour++
			}
		}
		withWhen, withColour = withWhen && forWhen > 0, withColour && forColour > 0
	}
	slices.SortFunc(j.Bands, func(a, b raster.Role) int {
		return cmp.Compare(slices.Index(raster.Roles, a), slices.Index(raster.Roles, b))
	})
	j.Bands = slices.Compact(j.Bands)
	switch {
	case kind.By == rules.ByBoth && withWhen && withColour:
		j.By = rules.ByBoth
	case kind.By != rules.ByColour && withWhen:
		j.By = rules.ByWhen
	case kind.By != rules.ByWhen && withColour:
		j.By = rules.ByColour
	}
	needs := kind.Needs
	switch j.By {
	case rules.ByColour:
		needs = kind.ColourNeeds
	case rules.ByBoth:
		needs = slices.Concat(kind.Needs, kind.ColourNeeds)
	}
	for _, in := range needs {
		if in.Kind() != bandmath.Raster {
			j.seen = true
		} else if !slices.Contains(j.Probabilities, in.String()) {
			j.Probabilities = append(j.Probabilities, in.String())
		}
	}
	return j
}

// rolesOfDate returns the bands that the inputs of a date are computed from.
func rolesOfDate(inputs []bandmath.Input, date bandmath.Date) []raster.Role {
	var out []raster.Role
	for _, in := range inputs {
		for _, r := range rolesOf(in) {
			if in.Date == date && !slices.Contains(out, r) {
				out = append(out, r)
			}
		}
	}
	return out
}

// Whole reports whether the kind is decided by its `when` in every scene.
func (j Judging) Whole() bool {
	return j.By == rules.ByWhen && len(j.Colour)+len(j.NotJudgeable) == 0
}

// Text says it for the report and for `tuban plan`, without the kind's name.
func (j Judging) Text() report.Text {
	bands := roleWords(j.Bands)
	var t report.Text
	switch j.By {
	case "":
		lacks := roleWords(rolesOfLacks(j.NotJudgeable))
		return report.Text{
			ZH: fmt.Sprintf("影像缺少%s波段，全部范围无法判定。", lacks.ZH),
			EN: fmt.Sprintf("not judgeable anywhere: the scenes of a date lack %s", lacks.EN),
		}
	case rules.ByWhen:
		t = report.Text{ZH: fmt.Sprintf("由%s波段参与判定", bands.ZH), EN: "decided with " + bands.EN}
		if len(j.Bands) == 0 {
			t = report.Text{ZH: "由可见光波段判定", EN: "decided by red, green and blue"}
		}
	case rules.ByColour:
		t = report.Text{
			ZH: fmt.Sprintf("影像缺少%s波段，按颜色和纹理判定，可靠性较低", bands.ZH),
			EN: fmt.Sprintf("decided by colour and texture, which is less certain: no pair of scenes has %s", bands.EN),
		}
	case rules.ByBoth:
		lacks := sceneWords(j.Colour)
		t = report.Text{
			ZH: fmt.Sprintf("由%s波段参与判定；%s缺少该波段，其范围内按颜色和纹理判定，可靠性较低", bands.ZH, lacks.ZH),
			EN: fmt.Sprintf("decided with %s, and by colour and texture, which is less certain, with %s", bands.EN, lacks.EN),
		}
	}
	if len(j.NotJudgeable) > 0 {
		lacks, scenes := roleWords(rolesOfLacks(j.NotJudgeable)), sceneWords(j.NotJudgeable)
		t.ZH += fmt.Sprintf("；%s缺少%s波段，其范围内无法判定", scenes.ZH, lacks.ZH)
		t.EN += fmt.Sprintf("; not judgeable with %s, for want of %s", scenes.EN, lacks.EN)
	}
	switch list := strings.Join(j.Probabilities, ", "); {
	case list == "":
	case j.seen:
		t.ZH += fmt.Sprintf("；采用外部概率栅格 %s", list)
		t.EN += "; with probabilities made elsewhere: " + list
	default:
		t = report.Text{ZH: fmt.Sprintf("由外部概率栅格 %s 判定", list), EN: "decided by probabilities made elsewhere alone: " + list}
	}
	t.ZH += "。"
	return t
}

// roleZH are the bands that rules can need beyond red, green and blue.
var roleZH = map[raster.Role]string{
	raster.Coastal: "海岸蓝", raster.Yellow: "黄", raster.RedEdge: "红边", raster.NIR: "近红外", raster.NIR2: "近红外2",
	raster.SWIR1: "短波红外1", raster.SWIR2: "短波红外2", raster.Pan: "全色", raster.Blue: "蓝", raster.Green: "绿", raster.Red: "红",
}

func roleWords(roles []raster.Role) report.Text {
	var zh, en []string
	for _, r := range roles {
		zh, en = append(zh, roleZH[r]), append(en, string(r))
	}
	return report.Text{ZH: strings.Join(zh, "、"), EN: strings.Join(en, " ")}
}

func rolesOfLacks(list []Lack) []raster.Role {
	var out []raster.Role
	for _, r := range raster.Roles {
		if slices.ContainsFunc(list, func(l Lack) bool { return slices.Contains(l.Roles, r) }) {
			out = append(out, r)
		}
	}
	return out
}

// namedScenes bounds how many scenes a sentence names.
const namedScenes = 4

// sceneWords names the scenes of a list, the first few of a long one.
func sceneWords(list []Lack) report.Text {
	var zh, en []string
	for _, l := range list[:min(namedScenes, len(list))] {
		date := map[string]string{"before": "前", "after": "后"}[l.Date]
		zh, en = append(zh, fmt.Sprintf("%s时相影像 %s ", date, l.Scene)), append(en, fmt.Sprintf("the %s scene %s", l.Date, l.Scene))
	}
	t := report.Text{ZH: strings.Join(zh, "、"), EN: strings.Join(en, ", ")}
	if more := len(list) - namedScenes; more > 0 {
		t.ZH += fmt.Sprintf("等 %d 景影像", len(list))
		t.EN += fmt.Sprintf(" and %d more", more)
	}
	return t
}
