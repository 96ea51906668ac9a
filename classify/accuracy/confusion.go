package accuracy

import "math"

// Confusion counts pixels by what the map and the reference say of them: TP changed in both, FP in the map alone, FN in
// the reference alone, TN in neither.
type Confusion struct{ TP, FP, FN, TN int64 }

// Add counts n pixels of which the map and the reference say whether they changed.
func (c *Confusion) Add(mapped, reference bool, n int64) {
	switch {
	case mapped && reference:
		c.TP += n
	case mapped:
		c.FP += n
	case reference:
		c.FN += n
	default:
		c.TN += n
	}
}

// Total is the number of pixels counted.
func (c Confusion) Total() int64 { return c.TP + c.FP + c.FN + c.TN }

// Measures are what is usually said of a confusion matrix, each in [0, 1] but kappa, which is in [−1, 1].
type Measures struct {
	TP        int64 `json:"tp"`
	FP        int64 `json:"fp"`
	FN        int64 `json:"fn"`
	TN        int64 `json:"tn"`
	OA        Ratio `json:"oa"` // overall accuracy
	Precision Ratio `json:"precision"`
	Recall    Ratio `json:"recall"`
	F1        Ratio `json:"f1"`
	// Kappa is Cohen's (1960): agreement beyond what the two margins alone would bring. NaN when both say the same of every
	// pixel and it is one class only.
	Kappa Ratio `json:"kappa"`
	IoU   Ratio `json:"iou"`
}

// Measures derives the measures of c.
func (c Confusion) Measures() Measures {
	tp, fp, fn, tn := float64(c.TP), float64(c.FP), float64(c.FN), float64(c.TN)
	n := tp + fp + fn + tn
	m := Measures{
		TP: c.TP, FP: c.FP, FN: c.FN, TN: c.TN,
		OA: Quotient(tp+tn, n), Precision: Quotient(tp, tp+fp), Recall: Quotient(tp, tp+fn),
		F1: Quotient(2*tp, 2*tp+fp+fn), IoU: Quotient(tp, tp+fp+fn), Kappa: Ratio(math.NaN()),
	}
	if n > 0 {
		chance := ((tp+fp)/n)*((tp+fn)/n) + ((fn+tn)/n)*((fp+tn)/n)
		m.Kappa = Quotient(float64(m.OA)-chance, 1-chance)
	}
	return m
}
