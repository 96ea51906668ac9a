package accuracy

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestMeasures(t *testing.T) {
	for _, c := range []struct {
		name                         string
		in                           Confusion
		oa, precision, recall, kappa float64
	}{
		{"perfect", Confusion{TP: 30, TN: 70}, 1, 1, 1, 1},
		{"all wrong, evenly", Confusion{FP: 50, FN: 50}, 0, 0, 0, -1},
		{"no better than chance", Confusion{TP: 10, FP: 40, FN: 10, TN: 40}, 0.5, 0.2, 0.5, 0},
		// Cohen 1960 defines kappa as (p₀ − pₑ)/(1 − pₑ): here p₀ = 0.7, pₑ = 0.5.
		{"between", Confusion{TP: 20, FP: 5, FN: 10, TN: 15}, 0.7, 0.8, 20. / 30, 0.4},
		{"nothing mapped", Confusion{FN: 20, TN: 80}, 0.8, math.NaN(), 0, 0},
		{"one class only", Confusion{TN: 9}, 1, math.NaN(), math.NaN(), math.NaN()},
		{"nothing at all", Confusion{}, math.NaN(), math.NaN(), math.NaN(), math.NaN()},
	} {
		m := c.in.Measures()
		for i, v := range [][2]float64{{float64(m.OA), c.oa}, {float64(m.Precision), c.precision}, {float64(m.Recall), c.recall}, {float64(m.Kappa), c.kappa}} {
			if math.IsNaN(v[0]) != math.IsNaN(v[1]) || math.Abs(v[0]-v[1]) > 1e-12 {
				t.Errorf("%s, measure %d: %v, want %v", c.name, i, v[0], v[1])
			}
		}
	}
}

// Swapping map and reference swaps precision and recall and leaves the rest alone; kappa never exceeds overall accuracy.
func TestMeasuresLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, 1e12)
		c := Confusion{n.Draw(t, "tp"), n.Draw(t, "fp"), n.Draw(t, "fn"), n.Draw(t, "tn")}
		a, b := c.Measures(), Confusion{c.TP, c.FN, c.FP, c.TN}.Measures()
		if a.Precision != b.Recall || a.Recall != b.Precision || a.OA != b.OA || a.F1 != b.F1 || math.Abs(float64(a.Kappa-b.Kappa)) > 1e-12 {
			t.Fatalf("%+v and %+v", a, b)
		}
		if a.Kappa > a.OA+1e-12 || a.IoU > a.F1 || a.F1 > max(a.Precision, a.Recall)+1e-12 || a.F1 < min(a.Precision, a.Recall)-1e-12 {
			t.Fatalf("%+v", a)
		}
	})
}

func TestUndefinedIsNullInJSON(t *testing.T) {
	b, err := json.Marshal(Confusion{TN: 9}.Measures())
	if err != nil || !strings.Contains(string(b), `"recall":null`) {
		t.Fatalf("%s, %v", b, err)
	}
	var m Measures
	if err := json.Unmarshal(b, &m); err != nil || m.Recall.Defined() || m.OA != 1 {
		t.Errorf("%+v, %v", m, err)
	}
}
