package synth

import (
	"cmp"
	"math"
	"slices"
)

// bend is the warp that turns the plan into the county. It leaves the county's edges in place.
type bend struct {
	w, h, amp      float64
	p1, p2, p3, p4 float64
	slip           pt // moves what is far from the edges, in metres
	wave           [2]wave
}

// beside returns a warp whose outlines lie beside those of b by at most off metres, two thirds of it one way.
func (b bend) beside(d dice, off float64) bend {
	if off > 0 {
		b.slip = scale(turn(pt{1, 0}, d.between(0, 2*math.Pi)), off)
		b.wave = [2]wave{newWave(d, 900), newWave(d, 800)}
	}
	return b
}

func newBend(seed uint64, w, h float64) bend {
	d := newDice(seed, partRoads<<8)
	return bend{w: w, h: h, amp: 15, p1: d.between(0, 6.28), p2: d.between(0, 6.28), p3: d.between(0, 6.28), p4: d.between(0, 6.28)}
}

func (b bend) at(p pt) pt {
	x, y := p[0], p[1]
	// The taper's slope, amp / 140 m, keeps the warp one to one.
	t := max(0, min(1, min(x, b.w-x, y, b.h-y)/140)) * b.amp
	if t == 0 {
		return p
	}
	if b.slip != (pt{}) {
		// The waves are at most 1 each, so that their part is no longer than a third.
		off := math.Hypot(b.slip[0], b.slip[1]) / (3 * math.Sqrt2)
		f := t / b.amp
		x += f * (b.slip[0]*2/3 + off*b.wave[0].at(p[0], p[1]))
		y += f * (b.slip[1]*2/3 + off*b.wave[1].at(p[0], p[1]))
	}
	return pt{
		x + t*(0.6*math.Sin(y/230+b.p1)+0.4*math.Sin((x+y)/390+b.p2)),
		y + t*(0.6*math.Sin(x/250+b.p3)+0.4*math.Sin((x-y)/420+b.p4)),
	}
}

// ring bends r; long edges become curves.
func (b bend) ring(r ring) ring {
	out := make(ring, 0, len(r))
	for i, p := range r {
		out = append(out, b.at(p))
		q := r[(i+1)%len(r)]
		// The curve between two vertices is computed from the same end whichever way an edge is walked,
		// so that both its sides get the same vertices.
		swap := cmp.Or(cmp.Compare(p[0], q[0]), cmp.Compare(p[1], q[1])) > 0
		n := int(dist(p, q) / 40)
		for k := 1; k <= n; k++ {
			f := float64(k) / float64(n+1)
			if swap {
				out = append(out, b.at(lerp(q, p, float64(n+1-k)/float64(n+1))))
			} else {
				out = append(out, b.at(lerp(p, q, f)))
			}
		}
	}
	return out
}

// node makes the parcels share their vertices: a vertex of one that lies on an edge of another becomes a vertex of
// both. Only then does bending keep the partition without gaps.
func node(parcels []*parcel) {
	const cell = 40.0
	type key struct{ x, y int32 }
	grid := map[key][]pt{}
	seen := map[pt]bool{}
	snap := func(r ring) ring {
		out := r[:0]
		for _, p := range r {
			// Vertices that were computed along two ways agree to far less than a tenth of a millimetre.
			p = pt{math.Round(p[0]*1e4) / 1e4, math.Round(p[1]*1e4) / 1e4}
			if n := len(out); n > 0 && out[n-1] == p {
				continue
			}
			out = append(out, p)
			if !seen[p] {
				seen[p] = true
				k := key{int32(math.Floor(p[0] / cell)), int32(math.Floor(p[1] / cell))}
				grid[k] = append(grid[k], p)
			}
		}
		if len(out) > 1 && out[0] == out[len(out)-1] {
			out = out[:len(out)-1]
		}
		return out
	}
	for _, p := range parcels {
		p.out = snap(p.out)
		for i, h := range p.holes {
			p.holes[i] = snap(slices.Clone(h))
		}
	}
	type stop struct {
		t float64
		p pt
	}
	insert := func(r ring) ring {
		out := make(ring, 0, len(r)+4)
		var stops []stop
		for i, a := range r {
			b := r[(i+1)%len(r)]
			out = append(out, a)
			stops = stops[:0]
			e := sub(b, a)
			ll := dot(e, e)
			const near = 5e-4
			x0, x1 := int32(math.Floor((min(a[0], b[0])-near)/cell)), int32(math.Floor((max(a[0], b[0])+near)/cell))
			y0, y1 := int32(math.Floor((min(a[1], b[1])-near)/cell)), int32(math.Floor((max(a[1], b[1])+near)/cell))
			for y := y0; y <= y1; y++ {
				for x := x0; x <= x1; x++ {
					for _, q := range grid[key{x, y}] {
						w := sub(q, a)
						t := dot(w, e) / ll
						if q == a || q == b || t <= 0 || t >= 1 || dist(q, lerp(a, b, t)) > near {
							continue
						}
						stops = append(stops, stop{t, q})
					}
				}
			}
			slices.SortFunc(stops, func(s, t stop) int { return cmp.Compare(s.t, t.t) })
			for _, s := range stops {
				out = append(out, s.p)
			}
		}
		return out
	}
	for _, p := range parcels {
		p.out = insert(p.out)
		for i, h := range p.holes {
			p.holes[i] = insert(h)
		}
	}
}
