package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"tuban/pipeline"
	"tuban/pipeline/assess"
	"tuban/pipeline/runfile"
	"tuban/raster/gdal"
)

func newAssess() *cobra.Command {
	var o assess.Options
	var asJSON bool
	var out string
	cmd := &cobra.Command{
		Use:   "assess PRODUCT --reference FILE",
		Short: "Compare a product with a reference: by pixel, by object, over the score",
		Long: `Compare a product with a reference that is known everywhere: a raster of labels, or polygons of what changed.

By pixel: confusion matrix, overall accuracy, precision, recall, F1, kappa. By object: an object of the reference is hit when
patches cover half of it or more (--overlap), a patch is true when objects cover half of it; by type, kind, category and
size, with the error of the area. Where patches have a score, also over the limit on it. What was not observed is counted
both as not found and left out.

The values 0/1, 0/255 or 1/2 of a raster are recognised; others are declared. It may lie on another grid.
Without a reference, measure with a sample: tuban sample --help`,
		Example: `  tuban assess demo/out --reference demo/truth.gpkg --layer truth --same trees=trees_lost
  tuban assess out --reference reference.tif --value 1 --no-value 0 --ignore 255 --json
  tuban assess out --reference built.gpkg --kind built --min-area 400 --out accuracy`,
		Args: one("the folder of a product"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.Reference == "" {
				return usageError{fmt.Errorf("give a reference with --reference: a raster of labels, or polygons of what changed")}
			}
			if o.Overlap == 0 {
				return usageError{fmt.Errorf("--overlap 0: give a share above 0, at most 1")}
			}
			completeLabels(&o.Labels, cmd.Flags().Changed("ignore"))
			if err := o.Check(); err != nil {
				return usageError{err}
			}
			return compare(cmd, args[0], o, asJSON, out)
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&o.Reference, "reference", "", "raster of labels or layer of polygons to compare with, a `FILE`")
	fs.StringVar(&o.Layer, "layer", "", "layer of the polygons; by default the only one")
	fs.IntSliceVar(&o.Labels.Changed, "value", nil, "values of a raster, or of --type-field, that mean changed; recognised by default")
	fs.IntSliceVar(&o.Labels.Unchanged, "no-value", nil, "values that mean unchanged; recognised by default")
	fs.IntSliceVar(&o.Labels.Ignored, "ignore", []int{255}, "values that are not labelled")
	fs.BoolVar(&o.Labels.AllChanges, "all-changes", false, "every value of a raster that is neither unchanged nor ignored is a change")
	fs.StringVar(&o.TypeField, "type-field", "", "field of the polygons with the type of change; by default `type`, where there is one")
	fs.StringSliceVar(&o.Types, "types", nil, "types that count for recall; by default all")
	fs.StringToStringVar(&o.Same, "same", nil, "kind that objects of a type should be found as, type=kind,…; by default the kind or land type of that name")
	fs.StringSliceVar(&o.Kinds, "kind", nil, "kinds of the product to compare; by default all")
	fs.Float64Var(&o.Overlap, "overlap", 0.5, "share that must be covered")
	fs.Float64Var(&o.MinArea, "min-area", 0, "smallest object in m² that counts for recall")
	fs.Float64SliceVar(&o.Sizes, "sizes", nil, "limits of the size classes in m²; by default 200,400,1000,5000")
	fs.BoolVar(&o.PixelsOnly, "no-objects", false, "compare pixels of a raster only")
	fs.BoolVar(&asJSON, "json", false, "write JSON instead of tables")
	fs.StringVar(&out, "out", "", "also leave assess.json and assess.txt in this `DIR`")
	return cmd
}

// completeLabels adds what a declaration leaves out: 0 is unchanged, 1 changed, unless they are declared as something else.
func completeLabels(l *assess.Labels, ignoreGiven bool) {
	if !ignoreGiven {
		l.Ignored = slices.DeleteFunc(slices.Clone(l.Ignored), func(v int) bool { return slices.Contains(l.Changed, v) || slices.Contains(l.Unchanged, v) })
	}
	switch {
	case len(l.Changed) > 0 && len(l.Unchanged) == 0 && !slices.Contains(l.Changed, 0) && !slices.Contains(l.Ignored, 0):
		l.Unchanged = []int{0}
	case len(l.Unchanged) > 0 && len(l.Changed) == 0 && !l.AllChanges && !slices.Contains(l.Unchanged, 1) && !slices.Contains(l.Ignored, 1):
		l.Changed = []int{1}
	}
}

// compare assesses and writes the report.
func compare(cmd *cobra.Command, product string, o assess.Options, asJSON bool, out string) error {
	ctx := cmd.Context()
	d, dir, done, err := localProduct(ctx, product, o.Reference)
	if err != nil {
		return err
	}
	defer done()
	if isObject(o.Reference) {
		// A raster is read where it lies; anything else has to be on disk.
		scratch, err := os.MkdirTemp("", "tuban-reference-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(scratch)
		if _, err := gdal.Inspect(ctx, o.Reference); err != nil {
			if o.Reference, err = d.Local(ctx, o.Reference, scratch); err != nil {
				return inputError(err)
			}
		}
	}
	r, err := assess.Assess(ctx, assessDrivers(d), dir, o)
	if err != nil {
		return err
	}
	r.Product = product
	var tables bytes.Buffer
	r.WriteText(&tables)
	text := tables.Bytes()
	js, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	js = append(js, '\n')
	if out != "" {
		if err := os.MkdirAll(out, 0o755); err != nil {
			return inputError(err)
		}
		for name, b := range map[string][]byte{"assess.json": js, "assess.txt": text} {
			if err := os.WriteFile(filepath.Join(out, name), b, 0o644); err != nil {
				return inputError(err)
			}
		}
	}
	if asJSON {
		text = js
	}
	_, err = cmd.OutOrStdout().Write(text)
	return err
}

// localProduct returns a folder on disk with the files of a product that an assessment reads, and what to call when done.
// Other addresses that the command will read decide whether object storage is needed.
func localProduct(ctx context.Context, product string, others ...string) (d pipeline.Drivers, dir string, done func(), err error) {
	gdal.Setup(gdalCache)
	d, done = drivers(), func() {}
	if slices.ContainsFunc(append(others, product), isObject) {
		if d, err = storageDrivers(ctx, runfile.Storage{}); err != nil {
			return d, "", done, err
		}
	}
	if !isObject(product) {
		return d, product, done, nil
	}
	if dir, err = os.MkdirTemp("", "tuban-assess-"); err != nil {
		return d, "", done, err
	}
	done = func() { os.RemoveAll(dir) }
	for _, name := range assess.ProductFiles {
		if err := d.Storage.Fetch(ctx, pipeline.Below(product, name), filepath.Join(dir, name)); err != nil {
			done()
			return d, "", func() {}, inputError(fmt.Errorf("%s holds no finished product: %w: give the folder that `tuban run` left", product, err))
		}
	}
	return d, dir, done, nil
}

// assessDrivers hands the native libraries to an assessment.
func assessDrivers(d pipeline.Drivers) assess.Drivers {
	return assess.Drivers{
		Imagery: d.Imagery, Vectors: d.Vectors, Coordinates: d.Coordinates,
		Geometry: func() assess.Geometry { return d.Geometry() },
	}
}
