package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/goccy/go-yaml"

	"tuban/classify/accuracy"
)

// missing stands where a part needs imagery that is not there.
func missing(what string) string {
	return "**Not measured: " + what + ".** `TUBAN_TESTDATA` was not set when this document was made. Set it to the folder of the labelled pairs, and make it again.\n\n"
}

// samplingSeeds are those that the pair of taizhou is run with.
const samplingSeeds = 5

// seeded is the run with a sampling seed.
func seeded(seed int) variant {
	return variant{name: fmt.Sprint("seed-", seed), set: yaml.MapSlice{{Key: "sample", Value: yaml.MapSlice{{Key: "seed", Value: seed}}}}}
}

var forest = set{"volcan_barva_forest", []string{"volcan_barva_forest"}, fourBands}

// realTasks are the products of real pairs: taizhou with each seed, and every other pair by default.
func (w *workshop) realTasks() ([]*task, error) {
	var out []*task
	for _, s := range append([]set{forest}, sets...) {
		pairs, err := realSet(w.o.data, s)
		if err != nil {
			return nil, err
		}
		for _, p := range pairs {
			out = append(out, w.real(p.name, p.runText(), usual))
			if s.name != "taizhou" {
				continue
			}
			for seed := range samplingSeeds {
				out = append(out, w.real(p.name, p.runText(), seeded(seed)))
			}
		}
	}
	return out, nil
}

// ablatedPairs are the tasks of taizhou and oscd under a variant.
func (w *workshop) ablatedPairs(v variant) ([]*task, error) {
	var out []*task
	for _, s := range sets {
		if s.name != "taizhou" && s.name != "oscd" {
			continue
		}
		pairs, err := realSet(w.o.data, s)
		if err != nil {
			return nil, err
		}
		for _, p := range pairs {
			out = append(out, w.real(p.name, p.runText(), v))
		}
	}
	return out, nil
}

// labelled compares the product of a pair with its labels by pixel. The patches are those of a kind, all of them without one.
func (w *workshop) labelled(ctx context.Context, p realPair, v variant, kind string) (accuracy.Confusion, error) {
	args := []string{"--value", "1", "--no-value", "0", "--ignore", "255", "--no-objects"}
	if kind != "" {
		args = append(args, "--kind", kind)
	}
	r, err := w.tuban.assessed(ctx, w.real(p.name, nil, v).product(), p.reference(), args...)
	if err != nil {
		return accuracy.Confusion{}, err
	}
	return confusion(r.Pixels.All), nil
}

// product is the result of the default run, or of a variant, on the pairs of a set.
func (w *workshop) productOn(ctx context.Context, s set, v variant, kind string) (result, error) {
	r := result{method: "**tuban**"}
	pairs, err := realSet(w.o.data, s)
	if err != nil {
		return r, err
	}
	for _, p := range pairs {
		c, err := w.labelled(ctx, p, v, kind)
		if err != nil {
			return r, err
		}
		r.scenes = append(r.scenes, c)
	}
	return r, nil
}

// best is the one of the results that has the largest F1 of all scenes together; the first of equals, and before all of them one that is
// defined.
func best(results []result) result {
	top := results[0]
	for _, r := range results[1:] {
		if f, have := r.pooled().Measures().F1, top.pooled().Measures().F1; f.Defined() && !(f <= have) {
			top = r
		}
	}
	return top
}

// writeReal writes what the labelled pairs say.
func (w *workshop) writeReal(ctx context.Context, b *strings.Builder) error {
	b.WriteString("## Real pairs\n\n")
	if w.o.data == "" {
		b.WriteString(missing("every real pair"))
		return nil
	}
	b.WriteString("None of these has a survey. Each is run with its two images, their bands and their days, and nothing else: the run file is that of the " +
		"defaults. Measures are by pixel, over the labelled pixels; what was not observed counts as not found. The baselines are textbook methods computed by this script " +
		"on the same pairs; each finds its limit from the pair itself, and none sees a label.\n\n")
	for _, write := range []func(context.Context, *strings.Builder) error{w.writeNormalised, w.writeTaizhou, w.writeForest, w.writeCities, w.writeColour} {
		if err := write(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

// writeForest writes what is found of the woodland that went.
func (w *workshop) writeForest(ctx context.Context, b *strings.Builder) error {
	pairs, err := realSet(w.o.data, forest)
	if err != nil {
		return err
	}
	p := pairs[0]
	product := w.real(p.name, nil, usual).product()
	polygons, err := w.tuban.assessed(ctx, product, filepath.Join(p.folder, "reference_polygons.gpkg"),
		"--layer", "reference", "--type-field", "code", "--value", "1", "--same", "1=trees_lost")
	if err != nil {
		return err
	}
	pixels, err := w.tuban.assessed(ctx, product, p.reference(), "--value", "1", "--no-value", "10,20", "--ignore", "0,2,255", "--no-objects", "--kind", "trees_lost")
	if err != nil {
		return err
	}
	all := findRow([]accuracy.ObjectRow{polygons.Objects.All}, polygons.Objects.All.Name)
	c := confusion(pixels.Pixels.All)
	fmt.Fprintf(b, `### volcan_barva_forest: woodland lost, Landsat 5, 1986 and 2001

Blue, green, red and near infrared; the visible bands of 1986 are ten times too large, so that the NDVI of a forest is 0.05 there. One of the two
polygons that the reference gives as lost shows no change in these images: once the scale is mended, its NDVI is .72 before and .74 after. No method that reads only these
bands can find it.

| | |
|---|---:|
| polygons of woodland lost that patches cover by half or more | %d of %d |
| … patches of the kind `+"`trees_lost`"+` | %d of %d |
| pixels of woodland lost in patches of that kind | %d of %d |
| pixels of stable land in patches of that kind | %d of %d |

`, all.Hits, all.Objects, all.HitsSameKind, all.Objects, c.TP, c.TP+c.FN, c.FP, c.FP+c.TN)
	return nil
}
