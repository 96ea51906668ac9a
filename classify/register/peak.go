package register

import "math"

// When a peak is trusted. The limits are those of a matched filter, not of any data set: a peak of noise alone stands
// four to five deviations above the surface around it.
const (
	leastContrast = 6.0  // height of the peak over the deviation of the surface around it
	mostRival     = 0.75 // height of the next peak over that of the first
	mostSigma     = 0.35 // expected error in pixels
	lobe          = 4    // radius of what belongs to the peak itself, in pixels
)

// side is the edge of the patch around a peak on which its summit is looked for, step its spacing in pixels.
const (
	side = 9
	step = 0.25
)

// patch is values around a peak, [y][x].
type patch [side][side]float64

// peak finds the summit of the correlation, and whether it is to be trusted.
func (m *Matcher) peak() (Shift, bool) {
	reach := m.n / 4
	px, py, height := 0, 0, math.Inf(-1)
	for dy := -reach; dy <= reach; dy++ {
		for dx := -reach; dx <= reach; dx++ {
			if v := m.ncc[m.index(dx, dy)]; v > height {
				px, py, height = dx, dy, v
			}
		}
	}
	rival, sum, squares, count := 0.0, 0.0, 0.0, 0.0
	for dy := -reach; dy <= reach; dy++ {
		for dx := -reach; dx <= reach; dx++ {
			if ex, ey := dx-px, dy-py; ex*ex+ey*ey <= lobe*lobe {
				continue
			}
			v := m.ncc[m.index(dx, dy)]
			rival = max(rival, v)
			sum += v
			squares += v * v
			count++
		}
	}
	mean := sum / count
	noise := math.Sqrt(max(0, squares/count-mean*mean))
	if height < leastContrast*noise || rival > mostRival*height {
		return Shift{}, false
	}
	s, curvature, ok := m.summit(px, py)
	if !ok {
		return Shift{}, false
	}
	// Noise of the surface has much the same spectrum as the peak: its slope is noise·√curvature, and the summit moves by
	// that over height·curvature.
	s.Sigma = noise / s.Quality / math.Sqrt(curvature)
	return s, s.Sigma <= mostSigma
}

// index returns where the shift (dx, dy) is in the planes of the transform.
func (m *Matcher) index(dx, dy int) int { return (dy&(m.n-1))*m.n + dx&(m.n-1) }

// summit looks for the top near the whole shift (px, py); curvature is that of the flatter direction, relative to the
// height, in 1/pixel².
func (m *Matcher) summit(px, py int) (s Shift, curvature float64, ok bool) {
	var xs, ys [side]float64
	for i := range side {
		xs[i] = float64(px) + float64(i-side/2)*step
		ys[i] = float64(py) + float64(i-side/2)*step
	}
	var p patch
	m.spectrum.at(&p, m.cross, xs, ys)
	n2 := float64(m.n) * float64(m.n)
	bx, by, top := 0, 0, math.Inf(-1)
	for j := range side {
		for i := range side {
			p[j][i] /= n2 * m.overlapAt(xs[i], ys[j])
			if p[j][i] > top {
				bx, by, top = i, j, p[j][i]
			}
		}
	}
	if bx == 0 || by == 0 || bx == side-1 || by == side-1 || top <= 0 {
		return Shift{}, 0, false
	}
	// The quadratic through the nine values around the top.
	var gx, gy, hxx, hyy float64
	for k := -1; k <= 1; k++ {
		gx += (p[by+k][bx+1] - p[by+k][bx-1]) / 6
		gy += (p[by+1][bx+k] - p[by-1][bx+k]) / 6
		hxx += (p[by+k][bx+1] - 2*p[by+k][bx] + p[by+k][bx-1]) / 3
		hyy += (p[by+1][bx+k] - 2*p[by][bx+k] + p[by-1][bx+k]) / 3
	}
	hxy := (p[by+1][bx+1] - p[by+1][bx-1] - p[by-1][bx+1] + p[by-1][bx-1]) / 4
	det := hxx*hyy - hxy*hxy
	// The eigenvalue nearer to 0; both must be negative.
	flatter := (hxx+hyy)/2 + math.Hypot((hxx-hyy)/2, hxy)
	if det <= 0 || flatter >= 0 {
		return Shift{}, 0, false
	}
	ex, ey := -(hyy*gx-hxy*gy)/det, -(hxx*gy-hxy*gx)/det
	if math.Abs(ex) > 1 || math.Abs(ey) > 1 {
		return Shift{}, 0, false
	}
	return Shift{DX: xs[bx] + ex*step, DY: ys[by] + ey*step, Quality: top}, -flatter / top / (step * step), true
}

// overlapAt interpolates overlap, which is smooth, between whole shifts.
func (m *Matcher) overlapAt(x, y float64) float64 {
	fx, fy := math.Floor(x), math.Floor(y)
	ix, iy, tx, ty := int(fx), int(fy), x-fx, y-fy
	at := func(dx, dy int) float64 { return m.overlap(m.index(ix+dx, iy+dy)) }
	return (1-ty)*((1-tx)*at(0, 0)+tx*at(1, 0)) + ty*((1-tx)*at(0, 1)+tx*at(1, 1))
}
