package pipeline

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tuban/classify/landclass"
	"tuban/classify/triage"
	"tuban/pipeline/overlay"
	"tuban/pipeline/runfile"
)

func triageRules(t interface{ Fatal(...any) }) *triage.Rules {
	r, err := triage.Parse("default", triage.Default(), landclass.TD1055)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// triaged is a result of patches, of which the images are of 2024-05-01 and 2025-05-01, and kinds of approvals that were loaded.
func triaged(t *testing.T, loaded []string, patches ...*Patch) *result {
	d := described(t, t.TempDir())
	p := d.plan
	on := func(day string) []Origin {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		return []Origin{{Date: at}}
	}
	p.BeforeOrigins, p.AfterOrigins = on("2024-05-01"), on("2025-05-01")
	approvals, _ := overlay.Lookup("approval")
	farmland, _ := overlay.Lookup("basic_farmland")
	g := overlay.Group{Kind: approvals}
	for _, code := range loaded {
		kind, _ := approvals.TypeOf(code)
		g.Layers = append(g.Layers, overlay.Layer{Type: kind})
	}
	p.Layers = []overlay.Group{{Kind: farmland, Layers: []overlay.Layer{{}}}}
	if len(loaded) > 0 {
		p.Layers = append(p.Layers, g)
	}
	r := &result{plan: p, patches: patches}
	for i, q := range patches {
		q.CID, q.Area, q.Geom = fmt.Sprintf("%016x", i), 2000, box(0, 0, 20, 100)
		q.Shares = []Share{{"0103", 2000}}
	}
	if err := r.triage(); err != nil {
		t.Fatal(err)
	}
	return r
}

// values are those of a patch's columns by name.
func (r *result) values(q *Patch) map[string]any {
	out := map[string]any{}
	for _, c := range r.plan.columns() {
		out[c.Name] = c.value(q)
	}
	return out
}

func approval(kind, number, date string, area float64) Approval {
	k, _ := overlay.Lookup("approval")
	t, _ := k.TypeOf(kind)
	return Approval{Type: t, Number: number, Date: date, Area: area}
}

func TestColumnsOfTriage(t *testing.T) {
	dropped := &Patch{Dropped: DropSmall}
	plain := &Patch{}
	matched := &Patch{Legal: Legal{
		Approvals: []Approval{approval("supply", "供1", "2024-04-01", 1900), approval("conversion", "转1", "2024年8月1日", 1900)},
		Covers:    []Cover{{nil, 50}, {[]int{0}, 50}, {[]int{1}, 50}, {[]int{0, 1}, 1850}},
	}}
	since := approval("temporary", "临1", "", 2000)
	since.Effect.Since = time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC)
	expired := &Patch{Legal: Legal{
		Approvals: []Approval{since}, Covers: []Cover{{[]int{0}, 2000}},
		Within: map[string]Within{"basic_farmland": {Area: 820, Real: true}},
	}}
	edge := approval("supply", "供2", "2024-04-01", 2000)
	edge.Sliver = true
	sliver := &Patch{Legal: Legal{
		Within: map[string]Within{"basic_farmland": {Area: 900}}, Approvals: []Approval{edge}, Covers: []Cover{{[]int{0}, 2000}},
	}}
	r := triaged(t, []string{"conversion", "supply", "temporary"}, dropped, plain, matched, expired, sliver)
	for _, c := range []struct {
		patch *Patch
		want  string
	}{
		{dropped, "未匹配审批数据 unmatched <nil> <nil> 0 <nil> 面积 3.00 亩 <nil>"},
		{plain, "未匹配审批数据 unmatched <nil> <nil> 0 2 面积 3.00 亩 <nil>"},
		{matched, "已匹配审批（待核） matched 农用地转用、供地 转1；供1 1950 3 面积 3.00 亩 批准日期在两期影像之间"},
		{expired, "已匹配但审批过期（待核） expired 临时用地 临1 0 1 占永久基本农田 1.23 亩；面积 3.00 亩 有审批已过期；审批有效期按用途推算"},
		{sliver, "未匹配审批数据 unmatched <nil> <nil> 0 4 面积 3.00 亩 <nil>"},
	} {
		v := r.values(c.patch)
		if got := fmt.Sprint(v["SPPP"], " ", v["triage"], " ", v["SPLX"], " ", v["SPWH"], " ", v["SPMJ"], " ", v["YXJ"], " ", v["YXJYY"], " ", v["TS"]); got != c.want {
			t.Errorf("%s: %s\nwant %s", c.patch.CID, got, c.want)
		}
	}
	report := r.triageReport()
	if report.States[triage.Unmatched] != 2 || report.States[triage.Matched] != 1 || report.States[triage.Expired] != 1 || report.Marks[triage.MarkInside] != 1 {
		t.Errorf("the report says %v, %v", report.States, report.Marks)
	}
	var rows []string
	for row, err := range r.approvalTable().Rows {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, fmt.Sprint(row.Values...))
	}
	if len(rows) != 4 || !strings.Contains(rows[0], "20240401") || !strings.Contains(rows[1], "inside") || !strings.Contains(rows[2], "2021010120230101是") {
		t.Errorf("rows of approvals:\n%s", strings.Join(rows, "\n"))
	}
}

