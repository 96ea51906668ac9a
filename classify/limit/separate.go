package limit

import "math"

// Inseparable is the balanced error from which on two classes count as not separated by the value: 0.5 is chance, and a
// fifth of wrong labels on both sides alone makes 0.2.
const Inseparable = 0.35

// Separate returns the limit with the least balanced error between the values of two labelled classes, low below or at it
// and high above, and that error: the mean of the shares of low above the limit and of high not above it. The sizes of
// the classes do not matter. Of equally good limits the middle of the widest gap between values is taken, the lowest of
// equally wide ones.
//
// Wrong labels hardly move it: when a share a of low has in truth the distribution of high, and b the other way, the
// distance between the two distribution functions, on which the limit depends, is 1−a−b times the true one everywhere.
//
// The error is below 0.5 when the limit is worth anything; Inseparable says from where on not to use it. It is 0.5 and the
// limit NaN when a class is empty or no limit beats chance.
func Separate(low, high []float64) (limit, balancedError float64) {
	l, h := sorted(low), sorted(high)
	limit, balancedError = math.NaN(), 0.5
	if len(l) == 0 || len(h) == 0 {
		return limit, balancedError
	}
	// The excess is an integer times 1/(2·len(l)·len(h)), so that equal errors compare equal.
	best, widest := int64(0), 0.0
	for i, j := 0, 0; i < len(l) || j < len(h); {
		v := next(l, h, i, j)
		for i < len(l) && l[i] == v {
			i++
		}
		for j < len(h) && h[j] == v {
			j++
		}
		if i == len(l) && j == len(h) {
			break
		}
		w := next(l, h, i, j)
		excess := int64(i)*int64(len(h)) - int64(j)*int64(len(l))
		if excess > best || excess == best && excess > 0 && w-v > widest {
			best, widest, limit = excess, w-v, middle(v, w)
		}
	}
	if best > 0 {
		balancedError = 0.5 - float64(best)/(2*float64(len(l))*float64(len(h)))
	}
	return limit, balancedError
}

// next returns the smallest value not yet passed.
func next(l, h []float64, i, j int) float64 {
	switch {
	case i == len(l):
		return h[j]
	case j == len(h):
		return l[i]
	}
	return min(l[i], h[j])
}
