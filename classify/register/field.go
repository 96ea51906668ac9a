package register

import (
	"math"

	"tuban/raster"
)

// Verdict is what the chips of a scene pair say together.
type Verdict string

// The verdicts.
const (
	// Aligned: the dates lie on each other as well as it matters; nothing is corrected.
	Aligned Verdict = "aligned"
	// Corrected: the shifts follow one smooth field, which Align takes back.
	Corrected Verdict = "corrected"
	// Tolerated: the shifts do not agree, so nothing is corrected and Tolerance is as wide as they are.
	Tolerated Verdict = "tolerance"
	// Refused: the shifts are larger than the cap, so the pair is not what it should be; nothing is corrected, and the
	// caller declares the pair not judgeable.
	Refused Verdict = "refused"
	// Unknown: too few chips could be trusted; nothing is corrected.
	Unknown Verdict = "unknown"
)

// Field is how far the later date lies beside the earlier one over a grid, and what is done about it.
// It is a value: small, and the same after a round trip through JSON.
type Field struct {
	Verdict Verdict `json:"verdict"`
	// W and H are the size of the grid in pixels.
	W int `json:"w"`
	H int `json:"h"`
	// Chips were looked at, Trusted had a clear peak, Beyond of these lie farther off than the cap, and Used agree
	// with the field.
	Chips   int `json:"chips"`
	Trusted int `json:"trusted"`
	Beyond  int `json:"beyond,omitempty"`
	Used    int `json:"used"`
	// Median and P90 are of the length of the trusted shifts, in pixels; MedianDX and MedianDY of their parts.
	Median   float64 `json:"median_px"`
	P90      float64 `json:"p90_px"`
	MedianDX float64 `json:"median_dx_px"`
	MedianDY float64 `json:"median_dy_px"`
	// Residual is the 90th percentile of what the correction leaves at chips that it was not fitted to (of the used ones;
	// of the shifts themselves when nothing is corrected), in pixels.
	Residual float64 `json:"residual_p90_px"`
	// Tolerance is the width in pixels up to which a sliver along an edge may be misregistration.
	Tolerance float64 `json:"tolerance_px"`
	// NX × NY nodes span the grid evenly from corner to corner, row by row; none unless Corrected.
	NX int       `json:"nx,omitempty"`
	NY int       `json:"ny,omitempty"`
	DX []float64 `json:"dx,omitempty"`
	DY []float64 `json:"dy,omitempty"`
}

// Identity reports whether the field corrects nothing, so that Align copies.
func (f *Field) Identity() bool { return len(f.DX) == 0 }

// At returns the correction at the position (x, y) of the grid, where whole numbers are pixel corners: bilinear between
// the nodes, as at the edge beyond it; 0 when nothing is corrected.
func (f *Field) At(x, y float64) (dx, dy float64) {
	if f.Identity() {
		return 0, 0
	}
	i, j, tx, ty := f.cell(x, y)
	o := j*f.NX + i
	mix := func(v []float64) float64 {
		top := lerp(v[o], v[o+1], tx)
		return lerp(top, lerp(v[o+f.NX], v[o+f.NX+1], tx), ty)
	}
	return mix(f.DX), mix(f.DY)
}

// cell returns the lattice cell that holds (x, y), and where in it, each in [0, 1].
func (f *Field) cell(x, y float64) (i, j int, tx, ty float64) {
	i, tx = along(x, f.W, f.NX)
	j, ty = along(y, f.H, f.NY)
	return i, j, tx, ty
}

func along(x float64, length, nodes int) (int, float64) {
	u := max(0, min(x*float64(nodes-1)/float64(length), float64(nodes-1)))
	i := min(int(u), nodes-2)
	return i, u - float64(i)
}

// lerp is exact at both ends and for equal ends.
func lerp(a, b, t float64) float64 {
	if t == 1 {
		return b
	}
	return a + float64((b-a)*t)
}

// Halo returns how many pixels beyond a window Align and AlignLabels may read; 0 when nothing is corrected.
func (f *Field) Halo() int {
	most := 0.0
	for i := range f.DX {
		most = max(most, math.Abs(f.DX[i]), math.Abs(f.DY[i]))
	}
	if f.Identity() {
		return 0
	}
	return haloOf(most)
}

// haloOf is the halo of shifts up to most pixels.
func haloOf(most float64) int { return int(math.Ceil(most)) + 2 }

// Source returns the window that Align reads to fill w.
func (f *Field) Source(w raster.Window) raster.Window {
	return w.Grow(f.Halo()).Intersect(raster.Window{W: f.W, H: f.H})
}
