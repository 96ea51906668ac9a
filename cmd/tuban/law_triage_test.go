package main

import (
	"cmp"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tuban/classify/triage"
	"tuban/pipeline"
	made "tuban/pipeline/product"
	"tuban/pipeline/runfile"
)

// triagePair is legalPair, of 2024-08-14 and 2025-08-20, with approvals of several kinds and days on one another.
func triagePair(t testing.TB) (f *runfile.File, approvals map[string][]legalRow) {
	t.Helper()
	const w, h = 150, 110
	f, _, _, _ = legalPair(t)
	dir := t.TempDir()
	approvals = map[string][]legalRow{
		"conversion": shards(31, 16, w, h, func(i int) []any {
			return []any{fmt.Sprint("转", i), []string{"20240101", "2025-09-01", "2025年9月1日", "2024年12月1日", "20260101", "不详"}[i%6], nil}
		}),
		"homestead": shards(32, 12, w, h, func(i int) []any {
			return []any{fmt.Sprint("宅", i), []string{"2024/3/1", "2025/9/1"}[i%2], nil}
		}),
		"temporary": shards(33, 12, w, h, func(i int) []any {
			return []any{fmt.Sprint("临", i), []string{"20220101", "20240301", ""}[i%3], []string{"水利", "堆场"}[i%2]}
		}),
	}
	f.Layers = slices.DeleteFunc(f.Layers, func(l runfile.Layer) bool { return l.Kind == "approval" })
	for _, kind := range []string{"conversion", "homestead", "temporary"} {
		path := writeLegal(t, filepath.Join(dir, kind+".gpkg"), "ZZ", []string{"PZWH", "PZRQ", "JTXMYT"}, each(approvals[kind]))
		f.Layers = append(f.Layers, runfile.Layer{Kind: "approval", Type: kind, Source: runfile.Sources{path}})
	}
	return f, approvals
}

// How a patch stands to approvals follows from those listed with it and from what they cover together, by an independent
// implementation of geometry; the order is that of the severity.
func TestTriageLaw(t *testing.T) {
	f, approvals := triagePair(t)
	out := t.TempDir()
	if _, err := detectWith(ctx, drivers(), f, pipeline.Options{Out: out, Clock: testClock}); err != nil {
		t.Fatal(err)
	}
	if found := wrong(t, out); len(found) > 0 {
		t.Errorf("the check finds %q", found)
	}
	rows := madeRows(t, out)
	granted := map[string][]made.Row{}
	for _, r := range rows("approvals") {
		granted[r.Text("cid")] = append(granted[r.Text("cid")], r)
	}
	states := map[string]int{}
	patches := rows("changes")
	for _, c := range patches {
		id, area, state := c.Text("cid"), numberOf(c, "MJ"), c.Text("triage")
		states[state]++
		// covered is the area of the patch on approvals of a status that apply; a sliver does not.
		covered := func(status string) float64 {
			var list []legalRow
			for _, a := range granted[id] {
				applies := a.Text("kind") != "homestead" || slices.Contains([]string{"JZ", "DT"}, c.Text("TBLX"))
				mine := status == a.Text("status") && applies && a.Text("sliver") == "否"
				if status == "counts" {
					mine = a.Text("counts") == "是"
				}
				if !mine {
					continue
				}
				all := approvals[a.Text("kind")]
				i := slices.IndexFunc(all, func(r legalRow) bool { return r.values[0] == a.Text("number") })
				list = append(list, all[i])
			}
			if len(list) == 0 {
				return 0
			}
			return shareWithin(t, c.Geom, list) * area
		}
		counts := covered("counts")
		// Each part that other approvals cover is rounded alone.
		if got := numberOf(c, "SPMJ"); math.Abs(got-counts) > 0.05+1e-6*area {
			t.Errorf("%s: approvals that count cover %.2f m², the witness has %.4f", id, got, counts)
		}
		some := func(a float64) bool { return a >= 0.05*area && a >= 10 || a >= 0.95*area }
		want := "unmatched"
		switch {
		case some(counts) && (counts >= 0.95*area || area-counts < 10):
			want = "matched"
		case some(counts):
			want = "partial"
		case some(covered("expired")):
			want = "expired"
		case some(covered("later")):
			want = "later"
		}
		if state != want {
			t.Errorf("%s of %.2f m² is %s, the witness says %s", id, area, state, want)
		}
	}
	for _, s := range []string{"matched", "partial", "expired", "later", "unmatched"} {
		if states[s] == 0 {
			t.Errorf("no patch is %s: the test means little (%v)", s, states)
		}
	}
	slices.SortFunc(patches, func(a, b made.Row) int { return cmp.Compare(numberOf(a, "YXJ"), numberOf(b, "YXJ")) })
	severity := func(r made.Row) [4]float64 {
		within := func(yes, field string) float64 {
			if r.Text(yes) == "是" {
				return numberOf(r, field)
			}
			return 0
		}
		return [4]float64{within("SFYN", "YNMJ"), within("SFHX", "HXMJ"), numberOf(r, "MJ"), numberOf(r, "score")}
	}
	for i, r := range patches {
		if numberOf(r, "YXJ") != float64(i+1) {
			t.Fatalf("place %d is not taken, or twice", i+1)
		}
		if i == 0 {
			continue
		}
		a, b := severity(patches[i-1]), severity(r)
		if c := slices.Compare(a[:], b[:]); c < 0 || c == 0 && patches[i-1].Text("cid") > r.Text("cid") {
			t.Errorf("%v comes before %v", a, b)
		}
	}
}

// Other rules of triage read no pixel again, and the product is the one that a run from nothing makes.
func TestTriageRescansNothing(t *testing.T) {
	onceInFull(t)
	f, _ := triagePair(t)
	o := pipeline.Options{Workers: 1, Clock: testClock, Scratch: t.TempDir()}
	f.Triage = filepath.Join(t.TempDir(), "triage.yaml")
	write := func(text string) {
		if err := os.WriteFile(f.Triage, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(string(triage.Default()))
	first := detect(t, f, o)
	write(strings.Replace(string(triage.Default()), "partial: 0.05", "partial: 0.5", 1))
	want := detect(t, f, pipeline.Options{})
	o.Out = t.TempDir()
	if n, _ := countRead(t, f, o); n != 0 {
		t.Errorf("%d tiles were read again", n)
	}
	got := readProduct(t, o.Out)
	if err := differ(want, got); err != nil {
		t.Error(err)
	}
	if differ(first, got) == nil {
		t.Error("other rules make the same product")
	}
}
