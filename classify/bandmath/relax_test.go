package bandmath

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The law of a relaxed program: what it says for certain is what the whole program says, whatever the inputs hold that it was
// not given; and given all, it says all.
func TestRelaxedIsNeverWrong(t *testing.T) {
	certain := 0
	rapid.Check(t, func(t *rapid.T) {
		var sources []Source
		for i := range rapid.IntRange(1, 3).Draw(t, "sources") {
			s := Source{Name: fmt.Sprint("s", i), Condition: true, Text: drawCondition(t, false, rapid.IntRange(0, 3).Draw(t, "depth"))}
			if rapid.IntRange(0, 4).Draw(t, "value") == 0 {
				s.Condition, s.Text = false, drawValue(t, false, 1)
			}
			sources = append(sources, s)
		}
		p, err := Compile(sources, testOptions(false))
		if err != nil {
			if strings.Contains(err.Error(), "more than") {
				t.Skip("too large")
			}
			t.Fatal(err)
		}
		p = p.Bind(drawParams(t, p))
		given := map[Input]bool{}
		all := true
		for _, in := range p.Inputs() {
			given[in] = rapid.IntRange(0, 2).Draw(t, "given") > 0
			all = all && given[in]
		}
		q := p.Relax(func(in Input) bool { return given[in] })
		n := rapid.SampledFrom([]int{1, 8, 13}).Draw(t, "n")
		planes := drawPlanes(t, p.Inputs(), n)
		blinded := make([][]float32, len(planes))
		for i, in := range p.Inputs() {
			if blinded[i] = planes[i]; !given[in] {
				blinded[i] = drawPlanes(t, p.Inputs()[i:i+1], n)[0]
			}
		}
		whole, part := p.NewMachine(), q.NewMachine()
		whole.Begin(n, planes)
		part.Begin(n, blinded)
		for i, s := range sources {
			if !s.Condition {
				continue
			}
			want, got := whole.Condition(i), part.Condition(i)
			for j := range n {
				if got[j] != unknown {
					certain++
				}
				if got[j] != want[j] && (got[j] != unknown || all) || got[j] != unknown && !q.Decides(i) {
					t.Fatalf("%s\nwith %v pixel %d is %d, but %d in whole\n%s\n%s", s.Text, given, j, got[j], want[j], p, q)
				}
			}
		}
	})
	if certain == 0 {
		t.Error("nothing was ever certain")
	}
}

// What the first date denies is known from it alone, in the words of the default rules; a choice by both dates is not.
func TestRelaxToOneDate(t *testing.T) {
	sources := []Source{
		{Name: "felled", Condition: true, Text: "before.ndvi > 0.5 and after.ndvi < 0.3 and before.ndvi - after.ndvi > 0.25"},
		{Name: "chosen", Condition: true, Text: "after.ndvi > 0 ? before.ndvi > 0.5 : before.ndvi < 0.1"},
	}
	p, err := Compile(sources, Options{})
	if err != nil {
		t.Fatal(err)
	}
	q := p.Relax(func(in Input) bool { return in.Date == Before })
	if !q.Decides(0) || q.Decides(1) {
		t.Errorf("decides %v and %v, want true and false\n%s", q.Decides(0), q.Decides(1), q)
	}
	planes := make([][]float32, len(p.Inputs()))
	for i, in := range p.Inputs() {
		planes[i] = []float32{map[string]float32{"red": 1, "nir": 2}[in.Name]}
		if in.Date == After {
			planes[i][0] = nan
		}
	}
	m := q.NewMachine()
	m.Begin(1, planes)
	if got := m.Condition(0)[0]; got != isFalse { // an ndvi of a third
		t.Errorf("not denied: %d", got)
	}
}
