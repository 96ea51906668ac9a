package train

import (
	"math"

	"gonum.org/v1/gonum/optimize"
)

// firstWrong is the chance of a wrong label to begin with; mostWrong bounds it: beyond, labels say hardly anything.
const firstWrong, mostWrong = 0.05, 0.35

// problem is a weighted logistic regression with a ridge on all weights but the constant's, and labels that may be wrong.
// Its unknowns are the weights, then two that give the chances of a wrong label through chance.
type problem struct {
	x      []float64 // examples × columns, the first column 1
	cols   int
	label  []bool
	weight []float64 // of each example; 0.5 for each class together
	ridge  float64
}

func newProblem(features [][]float64, yes []bool, fit part, vary []int, scales []scale, ridge float64) *problem {
	p := &problem{cols: len(vary) + 1, ridge: ridge}
	for _, i := range fit.rows {
		p.x = append(p.x, 1)
		for _, f := range vary {
			p.x = append(p.x, (features[f][i]-scales[f].centre)/scales[f].width)
		}
		w := 0.5 / float64(fit.no)
		if yes[i] {
			w = 0.5 / float64(fit.yes)
		}
		p.label, p.weight = append(p.label, yes[i]), append(p.weight, w)
	}
	return p
}

// solve returns the weights, and the chances that a true no is labelled yes and a true yes is labelled no, where the classes
// are balanced.
func (p *problem) solve() (b []float64, wrongYes, wrongNo float64, err error) {
	first := make([]float64, p.cols+2)
	first[p.cols] = math.Log(firstWrong / (mostWrong - firstWrong))
	first[p.cols+1] = first[p.cols]
	r, err := optimize.Minimize(
		optimize.Problem{
			Func: func(u []float64) float64 { return p.loss(u, nil) },
			Grad: func(g, u []float64) { p.loss(u, g) },
		}, first,
		// The bounds end what no longer matters to a probability; none of them is a clock's.
		&optimize.Settings{
			GradientThreshold: 1e-7, MajorIterations: 1000, FuncEvaluations: 5000,
			Converger: &optimize.FunctionConverge{Absolute: 1e-12, Iterations: 10},
		}, &optimize.BFGS{})
	// A line search that finds nothing lower is at the minimum as far as the last digits tell.
	if r == nil {
		return nil, 0, 0, err
	}
	return r.X[:p.cols], chance(r.X[p.cols]), chance(r.X[p.cols+1]), nil
}

func chance(u float64) float64 { return mostWrong * logistic(u) }

// loss returns the mean surprise at the labels, and its gradient in g unless that is nil.
func (p *problem) loss(u, g []float64) float64 {
	b, wrongYes, wrongNo := u[:p.cols], chance(u[p.cols]), chance(u[p.cols+1])
	right := 1 - wrongYes - wrongNo
	clear(g)
	sum := 0.0
	for j := 1; j < p.cols; j++ {
		sum += p.ridge / 2 * b[j] * b[j]
		if g != nil {
			g[j] = p.ridge * b[j]
		}
	}
	var byYes, byNo float64
	for i, w := range p.weight {
		// The chance of the label: from a true yes and from a true no.
		s := p.probability(b, i)
		sign, q := 1.0, wrongYes+right*s
		if !p.label[i] {
			sign, q = -1, wrongNo+right*(1-s)
		}
		q = max(q, 1e-300)
		sum -= w * math.Log(q)
		if g == nil {
			continue
		}
		w *= -sign / q
		byYes += w * (1 - s)
		byNo -= w * s
		w *= right * s * (1 - s)
		for j, x := range p.x[i*p.cols : (i+1)*p.cols] {
			g[j] += w * x
		}
	}
	if g != nil {
		g[p.cols] = byYes * wrongYes * (1 - wrongYes/mostWrong)
		g[p.cols+1] = byNo * wrongNo * (1 - wrongNo/mostWrong)
	}
	return sum
}

// probability is the chance that example i is truly yes, whatever its label.
func (p *problem) probability(b []float64, i int) float64 {
	z := 0.0
	for j, x := range p.x[i*p.cols : (i+1)*p.cols] {
		z += b[j] * x
	}
	return logistic(z)
}

// mistaken returns the shares of the examples labelled yes, and of those labelled no, that truly are the other.
func (p *problem) mistaken(b []float64, wrongYes, wrongNo float64) (ofYes, ofNo float64) {
	for i, w := range p.weight {
		s := p.probability(b, i)
		if no := wrongYes * (1 - s); p.label[i] {
			ofYes += 2 * w * no / (no + (1-wrongNo)*s)
		} else {
			ofNo += 2 * w * wrongNo * s / (wrongNo*s + (1-wrongYes)*(1-s))
		}
	}
	return ofYes, ofNo
}

func logistic(z float64) float64 { return 1 / (1 + math.Exp(-z)) }
