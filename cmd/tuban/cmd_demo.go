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
	var scenario string
	cmd := &cobra.Command{
		Use:   "demo --out DIR",
		Short: "Simulate a county with known changes, run it, and count what was found",
		Long: `Simulate a county at two dates: fields, villages, roads, forest and water, with different light and season, sensor
noise and a little cloud; changes of each kind are injected, some on approved land. The imagery, the survey, the
truth, legal layers in the schemas of the offices that keep them, and a commented run.yaml are left in DIR, the product in
DIR/out.

With --nights, the county is looked at on several nights: changes appear, grow, split, merge, vanish, are hidden, built again, and
approved before or after; a list of places is watched. Each night is run with the product of the night before (run1.yaml,
run2.yaml …), an office judges and releases in between, and identities, relations, approval states, watched places, verdicts
and numbers are compared with the truth.

Scenarios:
` + scenarioList(),
		Example: `  tuban demo --out demo
  tuban demo --out big --size 20000 --seed 7
  tuban demo --out hard --scenario summer --inputs-only
  tuban demo --out nights --nights 4`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if dir == "" {
				return usageError{fmt.Errorf("give a folder with --out")}
			}
			if o.Size < 64 {
				return usageError{fmt.Errorf("--size %d: at least 64", o.Size)}
			}
			var known bool
			if o.scenario, known = synth.FindScenario(scenario); !known {
				return usageError{fmt.Errorf("--scenario %s: write one of %s", scenario, strings.Join(scenarioNames(), ", "))}
			}
			if o.nights < 0 || o.nights > synth.Nights {
				return usageError{fmt.Errorf("--nights %d: from 1 to %d, or 0 for one pair of images", o.nights, synth.Nights)}
			}
			if o.nights > 0 && !cmd.Flags().Changed("size") {
				o.Size = 1200
			}
			return demo(cmd.Context(), dir, o, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&dir, "out", "", "folder for the inputs, the truth and the product")
	fs.IntVar(&o.Size, "size", 4096, "edge of the county in pixels of 0.5 m")
	fs.Uint64Var(&o.Seed, "seed", 1, "seed of the simulation: the same seed gives the same county")
	fs.IntVar(&o.nights, "nights", 0, "simulate this many nights, up to 4, in pixels of 1 m, instead of one pair of images; --size is then 1200 by default")
	fs.StringVar(&scenario, "scenario", "plain", "conditions of the two images: "+strings.Join(scenarioNames(), ", "))
	fs.BoolVar(&o.inputsOnly, "inputs-only", false, "leave the inputs and the run file, and do not run it")
	fs.BoolVar(&o.plain, "plain", false, "write plain tiled GeoTIFFs without overviews instead of COGs (quicker at large sizes)")
	return cmd
}

type demoOptions struct {
	Size              int
	Seed              uint64
	nights            int
	inputsOnly, plain bool
	scenario          synth.Scenario
}

func scenarioNames() []string {
	var names []string
	for _, s := range synth.Scenarios() {
		names = append(names, s.Name)
	}
	return names
}

// scenarioList is the scenarios with what each means, a line each.
func scenarioList() string {
	var b strings.Builder
	for _, s := range synth.Scenarios() {
		fmt.Fprintf(&b, "  %-13s %s\n", s.Name, s.Doc)
	}
	return strings.TrimRight(b.String(), "\n")
}

// demo simulates, runs and scores.
func demo(ctx context.Context, dir string, o demoOptions, out, errw io.Writer) error {
	gdal.Setup(gdalCache)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return inputError(err)
	}
	if err := ownFolder(dir, o.nights > 0); err != nil {
		return err
	}
	if o.nights > 0 {
		return demoNights(ctx, dir, o, out, errw)
	}
	county := synth.New(synth.Options{Size: o.Size, Seed: o.Seed, Conditions: o.scenario.Conditions})
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

// ownFolder refuses a folder in which the demo would replace files that are not a demo's, or those of a demo of the other sort: of a
// pair of images, or of nights.
func ownFolder(dir string, nights bool) error {
	own, other := "run.yaml", nightFile("", 1, "run", ".yaml")
	if nights {
		own, other = other, own
	}
	of := func(name string) bool {
		text, err := os.ReadFile(filepath.Join(dir, name))
		return err == nil && strings.HasPrefix(string(text), demoMark)
	}
	if of(other) {
		return inputError(fmt.Errorf("%s holds a demo of the other sort (%s), whose inputs would be replaced: give a folder of its own with --out", dir, other))
	}
	if of(own) {
		return nil
	}
	for _, name := range []string{
		"run.yaml", nightFile("", 1, "run", ".yaml"), "before.tif", "after.tif", "survey.gpkg", "truth.gpkg", "seams.gpkg", layersFile, farmlandFile,
		approvalsFile, watchFile, registerDir,
	} {
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
		if err := writeScene(ctx, filepath.Join(dir, d.name+".tif"), c, d.date, o, p); err != nil {
			return err
		}
	}
	p.Stage("survey", 0)
	if err := writeSurvey(ctx, filepath.Join(dir, "survey.gpkg"), c); err != nil {
		return err
	}
	if err := writeLayers(ctx, dir, c); err != nil {
		return err
	}
	if err := writeApprovals(ctx, filepath.Join(dir, approvalsFile), c); err != nil {
		return err
	}
	if err := writeTruth(ctx, filepath.Join(dir, "truth.gpkg"), c); err != nil {
		return err
	}
	if seams := c.Seams(synth.After); seams != nil {
		if err := writeSeams(ctx, filepath.Join(dir, "seams.gpkg"), c, seams); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(dir, "run.yaml"), demoRunFile(c, o), 0o644)
}
