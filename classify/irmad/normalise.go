package irmad

import (
	"cmp"
	"math"
	"slices"
)

// What a fit must show. The first four are about the unchanged pixels, on which the line is drawn; as those were chosen
// for being alike, any two images have some, so the last is about the whole scene.
const (
	// minSame is the number of unchanged pixels below which a line is an accident.
	minSame = 100
	// enoughSame is the number that the smallest statistics fill up to in small samples, though not beyond one in twenty.
	enoughSame = 500
	// minStart is the least that the best pair of combinations must correlate over all pixels: independent images have
	// next to nothing, a scene of which four fifths changed still 0.2.
	minStart = 0.2
	// minCorrelation is the least correlation of a band over the unchanged pixels.
	minCorrelation = 0.6
	// maxContrast bounds the gain, in units of the distances between the quartiles of both dates, and its inverse.
	maxContrast = 3.0
	// maxLeft is the most that the line may leave of a band's spread, both over their best quarter of all pixels: one
	// constant for the whole band leaves 1, an image that has nothing to do with the other 1.4.
	maxLeft = 1.0
)

// Line brings a band of the later image to the earlier one: before ≈ Gain·after + Offset.
type Line struct {
	Gain   float64 `json:"gain"`
	Offset float64 `json:"offset"`
	// Residual is the root mean square of before − (Gain·after + Offset) over the unchanged pixels, in units of before.
	Residual float64 `json:"residual"`
	// Correlation is that of both dates over the unchanged pixels.
	Correlation float64 `json:"correlation"`
	// Left is the residual over the best quarter of all pixels as a share of the band's spread there; below 1 the line helps.
	Left float64 `json:"left"`
	// N is the number of unchanged pixels.
	N int `json:"n"`
	// Bandwise says that the unchanged pixels were found band by band; see Normalise.
	Bandwise bool `json:"bandwise,omitempty"`
}

// At returns what the line makes of the number v of the later image.
func (l Line) At(v float64) float64 { return float64(l.Gain*v) + l.Offset }

// Normalise draws the line of each band through the unchanged pixels of the sample that t was fitted to, by orthogonal
// regression: both dates have noise, so that neither is the cause of the other. Unchanged are the pixels whose
// statistic χ² would exceed with more than o.Probability; where those are fewer than 500, the smallest statistics up
// to that number or a twentieth of the sample. Bands that Fit dropped as collinear get a line as well.
//
// Where a line so found must be refused, the unchanged pixels are sought once more among the differences of each band with
// itself, which IR-MAD is free to pass over for combinations of several bands; Bandwise tells.
//
// A band that does not matter (Options.Matters) and through whose pixels no line goes, because it is constant, has the zero Line.
//
// The error is a *Refusal; the lines come with it when there are any, to show what was refused.
func Normalise(x, y [][]float64, t *Transform, o Options) ([]Line, error) {
	o = o.withDefaults()
	if !t.Converged {
		return nil, notConverged(t.Iterations)
	}
	if rho := t.Start[len(t.Start)-1]; rho < minStart {
		return nil, unrelated(rho)
	}
	lines, refusal := t.lines(x, y, o)
	if refusal == nil {
		return lines, nil
	}
	if u := bandwise(x, y, o); u != nil {
		if again, err := u.lines(x, y, o); err == nil {
			for b := range again {
				again[b].Bandwise = true
			}
			return again, nil
		}
	}
	return lines, refusal
}

// lines draws the lines through the pixels that t takes for unchanged.
func (t *Transform) lines(x, y [][]float64, o Options) ([]Line, error) {
	same := t.unchanged(x, y, o.Probability)
	if len(same) < minSame {
		return nil, tooFewSame(len(same))
	}
	lines := make([]Line, len(x))
	var refusal error
	for b := range x {
		lines[b] = orthogonal(x[b], y[b], same)
		lines[b].Left = left(x[b], y[b], lines[b])
		if !o.matters(b) && !lines[b].finite() {
			lines[b] = Line{}
		}
		if refusal == nil && o.matters(b) {
			if r := lines[b].judge(x[b], y[b], o.band(b)); r != nil {
				refusal = r
			}
		}
	}
	return lines, refusal
}

// finite reports whether the line is one at all.
func (l Line) finite() bool {
	for _, v := range []float64{l.Gain, l.Offset, l.Residual, l.Correlation, l.Left} {
		if v-v != 0 {
			return false
		}
	}
	return true
}

