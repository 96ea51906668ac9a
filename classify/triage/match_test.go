package triage

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tuban/classify/day"
	"tuban/classify/landclass"
)

// cell is the m² of a patch that one character of a drawing stands for.
const cell = 100

// drawn is an approval drawn on a patch: # where it lies, as in "conversion 2024-03-01 ####....". Its day may be followed by a last
// one behind two dots and its purpose in brackets; - is no day, and ~ in front makes it a sliver.
func drawn(line string) (a Approval, cells []bool) {
	f := strings.Fields(line)
	a.Kind, a.Sliver = strings.TrimPrefix(f[0], "~"), strings.HasPrefix(f[0], "~")
	days, purpose, _ := strings.Cut(f[1], "[")
	a.Date, a.Expires, _ = strings.Cut(strings.Trim(days, "-"), "..")
	a.Purpose = strings.TrimSuffix(purpose, "]")
	for _, c := range f[2] {
		cells = append(cells, c == '#')
		if c == '#' {
			a.Area += cell
		}
	}
	return a, cells
}

// union is the Cover of drawn approvals.
func union(cells [][]bool) Cover {
	return func(list []int) (float64, error) {
		covered := map[int]bool{}
		for _, i := range list {
			for at, on := range cells[i] {
				if on {
					covered[at] = true
				}
			}
		}
		return float64(len(covered)) * cell, nil
	}
}

