package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"tuban/pipeline"
	"tuban/pipeline/runfile"
	"tuban/raster/gdal"
)

// runFlags are what plan and run share.
type runFlags struct {
	out, rules, scratch string
	cache               string
	tile, workers       int
	memory              size
	force, strict       bool
}

func (f *runFlags) register(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.StringVar(&f.out, "out", "", "the product's `DIR`, instead of the run file's out")
	fs.StringVar(&f.rules, "rules", "", "rules `FILE`, or default, instead of the run file's")
	fs.IntVar(&f.tile, "tile", 0, "edge of a tile in pixels; the product does not depend on it")
	fs.IntVar(&f.workers, "workers", 0, "tiles in work at once; by default one per processor, three where imagery comes from object storage")
	fs.Var(&f.memory, "memory", "bound of the process's memory, such as 1GiB (the default) or 800MiB")
	fs.StringVar(&f.scratch, "scratch", "", "folder for what a resumed run can use; by default OUT/.tuban. Where given, a finished run leaves in it what a run with other rules can use")
	fs.StringVar(&f.cache, "cache", "", "folder that takes the place of OUT/.tuban when OUT is not on disk; by default the user's cache folder")
}

func (f *runFlags) options() pipeline.Options {
	return pipeline.Options{
		Out: f.out, Scratch: f.scratch, Cache: f.cache, Tile: f.tile, Workers: f.workers, Memory: int64(f.memory), Force: f.force, Strict: f.strict,
		Version: version(), Clock: pinnedClock(), Account: pipeline.NewAccount(),
	}
}

// pinnedClock is the time that the product records: SOURCE_DATE_EPOCH (seconds since 1970) where it is set, so that the
// same run leaves the same bytes, else the zero time, which means now.
func pinnedClock() time.Time {
	if s, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64); err == nil && s > 0 {
		return time.Unix(s, 0)
	}
	return time.Time{}
}

// now is the pinned clock where there is one, else the time.
func now() time.Time {
	if at := pinnedClock(); !at.IsZero() {
		return at
	}
	return time.Now()
}

// open reads the run file, on disk or in object storage, applies the flags that replace parts of it, and returns it with the
// drivers that it runs on.
func (f *runFlags) open(ctx context.Context, path string) (*runfile.File, pipeline.Drivers, error) {
	gdal.Setup(gdalCache)
	if f.tile < 0 || f.workers < 0 {
		return nil, pipeline.Drivers{}, usageError{fmt.Errorf("--tile %d --workers %d: give numbers above 0, or leave them out", f.tile, f.workers)}
	}
	var text []byte
	var err error
	if isObject(path) {
		// Where the run file itself lies only the environment can say.
		var d pipeline.Drivers
		if d, err = storageDrivers(ctx, runfile.Storage{}); err == nil {
			text, err = d.Storage.ReadFile(ctx, path, maxRunFile)
		}
	} else if text, err = os.ReadFile(path); err == nil {
		path, err = filepath.Abs(path)
	}
	if err != nil {
		return nil, pipeline.Drivers{}, inputError(err)
	}
	file, err := runfile.Parse(path, text, os.LookupEnv)
	if err != nil {
		return nil, pipeline.Drivers{}, inputError(err)
	}
	if f.rules != "" {
		file.Rules = f.rules
	}
	if f.out == "" {
		f.out = file.Out
	}
	d, err := storageDrivers(ctx, file.Storage)
	return file, d, err
}

// maxRunFile bounds what is read of a run file in bytes; Parse says that one of this size is none.
const maxRunFile = 4 << 20

func newRun() *cobra.Command {
	var f runFlags
	var profile string
	cmd := &cobra.Command{
		Use:   "run FILE",
		Short: "Run a run file: imagery and survey in, change polygons out",
		Long: `Run a run file. The product appears in its folder, manifest.json last: without it there is no result.
Interrupted (Ctrl-C, a crash), the same command continues with the tiles that are missing. A finished product of the
same inputs, rules and settings is left as it is; one of others is refused unless --force. The run file, the inputs and
the product may lie in object storage (s3://bucket/key).

At its end a run says where its time went, stage by stage, and which tiles it did not examine and why; none of it is
part of the product. With --profile it also leaves, of the process that does the work, with and without --isolate (after
a crash, of the last one): cpu.pprof and heap.pprof (go tool pprof), trace.out (go tool trace), whose tasks are the stages
and whose regions are the tiles, and times.json, the printed times and counts in nanoseconds and pixels. Native libraries
appear as the calls into them. A trace grows with the run: profile a small region first.

Exit codes: 0 complete, 1 fault of the program or the machine, 2 usage, 3 bad input, 4 complete with gaps (unreadable imagery), 5 object storage, 130 interrupted.`,
		Example: `  tuban run run.yaml
  tuban run run.yaml --out /data/2025q3 --workers 4 --memory 4GiB
  tuban run run.yaml --rules my-rules.yaml --force
  tuban run run.yaml --out try --profile prof
  go tool pprof -top prof/cpu.pprof
  go tool pprof -top -tagfocus stage=scan prof/cpu.pprof
  go tool trace prof/trace.out`,
		Args: one("a run file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, d, err := f.open(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			o := f.options()
			stop, err := startProfile(profile, o.Account)
			if err != nil {
				return err
			}
			return errors.Join(execute(cmd.Context(), d, file, o, cmd.OutOrStdout(), cmd.ErrOrStderr()), stop())
		},
	}
	f.register(cmd)
	cmd.Flags().BoolVar(&f.force, "force", false, "replace a product of other inputs or settings")
	cmd.Flags().BoolVar(&f.strict, "strict", false, "stop at imagery that cannot be read, instead of recording a gap")
	cmd.Flags().StringVar(&profile, "profile", "", "leave cpu.pprof, heap.pprof, trace.out and times.json in this `DIR`")
	return cmd
}

