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
)

// MaxRadius bounds Size.Radius: beyond it a tile would be mostly halo.
const MaxRadius = 512

// Size is the extent of a texture's window in pixels: an edge of 2·Radius+1, and for PanTex pairs of pixels
// that are up to 2·Step pixels apart in x and y.
type Size struct{ Radius, Step int }

// SizeOf returns the Size of a window whose edge is about metres long where a pixel spans pixel metres.
// The radius is at least one pixel. PanTex's step is a ninth of the edge: Pesaresi et al. 2008 use displacements of
// one and two pixels in a window of nine.
func SizeOf(kind Kind, metres, pixel float64) Size {
	radius := math.Round(metres / pixel / 2)
	// Not a number and absurd sizes end above MaxRadius, where Check refuses them, never in an undefined conversion.
	if !(radius <= MaxRadius) {
		radius = MaxRadius + 1
	}
	s := Size{Radius: max(1, int(radius))}
	if kind == KindPanTex {
		s.Step = max(1, int(math.Round(float64(2*s.Radius+1)/9)))
	}
	return s
}

// Halo returns how many pixels around a pixel its value depends on. Pairs have both pixels in the window,
// so it is the radius for either kind.
func (s Size) Halo(Kind) int { return s.Radius }

// Check returns an error, with its remedy, for a Size that the functions of this package refuse by a panic.
func (s Size) Check(kind Kind) error {
	switch {
	case s.Radius < 1:
		return fmt.Errorf("%s window of radius %d pixels: the radius is at least 1", kind, s.Radius)
	case s.Radius > MaxRadius:
		return fmt.Errorf("%s window is wider than %d pixels: give a smaller size in metres", kind, 2*MaxRadius+1)
	case kind == KindPanTex && (s.Step < 1 || s.Step > s.Radius):
		return fmt.Errorf("pantex step of %d pixels does not fit a radius of %d: it is 1 to the radius", s.Step, s.Radius)
	}
	return nil
}
