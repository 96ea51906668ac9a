package overlay

import (
	"math"
	"slices"
)

// SquareMetres is the unit that the survey's areas are in.
const SquareMetres = "m²"

var areaUnits = []struct {
	name  string
	perM2 float64
}{{SquareMetres, 1}, {"亩", 0.0015}, {"公顷", 1e-4}, {"km²", 1e-6}}

// AreaUnit guesses the unit of a layer's own areas from their ratios to the areas of the geometries in m², and returns the
// median ratio, 0 without any. A layer may deduct field ridges, and its plane areas may be larger by some hundred ppm.
func AreaUnit(ratios []float64) (unit string, median float64) {
	if len(ratios) == 0 {
		return "", 0
	}
	sorted := slices.Sorted(slices.Values(ratios))
	median = sorted[len(sorted)/2]
	// Three digits say what it is.
	if digit := math.Pow(10, math.Floor(math.Log10(median))-2); digit > 0 {
		median = math.Round(median/digit) * digit
	}
	for _, u := range areaUnits {
		if median >= 0.7*u.perM2 && median <= 1.1*u.perM2 {
			return u.name, median
		}
	}
	return "", median
}
