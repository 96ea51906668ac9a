package synth_test

import (
	"math"
	"testing"

	"tuban/raster/synth"
)

// What is out of place shows the ground that Shift says, and never further off than asked for.
func TestTheImageIsOutOfPlaceAsSaid(t *testing.T) {
	shift := synth.Shift{Constant: 0.6, Local: 0.9}
	o := synth.Options{Size: 1500, Height: 1300, Seed: 8, Conditions: synth.Conditions{
		NoChange: true, ClearSky: true, Sensor: synth.Sensor{Noise: .01},
	}}
	still := synth.New(o)
	o.Conditions.Shift = shift
	moved := synth.New(o)
	w := o.Size
	a, b := image(still, synth.After), image(moved, synth.After)
	sx, sy := still.Shift(synth.After, 0, 0)
	var most, mean, asSaid, asIs float64
	lo, hi := math.Inf(1), math.Inf(-1)
	for y := 10; y < o.Height-10; y++ {
		for x := 10; x < w-10; x++ {
			dx, dy := moved.Shift(synth.After, x, y)
			most = max(most, math.Hypot(dx, dy))
			mean += math.Hypot(dx, dy)
			lo, hi = min(lo, dx), max(hi, dx)
			// The image that lies still shows ground (sx, sy) off.
			px, py := float64(x)+dx-sx, float64(y)+dy-sy
			ix, iy := int(math.Floor(px)), int(math.Floor(py))
			fx, fy := px-float64(ix), py-float64(iy)
			at := func(i, j int) float64 { return float64(a[2][(iy+j)*w+ix+i]) }
			said := (at(0, 0)*(1-fx)+at(1, 0)*fx)*(1-fy) + (at(0, 1)*(1-fx)+at(1, 1)*fx)*fy
			v := float64(b[2][y*w+x])
			asSaid += (v - said) * (v - said)
			asIs += (v - float64(a[2][y*w+x])) * (v - float64(a[2][y*w+x]))
		}
	}
	n := float64((w - 20) * (o.Height - 20))
	if most > shift.Constant+shift.Local || most < 1 || mean/n < 0.5 {
		t.Errorf("out of place by %.2f at most, %.2f in the mean", most, mean/n)
	}
	if hi-lo < 0.8 {
		t.Errorf("the displacement along x varies by %.2f pixels only", hi-lo)
	}
	if asSaid > 0.35*asIs {
		t.Errorf("the image differs by %.0f from what the displacement says, by %.0f without it", math.Sqrt(asSaid/n), math.Sqrt(asIs/n))
	}
}