// gdalCache is GDAL's own block cache: it only has to hold the strips or blocks of one read.
const gdalCache = 32 << 20

// execute plans and runs, with progress on errw and the summary on out.
func execute(ctx context.Context, d pipeline.Drivers, file *runfile.File, o pipeline.Options, out, errw io.Writer) error {
	o.Account.Stage("plan")
	plan, err := pipeline.NewPlan(ctx, d, file, o)
	if err != nil {
		return err
	}
	for _, j := range plan.Judging {
		if !j.Whole() {
			fmt.Fprintf(errw, "warning: kind %s is %s\n", j.Kind, j.Text().EN)
		}
	}
	for _, w := range slices.Concat(plan.Warnings, plan.Advice) {
		fmt.Fprintln(errw, "warning:", w)
	}
	p := newProgress(errw)
	o.Progress, o.Log = p, p.logger()
	held, err := plan.Finished(ctx, d, o)
	there := held != nil && err == nil
	m, err := pipeline.Detect(ctx, d, plan, o)
	p.Close()
	if err != nil {
		return err
	}
	summarise(out, plan, m, o.Out, there, o.Account.Sums())
	if !m.Complete {
		return errGaps
	}
	return nil
}

// summarise says what a run left, or that it was there already, where the time went, and which file to open.
func summarise(w io.Writer, p *pipeline.Plan, m *pipeline.Manifest, dir string, there bool, sums pipeline.Sums) {
	if n := len(p.Skipped); n > 0 && !there {
		fmt.Fprintf(w, "NOT COMPLETE: %d scenes are left out, and land that only they show is not examined; manifest.json names them.\n", n)
	}
	if n := len(m.Failures) - len(p.Skipped); !m.Complete && n > 0 {
		fmt.Fprintf(w, "NOT COMPLETE: %d windows could not be read; they are in the layer `unobserved` and in manifest.json.\n", n)
	}
	if m.Measured != nil && m.Measured.CloudsPartly && !there {
		fmt.Fprintln(w, "NOT COMPLETE: some imagery could not be read while clouds were looked for; clouds there are not hidden. Run the same command again.")
	}
	if there {
		fmt.Fprintf(w, "%s holds this product already (key %s): nothing to do.\n", dir, m.Key)
	}
	fmt.Fprintf(w, "%s: %d patches, %.2f 亩 (%d candidates dropped)", m.Name, m.Counts.Published, m.Counts.AreaM2*0.0015, m.Counts.Dropped)
	if mpx := float64(p.Grid.Pixels()-sums.Counted(pipeline.TilesResumed).Pixels) / 1e6; !there {
		fmt.Fprintf(w, "; %.1f Mpx of pairs in %s, %.1f Mpx/s", mpx, sums.Wall.Round(100*time.Millisecond), mpx/sums.Wall.Seconds())
	}
	fmt.Fprintln(w)
	for _, c := range p.Rules.Categories {
		if n := m.Counts.ByCategory[c.Code]; n > 0 {
			fmt.Fprintf(w, "  %-28s %d\n", c.Name.ZH+" "+c.Code, n)
		}
	}
	if t := m.Tracking; t != nil {
		fmt.Fprintf(w, "  %s\n", t)
	}
	if v := m.Watched; v != nil {
		fmt.Fprintf(w, "  %s\n", v)
	}
	for _, reason := range sortedKeys(m.Unobserved) {
		fmt.Fprintf(w, "  unobserved, %-16s %.2f 亩\n", reason, m.Unobserved[reason]*0.0015)
	}
	if !there {
		printSpent(w, sums)
	}
	open := "changes.gpkg"
	for _, f := range m.Outputs {
		if f.Path == "report.html" {
			open = f.Path
		}
	}
	fmt.Fprintf(w, "open %s\n", pipeline.Below(dir, open))
}
