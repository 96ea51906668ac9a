package landclass

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseSystem(t *testing.T) {
	for s, want := range map[string]System{
		"TD/T 1055-2019": TD1055, "TD/T 1055": TD1055, "td1055": TD1055, "三调": TD1055, " tdt 1055 ": TD1055,
		"用地用海 2023": YDYH, "用地用海": YDYH, "2023": YDYH, "用地用海（2023）": YDYH,
	} {
		if got, err := ParseSystem(s); err != nil || got != want {
			t.Errorf("ParseSystem(%q) = %q, %v", s, got, err)
		}
	}
	if _, err := ParseSystem("  "); !errors.Is(err, ErrNoSystem) {
		t.Errorf("an empty declaration: %v", err)
	}
	if _, err := ParseSystem("GB/T 21010"); err == nil || !strings.Contains(err.Error(), "TD/T 1055-2019") {
		t.Errorf("another system: %v", err)
	}
	for _, s := range Systems {
		if got, err := ParseSystem(string(s)); err != nil || got != s {
			t.Errorf("%s does not parse as itself: %q, %v", s, got, err)
		}
	}
}

func TestLookup(t *testing.T) {
	for _, c := range []struct {
		sys         System
		code        string
		row         string // "" unknown
		name, group string
		first       string
	}{
		{TD1055, "0103", "0103", "旱地", Agricultural, "01"},
		{TD1055, "0601", "0601", "工业用地", Construction, "06"},
		{YDYH, "0601", "0601", "农村道路", Agricultural, "06"},
		{TD1055, "0303", "0303", "红树林地", Agricultural, "00"},
		{TD1055, "0603", "0603", "盐田", Construction, "00"},
		{TD1055, "1006", "1006", "农村道路", Agricultural, "10"},
		{TD1055, "0404", "0404", "其他草地", Unused, "04"},
		{TD1055, "0201K", "0201K", "可调整果园", Agricultural, "02"},
		{TD1055, "05H1", "05H1", "商业服务业设施用地", Construction, "05"},
		{TD1055, " 08h2a", "08H2A", "高教用地", Construction, "08"},
		{TD1055, "0602C", "0602", "采矿用地", Construction, "06"},
		{TD1055, "09", "09", "特殊用地", Construction, "09"},
		{TD1055, "01", "01", "耕地", Agricultural, "01"},
		{TD1055, "12", "12", "其他土地", "", "12"},
		{YDYH, "060102", "060102", "田间道", Agricultural, "06"},
		{YDYH, "1003", "1003", "盐田", Construction, "10"},
		{YDYH, "1801", "1801", "渔业基础设施用海", "", "18"},
		{TD1055, "1401", "", "", "", ""},
		{TD1055, "103", "", "", "", ""},
		{TD1055, "", "", "", "", ""},
		{"", "0101", "", "", "", ""},
	} {
		got, ok := c.sys.Lookup(c.code)
		if ok != (c.row != "") || got.Code != c.row || got.Name != c.name || got.Group != c.group || got.First != c.first {
			t.Errorf("%s %q: %+v, %v", c.sys, c.code, got, ok)
		}
	}
	for code, want := range map[string][2]bool{"0101": {true, false}, "0201": {false, false}, "0201K": {false, true}, "0404K": {false, true}} {
		if c, _ := TD1055.Lookup(code); c.Cropland != want[0] || c.Adjustable != want[1] {
			t.Errorf("%s: cropland %v, adjustable %v", code, c.Cropland, c.Adjustable)
		}
	}
}

// The domain's own pattern of construction land must agree with the table, class by class.
func TestConstructionPattern(t *testing.T) {
	pattern := regexp.MustCompile(`^(05|06|07|08|09|100[1-5]|100[7-9]|1109|1201)`)
	n := 0
	for _, c := range TD1055.Classes() {
		if c.Code == c.First && c.Code != "09" {
			continue
		}
		n++
		if got := c.Group == Construction; got != pattern.MatchString(c.Code) {
			t.Errorf("%s %s: group %s", c.Code, c.Name, c.Group)
		}
	}
	if n != 70 {
		t.Errorf("%d classes", n)
	}
}

