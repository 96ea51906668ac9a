package mask

// Signals are whole numbers: a thousand is the contrast of clear land (clouds) or full darkness (shadows).
const (
	unit = 1000
	most = 8 * unit
)

// A signal writes how much each cell looks hidden, from its bands at the date that is judged and at the other; missing where
// a band has no value.
type signal func(dst []int32, seen, other [][]float32)

// brighter is the least gain of a visible band in units of the contrast of clear land, less half of what the gains
// differ by: a cloud is white. Near infrared has no part in it but its value.
func brighter(contrast float64) signal {
	return func(dst []int32, seen, other [][]float32) {
		for i := range dst {
			a := float64(seen[0][i]) - float64(other[0][i])
			b := float64(seen[1][i]) - float64(other[1][i])
			c := float64(seen[2][i]) - float64(other[2][i])
			lo, hi := min(a, b, c), max(a, b, c)
			dst[i] = level((lo - (hi-lo)/2) / contrast)
		}
		if len(seen) == 4 {
			for i := range dst {
				if v := seen[3][i] + other[3][i]; v != v {
					dst[i] = missing
				}
			}
		}
	}
}

// darker is the mean share of light that the visible bands lose, less half of what these shares differ by, and, below
// the most that a shadow takes, no more than what near infrared loses: a shadow keeps the spectral shape, ripening only that of some bands.
func darker(dark, contrast float64) signal {
	// Near black, a share is noise; and numbers that were stretched have their zero at the darkest land, not at no light.
	floor := max(0.02*contrast, 0.12*contrast-dark)
	lost := func(seen, other float32) float64 {
		return 1 - (float64(seen)+floor)/max(float64(other)+floor, floor)
	}
	return func(dst []int32, seen, other [][]float32) {
		for i := range dst {
			a, b, c := lost(seen[0][i], other[0][i]), lost(seen[1][i], other[1][i]), lost(seen[2][i], other[2][i])
			loss := (a+b+c)/3 - (max(a, b, c)-min(a, b, c))/2
			if len(seen) == 4 {
				if n := lost(seen[3][i], other[3][i]); loss*unit <= float64(shadowLike.highest) || n != n {
					loss = min(loss, n)
				}
			}
			dst[i] = level(loss)
		}
	}
}

// level turns a signal into a whole number; missing when it is not a number.
func level(v float64) int32 {
	if v != v {
		return missing
	}
	v = max(0, min(most, v*unit))
	n := int32(v)
	if v-float64(n) >= 0.5 { // math.Round, in a fifth of the time
		n++
	}
	return n
}
