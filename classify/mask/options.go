package mask

import (
	"fmt"
	"math"
)

// Class is what hides the land in a pixel.
type Class uint8

// The classes: nothing that was found, a cloud, the shadow of one.
const (
	Clear Class = iota
	Cloud
	Shadow
)

// Options describe the images. All three are needed.
type Options struct {
	// Pixel is the edge of a pixel in metres.
	Pixel float64
	// Dark and Bright are the brightness (mean of blue, green and red) that one pixel in a hundred is below, and above, at
	// the clearer date, in the numbers to which both dates are normalised: the scale by which a cloud is bright.
	Dark, Bright float64
}

// Check returns an error, with its remedy, for Options that Guess refuses by a panic.
func (o Options) Check() error {
	switch {
	case !(o.Pixel >= 0.05 && o.Pixel <= maxPixel):
		return fmt.Errorf("cloud guess on pixels of %g m: it sees the border of a cloud on pixels of 0.05 to %g m; give a mask with the scene instead", o.Pixel, maxPixel)
	case !(o.Bright > o.Dark) || math.IsInf(o.Bright-o.Dark, 0):
		return fmt.Errorf("cloud guess with a brightness from %g to %g: the clear land must have some contrast", o.Dark, o.Bright)
	}
	return nil
}

// maxPixel is the coarsest pixel that still tells a sharp border from a soft one.
const maxPixel = 2.0

// cell is the edge of a cell in pixels.
func (o Options) cell() int { return max(1, int(math.Round(1/o.Pixel))) }

// The reach of each step, in metres: radii of square windows.
const (
	fill  = 5   // closes the gaps that roofs and roads leave in a cloud's brightness
	solid = 15  // what survives the opening is at least 31 m wide: a round cloud of 44 m
	near  = 30  // from a border to the core whose level it is half of
	view  = 40  // how far from a core its borders are looked at
	far   = 100 // how far they must not be sharp either
	reach = 40  // from the core to the thin rim that goes with it
	rim   = 5   // what is added around
)

// cells returns a radius in cells.
func (o Options) cells(metres float64) int {
	return max(1, int(math.Round(metres/(o.Pixel*float64(o.cell())))))
}

// Halo returns how many pixels around a pixel its class depends on: about 220 m.
func (o Options) Halo() int {
	n := 2*o.cells(fill) + 2*o.cells(solid) + o.cells(near) + 1 + o.cells(far) + max(o.cells(near), o.cells(reach)) + o.cells(rim)
	return (n + 1) * o.cell()
}
