package release

import (
	"context"
	"fmt"
	"testing"

	"tuban/pipeline/register"
)

// BenchmarkPlan plans what a province releases in a quarter, 7,000 patches of which some lie across a boundary.
func BenchmarkPlan(b *testing.B) {
	const n = 7000
	var patches []patch
	reg := &register.Register{}
	for i := range n {
		cid := fmt.Sprintf("%016x", i)
		x := float64(i%200) - 100
		patches = append(patches, patch{cid, cid, "", x, x + 50, "", ""})
		reg.Events = append(reg.Events, pass("run", cid, cid))
	}
	p := planning(b, "run", patches, twoCounties())
	for b.Loop() {
		p.cuts = map[int][]piece{}
		plan, err := p.plan(context.Background(), reg)
		if err != nil || len(plan.Releases) < n {
			b.Fatal(len(plan.Releases), err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "patches/s")
}
