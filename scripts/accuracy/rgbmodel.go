package main

import (
	"context"
	"flag"
	"fmt"
	"io"

	"tuban/classify/clean"
)

const (
	// rgbClean is what follows the model where it is judged.
	rgbClean = "majority 9"
	// rgbCounties is how many simulated counties the shipped model has seen beside the labelled pairs: they have steel roofs and
	// fields through the year, which the pairs have not.
	rgbCounties = 4
)

// rgbModel trains the model that the rules ship for a pair of images in red, green and blue, and judges it on pairs that
// it was not trained on. With -print it writes the model as the rules have it, trained on all pairs.
func rgbModel(ctx context.Context, data string, args []string, out io.Writer) error {
	f := flag.NewFlagSet("rgb", flag.ContinueOnError)
	f.SetOutput(out)
	steps := f.String("clean", rgbClean, "what follows the model, as a kind writes it")
	counties := f.Int("counties", rgbCounties, "simulated counties to train on")
	normalise := f.Bool("normalise", false, "bring each after image to its before image by IR-MAD first, where that is possible")
	show := f.Bool("print", false, "print the model trained on all pairs, as rules have it")
	if err := f.Parse(args); err != nil {
		return err
	}
	ops, err := clean.Parse(*steps)
	if err != nil {
		return err
	}
	labelled, err := rgbPairs(ctx, data)
	if err != nil {
		return err
	}
	if *normalise {
		for _, p := range labelled {
			if err := p.normalise(); err != nil {
				// The error says what a run would, and the pair is used as it is.
				if _, err := io.WriteString(out, p.set+"/"+p.name+": "+err.Error()+"\n"); err != nil {
					return err
				}
			}
		}
	}
	simulated, err := simulatedPairs(*counties)
	if err != nil {
		return err
	}
	all, err := withFeatures(append(labelled[:len(labelled):len(labelled)], simulated...))
	if err != nil {
		return err
	}
	if *show {
		return writeRGBModel(out, all)
	}
	for _, s := range sets {
		scenes, results, err := judgeRGB(s.name, all, ops)
		if err != nil {
			return err
		}
		if len(scenes) == 0 {
			continue
		}
		if _, err := fmt.Fprintf(out, "## %s\n\n%s", s.name, resultTable(scenes, results)); err != nil {
			return err
		}
	}
	return nil
}

// withFeatures computes the features of the pairs.
func withFeatures(pairs []*rgbPair) ([]*rgbPair, error) {
	e, err := newRGBExtractor()
	if err != nil {
		return nil, err
	}
	for _, p := range pairs {
		p.features = e.extract(p)
	}
	return pairs, nil
}
