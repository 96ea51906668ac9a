package review

import (
	"context"
	"fmt"
	"testing"

	"tuban/pipeline/product"
	"tuban/pipeline/register"
)

// BenchmarkCompare checks a working copy of a province's quarter, all of it judged.
func BenchmarkCompare(b *testing.B) {
	const n = 7000
	c := copyOf(b, 0)
	c.rows, c.order, c.base = nil, nil, map[string]product.Row{}
	for i := range n {
		cid := fmt.Sprintf("%016x", i)
		geom := box(fmt.Sprintf("%d %d 8 30", i%100*10, i/100*7))
		values := candidateValues(cid)
		base, err := product.NewRow(geom, columns, values)
		if err != nil {
			b.Fatal(err)
		}
		c.base[cid], c.order = base, append(c.order, cid)
		r := c.row(b, int64(i+1), judged(cid, fmt.Sprintf("%d %d 8 30", i%100*10, i/100*7)))
		c.rows = append(c.rows, r)
	}
	state := (&register.Register{}).State()
	for b.Loop() {
		out, err := c.compare(context.Background(), state, nil)
		if err != nil || len(out.New) != n {
			b.Fatal(len(out.New), out.Problems, err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