// judge returns why the line of a band cannot be used, nil if it can.
func (l Line) judge(x, y []float64, band string) *Refusal {
	contrast := l.Gain * between(y) / between(x)
	switch {
	case !(l.Correlation >= minCorrelation):
		return weakLine(band, l.Correlation)
	case !(contrast >= 1/maxContrast && contrast <= maxContrast):
		return implausible(band, contrast)
	case !(l.Left <= maxLeft):
		return unexplained(band, l.Left)
	}
	return nil
}

// unchanged returns the pixels taken for unchanged, in their order.
func (t *Transform) unchanged(x, y [][]float64, probability float64) []int {
	statistic := make([]float64, len(x[0]))
	variate := make([]float64, len(statistic))
	for k := range t.A {
		clear(variate)
		for b := range x {
			difference(variate, x[b], y[b], t.MeanX[b], t.MeanY[b], t.A[k][b]/t.Sigma[k], t.B[k][b]/t.Sigma[k])
		}
		for i, v := range variate {
			statistic[i] += v * v
		}
	}
	var same []int
	for i, s := range statistic {
		if survival(s, t.Variates()) > probability {
			same = append(same, i)
		}
	}
	if want := min(enoughSame, len(statistic)/20); len(same) < want {
		order := make([]int, len(statistic))
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(i, j int) int {
			return cmp.Or(cmp.Compare(statistic[i], statistic[j]), cmp.Compare(i, j))
		})
		same = order[:want]
		slices.Sort(same)
	}
	return same
}

// orthogonal returns the line that has the least squared distance, at right angles, from the given pixels: the first
// principal axis, after y has been divided by the power of 100 that brings its spread nearest to that of x, so that a change
// of units, from reflectance to ten thousand times that, changes the line by just that. Gain is NaN or infinite where a
// band is constant over the pixels or both do not correlate.
func orthogonal(x, y []float64, pixels []int) Line {
	n := float64(len(pixels))
	var mx, my, xx, yy, xy float64
	for _, i := range pixels {
		mx += x[i]
		my += y[i]
	}
	mx, my = mx/n, my/n
	for _, i := range pixels {
		dx, dy := x[i]-mx, y[i]-my
		xx += dx * dx
		yy += dy * dy
		xy += dx * dy
	}
	unit := math.Pow(100, math.Round(math.Log(yy/xx)/(2*math.Log(100))))
	d, c := xx-yy/(unit*unit), 2*xy/unit
	l := Line{N: len(pixels), Gain: (d + math.Hypot(d, c)) / (c * unit), Correlation: xy / math.Sqrt(xx*yy)}
	l.Offset = mx - l.Gain*my
	rss := 0.0
	for _, i := range pixels {
		r := x[i] - l.At(y[i])
		rss += r * r
	}
	l.Residual = math.Sqrt(rss / n)
	return l
}

// between returns the distance between the quartiles, which clouds do not stretch.
func between(v []float64) float64 {
	s := some(v)
	slices.Sort(s)
	return s[len(s)*3/4] - s[len(s)/4]
}

// some returns a copy of at most 10⁵ or so of the values, evenly spaced: enough for a quantile.
func some(v []float64) []float64 {
	var out []float64
	for i := 0; i < len(v); i += max(1, len(v)/100_000) {
		out = append(out, v[i])
	}
	return out
}

// left returns what the line leaves of x: the root mean square of the smallest quarter of the residuals, relative to
// the smallest quarter of the distances from the median. Three quarters of the pixels may have changed without touching it.
// Where that quarter has one value, as in water or a saturated roof, the distances of all pixels stand in for it.
func left(x, y []float64, l Line) float64 {
	values, residuals := some(x), some(y)
	for i, v := range residuals {
		residuals[i] = math.Abs(values[i] - l.At(v))
	}
	slices.Sort(values)
	median := values[len(values)/2]
	for i, v := range values {
		values[i] = math.Abs(v - median)
	}
	spread := smallestQuarter(values)
	if spread == 0 {
		ss := 0.0
		for _, d := range values {
			ss += float64(d * d)
		}
		spread = math.Sqrt(ss / 4)
	}
	return smallestQuarter(residuals) / spread
}

func smallestQuarter(v []float64) float64 {
	slices.Sort(v)
	ss := 0.0
	for _, f := range v[:(len(v)+3)/4] {
		ss += f * f
	}
	return math.Sqrt(ss)
}
