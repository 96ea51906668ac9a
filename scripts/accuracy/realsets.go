package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tuban/classify/accuracy"
	"tuban/classify/clean"
)

// setNamed returns one of sets.
func setNamed(name string) set {
	return sets[slices.IndexFunc(sets, func(s set) bool { return s.name == name })]
}

// writeTaizhou writes what the default run finds of all changes, by sampling seed.
func (w *workshop) writeTaizhou(ctx context.Context, b *strings.Builder) error {
	s := setNamed("taizhou")
	_, results, err := measure(ctx, w.o.data, s)
	if err != nil {
		return err
	}
	for seed := range samplingSeeds {
		r, err := w.productOn(ctx, s, seeded(seed), "")
		if err != nil {
			return err
		}
		r.method = fmt.Sprintf("**tuban**, `sample: {seed: %d}`", seed)
		results = append(results, r)
	}
	b.WriteString("### taizhou: all changes, Landsat 7, 2000 and 2003\n\n" +
		"Patches of all kinds against all labelled change. The aim is a kappa of .92 with each of five sampling seeds. The pair has 160,000 pixels: a run of less than a million " +
		"measures all of them, so that the seed has nothing to choose. Below, therefore, the change statistic by itself, fitted to a random half of the pixels, as a larger run is to its sample.\n\n")
	b.WriteString(resultTable(nil, results).String())
	halves, err := halfFits(ctx, w.o.data)
	if err != nil {
		return err
	}
	t := &table{head: []string{"half", "kappa", "F1"}}
	for i, c := range halves {
		t.add(fmt.Sprint(i), number(c.Measures().Kappa), number(c.Measures().F1))
	}
	b.WriteString(t.String())
	return nil
}

// writeCities writes what the kind built finds of new urban land.
func (w *workshop) writeCities(ctx context.Context, b *strings.Builder) error {
	s := setNamed("oscd")
	scenes, results, err := measure(ctx, w.o.data, s)
	if err != nil {
		return err
	}
	r, err := w.productOn(ctx, s, usual, "built")
	if err != nil {
		return err
	}
	r.method = "**tuban**, kind `built`"
	b.WriteString("### oscd: new urban land, Sentinel-2, 2015 to 2018\n\n" +
		"The labels mark new buildings and roads only: other change counts as false, and only patches of the kind `built` are compared. By city, F1; then all pixels together.\n\n")
	b.WriteString(resultTable(scenes, append(results, r)).String())
	writeRatio(b, r, results, "The aim is 1.3.")
	return nil
}

// writeRatio says how r compares with the best of the baselines.
func writeRatio(b *strings.Builder, r result, baselines []result, aim string) {
	top := best(baselines)
	ratio := accuracy.Quotient(float64(r.pooled().Measures().F1), float64(top.pooled().Measures().F1))
	fmt.Fprintf(b, "The F1 of %s is %.2f times that of the best baseline (%s). %s\n\n", strings.ReplaceAll(r.method, "**", ""), float64(ratio), top.method, aim)
}

// colourAims is the F1 of the best baseline on all tiles of the sets from which these are.
var colourAims = map[string]string{"rgb_levir": ".27", "rgb_dsifn": ".53"}

// writeColour writes what is found in red, green and blue alone.
func (w *workshop) writeColour(ctx context.Context, b *strings.Builder) error {
	ops, err := clean.Parse(rgbClean)
	if err != nil {
		return err
	}
	labelled, err := rgbPairs(ctx, w.o.data)
	if err != nil {
		return err
	}
	simulated, err := simulatedPairs(rgbCounties)
	if err != nil {
		return err
	}
	all, err := withFeatures(append(labelled, simulated...))
	if err != nil {
		return err
	}
	b.WriteString("### rgb_levir and rgb_dsifn: red, green and blue alone, 0.5 m and 2 m\n\n" +
		"Small tiles, years apart, without near infrared. The model that the default rules ship for such pairs was trained on the labels of these nine tiles and on simulated counties. " +
		"**The row of tuban below is therefore not independent**: the shipped model has seen the labels that it is compared with. What counts are the rows of models that were trained " +
		"without the tile that they judge: by the same program, with the same features and the same cleaning, but without patches and minimum areas. " +
		"The other set is the harder test: other cities, another sensor and another resolution.\n\n")
	for _, name := range []string{"rgb_levir", "rgb_dsifn"} {
		s := setNamed(name)
		scenes, baselines, err := measure(ctx, w.o.data, s)
		if err != nil {
			return err
		}
		_, models, err := judgeRGB(name, all, ops)
		if err != nil {
			return err
		}
		shipped, err := w.productOn(ctx, s, usual, "")
		if err != nil {
			return err
		}
		shipped.method = "**tuban**, has seen these labels"
		fmt.Fprintf(b, "`%s`, F1 by tile, then all pixels together:\n\n", name)
		b.WriteString(resultTable(scenes, append(append(baselines[:len(baselines):len(baselines)], models...), shipped)).String())
		writeRatio(b, models[0], baselines, "The aim is more than 1, and an F1 above "+colourAims[name]+", the best baseline on record for the whole set.")
	}
	return nil
}

// ablatedReal writes what is lost on real pairs.
func (w *workshop) ablatedReal(ctx context.Context, b *strings.Builder, tasks []*task) error {
	b.WriteString("Real pairs, which have no survey: taizhou, all changes; oscd, new urban land, the four cities together.\n\n")
	t := &table{head: []string{"switched off", "taizhou kappa", "taizhou F1", "oscd F1"}}
	taizhou, oscd := setNamed("taizhou"), setNamed("oscd")
	var full [3]accuracy.Ratio
	for i, v := range append([]variant{usual}, variantsOf(ablations)...) {
		what := "nothing"
		if i > 0 {
			what = ablations[i-1].what
		}
		if idle(v, w.real("taizhou", nil, v).folder, tasks) {
			t.add(what, "–", "–", "–")
			continue
		}
		a, err := w.productOn(ctx, taizhou, v, "")
		if err != nil {
			return err
		}
		c, err := w.productOn(ctx, oscd, v, "built")
		if err != nil {
			return err
		}
		got := [3]accuracy.Ratio{a.pooled().Measures().Kappa, a.pooled().Measures().F1, c.pooled().Measures().F1}
		if i == 0 {
			full = got
		}
		row := []string{what}
		for k := range got {
			row = append(row, against(number(got[k]), i == 0, float64(got[k]), float64(full[k]), 3))
		}
		t.add(row...)
	}
	b.WriteString(t.String())
	return nil
}
