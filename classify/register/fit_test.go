package register

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

// survey takes n × n chips of a true shift over a grid of 5000 × 4000 pixels, each off by noise.
func survey(seed uint64, n int, noise float64, truth func(x, y float64) (dx, dy float64)) []Chip {
	r := rand.New(rand.NewPCG(seed, 6))
	var chips []Chip
	for j := range n {
		for i := range n {
			x, y := 64+float64(i)*4872/float64(n-1), 64+float64(j)*3872/float64(n-1)
			dx, dy := truth(x, y)
			chips = append(chips, Chip{X: x, Y: y, OK: true,
				Shift: Shift{DX: dx + noise*r.NormFloat64(), DY: dy + noise*r.NormFloat64(), Sigma: noise, Quality: 0.6}})
		}
	}
	return chips
}

var size = Options{W: 5000, H: 4000}

func still(_, _ float64) (float64, float64) { return 0, 0 }

// rolling varies by up to 1.5 pixels within some 1200 pixels.
func rolling(x, y float64) (float64, float64) {
	return 0.4 + 1.1*math.Sin(x/600)*math.Cos(y/800), -0.3 + 0.9*math.Cos(x/700+y/900)
}

// furthest is the largest difference between field and truth over the inner part of the grid.
func furthest(f *Field, truth func(x, y float64) (float64, float64)) float64 {
	most := 0.0
	for y := 100.0; y < 3900; y += 50 {
		for x := 100.0; x < 4900; x += 50 {
			dx, dy := f.At(x, y)
			tx, ty := truth(x, y)
			most = max(most, math.Hypot(dx-tx, dy-ty))
		}
	}
	return most
}

func TestFitFollowsASmoothField(t *testing.T) {
	for _, c := range []struct {
		name   string
		n      int
		within float64
		truth  func(x, y float64) (float64, float64)
	}{
		{"one shift", 3, 0.25, func(_, _ float64) (float64, float64) { return 1.7, -0.8 }},
		{"one shift, many chips", 10, 0.1, func(_, _ float64) (float64, float64) { return 1.7, -0.8 }},
		{"a turn and a scale", 8, 0.2, func(x, y float64) (float64, float64) { return x/2500 - 1, y/4000 + x/5000 - 1 }},
		{"rolling", 16, 0.45, rolling},
	} {
		for seed := range uint64(3) {
			f := Fit(survey(seed, c.n, 0.08, c.truth), size)
			if f.Verdict != Corrected {
				t.Errorf("%s: %+v", c.name, f)
				continue
			}
			if off := furthest(&f, c.truth); off > c.within || f.Residual > 0.4 || f.Tolerance > 0.4 {
				t.Errorf("%s: %.3f pixels off, residual %.3f, tolerance %.3f", c.name, off, f.Residual, f.Tolerance)
			}
		}
	}
}

func TestFitLeavesOutWhatDisagrees(t *testing.T) {
	for seed := range uint64(5) {
		chips := survey(seed, 14, 0.08, rolling)
		r := rand.New(rand.NewPCG(seed, 7))
		wild := 0
		for i := range chips {
			switch v := r.Float64(); {
			case v < 0.1:
				chips[i].OK = false
				chips[i].Shift = Shift{}
			case v < 0.35:
				// Roofs that lean, or content that fits somewhere else.
				angle := 2 * math.Pi * r.Float64()
				chips[i].DX += 2.5 * math.Cos(angle)
				chips[i].DY += 2.5 * math.Sin(angle)
				wild++
			}
		}
		f := Fit(chips, size)
		if off := furthest(&f, rolling); f.Verdict != Corrected || off > 0.5 || f.Trusted-f.Used < wild*8/10 {
			t.Errorf("seed %d: %.3f off, %d wild: %s, %d of %d used, residual %.3f", seed, off, wild, f.Verdict, f.Used, f.Trusted, f.Residual)
		}
	}
}

func TestVerdicts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 8))
	for _, c := range []struct {
		name  string
		chips []Chip
		want  Verdict
	}{
		{"no chip", nil, Unknown},
		{"two chips", survey(1, 2, 0, rolling)[:2], Unknown},
		{"nothing trusted", func() []Chip {
			chips := survey(1, 8, 0.1, rolling)
			for i := range chips {
				chips[i].OK = false
			}
			return chips
		}(), Unknown},
		{"aligned", survey(1, 8, 0.06, still), Aligned},
		{"exactly aligned", survey(1, 8, 0, still), Aligned},
		{"nearly aligned", survey(1, 8, 0.06, func(_, _ float64) (float64, float64) { return 0.1, -0.08 }), Aligned},
		{"shifted", survey(1, 8, 0.06, func(_, _ float64) (float64, float64) { return 0.5, 0 }), Corrected},
		{"just below the cap", survey(1, 8, 0.06, func(_, _ float64) (float64, float64) { return 3, 3.5 }), Corrected},
		{"beyond the cap", survey(1, 8, 0.06, func(_, _ float64) (float64, float64) { return 4, 4 }), Refused},
		{"one of six beyond the cap", func() []Chip {
			chips := survey(1, 3, 0.05, still)[:6]
			chips[2].DX = 9
			return chips
		}(), Unknown},
		{"each says something else", survey(1, 10, 0, func(_, _ float64) (float64, float64) {
			return 6*r.Float64() - 3, 6*r.Float64() - 3
		}), Tolerated},
	} {
		f := Fit(c.chips, size)
		if f.Verdict != c.want {
			t.Errorf("%s: %+v", c.name, f)
		}
		if f.Identity() != (c.want != Corrected) {
			t.Errorf("%s: corrects %v", c.name, !f.Identity())
		}
		if c.want == Unknown && f.Tolerance != 1 || c.want == Tolerated && f.Tolerance < 2 || c.want == Aligned && f.Tolerance > 0.4 {
			t.Errorf("%s: tolerance %.2f", c.name, f.Tolerance)
		}
		raw, err := json.Marshal(f)
		var back Field
		if err != nil || json.Unmarshal(raw, &back) != nil || !reflect.DeepEqual(f, back) {
			t.Errorf("%s: %v, through JSON %+v", c.name, err, back)
		}
	}
}

func TestNoCorrectionAboveTheCap(t *testing.T) {
	// A slope that passes the cap in one corner: the correction there stops at the cap.
	slope := func(x, y float64) (float64, float64) { return 4.2 * x / 5000, 4.2 * y / 4000 }
	f := Fit(survey(1, 12, 0.05, slope), size)
	if f.Verdict != Corrected || f.Beyond == 0 {
		t.Fatalf("%+v", f)
	}
	for y := 0.0; y <= 4000; y += 20 {
		for x := 0.0; x <= 5000; x += 20 {
			if dx, dy := f.At(x, y); math.Hypot(dx, dy) > 5 {
				t.Fatalf("%.2f, %.2f at %v, %v", dx, dy, x, y)
			}
		}
	}
	if f.Halo() > 7 {
		t.Errorf("a halo of %d", f.Halo())
	}
}

func TestFitDoesNotDependOnTheOrder(t *testing.T) {
	chips := survey(2, 9, 0.2, rolling)
	want := Fit(chips, size)
	rand.New(rand.NewPCG(1, 9)).Shuffle(len(chips), func(i, j int) { chips[i], chips[j] = chips[j], chips[i] })
	if got := Fit(chips, size); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v and %+v", got, want)
	}
}
