package recall

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"tuban/classify/day"
	"tuban/pipeline/register"
	"tuban/pipeline/verification"
	"tuban/raster/ellipsoid"
	"tuban/raster/spell"
)

// Beyond farOff times the released area, or below that part of it, a verified area is in another unit or another patch's: 亩 and m²
// are 667 apart. Beyond large it is worth a look.
const (
	farOff = 50
	large  = 1.5
)

// checker checks the rows of a table against what was released.
type checker struct {
	state  *register.State
	scheme verification.Scheme
	// known are the 监测编号 there are, for suggestions.
	known []string
	// today is the last day on which somebody can have been there.
	today time.Time
	// source and hash name the file.
	source, hash string
	// read lists the 监测编号 that the register has from this very file.
	read map[string]bool
}

func newChecker(r *register.Register, scheme verification.Scheme, today time.Time, source, hash string) *checker {
	c := &checker{state: r.State(), scheme: scheme, today: today, source: source, hash: hash, read: map[string]bool{}}
	for _, rel := range c.state.Releases() {
		c.known = append(c.known, rel.JCBH)
	}
	for _, e := range r.Events {
		if e.Return != nil && e.Return.SourceHash == hash {
			c.read[e.Return.JCBH] = true
		}
	}
	return c
}

// table checks all rows, in their order. A 监测编号 that stands in several rows is refused in all of them.
func (c *checker) table(t *Table) []Finding {
	places := map[string][]string{}
	for _, r := range t.Rows {
		if n := r.Values[Number]; n != "" && !r.empty() {
			places[n] = append(places[n], r.Place)
		}
	}
	out := make([]Finding, 0, len(t.Rows))
	for _, r := range t.Rows {
		f := c.row(r)
		if list := places[f.JCBH]; len(list) > 1 && f.Status != Blank {
			f.Problems = append(f.Problems, fmt.Sprintf("监测编号 %s 在 %s 重复出现：只保留一行 (the number stands in several rows: keep one)", f.JCBH, strings.Join(list, "、")))
		}
		if len(f.Problems) > 0 {
			f.Status, f.Return = Refused, nil
		}
		out = append(out, f)
	}
	return out
}

func (c *checker) row(r Row) Finding {
	f := Finding{Place: r.Place, JCBH: r.Values[Number], Status: Blank}
	if r.empty() {
		return f
	}
	problem := func(format string, args ...any) { f.Problems = append(f.Problems, fmt.Sprintf(format, args...)) }
	rel, ok := c.state.Released(f.JCBH)
	switch {
	case f.JCBH == "":
		problem("未填监测编号：按下发时的编号填写 (no number: write that of the release)")
	case !ok:
		hint := ""
		if near := spell.Nearest(f.JCBH, c.known, 1); len(near) > 0 {
			hint = "（是否为 " + near[0] + "？）"
		}
		problem("监测编号 %s 不在台账中%s：编号须与下发时一致，不得丢失前导零 (the number was never released)", f.JCBH, hint)
	}
	category, err := c.scheme.Match(r.Values[Level1], r.Values[Level2], r.Values[Level3])
	switch {
	case err != nil:
		problem("%v", err)
	case category.Outcome == verification.None && len(f.Problems) == 0:
		return f
	}
	ret := &register.Return{
		JCBH: f.JCBH, Level1: category.Level1, Level2: category.Level2, Level3: category.Level3, By: r.Values[By], Note: r.Values[Remarks],
		Source: c.source, SourceHash: c.hash, Values: asWritten(r, category),
	}
	if ret.By == "" {
		problem("未填核查人：填写到现场核查的人 (nobody is named who was there)")
	}
	if ret.On, err = c.day(r.Values[On]); err != nil {
		problem("%v", err)
	}
	if ret.AreaM2, err = area(r.Values[AreaMu], r.Values[AreaM2]); err != nil {
		problem("%v", err)
	}
	if ok && ret.AreaM2 > 0 && rel.AreaM2 > 0 {
		switch ratio := ret.AreaM2 / rel.AreaM2; {
		case ratio > farOff || ratio < 1.0/farOff:
			problem("核实面积 %.2f 亩与下发面积 %.2f 亩相差过大：检查单位（亩或平方米） (the verified area is far off: check its unit)", ellipsoid.Mu(ret.AreaM2), ellipsoid.Mu(rel.AreaM2))
		case ratio > large:
			f.Hints = append(f.Hints, fmt.Sprintf("核实面积 %.2f 亩大于下发面积 %.2f 亩", ellipsoid.Mu(ret.AreaM2), ellipsoid.Mu(rel.AreaM2)))
		}
	}
	if ok {
		f.Hints = append(f.Hints, c.hints(rel, ret)...)
	}
	f.Status, f.Return = Accepted, ret
	if last, returned := c.state.Return(f.JCBH); c.read[f.JCBH] || returned && sameReturn(last, *ret) {
		f.Status = Known
	} else if returned {
		f.Hints = append(f.Hints, "更正此前的核查结论："+last.Level1)
	}
	return f
}

