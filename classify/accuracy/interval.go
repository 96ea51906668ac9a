package accuracy

import "math"

// z95 is the two-sided 95 % quantile of the normal distribution; the published examples use 1.96.
const z95 = 1.96

// Estimate is an estimated share with its uncertainty.
type Estimate struct {
	Value Ratio `json:"value"`
	// SE is the standard error, Margin 1.96 times it: the ± of the literature.
	SE     Ratio `json:"se"`
	Margin Ratio `json:"margin"`
	// Low and High are the 95 % interval from the intervals of the strata. It stays within 0 … 1, and covers where errors are so
	// few that Value ± Margin does not.
	Low  Ratio `json:"low"`
	High Ratio `json:"high"`
}

// times returns e in another unit.
func (e Estimate) times(f float64) Estimate {
	k := Ratio(f)
	return Estimate{e.Value * k, e.SE * k, e.Margin * k, e.Low * k, e.High * k}
}

func newEstimate(value, variance float64) Estimate {
	se := math.Sqrt(max(0, variance))
	return Estimate{Value: Ratio(value), SE: Ratio(se), Margin: Ratio(z95 * se)}
}

func undefined() Estimate {
	nan := Ratio(math.NaN())
	return Estimate{nan, nan, nan, nan, nan}
}

// share is an estimated share in one stratum: weight w of the area, share p of n units.
type share struct{ w, p, n float64 }

// variance is that of p.
func (s share) variance() float64 { return s.p * (1 - s.p) / (s.n - 1) }

// below and above are how far the 95 % interval of p reaches: Agresti and Coull 1998, which contains Wilson's. Where p
// cannot be anything but 0, because no unit of the stratum could count, both are 0.
func (s share) below() float64 { return s.p - s.interval(-1) }
func (s share) above() float64 { return s.interval(1) - s.p }

func (s share) interval(sign float64) float64 {
	const z2 = z95 * z95
	if s.n == 0 {
		return s.p
	}
	n := s.n + z2
	centre := (s.p*s.n + z2/2) / n
	return max(0, min(1, centre+sign*z95*math.Sqrt(centre*(1-centre)/n)))
}

// combine adds shares up. Its interval recovers each stratum's variance from the ends of its own interval (Zou and
// Donner 2008), so that a stratum with few errors is as uncertain as it is. The standard error is that of Olofsson et al. 2014,
// formula 11, without a correction for finite populations.
func combine(parts []share) Estimate {
	var value, variance, below, above float64
	for _, s := range parts {
		value += s.w * s.p
		variance += s.w * s.w * s.variance()
		below += square(s.w * s.below())
		above += square(s.w * s.above())
	}
	e := newEstimate(value, variance)
	e.Low, e.High = Ratio(max(0, value-math.Sqrt(below))), Ratio(min(1, value+math.Sqrt(above)))
	return e
}

// part is what one stratum adds to a quotient in/(in + out): the share that counts, and that which only the denominator has.
// The two exclude each other.
type part struct{ in, out share }

// quotient estimates Σ in / Σ (in + out). The variance is that of a ratio estimator, as in Stehman 2014, formula 28, and
// the same as in Olofsson et al. 2014, formula 7, where that applies. The ends of the interval are the values R at which
// Σ (1−R)·in − R·out, with its own interval by combine's method, just touches 0.
func quotient(parts []part) Estimate {
	var in, out, variance float64
	for _, s := range parts {
		in += s.in.w * s.in.p
		out += s.out.w * s.out.p
	}
	if in+out == 0 {
		return undefined()
	}
	r := in / (in + out)
	for _, s := range parts {
		y, o := s.in.p, s.out.p
		if n := max(s.in.n, s.out.n); n > 1 {
			a, b := (1-r)*(1-r)*y*(1-y)+r*r*o*(1-o), 2*r*(1-r)*y*o
			variance += square(max(s.in.w, s.out.w)) * (a + b) / (n - 1)
		}
	}
	e := newEstimate(r, variance/square(in+out))
	// gap is how far the end of the interval of Σ lies beyond 0.
	gap := func(at, sign float64) float64 {
		sum, reach := 0.0, 0.0
		for _, s := range parts {
			y, o := (1-at)*s.in.w, at*s.out.w
			sum += y*s.in.p - o*s.out.p
			if sign > 0 {
				y, o = y*s.in.above(), o*s.out.below()
			} else {
				y, o = y*s.in.below(), o*s.out.above()
			}
			reach += y*y + o*o - 2*correlation(s.in.p, s.out.p)*y*o
		}
		return sign*sum + math.Sqrt(reach)
	}
	e.Low, e.High = Ratio(bisect(r, 0, func(at float64) float64 { return gap(at, -1) })), Ratio(bisect(r, 1, func(at float64) float64 { return gap(at, 1) }))
	return e
}

// correlation is that of two shares of the same units that exclude each other.
func correlation(a, b float64) float64 {
	if a <= 0 || b <= 0 {
		return 0
	}
	return -math.Min(1, math.Sqrt(a*b/((1-a)*(1-b))))
}

// bisect returns where f falls below 0 on the way from a value at which it is not below to the end.
func bisect(from, end float64, f func(float64) float64) float64 {
	if f(end) >= 0 {
		return end
	}
	for range 60 {
		middle := (from + end) / 2
		if f(middle) >= 0 {
			from = middle
		} else {
			end = middle
		}
	}
	return from
}

func square(v float64) float64 { return v * v }
