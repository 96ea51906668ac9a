package mask

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"tuban/raster"
)

// brighterCell and darkerCell are the signals cell by cell, as their comments define them.
func brighterCell(contrast float64, seen, other []float32) float64 {
	lo, hi := math.Inf(1), math.Inf(-1)
	for k := range 3 {
		d := float64(seen[k]) - float64(other[k])
		lo, hi = min(lo, d), max(hi, d)
	}
	return (lo - (hi-lo)/2) / contrast
}

func darkerCell(dark, contrast float64, seen, other []float32) float64 {
	floor := max(0.02*contrast, 0.12*contrast-dark)
	var lost [4]float64
	for k := range seen {
		lost[k] = 1 - (float64(seen[k])+floor)/max(float64(other[k])+floor, floor)
	}
	lo, hi := min(lost[0], lost[1], lost[2]), max(lost[0], lost[1], lost[2])
	loss := (lost[0]+lost[1]+lost[2])/3 - (hi-lo)/2
	if len(seen) == 4 && loss*unit <= float64(shadowLike.highest) {
		loss = min(loss, lost[3])
	}
	return loss
}

// A signal of whole planes is that of each cell, and missing where a band is.
func TestSignals(t *testing.T) {
	const dark, contrast = 300, 900
	value := rapid.OneOf(rapid.Float32Range(0, 3000), rapid.Just(raster.NaN), rapid.Float32Range(-100, 400))
	rapid.Check(t, func(t *rapid.T) {
		bands, n := rapid.IntRange(3, 4).Draw(t, "bands"), rapid.IntRange(1, 9).Draw(t, "cells")
		var planes [2][][]float32
		for d := range planes {
			for range bands {
				planes[d] = append(planes[d], rapid.SliceOfN(value, n, n).Draw(t, "band"))
			}
		}
		for name, s := range map[string]struct {
			signal
			cell func(seen, other []float32) float64
		}{
			"brighter": {brighter(contrast), func(a, b []float32) float64 { return brighterCell(contrast, a, b) }},
			"darker":   {darker(dark, contrast), func(a, b []float32) float64 { return darkerCell(dark, contrast, a, b) }},
		} {
			got := make([]int32, n)
			s.signal(got, planes[0], planes[1])
			for i, v := range got {
				seen, other := make([]float32, bands), make([]float32, bands)
				known := true
				for k := range bands {
					seen[k], other[k] = planes[0][k][i], planes[1][k][i]
					known = known && seen[k] == seen[k] && other[k] == other[k]
				}
				want := int32(missing)
				if known {
					want = level(s.cell(seen, other))
				}
				if v != want {
					t.Fatalf("%s of %v against %v is %d, want %d", name, seen, other, v, want)
				}
			}
		}
	})
}
