package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"tuban/classify/accuracy"
	"tuban/pipeline/assess"
)

func newSample() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "sample",
		Short: "Measure accuracy with a stratified random sample that people interpret",
		Long: `Measure the accuracy of a product where no reference exists: draw a stratified random sample, flagged and unflagged land
alike, let people interpret it from pictures of both dates, and estimate accuracy and areas from what they saw, with
standard errors and 95 % intervals (Olofsson et al. 2014; Stehman 2014).`,
		Example: `  tuban sample draw out --n 500 --seed 1 --out sample
  tuban sample read sample`,
		// Without these two, cobra answers an unknown subcommand with help and success.
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newSampleDraw(), newSampleRead())
	return cmd
}

func newSampleDraw() *cobra.Command {
	var o assess.DrawOptions
	var by, allocation string
	cmd := &cobra.Command{
		Use:   "draw PRODUCT --out DIR",
		Short: "Draw a stratified random sample of pixels, with pictures to interpret",
		Long: `Draw a stratified random sample of a product's pixels. Strata are flagged land by kind (or category, or land class), a buffer
of unflagged land around it, where misses gather, and the rest that was observed. Each stratum gets a minimum, what is left
goes by the allocation. The same seed draws the same points.

DIR receives sample.csv and sample.gpkg (fill in the column reference of one of them), index.html with a picture per
point, and sample.json with the sizes of the strata.`,
		Example: `  tuban sample draw out --n 500 --seed 1 --out sample
  tuban sample draw out --strata category --allocation root --out sample
  tuban sample draw out --buffer 0 --n 600 --out sample   # strata are the map classes alone`,
		Args: one("the folder of a product"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			switch o.By, err = assess.ParseStrata(by); {
			case err != nil:
				return usageError{err}
			case !slices.Contains(accuracy.Allocations, accuracy.Allocation(allocation)):
				return usageError{fmt.Errorf("--allocation %s: one of %v", allocation, accuracy.Allocations)}
			case o.Out == "":
				return usageError{fmt.Errorf("give a folder with --out")}
			case o.N < 1 || o.Least < 2 || !(o.Buffer >= 0) || !(o.Chip > 0):
				return usageError{fmt.Errorf("--n %d --min %d --buffer %g --chip %g: at least 1 point, 2 per stratum, no negative buffer, a width above 0", o.N, o.Least, o.Buffer, o.Chip)}
			}
			o.Allocation, o.Clock, o.Product = accuracy.Allocation(allocation), pinnedClock(), args[0]
			d, dir, done, err := localProduct(cmd.Context(), args[0], o.Within)
			if err != nil {
				return err
			}
			defer done()
			p := newProgress(cmd.ErrOrStderr())
			o.Chips = func(n, of int) {
				if n == 1 {
					p.Stage("pictures", int64(of))
				}
				p.Advance(1)
			}
			design, err := assess.Draw(cmd.Context(), assessDrivers(d), dir, o)
			p.Close()
			if err != nil {
				return err
			}
			printDesign(cmd, design, o)
			return nil
		},
	}
	fs := cmd.Flags()
	fs.IntVar(&o.N, "n", 500, "number of points")
	fs.Uint64Var(&o.Seed, "seed", 1, "seed of the draw")
	fs.StringVar(&o.Out, "out", "", "folder for the sample")
	fs.StringVar(&by, "strata", string(assess.ByKind), "what flagged land is divided by: kind, category or landclass")
	fs.StringVar(&allocation, "allocation", string(accuracy.Proportional), "how points beyond the minimum are shared: proportional (to area), equal or root (of area)")
	fs.IntVar(&o.Least, "min", 50, "least points of a stratum")
	fs.Float64Var(&o.Buffer, "buffer", 20, "width in metres of the stratum around patches; 0 for none")
	fs.StringVar(&o.Within, "within", "", "draw within the polygons of this `FILE` only")
	fs.StringVar(&o.WithinLayer, "within-layer", "", "layer of --within; by default the only one")
	fs.Float64Var(&o.Chip, "chip", 90, "width of the pictures in metres")
	fs.BoolVar(&o.NoChips, "no-chips", false, "leave the pictures out")
	return cmd
}

func printDesign(cmd *cobra.Command, d *assess.Design, o assess.DrawOptions) {
	w := cmd.OutOrStdout()
	fmt.Fprintf(w, "%d points of %d strata\n", len(d.Points), len(d.Strata))
	for _, s := range d.Strata {
		fmt.Fprintf(w, "  %-28s %12d pixels, weight %.6f, %d points\n", s.Name, s.Pixels, s.Weight, s.Drawn)
	}
	if !o.NoChips {
		fmt.Fprintf(w, "open %s,\n", filepath.Join(o.Out, "index.html"))
	}
	fmt.Fprintf(w, "fill in the column reference of %s, then: tuban sample read %s\n", filepath.Join(o.Out, "sample.csv"), o.Out)
}

func newSampleRead() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "read DIR",
		Short: "Read an interpreted sample and estimate accuracy and areas",
		Long: `Read the interpreted sample in DIR (sample.csv, sample.gpkg, or both) and print the area-adjusted accuracy: error matrix
in shares of the area, user's, producer's and overall accuracy, areas by the reference, each with its standard error and 95 % interval.
Points left blank are counted and left out.`,
		Example: `  tuban sample read sample
  tuban sample read sample --json > accuracy.json`,
		Args: one("the folder of a sample"),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := assess.Read(cmd.Context(), drivers().Vectors, args[0])
			if err != nil {
				return err
			}
			if asJSON {
				e := json.NewEncoder(cmd.OutOrStdout())
				e.SetIndent("", "  ")
				return e.Encode(r)
			}
			r.WriteText(cmd.OutOrStdout())
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "write JSON instead of tables")
	return cmd
}
