package pipeline

import "github.com/paulmach/orb"

// thinFrom is the number of corners from which an outline is thinned before an overlay. A red line of a county has a hundred
// thousand, and a patch at its edge meets some ten of them.
const thinFrom = 200

// thinned returns shapes that are the same within the window w, and of which outlines with many corners have few outside of
// it: of corners one behind the other on one side of the window, the first and the last stay. No corner moves, so that
// neighbours that meet vertex by vertex still do. Outside of the window what is returned may cross itself.
func thinned(shapes []orb.MultiPolygon, w orb.Bound) []orb.MultiPolygon {
	out := make([]orb.MultiPolygon, len(shapes))
	for i, mp := range shapes {
		n := 0
		for _, p := range mp {
			for _, r := range p {
				n += len(r)
			}
		}
		if n < thinFrom {
			out[i] = mp
			continue
		}
		for _, p := range mp {
			var kept orb.Polygon
			for k, r := range p {
				r = thinRing(r, w)
				// An outline that does not come into the window or around it is nothing there; without its shell a hole is not either.
				if len(r) >= 4 {
					kept = append(kept, r)
				} else if k == 0 {
					break
				}
			}
			if len(kept) > 0 {
				out[i] = append(out[i], kept)
			}
		}
	}
	return out
}

// thinRing thins a closed ring.
func thinRing(r orb.Ring, w orb.Bound) orb.Ring {
	out := orb.Ring{r[0]}
	common, skipped := sidesOf(r[0], w), false
	for i := 1; i < len(r); i++ {
		c := sidesOf(r[i], w)
		if common&c != 0 {
			common, skipped = common&c, true
			continue
		}
		if skipped {
			out = append(out, r[i-1])
		}
		out = append(out, r[i])
		common, skipped = c, false
	}
	if skipped {
		out = append(out, r[len(r)-1])
	}
	return out
}

// sidesOf says beyond which sides of w a point lies: a bit for each, none within.
func sidesOf(p orb.Point, w orb.Bound) (s uint8) {
	for i, beyond := range [...]bool{p[0] < w.Min[0], p[0] > w.Max[0], p[1] < w.Min[1], p[1] > w.Max[1]} {
		if beyond {
			s |= 1 << i
		}
	}
	return s
}
