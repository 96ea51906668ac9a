package export

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tuban/pipeline"
	"tuban/pipeline/product"
	"tuban/pipeline/withheld"
)

// TestEveryPatchGoesToOnePackage: each patch is in one package or suppressed, that of its county and part; counts and areas
// add up; the order of the rows does not matter.
func TestEveryPatchGoesToOnePackage(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var rows []product.Row
		total := 0.0
		for i := range rapid.IntRange(1, 30).Draw(r, "patches") {
			area := float64(rapid.IntRange(1, 100_000).Draw(r, "area")) / 100
			total += area
			rows = append(rows, patch(r, i, map[string]string{
				"XZQDM": rapid.SampledFrom([]string{"220122", "220183", ""}).Draw(r, "county"), "XMC": rapid.SampledFrom([]string{"农安县", ""}).Draw(r, "name"),
				"category": rapid.SampledFrom([]string{"cropland_lost", "forest_lost", ""}).Draw(r, "category"), "HSX": rapid.SampledFrom([]string{"20250820", "20250901"}).Draw(r, "HSX"),
				"JCMJ": fmt.Sprintf("%.2f", area), "cid": fmt.Sprintf("%03d", i), "YXJ": rapid.SampledFrom([]string{"", "1", "2", "10"}).Draw(r, "YXJ"),
			}))
		}
		kept := func(row product.Row) bool { return row.Text("cid") != "007" && row.Text("cid") != "009" }
		omit := func(row product.Row) withheld.Reason {
			return map[string]withheld.Reason{"007": withheld.Suppressed, "009": withheld.Superseded}[row.Text("cid")]
		}
		by := rapid.SampledFrom([]string{ByCounty, ByNone}).Draw(r, "by")
		plan, err := newPlan(rows, Options{By: by}, omit)
		if err != nil {
			r.Fatal(err)
		}
		seen := map[int]bool{}
		sum := 0.0
		for _, p := range plan.Packages {
			if len(p.rows) != p.Count || p.Count == 0 || !filepath.IsLocal(p.Dir) || !strings.HasPrefix(p.Dir, p.folder()) {
				r.Fatalf("package %+v", p)
			}
			for k, i := range p.rows {
				row := rows[i]
				if seen[i] || !kept(row) || by == ByCounty && row.Text("XZQDM") != p.XZQDM || (row.Text("category") == "forest_lost") != (p.Part != "") {
					r.Fatalf("row %d does not belong to %+v", i, p)
				}
				seen[i] = true
				if k > 0 && product.ByPriority(rows[p.rows[k-1]], row) > 0 {
					r.Fatalf("row %d comes too late in %+v", i, p)
				}
			}
			sum += p.AreaM2
		}
		for _, i := range []int{7, 9} {
			if i < len(rows) {
				area, _ := rows[i].Number("JCMJ")
				total -= area
			}
		}
		if len(seen)+plan.Suppressed+plan.Superseded != len(rows) || pipeline.Cents(sum) != pipeline.Cents(total) {
			r.Fatalf("%d of %d rows, %d suppressed, %.2f of %.2f m²", len(seen), len(rows), plan.Suppressed, sum, total)
		}
		shuffled := append([]product.Row(nil), rows...)
		rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "order"), 0)).Shuffle(len(shuffled), func(i, k int) { shuffled[i], shuffled[k] = shuffled[k], shuffled[i] })
		again, err := newPlan(shuffled, Options{By: by}, omit)
		if err != nil || !reflect.DeepEqual(cids(rows, plan), cids(shuffled, again)) {
			r.Fatalf("another order of the rows makes another plan: %v", err)
		}
	})
}

// cids are the candidates by package, in their order.
func cids(rows []product.Row, p *Plan) map[string][]string {
	out := map[string][]string{}
	for _, pack := range p.Packages {
		key := fmt.Sprint(pack.Dir, pack.Stem, pack.XZQDM, pack.XMC, pack.Count, pack.AreaM2)
		for _, i := range pack.rows {
			out[key] = append(out[key], rows[i].Text("cid"))
		}
	}
	return out
}

// nothing leaves nothing out.
func nothing(product.Row) withheld.Reason { return "" }

func TestFoldersAreNamedForPeople(t *testing.T) {
	rows := []product.Row{usual(t, 1, "220122"), patch(t, 2, map[string]string{"HSX": "20250820", "category": "forest_lost", "XMC": "../..", "JCMJ": "1"})}
	plan, err := newPlan(rows, Options{By: ByCounty}, nothing)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range plan.Packages {
		got = append(got, filepath.ToSlash(filepath.Join(p.Dir, p.Stem)))
	}
	want := []string{"220122农安县/20250820/220122-20250820", "无行政区代码/20250820/林地减少/none-20250820-forest"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if _, err := newPlan([]product.Row{patch(t, 1, nil)}, Options{By: ByCounty}, nothing); err == nil {
		t.Error("a batch without a name was planned")
	}
}

func TestBatchesAreNamesOfFolders(t *testing.T) {
	for batch, ok := range map[string]bool{"2026Q3": true, "第三批": true, "": true, "a/b": false, "..": false, " a": false, "a\n": false, "C:": false, strings.Repeat("批", 21): false} {
		if err := checkBatch(batch); (err == nil) != ok {
			t.Errorf("%q: %v", batch, err)
		}
	}
}
