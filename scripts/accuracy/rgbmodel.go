package main

import (
	"context"
	"flag"
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
	e, err := newRGBExtractor()
	if err != nil {
		return err
	}
	all := append(labelled[:len(labelled):len(labelled)], simulated...)
	for _, p := range all {
		p.features = e.extract(p)
	}
	if *show {
		return writeRGBModel(out, all)
	}
	return judgeRGB(out, all, ops)
}