func must(t testing.TB, sys landclass.System) *Rules {
	t.Helper()
	r, err := Parse("default", Default(), sys)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func on(s string) time.Time {
	d, err := day.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// Twenty cells are the patch. The images are of 2024-05-01 and 2025-05-01.
var (
	interval = Interval{Before: on("2024-05-01"), After: on("2025-05-01")}
	building = Facts{Kind: "built", After: "JZ", Area: 20 * cell, Width: 20, Classes: map[string]float64{"0103": 20 * cell}}
)

func TestMatch(t *testing.T) {
	seen := interval
	seen.First = on("2024-08-01")
	water := building
	water.Kind, water.After = "water", "SM"
	village := building
	village.Classes = map[string]float64{"0702": 20 * cell}
	for _, c := range []struct {
		name      string
		facts     Facts
		in        Interval
		approvals string
		want      string // state, m² covered, marks
	}{
		{"nothing there", building, interval, ``, "unmatched 0"},
		{"before, all", building, interval, `conversion 2024-03-01 ####################`, "matched 2000"},
		{"on the day of the before image", building, interval, `conversion 2024-05-01 ####################`, "matched 2000"},
		{"between the images", building, interval, `conversion 2024-05-02 ####################`, "matched 2000 inside"},
		{"on the day of the after image", building, interval, `conversion 20250501 ####################`, "matched 2000 inside"},
		{"a day later", building, interval, `conversion 2025/5/2 ####################`, "later 0 later"},
		{"after first sight in an earlier run", building, seen, `conversion 2024-09-01 ####################`, "later 0 later"},
		{"on the day of first sight", building, seen, `conversion 2024年8月1日 ####################`, "matched 2000 inside"},
		{"no day", building, interval, `conversion - ####################`, "matched 2000 undated"},
		{"a day that cannot be read", building, interval, `conversion 二〇二四年 ####################`, "matched 2000 undated"},
		{"95 %", building, interval, `conversion 2024-03-01 ###################.`, "matched 1900"},
		{"90 %", building, interval, `conversion 2024-03-01 ##################..`, "partial 1800"},
		{"5 %", building, interval, `conversion 2024-03-01 #...................`, "partial 100"},
		{"two that make a whole", building, interval, `
			conversion 2024-03-01 ############........
			supply     2024-04-01 ........############`, "matched 2000"},
		{"one on the other", building, interval, `
			conversion 2024-03-01 ############........
			supply     2024-04-01 ############........`, "partial 1200"},
		{"a sliver", building, interval, `~conversion 2024-03-01 ##..................`, "unmatched 0"},
		{"two years are over", building, interval, `temporary 2023-04-30 ####################`, "expired 0 expired derived"},
		{"two years to the day", building, interval, `temporary 2023-05-01 ####################`, "matched 2000 derived"},
		{"four years for water", building, interval, `temporary 2021-05-01[水利工程] ####################`, "matched 2000 derived"},
		{"four years are over", building, interval, `temporary 2021-04-30[水利工程] ####################`, "expired 0 expired derived"},
		{"its own last day", building, interval, `temporary 2020-01-01..2026-01-01 ####################`, "matched 2000"},
		{"its own last day is over", building, interval, `temporary 2024-01-01..2025-04-30[水利] ####################`, "expired 0 expired"},
		{"a last day that cannot be read", building, interval, `conversion 2022-01-01..2023年底 ####################`, "unmatched 0 unread"},
		{"temporary with such a day", building, interval, `temporary 2024-01-01..2026年底 ####################`, "unmatched 0 unread"},
		{"no day, and such a last one", building, interval, `conversion -..2026年底 ####################`, "unmatched 0 undated unread"},
		{"late, with such a last day", building, interval, `conversion 2025-06-01..2026年底 ####################`, "later 0 later unread"},
		{"such a last day on part of it", building, interval, `
			conversion 2022-01-01..2023年底 ####################
			supply     2024-03-01 ##########..........`, "partial 1000 unread"},
		{"temporary without a day", building, interval, `temporary - ####################`, "unmatched 0 undated"},
		{"part good, part over", building, interval, `
			temporary 2023-04-30 ####################
			conversion 2024-03-01 ##########..........`, "partial 1000 expired derived"},
		{"over and late", building, interval, `
			temporary  2023-01-01 ####################
			conversion 2025-06-01 ####################`, "expired 0 later expired derived"},
		{"a house plot is no pond", water, interval, `homestead 2024-03-01 ####################`, "unmatched 0 listed"},
		{"a house plot", building, interval, `homestead 2024-03-01 ####################`, "matched 2000"},
		{"the range of a project", building, interval, `project 2024-03-01 ####################`, "unmatched 0 listed"},
		{"taken, on farmland", building, interval, `expropriation 2024-03-01 ####################`, "unmatched 0 listed"},
		{"taken and converted", building, interval, `
			expropriation 2024-03-01 ####################
			conversion    2024-03-01 ####################`, "matched 2000"},
		{"taken, in a village", village, interval, `expropriation 2024-03-01 ####################`, "matched 2000"},
	} {
		var approvals []Approval
		var cells [][]bool
		for line := range strings.SplitSeq(c.approvals, "\n") {
			if strings.TrimSpace(line) != "" {
				a, on := drawn(line)
				approvals, cells = append(approvals, a), append(cells, on)
			}
		}
		m, err := must(t, landclass.TD1055).Match(c.facts, c.in, []string{"conversion", "temporary"}, approvals, union(cells))
		got := fmt.Sprintf("%s %g", m.State, m.Area)
		for _, k := range m.Marks {
			got += " " + string(k)
		}
		if err != nil || got != c.want {
			t.Errorf("%s: %s (%v), want %s", c.name, got, err, c.want)
		}
	}
}

func TestHowMuchIsCovered(t *testing.T) {
	c := must(t, "").Coverage
	for _, x := range []struct {
		patch, covered float64
		want           string // none, some or all
	}{
		{2000, 0, "none"}, {2000, 99.99, "none"}, {2000, 100, "some"}, {2000, 1899.99, "some"}, {2000, 1900, "all"},
		{100, 9.99, "none"}, {100, 10, "some"}, {100, 89, "some"}, {100, 90, "some"}, {100, 90.01, "all"}, // less than 10 m² is an edge
		{8, 7, "none"}, {8, 7.6, "all"}, {8, 8, "all"},
	} {
		got := "none"
		if c.some(x.covered, x.patch) {
			got = "some"
			if c.all(x.covered, x.patch) {
				got = "all"
			}
		}
		if got != x.want {
			t.Errorf("%g of %g m² are %s, want %s", x.covered, x.patch, got, x.want)
		}
	}
}

func TestYearsAfter(t *testing.T) {
	for _, c := range []struct {
		from  string
		years int
		want  string
	}{{"2023-05-01", 2, "2025-05-01"}, {"2024-02-29", 1, "2025-02-28"}, {"2024-02-29", 4, "2028-02-29"}, {"2024-12-31", 2, "2026-12-31"}} {
		if got := yearsAfter(on(c.from), c.years).Format(time.DateOnly); got != c.want {
			t.Errorf("%s and %d years: %s, want %s", c.from, c.years, got, c.want)
		}
	}
}

func TestNothingLoadedThatCounts(t *testing.T) {
	r := must(t, "")
	building := building
	building.Classes = nil
	water := building
	water.After = "SM"
	for _, c := range []struct {
		facts  Facts
		loaded []string
		want   State
	}{
		{building, nil, Unloaded},
		{building, []string{"homestead"}, Unmatched},
		{water, []string{"homestead"}, Unloaded},
		{building, []string{"project"}, Unloaded},
		{building, []string{"expropriation"}, Unloaded}, // whether it counts depends on a survey, which there is none
		{building, []string{"expropriation", "supply"}, Unmatched},
		{water, []string{"homestead", ""}, Unmatched},
	} {
		if m, err := r.Match(c.facts, interval, c.loaded, nil, nil); err != nil || m.State != c.want {
			t.Errorf("%s with %v: %s (%v), want %s", c.facts.After, c.loaded, m.State, err, c.want)
		}
	}
}

func TestListedInTheOrderOfTheChain(t *testing.T) {
	r := must(t, landclass.TD1055)
	list := []Approval{
		{Kind: "supply", Number: "供1", Area: 5}, {Kind: "expropriation", Number: "征1", Area: 5}, {Kind: "supply", Number: "供2", Area: 5},
		{Kind: "conversion", Number: "征1", Area: 5}, {Kind: "homestead", Number: "宅1", Sliver: true},
	}
	m, err := r.Match(building, interval, nil, list, func([]int) (float64, error) { return 0, nil })
	if err != nil || !slices.Equal(m.Kinds(), []string{"conversion", "expropriation", "supply"}) || !slices.Equal(m.Numbers(), []string{"征1", "供1", "供2"}) {
		t.Errorf("%v %v %v", m.Kinds(), m.Numbers(), err)
	}
	m, err = r.Match(building, interval, nil, []Approval{{Number: "某1", Area: 2000}, list[0]}, func([]int) (float64, error) { return 0, nil })
	if err != nil || m.State != Unmatched || !slices.Equal(m.Kinds(), []string{"supply"}) || !slices.Equal(m.Numbers(), []string{"供1", "某1"}) ||
		!slices.Contains(m.Marks, MarkUntyped) {
		t.Errorf("an approval of unknown kind: %+v %v", m, err)
	}
	if _, err := r.Match(building, interval, nil, []Approval{{Kind: "licence"}}, nil); err == nil {
		t.Error("a kind of approval that is not there passes")
	}
}

// drawApproval draws any approval on a patch of twenty cells.
func drawApproval(t *rapid.T, r *Rules) (Approval, []bool) {
	a := Approval{
		Kind:    rapid.SampledFrom(r.Approvals).Draw(t, "kind").Code,
		Date:    rapid.SampledFrom([]string{"", "2020-01-01", "2023-04-30", "2024-05-01", "2024-09-01", "2025-05-01", "2025-06-01", "?"}).Draw(t, "day"),
		Expires: rapid.SampledFrom([]string{"", "", "2025-04-30", "2026-01-01", "2026年底"}).Draw(t, "last day"),
		Purpose: rapid.SampledFrom([]string{"", "水利"}).Draw(t, "purpose"),
		Sliver:  rapid.IntRange(0, 5).Draw(t, "sliver") == 0,
	}
	from := rapid.IntRange(0, 20).Draw(t, "from")
	to := rapid.IntRange(from, 20).Draw(t, "to")
	on := make([]bool, 20)
	for i := from; i < to; i++ {
		on[i] = true
		a.Area += cell
	}
	return a, on
}

// One more approval never moves a patch to a state that speaks less for one, nor covers less; their order does not matter.
func TestMoreApprovalsNeverSpeakLess(t *testing.T) {
	r := must(t, landclass.TD1055)
	rapid.Check(t, func(t *rapid.T) {
		facts := building
		facts.After = rapid.SampledFrom([]string{"JZ", "SM", "LT", "DT"}).Draw(t, "after")
		facts.Classes = map[string]float64{rapid.SampledFrom([]string{"0103", "0301", "0702"}).Draw(t, "class"): 20 * cell}
		var approvals []Approval
		var cells [][]bool
		last := Match{State: Unloaded}
		for range rapid.IntRange(1, 5).Draw(t, "approvals") {
			a, on := drawApproval(t, r)
			approvals, cells = append(approvals, a), append(cells, on)
			m, err := r.Match(facts, interval, nil, approvals, union(cells))
			if err != nil {
				t.Fatal(err)
			}
			if slices.Index(States, m.State) > slices.Index(States, last.State) || m.Area < last.Area {
				t.Fatalf("%s with %g m² became %s with %g m²", last.State, last.Area, m.State, m.Area)
			}
			last = m
		}
		turned, turnedCells := slices.Clone(approvals), slices.Clone(cells)
		slices.Reverse(turned)
		slices.Reverse(turnedCells)
		m, err := r.Match(facts, interval, nil, turned, union(turnedCells))
		if err != nil || m.State != last.State || m.Area != last.Area || !slices.Equal(m.Kinds(), last.Kinds()) || !slices.Equal(m.Marks, last.Marks) {
			t.Fatalf("%+v, in another order %+v (%v)", last, m, err)
		}
	})
}
