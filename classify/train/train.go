// Package train fits the small models of the rules: a logistic function of a few features, trained on pixels that a survey
// calls one thing or the other, although some of what the survey says is wrong.
package train

import (
	"fmt"
	"math"
)

// Weights are those of a logistic function 1/(1+exp(-(w0 + w1·f1 + …))): of the constant, then of each feature as it was given.
type Weights []float64

// Options of a fit. The zero value is that of a run.
type Options struct {
	// Ridge is the L2 penalty on the weights of standardised features, against a mean loss; 0 for 0.0001.
	Ridge float64
	// Most is the most examples of each class that are used, evenly spread; 0 for 20,000.
	Most int
}

const (
	defaultRidge = 1e-4
	defaultMost  = 20_000
	// least is how many examples of each class say where it lies in the space of a few features.
	least = 100
	// leastAUC is where a model is a little better than guessing: with one label in five wrong, perfect features reach 0.8.
	leastAUC = 0.6
)

// Report is how well a model tells its examples apart, by examples that it was not fitted to. Their labels are as wrong as the
// others: perfect weights do not reach an AUC of 1.
type Report struct {
	// Yes and No are the examples used, those held out included.
	Yes int `json:"yes"`
	No  int `json:"no"`
	// AUC is the chance that a yes scores higher than a no, 0.5 for guessing.
	AUC float64 `json:"auc"`
	// Error is the mean of the shares of either class on the wrong side of probability 0.5.
	Error float64 `json:"error"`
	// WrongYes and WrongNo are the estimated shares of the examples labelled yes that are none, and of those labelled no that are.
	WrongYes float64 `json:"wrong_yes"`
	WrongNo  float64 `json:"wrong_no"`
	// Constant lists the features, from 0, that do not vary; their weight is 0.
	Constant []int `json:"constant,omitempty"`
}

// Logistic fits weights to examples: features[f][i] is feature f of example i, yes[i] its label. Both classes count the same,
// however many examples they have. Examples with a feature that is not finite are left out. The order of the examples matters
// only to which of them are held out (two tenths, in blocks, so that neighbours stay together) and used.
//
// The loss is that of labels which are wrong with an unknown chance for each class, found together with the weights
// (Bootkrajang and Kabán, "Label-noise robust logistic regression and its applications", 2012).
//
// The error says what is wrong with the examples: too few of a class, features that do not vary, or features that do not
// tell the classes apart; the report holds what is known by then.
func Logistic(features [][]float64, yes []bool, o Options) (Weights, Report, error) {
	if o.Ridge == 0 {
		o.Ridge = defaultRidge
	}
	if o.Most == 0 {
		o.Most = defaultMost
	}
	var r Report
	for f := range features {
		if len(features[f]) != len(yes) {
			return nil, r, fmt.Errorf("feature %d has %d values for %d labels", f+1, len(features[f]), len(yes))
		}
	}
	fit, held := examples(features, yes, o.Most)
	r.Yes, r.No = fit.yes+held.yes, fit.no+held.no
	if min(r.Yes, r.No) < least {
		return nil, r, fmt.Errorf("too few examples: %d and %d of its classes, %d needed of each", r.Yes, r.No, least)
	}
	scales := make([]scale, len(features))
	var vary []int
	for f := range features {
		scales[f] = scaleOf(features[f], fit.rows)
		if scales[f].width > 0 {
			vary = append(vary, f)
		} else {
			r.Constant = append(r.Constant, f)
		}
	}
	if len(vary) == 0 {
		return nil, r, fmt.Errorf("none of its %d features varies over %d examples", len(features), r.Yes+r.No)
	}
	p := newProblem(features, yes, fit, vary, scales, o.Ridge)
	b, wrongYes, wrongNo, err := p.solve()
	if err != nil {
		return nil, r, fmt.Errorf("the fit does not end: %w", err)
	}
	r.WrongYes, r.WrongNo = p.mistaken(b, wrongYes, wrongNo)
	// The labels were balanced for the fit; what is true behind them is now.
	b[0] -= math.Log((1 - r.WrongYes + r.WrongNo) / (1 - r.WrongNo + r.WrongYes))
	w := make(Weights, len(features)+1)
	w[0] = b[0]
	for j, f := range vary {
		w[f+1] = b[j+1] / scales[f].width
		w[0] -= w[f+1] * scales[f].centre
	}
	for _, v := range w {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, r, fmt.Errorf("the fit has no finite weights: give features of like size")
		}
	}
	r.AUC, r.Error = w.judge(features, yes, held)
	if r.AUC < leastAUC {
		return nil, r, fmt.Errorf("its features do not tell the classes apart: area under the curve %.2f, %.2f needed", r.AUC, leastAUC)
	}
	return w, r, nil
}
