package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"tuban/pipeline"
	"tuban/raster/store"
)

// Exit codes.
const (
	exitComplete    = 0
	exitFailed      = 1 // a fault of the program or the machine
	exitUsage       = 2
	exitInput       = 3
	exitGaps        = 4 // a product with unreadable parts, or a product that fails its check
	exitStorage     = 5 // object storage did not give or take what was asked
	exitInterrupted = 130
)

// errGaps ends a command that left a product with gaps; what they are has been said already.
var errGaps = errors.New("complete with gaps")

// usageError is a mistake in the command line.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }

// one wants a single argument, args as many as are named; what is missing is said.
func one(what string) cobra.PositionalArgs { return args(what) }

func args(what ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, given []string) error {
		switch n := len(given); {
		case n < len(what):
			return usageError{fmt.Errorf("give %s: %s (examples: %s --help)", what[n], cmd.UseLine(), cmd.CommandPath())}
		case n > len(what):
			return usageError{fmt.Errorf("%q is one argument too many: %s", given[len(what)], cmd.UseLine())}
		}
		return nil
	}
}

// run executes the command line and returns the exit code.
func run(ctx context.Context, args []string, out, errw io.Writer) int {
	root := isolated(newRoot(out, errw), args)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var child childCode
	var usage usageError
	var input *pipeline.InputError
	var storage *store.Error
	switch {
	case err == nil:
		return exitComplete
	case errors.As(err, &child):
		return int(child)
	case errors.Is(err, errGaps):
		return exitGaps
	case ctx.Err() != nil:
		fmt.Fprintln(errw, "tuban: interrupted: what is finished is kept; the same command continues there")
		return exitInterrupted
	case errors.As(err, &usage), isCobraUsage(err):
		fmt.Fprintf(errw, "tuban: %v\nSee `tuban --help`.\n", err)
		return exitUsage
	case errors.As(err, &storage):
		fmt.Fprintf(errw, "tuban: %v\n", err)
		return exitStorage
	case errors.As(err, &input):
		fmt.Fprintf(errw, "tuban: %v\n", err)
		return exitInput
	}
	fmt.Fprintf(errw, "tuban: %v\n", err)
	return exitFailed
}

// isCobraUsage recognises the errors that cobra makes of unknown commands and flags, which have no type of their own.
func isCobraUsage(err error) bool {
	for _, s := range []string{"unknown command", "unknown flag", "unknown shorthand", "flag needs an argument", "invalid argument", "requires at least", "required flag"} {
		if strings.HasPrefix(err.Error(), s) {
			return true
		}
	}
	return false
}

func newRoot(out, errw io.Writer) *cobra.Command {
	root := &cobra.Command{
		Use:   "tuban",
		Short: "Find land change between two dates of imagery, as polygons that stand up",
		Long: `tuban (图斑) compares imagery of two dates with last year's land survey and writes change polygons:
cropland converted (耕地非农化), new buildings outside construction land (疑似违建), forest loss (林地减少).

A product is a folder with changes.gpkg, mask.tif, report.html and manifest.json. What it says is a clue for
verification (仅作线索), never a verdict.`,
		Example: `  tuban demo --out demo          # simulate a county, run it, open demo/out/report.html
  tuban plan run.yaml            # what a run would do, without reading pixels
  tuban run run.yaml             # do it; the same command continues after an interruption`,
		SilenceErrors: true, SilenceUsage: true,
		PersistentPreRun: func(cmd *cobra.Command, _ []string) {
			level := slog.LevelWarn
			if v, _ := cmd.Flags().GetBool("verbose"); v {
				level = slog.LevelDebug
			}
			slog.SetDefault(slog.New(slog.NewTextHandler(errw, &slog.HandlerOptions{Level: level})))
		},
	}
	root.SetOut(out)
	root.SetErr(errw)
	root.PersistentFlags().BoolP("verbose", "v", false, "log what the libraries say")
	registerIsolation(root)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(
		newPlan(), newRun(), newInspect(), newCheck(), newDoctor(), newIndex(), newRules(), newTriage(), newDemo(),
		newAssess(), newSample(), newExport(), newRelease(), newRecall(), newSheets(), newSummary(), newReview(), newVersion(),
	)
	root.CompletionOptions.HiddenDefaultCmd = true
	return root
}