// Classes that both systems number alike but name alike as well must be of one group, whichever system is declared.
func TestSystemsAgreeOnSameNames(t *testing.T) {
	other := map[string]Class{}
	for _, c := range YDYH.Classes() {
		if c.Code != c.First {
			other[c.Name] = c
		}
	}
	for _, c := range TD1055.Classes() {
		if o, ok := other[c.Name]; ok && c.Code != c.First && o.Group != c.Group {
			t.Errorf("%s: %s here, %s there", c.Name, c.Group, o.Group)
		}
	}
}

func TestSelect(t *testing.T) {
	for _, c := range []struct {
		sys      System
		selector string
		in, out  string // codes
	}{
		{TD1055, "01", "0101 0103 01", "0201 1001"},
		{TD1055, "0103", "0103", "0101"},
		{TD1055, "02", "0201 0201K 0299", "0301"},
		{TD1055, "03", "0301 0303", "0401"},
		{TD1055, "林地", "0301 0307K", "0303 0304 0399"},
		{TD1055, "湿地", "0303 1106 0603", "0301 1101"},
		{TD1055, "00", "0303 1106", "0301"},
		{TD1055, "耕地", "0101 0102 0103", "0201K 1208"},
		{TD1055, "Cropland", "0101", "0201"},
		{TD1055, "旱地", "0103", "0101"},
		{TD1055, "特殊用地", "09", "0809"},
		{TD1055, "农用地", "0101 1006 1202 1104K", "0404 0601 1401"},
		{TD1055, "construction", "0601 0602C 1201", "1006 1202"},
		{TD1055, "未利用地", "0404 1101", "0401 1103"},
		{TD1055, "可调整", "0201K 0301K", "0201 0101"},
		{TD1055, "0602C", "0602C", "0602"},
		{TD1055, "设施农用地", "1202", "1203"},
		{YDYH, "设施农用地", "0602 060201", "1202"},
		{YDYH, "construction", "0701 1202", "0602 1701 1801"},
		{YDYH, "12", "1202 120801", "0101"},
	} {
		sel, err := c.sys.Select(c.selector)
		if err != nil {
			t.Errorf("%s %q: %v", c.sys, c.selector, err)
			continue
		}
		for _, code := range strings.Fields(c.in) {
			if !sel.Has(code) {
				t.Errorf("%s %q leaves out %s", c.sys, c.selector, code)
			}
		}
		for _, code := range strings.Fields(c.out) {
			if sel.Has(code) {
				t.Errorf("%s %q includes %s", c.sys, c.selector, code)
			}
		}
	}
	if (Selection{}).Has("0101") {
		t.Error("the zero selection selects")
	}
}

func TestSelectErrors(t *testing.T) {
	for _, c := range []struct {
		sys            System
		selector, want string
	}{
		{TD1055, "", "empty"},
		{TD1055, "1", `"01"`},
		{TD1055, "0109", `"0101"`},
		{TD1055, "1401", "公园绿地 in 用地用海"},
		{TD1055, "croplnd", "cropland"},
		{TD1055, "建设用", "建设用地"},
		{TD1055, "K", "no class"},
		{"", "01", "not declared"},
	} {
		_, err := c.sys.Select(c.selector)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %q: %v, want mention of %q", c.sys, c.selector, err, c.want)
		}
	}
}

// Every class belongs to exactly one 一级类 and at most one 三大类, seen through selections, and is selected by its own code and name.
func TestSelectionsPartition(t *testing.T) {
	for _, s := range Systems {
		for _, c := range s.Classes() {
			n := 0
			for _, g := range []string{Agricultural, Construction, Unused} {
				if sel, err := s.Select(g); err != nil {
					t.Fatal(err)
				} else if sel.Has(c.Code) {
					n++
				}
			}
			if (n == 1) != (c.Group != "") || n > 1 {
				t.Errorf("%s %s is in %d groups", s, c.Code, n)
			}
			n = 0
			for _, f := range s.Classes() {
				if f.Code != f.First {
					continue
				}
				if sel, err := s.Select(f.Name); err != nil {
					t.Fatal(err)
				} else if sel.Has(c.Code) {
					n++
				}
			}
			if n != 1 {
				t.Errorf("%s %s is in %d first-level classes", s, c.Code, n)
			}
			for _, selector := range []string{c.Code, c.Name} {
				if sel, err := s.Select(selector); err != nil || !sel.Has(c.Code) {
					t.Errorf("%s %q does not select %s: %v", s, selector, c.Code, err)
				}
			}
			if c.FirstName == "" {
				t.Errorf("%s %s has no first-level class", s, c.Code)
			}
		}
	}
}

