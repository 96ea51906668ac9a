package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"tuban/pipeline"
	"tuban/raster/gdal"
	"tuban/raster/synth"
)

func newDemo() *cobra.Command {
	var dir string
	var o demoOptions
	cmd := &cobra.Command{
		Use:   "demo --out DIR",
		Short: "Simulate a county with known changes, run it, and count what was found",
		Long: `Simulate a county at two dates: fields, villages, roads, forest and water, with different light and season, sensor
noise and a little cloud; changes of each kind are injected, some on approved land. The imagery, the survey, the
truth and a commented run.yaml are left in DIR, the product in DIR/out.`,
		Example: `  tuban demo --out demo
  tuban demo --out big --size 20000 --seed 7`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if dir == "" {
				return usageError{fmt.Errorf("give a folder with --out")}
			}
			if o.Size < 64 {
				return usageError{fmt.Errorf("--size %d: at least 64", o.Size)}
			}
			return demo(cmd.Context(), dir, o, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&dir, "out", "", "folder for the inputs, the truth and the product")
	fs.IntVar(&o.Size, "size", 4096, "edge of the county in pixels of 0.5 m")
	fs.Uint64Var(&o.Seed, "seed", 1, "seed of the simulation: the same seed gives the same county")
	fs.BoolVar(&o.inputsOnly, "inputs-only", false, "leave the inputs and the run file, and do not run it")
	fs.BoolVar(&o.plain, "plain", false, "write plain tiled GeoTIFFs without overviews instead of COGs (quicker at large sizes)")
	return cmd
}

type demoOptions struct {
	Size              int
	Seed              uint64
	inputsOnly, plain bool
}

// demo simulates, runs and scores.
func demo(ctx context.Context, dir string, o demoOptions, out, errw io.Writer) error {
	gdal.Setup(gdalCache)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return inputError(err)
	}
	if err := ownFolder(dir); err != nil {
		return err
	}
	county := synth.New(synth.Options{Size: o.Size, Seed: o.Seed})
	p := newProgress(errw)
	err := writeInputs(ctx, dir, county, o, p)
	p.Close()
	if err != nil {
		return err
	}
	path := filepath.Join(dir, "run.yaml")
	if o.inputsOnly {
		fmt.Fprintf(out, "inputs and truth are in %s; run them with: tuban run %s\n", dir, path)
		return nil
	}
	var f runFlags
	file, d, err := f.open(ctx, path)
	if err != nil {
		return err
	}
	// The demo's product is its own: one of an earlier seed or version is replaced.
	opts := f.options()
	if m, err := pipeline.ReadManifest(f.out); err == nil && m.Name == file.Name {
		opts.Force = true
	}
	runErr := execute(ctx, d, file, opts, out, errw)
	if runErr != nil && !errors.Is(runErr, errGaps) {
		return runErr
	}
	s, err := score(ctx, f.out, county)
	if err != nil {
		return err
	}
	s.print(out)
	return runErr
}

// demoMark begins the run file of a demo, and so tells its folder from others.
const demoMark = "# A simulated county of "

// ownFolder refuses a folder in which the demo would replace files that are not a demo's.
func ownFolder(dir string) error {
	text, err := os.ReadFile(filepath.Join(dir, "run.yaml"))
	if err == nil && strings.HasPrefix(string(text), demoMark) {
		return nil
	}
	for _, name := range []string{"run.yaml", "before.tif", "after.tif", "survey.gpkg", "truth.gpkg"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return inputError(fmt.Errorf("%s holds a %s that is no demo's: give a folder of its own with --out", dir, name))
		}
	}
	return nil
}

// writeInputs leaves imagery, survey, truth and run file in dir.
func writeInputs(ctx context.Context, dir string, c *synth.County, o demoOptions, p pipeline.Progress) error {
	for _, d := range []struct {
		date synth.Date
		name string
	}{{synth.Before, "before"}, {synth.After, "after"}} {
		p.Stage(d.name, c.Grid().Pixels())
		if err := writeScene(ctx, filepath.Join(dir, d.name+".tif"), c, d.date, o.plain, p); err != nil {
			return err
		}
	}
	p.Stage("survey", 0)
	if err := writeSurvey(ctx, filepath.Join(dir, "survey.gpkg"), c); err != nil {
		return err
	}
	if err := writeTruth(ctx, filepath.Join(dir, "truth.gpkg"), c); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "run.yaml"), demoRunFile(c, o), 0o644)
}

// demoRunFile is a run file as a user would write it, with comments to learn from.
func demoRunFile(c *synth.County, o demoOptions) []byte {
	return fmt.Appendf(nil, demoMark+`%d × %d pixels (seed %d). Paths are relative to this file; environment variables expand.
name: demo

# Imagery of two dates. Several scenes make a mosaic: in list order, the first valid pixel wins.
# The bands of each file are declared, known from a sensor (sensor: GF-2), or read from its metadata.
before: {scenes: [before.tif], sensor: GF-2, date: %s}
after:  {scenes: [after.tif], bands: {blue: 1, green: 2, red: 3, nir: 4}, date: %s}

# Last year's land survey. The code system must be declared: the same code means different land in different systems.
survey: {source: survey.gpkg, layer: DLTB, class: DLBM, id: BSM, system: TD/T 1055-2019}

# region: {source: boundary.gpkg}          # or {bbox: [min x, min y, max x, max y], crs: EPSG:4530}
normalise: none
registration: none
rules: default                             # or a file; start from: tuban rules show
outputs: [gpkg, shp, report]
out: out/
`, c.Grid().W, c.Grid().H, o.Seed, c.Day(synth.Before).Format("2006-01-02"), c.Day(synth.After).Format("2006-01-02"))
}
