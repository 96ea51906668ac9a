package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"tuban/pipeline"
	"tuban/pipeline/rollup"
	"tuban/pipeline/runfile"
	"tuban/raster/gdal"
)

func newSummary() *cobra.Command {
	var o rollup.Options
	var targets, to string
	cmd := &cobra.Command{
		Use:   "summary PRODUCT... --to DIR",
		Short: "Sum products from the province down to the village, beside targets and the run before",
		Long: `Sum finished products over administrative units, from the province down to the village: by category, land class, legal layer,
approval, office verdict and returned conclusion; with the balance of cropland and permanent basic farmland against targets, the
comparison with the run before, and what was not observed.

A patch counts once, in the unit that has most of it; areas go by the parts in each unit and add up exactly. Shares of conclusions
are of what counties returned alone; without any they read —, which is not 0.

DIR receives summary.xlsx, summary.html and summary.json. The targets are YAML:

  version: "2026"
  units:
    - {code: "220122", cropland: {base: 371200 ha, target: 365000 ha}, basic_farmland: {base: 300100 ha, target: 300000 ha}}`,
		Example: `  tuban summary demo/out --to summary
  tuban summary night2 --earlier night1 --register register --targets targets.yaml --to summary
  tuban summary counties/* --units towns.gpkg --units-code XZQDM --units-name XZQMC --to province`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if to == "" {
				return usageError{fmt.Errorf("give a folder for the summary with --to")}
			}
			ctx := cmd.Context()
			o.Products = args
			if targets != "" {
				text, err := os.ReadFile(targets)
				if err != nil {
					return inputError(err)
				}
				if o.Targets, err = rollup.ParseTargets(targets, text); err != nil {
					return inputError(err)
				}
			}
			if o.Register != "" {
				if _, err := os.Stat(o.Register); err != nil {
					return inputError(fmt.Errorf("%w: give the folder of the register", err))
				}
			}
			gdal.Setup(gdalCache)
			d := drivers()
			if slices.ContainsFunc(slices.Concat(args, o.Earlier), isObject) {
				var err error
				if d, err = storageDrivers(ctx, runfile.Storage{}); err != nil {
					return err
				}
			}
			s, err := rollup.Summarize(ctx, d, o)
			if err != nil {
				return err
			}
			if err := s.Write(to, version(), now()); err != nil {
				return err
			}
			printSummary(cmd.OutOrStdout(), s, to)
			return nil
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&to, "to", "", "folder for the summary, a `DIR`")
	fs.StringSliceVar(&o.Earlier, "earlier", nil, "products of the run before, to compare with")
	fs.StringVar(&o.Register, "register", "", "folder of the register, for verdicts and conclusions, a `DIR`")
	fs.StringVar(&o.Units.Source, "units", "", "layer of administrative units, to say in which of them lies what was not observed, a `FILE`")
	fs.StringVar(&o.Units.Layer, "units-layer", "", "its layer; by default the only one")
	fs.StringVar(&o.Units.Encoding, "units-encoding", "", "encoding of a Shapefile's attributes, such as GBK")
	fs.StringVar(&o.Units.Code, "units-code", "XZQDM", "its field of the code, of 6, 9 or 12 digits, or more")
	fs.StringVar(&o.Units.Name, "units-name", "XZQMC", "its field of the name")
	fs.StringVar(&targets, "targets", "", "targets of cropland and basic farmland, a YAML `FILE`")
	return cmd
}

// printSummary prints the counties, and where the rest is.
func printSummary(w io.Writer, s *rollup.Summary, to string) {
	line := func(u *rollup.Node) {
		fmt.Fprintf(w, "  %-6s %s %d patches, %.2f 亩\n", u.Code, cmp.Or(u.Name, "?"), u.Tally.Patches, u.Tally.Area.Mu())
	}
	fmt.Fprintf(w, "%d patches, %.2f 亩 in %d products\n", s.Root.Tally.Patches, s.Root.Tally.Area.Mu(), len(s.Products))
	for _, n := range s.Root.Counties() {
		line(n)
	}
	fmt.Fprintln(w, "summary:", filepath.Join(to, rollup.Name+".html"))
	fmt.Fprintln(w, pipeline.Clue)
}
