package irmad

import "strconv"

// Options steer Fit and Normalise; the zero value is ready.
type Options struct {
	// Bands are the names of the bands in refusals; their numbers from 1 when nil.
	Bands []string
	// Matters says of each band whether a poor line refuses the fit; all do when nil.
	Matters []bool
	// MaxIterations bounds the iterations; 0 means 50.
	MaxIterations int
	// Tolerance is the change of the canonical correlations in one iteration below which the iteration ends; 0 means 0.01.
	Tolerance float64
	// Probability is that of a larger statistic, χ² with as many degrees of freedom as variates, above which Normalise
	// takes a pixel for unchanged; 0 means 0.95.
	Probability float64
}

func (o Options) withDefaults() Options {
	if o.MaxIterations <= 0 {
		// Real pairs need 5 to 15; what has not settled by then does not.
		o.MaxIterations = 50
	}
	if o.Tolerance <= 0 {
		// Each iteration narrows the population of pixels that count, and the variance that it is judged by, without end
		// where the noise is Gaussian: to stop early keeps a population that stands for the scene.
		o.Tolerance = 0.01
	}
	if o.Probability <= 0 || o.Probability >= 1 {
		// As in Canty and Nielsen 2008: the cleanest twentieth, not all that might be unchanged.
		o.Probability = 0.95
	}
	return o
}

func (o Options) matters(b int) bool { return b >= len(o.Matters) || o.Matters[b] }

// band returns the name of band b.
func (o Options) band(b int) string {
	if b < len(o.Bands) {
		return o.Bands[b]
	}
	return strconv.Itoa(b + 1)
}
