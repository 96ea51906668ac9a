package evidence

import (
	"fmt"
	"math"
	"path"
	"strings"

	"tuban/classify/register"
	"tuban/pipeline"
	"tuban/pipeline/report"
)

// judged says by what the patch was found: the bands, the means of the kind's evidence, the limits of the run, the score.
func (m *maker) judged(s *subject, out *sheet) {
	kind := s.Text("kind")
	for _, j := range m.p.Manifest.Judging {
		if j.Kind != kind {
			continue
		}
		out.Judged = j.Text().ZH
		for i, e := range j.Evidence {
			value := dash
			if v, ok := s.Number(fmt.Sprintf("evidence%d", i+1)); ok {
				value = report.Decimal(v, 3)
			}
			out.Evidence = append(out.Evidence, fact{dated(e), value, 1})
		}
	}
	if measured := m.p.Manifest.Measured; measured != nil {
		for _, l := range measured.Limits {
			if len(out.Limits) == mostLimits {
				out.MoreLimits++
				continue
			}
			value := "未能确定"
			if l.Value != nil {
				how := "measured"
				if strings.HasPrefix(l.How, "default") {
					how = "default"
				}
				value = fmt.Sprintf("%.4g（%s）", *l.Value, word("limit", how))
			}
			out.Limits = append(out.Limits, fact{strings.TrimPrefix(l.Name, "limit."), value, 1})
		}
	}
	if v, ok := s.Number("score"); ok {
		out.Score = report.Decimal(v, 1)
		var parts []string
		for p := range strings.SplitSeq(s.Text("parts"), ", ") {
			if code, value, ok := strings.Cut(p, " "); ok {
				parts = append(parts, pipeline.ScorePartName(code).ZH+" "+value)
			}
		}
		if len(parts) > 0 {
			out.Score += "（" + strings.Join(parts, "，") + "）"
		}
	}
}

// dated says of which date an expression of the evidence is.
func dated(e string) string {
	for prefix, zh := range map[string]string{"before.": "前时相 ", "after.": "后时相 "} {
		if rest, ok := strings.CutPrefix(e, prefix); ok {
			return zh + rest
		}
	}
	return e
}

// shiftOf says how far the dates lie beside each other around the patch, and what became of it.
func (m *maker) shiftOf(s *subject) string {
	measured := m.p.Manifest.Measured
	if measured == nil {
		return "本次运行未测定两期相对位移"
	}
	for _, q := range measured.Pairs {
		if q.Before != s.Text("QSXYX") || q.After != s.Text("HSXYX") {
			continue
		}
		f := q.Field
		if f == nil {
			break
		}
		switch f.Verdict {
		case register.Corrected:
			c := pixelBound(m.grid, s.Geom).Center()
			dx, dy := f.At(c[0], c[1])
			return fmt.Sprintf("本处后时相相对前时相位移 %s；判定与成图均已移回原位，残差 P90 为 %.2f 像元", m.metres(dx, dy), f.Residual)
		case register.Aligned:
			return fmt.Sprintf("两期中位位移 %s，P90 为 %.2f 像元：吻合，判定与成图均未移动", m.metres(f.MedianDX, f.MedianDY), f.P90)
		case register.Tolerated:
			return fmt.Sprintf("两期中位位移 %s，方向不一致：未移动，判定容差 %.1f 像元", m.metres(f.MedianDX, f.MedianDY), f.Tolerance)
		case register.Refused:
			return fmt.Sprintf("两期中位位移 %.1f 像元，超过可校正范围：未移动", f.Median)
		}
		return "可用的匹配点不足，两期相对位移未能测定：未移动"
	}
	return "本次运行未测定两期相对位移：未移动"
}

// metres says a shift in pixels, to the right and downwards, in metres on the ground.
func (m *maker) metres(dx, dy float64) string {
	side := func(v float64, positive, negative string) string {
		if v < 0 {
			return negative
		}
		return positive
	}
	return fmt.Sprintf("向%s %.2f m、向%s %.2f m（%.2f 像元）",
		side(dx, "右", "左"), math.Abs(dx)*m.pixel[0], side(dy, "下", "上"), math.Abs(dy)*m.pixel[1], math.Hypot(dx, dy))
}

// lookOf says how the pictures were made.
func lookOf(s *pipeline.Scenery, falseColour bool) string {
	var parts []string
	switch {
	case s.Normalised && s.Shared:
		parts = append(parts, "后时相亮度已归一化到前时相，两期用同一拉伸")
	case s.Shared:
		parts = append(parts, "两期用同一拉伸，亮度未归一化")
	default:
		parts = append(parts, "两期分别拉伸，亮度不可直接比较")
	}
	if falseColour {
		parts = append(parts, "小图为近红外假彩色（红＝近红外）")
	}
	return strings.Join(parts, "；") + "；斜纹处无数据或被云遮挡"
}

// inputLines has the scenes that show the patch first, then what else the product was made from.
func (m *maker) inputLines(s *subject) (out []inputLine, more int) {
	shown := map[string]bool{}
	for _, name := range append(strings.Fields(s.Text("QTYX")), s.Text("QSXYX"), s.Text("HSXYX")) {
		id, _, _ := strings.Cut(name, "#")
		shown[id] = true
	}
	scene := func(in Input) bool { return in.Role == "before" || in.Role == "after" }
	used := func(in Input) bool {
		base := path.Base(in.URI)
		return shown[strings.TrimSuffix(base, path.Ext(base))]
	}
	for _, wanted := range []func(Input) bool{
		func(in Input) bool { return scene(in) && used(in) },
		func(in Input) bool { return !scene(in) },
		func(in Input) bool { return scene(in) && !used(in) },
	} {
		for _, in := range m.inputList.Inputs {
			if !wanted(in) {
				continue
			}
			if len(out) == mostInputs {
				more++
				continue
			}
			out = append(out, lineOf(in))
		}
	}
	return out, more
}

func lineOf(in Input) inputLine {
	// "survey", "seams before", "layer red_line".
	what, rest, _ := strings.Cut(strings.TrimPrefix(in.Role, "layer "), " ")
	for _, c := range controls {
		if c.layer == what {
			what = c.name
		}
	}
	l := inputLine{Role: strings.TrimSpace(word("role", what) + " " + word("role", rest)), Name: path.Base(in.URI), SHA256: in.SHA256, SM3: in.SM3}
	switch {
	case in.Missing:
		l.Note = "文件已不在原处；运行时指纹 " + in.Fingerprint
	case in.Version != "":
		l.Note = "对象存储版本（ETag）" + in.Version + "，未下载计算"
	case in.Changed:
		l.Note = "大小与运行时一致，修改时间不同"
	}
	return l
}
