package triage

import (
	"fmt"
	"testing"

	"tuban/classify/landclass"
)

// A province and a quarter have 73,553 candidates: each is compared with two approvals, labelled, and ranked.
func BenchmarkProvince(b *testing.B) {
	candidates := 73_553
	if testing.Short() {
		candidates = 3000
	}
	r := must(b, landclass.TD1055)
	approvals := []Approval{
		{Kind: "conversion", Number: "转1", Date: "2024年3月1日", Area: 1500}, {Kind: "temporary", Purpose: "水利工程", Date: "20230101", Area: 900},
	}
	cover := func(list []int) (float64, error) { return 900 * float64(len(list)), nil }
	cids := make([]string, candidates)
	for i := range cids {
		cids[i] = fmt.Sprintf("%016x", i*7919%candidates)
	}
	for b.Loop() {
		severities := make([]Severity, candidates)
		for i := range severities {
			f := building
			f.Layers = map[string]float64{"basic_farmland": float64(i % 97), "village_boundary": 0, "urban_boundary": 0, "red_line": 0, "decided": 0}
			if _, err := r.Match(f, interval, []string{"conversion", "temporary"}, approvals, cover); err != nil {
				b.Fatal(err)
			}
			if _, err := r.Labels(f); err != nil {
				b.Fatal(err)
			}
			var err error
			if severities[i], err = r.Severity(f); err != nil {
				b.Fatal(err)
			}
		}
		r.Rank(severities, cids)
	}
	b.ReportMetric(float64(candidates)*float64(b.N)/b.Elapsed().Seconds(), "patches/s")
}
