package pipeline

import (
	"math"
	"testing"

	"tuban/classify/object"
	"tuban/raster"
)

// Means are over the pixels that have a value; where none has one, the attribute is null.
func TestEvidenceIsMeantOverWhatHasIt(t *testing.T) {
	d := described(t, t.TempDir())
	for _, c := range []struct {
		name    string
		sums    [2][2]int64 // of two runs of six pixels: both values
		missing [2][2]int32
		want    [2]float64
	}{
		{"all have it", [2][2]int64{{6000, -6000}, {12000, 0}}, [2][2]int32{}, [2]float64{1.5, -0.5}},
		{"half of one run lacks the first", [2][2]int64{{3000, -6000}, {12000, 0}}, [2][2]int32{{3, 0}}, [2]float64{15.0 / 9, -0.5}},
		{"one run lacks the second", [2][2]int64{{6000, 0}, {12000, -3000}}, [2][2]int32{{0, 6}}, [2]float64{1.5, -0.5}},
		{"none has the second", [2][2]int64{{6000, 0}, {12000, 0}}, [2][2]int32{{0, 6}, {0, 6}}, [2]float64{1.5, math.NaN()}},
	} {
		runs := block(raster.Window{X: 2, Y: 4, W: 6, H: 2}, 1, 0, 0)
		for i := range runs {
			runs[i].Sums = [object.NEvidence]int64{c.sums[i][0], c.sums[i][1]}
			runs[i].Missing = [object.NEvidence]int32{c.missing[i][0], c.missing[i][1]}
		}
		p, err := d.describe(runs)
		if err != nil {
			t.Fatal(err)
		}
		values := map[string]any{}
		for _, col := range d.plan.columns() {
			values[col.Name] = col.value(p)
		}
		for i, name := range []string{"evidence1", "evidence2"} {
			got, published := values[name].(float64)
			if published != (c.want[i] == c.want[i]) || published && math.Abs(got-c.want[i]) > 1e-12 {
				t.Errorf("%s: %s is %v, want %v", c.name, name, values[name], c.want[i])
			}
		}
		if values["evidence3"] != nil {
			t.Errorf("%s: evidence3 is %v", c.name, values["evidence3"])
		}
	}
}