func TestDetectAndCheck(t *testing.T) {
	for _, c := range []struct {
		codes   map[string]int64
		want    System
		telling []string
	}{
		{map[string]int64{"0101": 900, "0601": 3}, "", nil},
		{map[string]int64{"0101": 900, "0305": 2, "05H1": 1}, TD1055, []string{"0305", "05H1"}},
		{map[string]int64{"0201K": 1}, TD1055, []string{"0201K"}},
		{map[string]int64{"0101": 5, "1401": 2, "060102": 1}, YDYH, []string{"060102", "1401"}},
		{map[string]int64{"1301": 5, "1304": 2}, "", nil}, // also codes of a layer beside a TD/T 1055 survey
		{map[string]int64{"9901": 5, "0602C": 1}, "", nil},
		{map[string]int64{"1401": 1, "0307": 1}, "", nil},
		{map[string]int64{"1401": 1, "0307": 800}, TD1055, []string{"0307"}},
	} {
		got, telling := Detect(c.codes)
		if got != c.want || !slices.Equal(telling, c.telling) {
			t.Errorf("Detect(%v) = %q, %v", c.codes, got, telling)
		}
		for _, s := range Systems {
			if err := s.Check(c.codes); (err != nil) != (c.want != "" && c.want != s) {
				t.Errorf("%s.Check(%v) = %v", s, c.codes, err)
			}
		}
	}
	err := YDYH.Check(map[string]int64{"0305": 1, "0307": 1, "05H1": 1, "08H1": 1, "08H2": 1, "0201K": 1})
	if err == nil || !strings.Contains(err.Error(), "0201K, 0305, 0307, 05H1, 08H1, …") {
		t.Errorf("too many telling codes: %v", err)
	}
}

func TestAfterTypes(t *testing.T) {
	for code, want := range map[string]float64{"JZ": 200, "YH": 200, "20": 200, "DL1": 200, "DT": 200, "01": 400, "1": 400, "ND": 400, "KT": 400, "SM": 600, "LT": 600} {
		if got, ok := MinArea(code); !ok || got != want {
			t.Errorf("MinArea(%s) = %g, %v", code, got, ok)
		}
	}
	if name, en, group, ok := AfterType("dt"); !ok || name != "动土" || en == "" || group != "disturbance" {
		t.Errorf("AfterType(dt) = %s %s %s %v", name, en, group, ok)
	}
	if _, ok := MinArea("XX"); ok {
		t.Error("XX has a minimum area")
	}
	if err := CheckAfterType("JX"); err == nil || !strings.Contains(err.Error(), "JZ") {
		t.Errorf("JX: %v", err)
	}
}

// Whatever a selector is, selecting by it never breaks and a prefix selects exactly what begins with it.
func TestSelectAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom(Systems).Draw(t, "system")
		selector := rapid.OneOf(rapid.String(), rapid.StringMatching(`[0-9]{1,6}[HKA]?[0-9]?`)).Draw(t, "selector")
		code := rapid.StringMatching(`[0-9]{2,6}[HKA]?`).Draw(t, "code")
		sel, err := s.Select(selector)
		if err != nil {
			return
		}
		if sel.prefix != "" && sel.Has(code) != strings.HasPrefix(code, sel.prefix) {
			t.Fatalf("%s %q: Has(%q) = %v", s, selector, code, sel.Has(code))
		}
	})
}

func BenchmarkHas(b *testing.B) {
	sel, err := TD1055.Select("农用地")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		sel.Has("0103")
	}
}
