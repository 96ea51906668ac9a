package main

import (
	"fmt"
	"io"
	"math"
	"strings"

	"tuban/classify/train"
)

const (
	// rgbExamples is how many pixels of each class a pair gives: pairs count the same, whatever their size and their share of change.
	rgbExamples = 1000
	// rgbRidge is strong, because nine pairs are nine examples rather than half a million.
	rgbRidge = 0.01
)

// trainRGB fits the model to pairs. The pairs give their examples in turns, so that whichever of them the fit holds out
// are of all pairs.
func trainRGB(pairs []*rgbPair) (train.Weights, train.Report, error) {
	type pixels struct {
		p   *rgbPair
		yes bool
		at  []int
	}
	var classes []pixels
	for _, p := range pairs {
		yes, no := pixels{p: p, yes: true}, pixels{p: p}
		for i, r := range p.reference {
			switch {
			case r == 1:
				yes.at = append(yes.at, i)
			case r == 0:
				no.at = append(no.at, i)
			}
		}
		for _, c := range []pixels{yes, no} {
			if len(c.at) > 0 {
				classes = append(classes, c)
			}
		}
	}
	features := make([][]float64, len(rgbFeatures))
	var yes []bool
	for e := range rgbExamples {
		for _, c := range classes {
			i := c.at[e*len(c.at)/rgbExamples]
			for f := range features {
				features[f] = append(features[f], float64(c.p.features[f][i]))
			}
			yes = append(yes, c.yes)
		}
	}
	w, r, err := train.Logistic(features, yes, train.Options{Ridge: rgbRidge, Most: len(yes)})
	if err != nil {
		return nil, r, fmt.Errorf("training the model of pairs in red, green and blue: %w", err)
	}
	return w, r, nil
}

// probability is the model's at pixel i of p; not a number where a feature has no value.
func probability(w train.Weights, p *rgbPair, i int) float64 {
	z := w[0]
	for f, plane := range p.features {
		z += w[f+1] * float64(plane[i])
	}
	return 1 / (1 + math.Exp(-z))
}

// writeRGBModel trains on all pairs and writes the model as rules have it.
func writeRGBModel(out io.Writer, all []*rgbPair) error {
	w, r, err := trainRGB(all)
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# %d examples of change, %d of none; area under the curve %.2f, by examples that it was not fitted to.\n", r.Yes, r.No, r.AUC)
	b.WriteString("models:\n  changed:\n    pair: true\n    features:\n")
	for _, f := range rgbFeatures {
		fmt.Fprintf(&b, "      - %s\n", f)
	}
	b.WriteString("    weights: [")
	for i, v := range w {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%.4g", v)
	}
	b.WriteString("]\n")
	_, err = io.WriteString(out, b.String())
	return err
}
