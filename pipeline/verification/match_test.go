package verification

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func scheme(t *testing.T, code string) Scheme {
	t.Helper()
	s, err := Find(code)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestOutcomes(t *testing.T) {
	for _, s := range Schemes() {
		for _, c := range s.Categories {
			if !slices.Contains([]Outcome{Changed, Unchanged, Undecided, None}, c.Outcome) {
				t.Errorf("%s %s: outcome %q", s.Code, c.Path(), c.Outcome)
			}
		}
	}
}

func TestMatch(t *testing.T) {
	for _, c := range []struct{ scheme, given, want, mistake string }{
		{"hebei2026", "合法|批文", "合法 / 批文", ""},
		{"hebei2026", "设施农用地", "设施农用地", ""},
		{"hebei2026", " 其他 |地下管廊（网）", "其他 / 地下管廊(网)", ""},
		{"hebei2026", "其他|２０３范围及开天窗|", "其他 / 203范围及开天窗", ""},
		{"hebei2026", "非农违法|圈占堆放等|堆放压占", "非农违法 / 圈占堆放等 / 圈占/堆放压占", ""},
		{"hebei2026", "伪变化", "伪变化/实地为设施", ""},
		{"hebei2026", "合法", "", "二级类别：应为 批文、供地手续"},
		{"hebei2026", "非农违法|工矿商服", "", "三级类别：应为 厂房类"},
		{"hebei2026", "非农违法||厂房类", "", "二级类别为空"},
		{"hebei2026", "设施农用地|大棚", "", "请留空"},
		{"hebei2026", "其它|农村宅基地", "", "是否为“其他”"},
		{"hebei2026", "其他|农村宅基", "", "是否为“农村宅基地”"},
		{"hebei2026", "", "", "未填核查类别"},
		{"older", "其他|实地伪变化", "其他 / 实地伪变化", ""},
		{"app", "3", "实地伪变化", ""},
		{"app", "4", "", "不在分类表中"},
	} {
		got, err := scheme(t, c.scheme).Match(strings.Split(c.given, "|")...)
		if got.Path() != c.want || (err == nil) != (c.mistake == "") || err != nil && !strings.Contains(err.Error(), c.mistake) {
			t.Errorf("%s %s: %q, %v", c.scheme, c.given, got.Path(), err)
		}
	}
}

// A category is found by its own levels, however the blanks are, and no shorter path finds one that is longer.
func TestMatchLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scheme := rapid.SampledFrom(Schemes()).Draw(t, "scheme")
		c := rapid.SampledFrom(scheme.Categories).Draw(t, "category")
		levels := c.Levels()
		for i := range levels {
			levels[i] = rapid.SampledFrom([]string{"", " ", "\u3000", "\n"}).Draw(t, "before") + levels[i] + " "
		}
		got, err := scheme.Match(levels...)
		if err != nil || got.Path() != c.Path() {
			t.Fatalf("%s gives %s, %v", c.Path(), got.Path(), err)
		}
		if n := len(levels); n > 1 {
			if got, err := scheme.Match(levels[:n-1]...); err == nil && len(got.Levels()) >= n {
				t.Fatalf("the beginning of %s gives %s", c.Path(), got.Path())
			}
		}
	})
}
