package main

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestKMeans(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name   string
		values []float64
		want   float64
	}{
		{"two heaps", []float64{1, 1, 1, 9, 9}, 5},
		{"no data is passed over", []float64{nan, 1, nan, 9}, 5},
		{"one value", []float64{4, 4, 4}, nan},
		{"nothing", nil, nan},
	} {
		if got := kmeans(c.values); got != c.want && !(math.IsNaN(got) && math.IsNaN(c.want)) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// Each value lies in the cluster whose mean is nearer, and the order of the values does not matter.
func TestKMeansIsAFixedPoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.SliceOfN(rapid.Float64Range(-1000, 1000), 2, 50).Draw(t, "values")
		limit := kmeans(v)
		if math.IsNaN(limit) {
			return
		}
		var sum, n [2]float64
		reversed := make([]float64, len(v))
		for i, x := range v {
			k := 0
			if x > limit {
				k = 1
			}
			sum[k] += x
			n[k]++
			reversed[len(v)-1-i] = x
		}
		if n[0] == 0 || n[1] == 0 {
			t.Fatalf("the limit %v leaves a cluster empty", limit)
		}
		if middle := (sum[0]/n[0] + sum[1]/n[1]) / 2; math.Abs(middle-limit) > 1e-9 {
			t.Fatalf("the limit %v is not half way between the means, %v", limit, middle)
		}
		if again := kmeans(reversed); again != limit {
			t.Fatalf("backwards the limit is %v, not %v", again, limit)
		}
	})
}
