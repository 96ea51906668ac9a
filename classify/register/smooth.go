package register

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

const (
	mostCells = 40 // lattice cells along the longer side
	folds     = 5  // parts of the chips that are left aside in turn
	rounds    = 4  // of reweighting
	biweight  = 4.685
	leastMAD  = 0.03 // pixels: chips that agree better than this are all of one mind
)

// stiffness are the weights of the lattice's bending that are tried, from yielding to plane.
var stiffness = [...]float64{0.001, 0.01, 0.1, 1, 10, 100, 1000}

// smoothed is a lattice fitted to chips.
type smoothed struct {
	lattice lattice
	// chips are those that have a part in it, left the distance of each from what the others foretell.
	chips  []Chip
	left   []float64
	dx, dy []float64
}

// lattice is nodes over the grid, bilinear between them: a Field without a verdict.
type lattice = Field

// smooth fits a lattice to the chips: least squares with Tukey's biweight, and a penalty on bending whose weight is the
// largest that foretells chips left aside nearly as well as the best does.
func smooth(chips []Chip, o Options) smoothed {
	l := lattice{W: o.W, H: o.H}
	cells := math.Sqrt(float64(len(chips)))
	aspect := math.Sqrt(float64(o.W) / float64(o.H))
	l.NX = 1 + max(1, min(mostCells, int(cells*aspect)))
	l.NY = 1 + max(1, min(mostCells, int(cells/aspect)))

	scores := make([]float64, len(stiffness))
	aside := make([][]float64, len(stiffness))
	best := math.Inf(1)
	for i, s := range stiffness {
		aside[i] = foretell(l, chips, s)
		scores[i] = score(aside[i])
		best = min(best, scores[i])
	}
	chosen := len(stiffness) - 1
	for scores[chosen] > 1.05*best {
		chosen--
	}
	dx, dy, weights := robust(l, chips, stiffness[chosen])
	r := smoothed{lattice: l, dx: dx, dy: dy}
	for i, c := range chips {
		if weights[i] > 0 {
			r.chips = append(r.chips, c)
			r.left = append(r.left, aside[chosen][i])
		}
	}
	return r
}

// score sums up distances: their mean, each counted at most as a pixel, so that a wild chip does not choose.
func score(distances []float64) float64 {
	sum := 0.0
	for _, d := range distances {
		sum += min(d, 1)
	}
	return sum / float64(len(distances))
}

// foretell returns how far each chip is from the lattice fitted to the other folds.
func foretell(l lattice, chips []Chip, stiff float64) []float64 {
	distance := make([]float64, len(chips))
	for fold := range folds {
		var others []Chip
		for i, c := range chips {
			if foldOf(i) != fold {
				others = append(others, c)
			}
		}
		l.DX, l.DY, _ = robust(l, others, stiff)
		for i := range chips {
			if foldOf(i) != fold {
				continue
			}
			dx, dy := l.At(chips[i].X, chips[i].Y)
			distance[i] = math.Hypot(chips[i].DX-dx, chips[i].DY-dy)
		}
	}
	return distance
}

// foldOf spreads successive chips over the folds by the golden section: a plain remainder would take whole columns of an
// even lattice at once.
func foldOf(i int) int {
	_, u := math.Modf(float64(i) * 0.6180339887498949)
	return int(folds * u)
}

// robust returns the nodes, and the weight that each chip ended with, 0 for those too far off.
func robust(l lattice, chips []Chip, stiff float64) (dx, dy, weights []float64) {
	weights = make([]float64, len(chips))
	for i := range weights {
		weights[i] = 1
	}
	for round := range rounds {
		dx, dy = solve(l, chips, weights, stiff)
		if round == rounds-1 {
			break
		}
		l.DX, l.DY = dx, dy
		off := make([]float64, len(chips))
		for i, c := range chips {
			x, y := l.At(c.X, c.Y)
			off[i] = math.Hypot(c.DX-x, c.DY-y)
		}
		sorted := slices.Clone(off)
		slices.Sort(sorted)
		limit := biweight * 1.4826 * max(leastMAD, quantile(sorted, 0.5))
		for i, d := range off {
			u := min(1, d/limit)
			weights[i] = (1 - u*u) * (1 - u*u)
		}
	}
	return dx, dy, weights
}

