package texture

import (
	"fmt"
	"math"
)

// Kind names a texture, as rules write it.
type Kind string

// The textures there are.
const (
	KindPanTex    Kind = "pantex"
	KindDeviation Kind = "deviation"
	KindMBI       Kind = "mbi"
	KindMSI       Kind = "msi"
	KindMean      Kind = "mean"
)

// MaxRadius bounds Size.Radius: beyond it a tile would be mostly halo.
const MaxRadius = 512

// Size is the extent of a texture's window in pixels: an edge of 2·Radius+1, and for PanTex pairs of pixels
// that are up to 2·Step pixels apart in x and y. For MBI and MSI 2·Radius+1 is the length of the longest line, 2·Step+1
// that of the shortest; with a Step of 0 the finest detail counts.
type Size struct{ Radius, Step int }

// SizeOf returns the Size of a window whose edge, or a line whose length, is about metres long where a pixel spans
// pixel metres. The radius is at least one pixel. PanTex's step is a ninth of the edge: Pesaresi et al. 2008 use displacements
// of one and two pixels in a window of nine. The shortest line of MBI and MSI is a tenth of the longest: at 30 m, what is
// narrower than 3 m is a car or a furrow, not a building.
func SizeOf(kind Kind, metres, pixel float64) Size {
	radius := math.Round(metres / pixel / 2)
	// Not a number and absurd sizes end above MaxRadius, where Check refuses them, never in an undefined conversion.
	if !(radius <= MaxRadius) {
		radius = MaxRadius + 1
	}
	s := Size{Radius: max(1, int(radius))}
	switch kind {
	case KindPanTex:
		s.Step = max(1, int(math.Round(float64(2*s.Radius+1)/9)))
	case KindMBI, KindMSI:
		s.Step = int(math.Round(float64(s.Radius) / 10))
	}
	return s
}

// Halo returns how many pixels around a pixel its value depends on. Pairs have both pixels in the window, so it is
// the radius; but an opening asks every line through a pixel, whose other end is two radii away.
func (s Size) Halo(kind Kind) int {
	if kind == KindMBI || kind == KindMSI {
		return 2 * s.Radius
	}
	return s.Radius
}

// Check returns an error, with its remedy, for a Size that the functions of this package refuse by a panic.
func (s Size) Check(kind Kind) error {
	switch {
	case s.Radius < 1:
		return fmt.Errorf("%s window of radius %d pixels: the radius is at least 1", kind, s.Radius)
	case s.Radius > MaxRadius:
		return fmt.Errorf("%s window is wider than %d pixels: give a smaller size in metres", kind, 2*MaxRadius+1)
	case kind == KindPanTex && (s.Step < 1 || s.Step > s.Radius):
		return fmt.Errorf("pantex step of %d pixels does not fit a radius of %d: it is 1 to the radius", s.Step, s.Radius)
	case (kind == KindMBI || kind == KindMSI) && (s.Step < 0 || s.Step >= s.Radius):
		return fmt.Errorf("%s step of %d pixels does not fit a radius of %d: it is 0 to less than the radius", kind, s.Step, s.Radius)
	}
	return nil
}
