package register

import (
	"math"
	"slices"
)

// Chip is what Match found at one place.
type Chip struct {
	// X and Y are the chip's centre in pixels of the grid, where whole numbers are pixel corners.
	X, Y float64
	Shift
	// OK is Match's own verdict.
	OK bool
}

// Options are what Fit goes by. A zero field other than W and H takes the default.
type Options struct {
	// W and H are the size of the grid in pixels.
	W, H int
	// MinChips is the least number of trusted chips that say anything together: 6.
	MinChips int
	// Aligned is the shift, in pixels, up to which nothing is to be done: 0.2. Registration to 0.2 pixels keeps the error of
	// change detection below a tenth (Dai and Khorram 1998, IEEE TGRS 36:1566).
	Aligned float64
	// Cap is the shift, in pixels, above which nothing is corrected: 5.
	Cap float64
	// Tolerance is the tolerance, in pixels, when nothing is known: 1.
	Tolerance float64
}

func (o Options) withDefaults() Options {
	set := func(p *float64, v float64) {
		if *p == 0 {
			*p = v
		}
	}
	if o.MinChips == 0 {
		o.MinChips = 6
	}
	set(&o.Aligned, 0.2)
	set(&o.Cap, 5)
	set(&o.Tolerance, 1)
	return o
}

// MostHalo returns the largest Halo that a field fitted under o can have.
func (o Options) MostHalo() int { return haloOf(o.withDefaults().Cap) }

// When a field is believed.
const (
	leastUsed = 0.5 // share of the trusted chips that agree with it
	mostLeft  = 0.7 // what it may leave at chips it did not see, of what was there
)

// Fit makes of the chips of a scene pair a smooth field and a verdict. The order of the chips does not matter.
//
// Chips that disagree with their neighbours are left out (wholly changed land, roofs that lean), the rest is smoothed as
// much as serves the prediction of chips left aside in turn. Fit corrects when that prediction is better than nothing.
func Fit(chips []Chip, o Options) Field {
	o = o.withDefaults()
	f := Field{Verdict: Unknown, W: o.W, H: o.H, Chips: len(chips), Tolerance: o.Tolerance}
	var trusted []Chip
	for _, c := range chips {
		if c.OK {
			trusted = append(trusted, c)
		}
	}
	slices.SortFunc(trusted, order)
	f.Trusted = len(trusted)
	if len(trusted) == 0 {
		return f
	}
	f.describe(trusted)
	near := slices.DeleteFunc(slices.Clone(trusted), func(c Chip) bool { return length(c) > o.Cap })
	f.Beyond = len(trusted) - len(near)
	if len(trusted) >= o.MinChips && 2*f.Beyond > len(trusted) {
		f.Verdict = Refused
		f.Residual, f.Tolerance = f.P90, max(o.Tolerance, f.P90)
		return f
	}
	if len(near) < o.MinChips {
		return f
	}
	s := smooth(agreeing(near), o)
	f.Used = len(s.chips)
	before, after, depth := lengths(s.chips), s.left, s.depth()
	slices.Sort(depth)
	slices.Sort(before)
	slices.Sort(after)
	was, left := quantile(before, 0.9), quantile(after, 0.9)
	agreed := float64(f.Used) >= leastUsed*float64(f.Trusted)
	switch {
	case agreed && quantile(depth, 0.9) <= o.Aligned && quantile(depth, 1) <= 2*o.Aligned:
		f.Verdict = Aligned
		f.Residual, f.Tolerance = was, was
	case agreed && left <= mostLeft*was:
		f.Verdict = Corrected
		f.Residual, f.Tolerance = left, left
		f.NX, f.NY, f.DX, f.DY = s.nodes(o.Cap)
	default:
		f.Verdict = Tolerated
		f.Residual, f.Tolerance = f.P90, max(o.Tolerance, min(f.P90, o.Cap))
	}
	return f
}

// order is a total order, so that sums do not depend on who measured first.
func order(a, b Chip) int {
	for _, d := range [...]float64{a.Y - b.Y, a.X - b.X, a.DY - b.DY, a.DX - b.DX, a.Sigma - b.Sigma} {
		if d != 0 {
			return int(math.Copysign(1, d))
		}
	}
	return 0
}

func (f *Field) describe(chips []Chip) {
	var dx, dy []float64
	for _, c := range chips {
		dx, dy = append(dx, c.DX), append(dy, c.DY)
	}
	l := lengths(chips)
	slices.Sort(l)
	slices.Sort(dx)
	slices.Sort(dy)
	f.Median, f.P90 = quantile(l, 0.5), quantile(l, 0.9)
	f.MedianDX, f.MedianDY = quantile(dx, 0.5), quantile(dy, 0.5)
}

func length(c Chip) float64 { return math.Hypot(c.DX, c.DY) }

func lengths(chips []Chip) []float64 {
	l := make([]float64, len(chips))
	for i, c := range chips {
		l[i] = length(c)
	}
	return l
}

// quantile returns the q-quantile of sorted values, linear between them; NaN of none.
func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	u := q * float64(len(sorted)-1)
	i := min(int(u), len(sorted)-1)
	if i == len(sorted)-1 {
		return sorted[i]
	}
	return sorted[i] + (u-float64(i))*(sorted[i+1]-sorted[i])
}