// hints are what somebody should look at though the row is valid.
func (c *checker) hints(rel register.Release, ret *register.Return) (out []string) {
	if next := c.state.Replaced(rel.JCBH); next != "" {
		out = append(out, fmt.Sprintf("该编号已被 %s 替代，结论只记在原编号下", next))
	}
	after, err := day.Parse(rel.Values["HSX"])
	if on, e := time.Parse(time.DateOnly, ret.On); err == nil && e == nil && on.Before(after) {
		out = append(out, fmt.Sprintf("核查日期 %s 早于后时相 %s", ret.On, after.Format(time.DateOnly)))
	}
	return out
}

// day is the day of a verification, YYYY-MM-DD.
func (c *checker) day(text string) (string, error) {
	d, err := day.Parse(text)
	switch {
	case err != nil:
		return "", fmt.Errorf("核查日期“%s”无法识别：写成 2026-09-01 (%w)", text, err)
	case d.IsZero():
		return "", errors.New("未填核查日期：写成 2026-09-01 (no day of verification)")
	case d.After(c.today):
		return "", fmt.Errorf("核查日期 %s 在今天之后：检查年份 (the day lies in the future)", d.Format(time.DateOnly))
	}
	return d.Format(time.DateOnly), nil
}

// area is the verified area in m², 0 where none is given. Given in both units, they must agree.
func area(mu, m2 string) (float64, error) {
	read := func(text, unit string) (float64, error) {
		s := strings.ReplaceAll(strings.TrimSuffix(plain(text), plain(unit)), ",", "")
		if s == "" {
			return 0, nil
		}
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
			return 0, fmt.Errorf("核实面积“%s”不是数：填写%s数，如 1.25 (the verified area is no number)", text, unit)
		}
		return v, nil
	}
	inMu, err := read(mu, "亩")
	if err != nil {
		return 0, err
	}
	inM2, err := read(m2, "平方米")
	if err != nil {
		return 0, err
	}
	switch {
	case inM2 == 0:
		return math.Round(inMu/ellipsoid.Mu(1)*100) / 100, nil
	case inMu > 0 && math.Abs(ellipsoid.Mu(inM2)-inMu) > 0.01:
		return 0, fmt.Errorf("核实面积 %g 亩与 %g 平方米不一致：1 亩为 666.67 平方米 (the two verified areas differ)", inMu, inM2)
	}
	return math.Round(inM2*100) / 100, nil
}

// asWritten keeps what the county wrote where the register has another form of it, and what else it gave.
func asWritten(r Row, c verification.Category) map[string]string {
	out := map[string]string{}
	for column, level := range map[Column]string{Level1: c.Level1, Level2: c.Level2, Level3: c.Level3} {
		if v := r.Values[column]; v != level && v != "" {
			out[string(column)] = v
		}
	}
	if v := r.Values[Photos]; v != "" {
		out[string(Photos)] = v
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// sameReturn reports whether two returns say the same, wherever they were read.
func sameReturn(a, b register.Return) bool {
	return a.JCBH == b.JCBH && a.Level1 == b.Level1 && a.Level2 == b.Level2 && a.Level3 == b.Level3 && a.By == b.By && a.On == b.On &&
		math.Abs(a.AreaM2-b.AreaM2) < 0.005 && a.Note == b.Note && a.Values[string(Photos)] == b.Values[string(Photos)]
}
