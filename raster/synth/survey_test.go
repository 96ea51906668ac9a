package synth_test

import (
	"testing"

	"github.com/paulmach/orb/planar"

	"tuban/raster/synth"
)

func TestSomeLabelsAreWrongAndBordersLieBeside(t *testing.T) {
	o := synth.Options{Size: 4096, Seed: 1}
	right := synth.New(o)
	o.Conditions.Survey = synth.Survey{WrongLabels: .05, Offset: 2}
	c := synth.New(o)
	var wrong, open, most, mean, n float64
	for i, p := range c.Parcels() {
		q := right.Parcels()[i]
		if p.Ground != q.Code {
			t.Fatalf("parcel %s lies on %s, not on %s", p.ID, p.Ground, q.Code)
		}
		switch p.Ground {
		case "1003", "1004", "1006", "1101", "1106", "1107", "1109":
			if p.Code != p.Ground {
				t.Errorf("a %s is surveyed as %s", p.Ground, p.Code)
			}
		default:
			open++
			if p.Code != p.Ground {
				wrong++
			}
		}
		for r := range p.Ring {
			for k, v := range p.Ring[r] {
				d := planar.Distance(v, q.Ring[r][k])
				most, mean, n = max(most, d), mean+d, n+1
			}
		}
	}
	if share := wrong / open; share < 0.03 || share > 0.07 {
		t.Errorf("%.1f %% of the labels are wrong", 100*share)
	}
	if most > 1.0001 || mean/n < 0.3 {
		t.Errorf("borders lie %.2f m beside the ground at most, %.2f in the mean", most, mean/n)
	}
}
