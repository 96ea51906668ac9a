package synth

import (
	"math"

	"github.com/paulmach/orb"
)

// pt is a position or a vector in the plan: metres from the top left corner, y downwards.
type pt = orb.Point

// ring is a closed outline whose first vertex is not repeated.
type ring []pt

// rect is an upright rectangle of the plan.
type rect struct{ x0, y0, x1, y1 float64 }

func (r rect) ring() ring {
	return ring{{r.x0, r.y0}, {r.x1, r.y0}, {r.x1, r.y1}, {r.x0, r.y1}}
}

func (r rect) grow(d float64) rect { return rect{r.x0 - d, r.y0 - d, r.x1 + d, r.y1 + d} }

func (r rect) meets(s rect) bool {
	return r.x0 <= s.x1 && s.x0 <= r.x1 && r.y0 <= s.y1 && s.y0 <= r.y1
}

func add(a, b pt) pt             { return pt{a[0] + b[0], a[1] + b[1]} }
func sub(a, b pt) pt             { return pt{a[0] - b[0], a[1] - b[1]} }
func scale(a pt, f float64) pt   { return pt{a[0] * f, a[1] * f} }
func dot(a, b pt) float64        { return a[0]*b[0] + a[1]*b[1] }
func left(a pt) pt               { return pt{-a[1], a[0]} }
func dist(a, b pt) float64       { return math.Hypot(a[0]-b[0], a[1]-b[1]) }
func lerp(a, b pt, t float64) pt { return pt{a[0] + (b[0]-a[0])*t, a[1] + (b[1]-a[1])*t} }
func turn(a pt, angle float64) pt {
	s, c := math.Sincos(angle)
	return pt{a[0]*c - a[1]*s, a[0]*s + a[1]*c}
}

func unit(a pt) pt {
	l := math.Hypot(a[0], a[1])
	if l == 0 {
		return pt{1, 0}
	}
	return scale(a, 1/l)
}

// area returns the signed area of r.
func (r ring) area() float64 {
	var s float64
	for i, p := range r {
		q := r[(i+1)%len(r)]
		s += p[0]*q[1] - q[0]*p[1]
	}
	return s / 2
}

func (r ring) middle() pt {
	var c pt
	for _, p := range r {
		c = add(c, p)
	}
	return scale(c, 1/float64(len(r)))
}

func (r ring) bounds() rect {
	b := rect{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, p := range r {
		b = rect{min(b.x0, p[0]), min(b.y0, p[1]), max(b.x1, p[0]), max(b.y1, p[1])}
	}
	return b
}

// holds reports whether p is inside r, by the even–odd rule.
func (r ring) holds(p pt) bool {
	in := false
	for i, a := range r {
		b := r[(i+1)%len(r)]
		if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0]+(p[1]-a[1])/(b[1]-a[1])*(b[0]-a[0]) {
			in = !in
		}
	}
	return in
}

// span returns the extent of r along the unit vector u.
func (r ring) span(u pt) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, p := range r {
		d := dot(p, u)
		lo, hi = min(lo, d), max(hi, d)
	}
	return lo, hi
}

// axes returns the unit vector of the longer side of the smallest rectangle around r, and that rectangle's sides.
func (r ring) axes() (u pt, long, short float64) {
	best := math.Inf(1)
	for i, p := range r {
		e := sub(r[(i+1)%len(r)], p)
		if math.Hypot(e[0], e[1]) < 1e-6 {
			continue
		}
		e = unit(e)
		a0, a1 := r.span(e)
		b0, b1 := r.span(left(e))
		w, h := a1-a0, b1-b0
		if w*h >= best-1e-9 {
			continue
		}
		best = w * h
		if w >= h {
			u, long, short = e, w, h
		} else {
			u, long, short = left(e), h, w
		}
	}
	if u[0] < 0 || (u[0] == 0 && u[1] < 0) {
		u = scale(u, -1)
	}
	return u, long, short
}

// split cuts the convex ring r along the line {p : p·n = d}: low is where p·n < d. Either may be nil.
// The cut's end points are the same values in both.
func (r ring) split(n pt, d float64) (low, high ring) {
	const eps = 1e-7
	for i, a := range r {
		b := r[(i+1)%len(r)]
		da, db := dot(a, n)-d, dot(b, n)-d
		if da <= eps {
			low = append(low, a)
		}
		if da >= -eps {
			high = append(high, a)
		}
		if (da < -eps && db > eps) || (da > eps && db < -eps) {
			c := lerp(a, b, da/(da-db))
			low, high = append(low, c), append(high, c)
		}
	}
	return low.solid(), high.solid()
}

// solid returns r, or nil when it has no area worth the name.
func (r ring) solid() ring {
	if len(r) < 3 || math.Abs(r.area()) < 1e-3 {
		return nil
	}
	return r
}

// slice cuts the convex ring r by lines across n at the ascending distances ds into len(ds)+1 pieces, nil where empty.
func (r ring) slice(n pt, ds ...float64) []ring {
	pieces := make([]ring, 0, len(ds)+1)
	for _, d := range ds {
		var low ring
		if r != nil {
			low, r = r.split(n, d)
		}
		pieces = append(pieces, low)
	}
	return append(pieces, r)
}

// box returns the rectangle around c with sides w along u and h across.
func box(c, u pt, w, h float64) ring {
	a, b := scale(u, w/2), scale(left(u), h/2)
	return ring{sub(sub(c, a), b), sub(add(c, a), b), add(add(c, a), b), add(sub(c, a), b)}
}

// hull returns the convex hull of pts (Andrew's monotone chain).
func hull(pts []pt) ring {
	s := append(ring(nil), pts...)
	sortPoints(s)
	half := func(in ring) ring {
		var h ring
		for _, p := range in {
			for len(h) >= 2 {
				a, b := h[len(h)-2], h[len(h)-1]
				if (b[0]-a[0])*(p[1]-a[1])-(b[1]-a[1])*(p[0]-a[0]) > 0 {
					break
				}
				h = h[:len(h)-1]
			}
			h = append(h, p)
		}
		return h[:len(h)-1]
	}
	lower := half(s)
	for i, j := 0, len(s)-1; i < j; i, j = i+1, j-1 {
		s[i], s[j] = s[j], s[i]
	}
	return append(lower, half(s)...)
}

// reach returns how far one can go from the inner point c of the convex ring r in the direction u.
func (r ring) reach(c, u pt) float64 {
	best := math.Inf(1)
	for i, a := range r {
		e := sub(r[(i+1)%len(r)], a)
		den := u[0]*e[1] - u[1]*e[0]
		if math.Abs(den) < 1e-12 {
			continue
		}
		w := sub(a, c)
		if t := (w[0]*e[1] - w[1]*e[0]) / den; t > 1e-9 {
			best = min(best, t)
		}
	}
	return best
}