func TestNothingLoadedIsNotUnmatched(t *testing.T) {
	q := &Patch{}
	r := triaged(t, nil, q)
	if v := r.values(q); v["SPPP"] != "未加载审批数据" || v["triage"] != "unloaded" || v["SPMJ"] != nil {
		t.Errorf("%v %v %v", v["SPPP"], v["triage"], v["SPMJ"])
	}
}

// Rules without a kind of approval refuse a layer of that kind; in a layer of several kinds it is one that is not known.
func TestApprovalsThatTheRulesLack(t *testing.T) {
	q := &Patch{Legal: Legal{Approvals: []Approval{approval("homestead", "宅1", "2024-01-01", 2000)}, Covers: []Cover{{[]int{0}, 2000}}}}
	r := triaged(t, []string{"homestead"}, q)
	if err := r.plan.checkApprovals(); err != nil || q.Triage.State != triage.Matched {
		t.Errorf("%s, %v", q.Triage.State, err)
	}
	i := r.plan.Triage.Approval("homestead")
	r.plan.Triage.Approvals[i].Code = "homesteads"
	if err := r.plan.checkApprovals(); err == nil || !strings.Contains(err.Error(), `"homestead" (did you mean "homesteads"?)`) {
		t.Errorf("%v", err)
	}
	r.plan.Layers[1].Layers[0].Type = overlay.Type{}
	if err := errors.Join(r.plan.checkApprovals(), r.triage()); err != nil || q.Triage.State != triage.Unmatched || !slices.Contains(q.Triage.Marks, triage.MarkUntyped) {
		t.Errorf("%s %v, %v", q.Triage.State, q.Triage.Marks, err)
	}
}

// A layer in which a patch does not lie is one that is known.
func TestLayersOfFacts(t *testing.T) {
	q := &Patch{Legal: Legal{Within: map[string]Within{"red_line": {Area: 5, Real: true}}}}
	r := triaged(t, []string{"supply"}, q)
	if got := fmt.Sprint(r.plan.facts(q).Layers); got != "map[basic_farmland:0]" {
		t.Errorf("layers %s", got)
	}
}

// Each type of approval that a run file can declare means something to the default rules.
func TestTriageKnowsEveryTypeOfApproval(t *testing.T) {
	kind, _ := overlay.Lookup("approval")
	r := triageRules(t)
	for _, code := range kind.TypeCodes() {
		if r.Approval(code) < 0 {
			t.Errorf("the rules of triage do not have %s", code)
		}
	}
	for _, a := range r.Approvals {
		if _, ok := kind.TypeOf(a.Code); !ok {
			t.Errorf("the catalogue of layers does not have the type of approval %s", a.Code)
		}
	}
	for _, code := range triage.Layers {
		if k, ok := overlay.Lookup(code); !ok || k.Use != overlay.ForOverlay {
			t.Errorf("the catalogue of layers does not have %s", code)
		}
	}
}

func TestTriageFile(t *testing.T) {
	dir := t.TempDir()
	write := func(text string) string {
		path := filepath.Join(dir, "triage.yaml")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	text := strings.Replace(string(triage.Default()), "after: [unused]", "kinds: [tree_lost]\n    verdicts: [passed]", 1)
	p := &Plan{}
	f := &runfile.File{Rules: "default", Triage: write(text)}
	if err := p.loadRules(context.Background(), Drivers{}, f); err != nil {
		t.Fatal(err)
	}
	if len(p.Warnings) != 2 || !strings.Contains(p.Warnings[0], `"tree_lost"`) || !strings.Contains(p.Warnings[1], `"passed", which`) {
		t.Errorf("a kind that is not there: %q", p.Warnings)
	}
	f.Triage = write(text + "exclusion: []\n")
	if err := p.loadRules(context.Background(), Drivers{}, f); err == nil || !strings.Contains(err.Error(), f.Triage) || !strings.Contains(err.Error(), "exclusions") {
		t.Errorf("a slip: %v", err)
	}
	f.Triage = filepath.Join(dir, "none.yaml")
	if err := p.loadRules(context.Background(), Drivers{}, f); err == nil || !strings.Contains(err.Error(), f.Triage) {
		t.Errorf("a file that is not there: %v", err)
	}
}