// solve minimises Σ weight·|lattice − shift|² + stiff·bending over the nodes.
func solve(l lattice, chips []Chip, weights []float64, stiff float64) (dx, dy []float64) {
	n := l.NX * l.NY
	// A row of nodes is bound to the two below it: nothing else but a band is not 0.
	a := mat.NewSymBandDense(n, min(n-1, 2*l.NX), nil)
	bx, by := mat.NewVecDense(n, nil), mat.NewVecDense(n, nil)
	term := func(weight float64, nodes []int, parts []float64) {
		for p, i := range nodes {
			for q, j := range nodes[:p+1] {
				a.SetSymBand(j, i, a.At(j, i)+weight*parts[p]*parts[q])
			}
		}
	}
	for k, c := range chips {
		i, j, tx, ty := l.cell(c.X, c.Y)
		o := j*l.NX + i
		nodes := []int{o, o + 1, o + l.NX, o + l.NX + 1}
		parts := []float64{(1 - tx) * (1 - ty), tx * (1 - ty), (1 - tx) * ty, tx * ty}
		// A chip counts by what it is expected to be off, down to where that is no longer what limits it.
		w := weights[k] / (1 + c.Sigma*c.Sigma/(0.1*0.1))
		term(w, nodes, parts)
		for p, node := range nodes {
			bx.SetVec(node, bx.AtVec(node)+w*parts[p]*c.DX)
			by.SetVec(node, by.AtVec(node)+w*parts[p]*c.DY)
		}
	}
	for j := range l.NY {
		for i := range l.NX {
			o := j*l.NX + i
			// A plane does not bend; a faint pull towards a constant keeps corners without chips near their neighbours.
			faint := 1e-3*stiff + 1e-6
			if i+1 < l.NX {
				term(faint, []int{o, o + 1}, []float64{1, -1})
			}
			if j+1 < l.NY {
				term(faint, []int{o, o + l.NX}, []float64{1, -1})
			}
			if i+2 < l.NX {
				term(stiff, []int{o, o + 1, o + 2}, []float64{1, -2, 1})
			}
			if j+2 < l.NY {
				term(stiff, []int{o, o + l.NX, o + 2*l.NX}, []float64{1, -2, 1})
			}
			if i+1 < l.NX && j+1 < l.NY {
				term(2*stiff, []int{o, o + 1, o + l.NX, o + l.NX + 1}, []float64{1, -1, -1, 1})
			}
		}
	}
	dx, dy = make([]float64, n), make([]float64, n)
	var factor mat.BandCholesky
	// Without a chip of any weight the matrix is singular, and no shift is as good as any.
	if factor.Factorize(a) {
		x, y := mat.NewVecDense(n, dx), mat.NewVecDense(n, dy)
		if factor.SolveVecTo(x, bx) != nil || factor.SolveVecTo(y, by) != nil {
			clear(dx)
			clear(dy)
		}
	}
	return dx, dy
}

// depth returns the length of the correction at each chip.
func (s smoothed) depth() []float64 {
	s.lattice.DX, s.lattice.DY = s.dx, s.dy
	d := make([]float64, len(s.chips))
	for i, c := range s.chips {
		d[i] = math.Hypot(s.lattice.At(c.X, c.Y))
	}
	return d
}

// nodes returns the lattice to correct by: in thousandths of a pixel, and nowhere beyond what chips said or the cap.
func (s smoothed) nodes(most float64) (nx, ny int, dx, dy []float64) {
	bound := func(v []float64, part func(Chip) float64) {
		lo, hi := math.Inf(1), math.Inf(-1)
		for _, c := range s.chips {
			lo, hi = min(lo, part(c)), max(hi, part(c))
		}
		for i := range v {
			v[i] = max(lo, min(v[i], hi))
		}
	}
	bound(s.dx, func(c Chip) float64 { return c.DX })
	bound(s.dy, func(c Chip) float64 { return c.DY })
	for i := range s.dx {
		// Cut, not rounded, so that the cap holds.
		shrink := min(1, most/max(most, math.Hypot(s.dx[i], s.dy[i])))
		s.dx[i] = math.Trunc(s.dx[i]*shrink*1000) / 1000
		s.dy[i] = math.Trunc(s.dy[i]*shrink*1000) / 1000
	}
	return s.lattice.NX, s.lattice.NY, s.dx, s.dy
}
