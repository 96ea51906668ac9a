package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"tuban/pipeline/register"
	"tuban/pipeline/review"
)

func newReviewImport() *cobra.Command {
	var o review.ImportOptions
	var asJSON bool
	var runFile string
	cmd := &cobra.Command{
		Use:   "import WORKING-COPY --register DIR",
		Short: "Check the edits of a working copy, and append the decisions to the register",
		Long: `Read a working copy that was edited in QGIS: its folder, or its review.gpkg. Every row is checked: verdicts and reasons of
the list, two different persons, valid outlines within the run's grid and not below the minimum area, merges and splits that add up,
nothing deleted, nothing changed that is not for editing, nothing that somebody else judged since the export.

What is wrong is listed row by row with its remedy, and then nothing is taken (exit code 3); with --partial what is sound is
taken, and the rest left (exit code 4). The same copy imported again adds nothing. Decisions are never edited: a later one takes the
place of an earlier one, and both stay in the register.`,
		Example: `  tuban review import review --register register --dry-run
  tuban review import review --register register --run demo/run.yaml
  tuban review import /media/usb/review.gpkg --register register --product demo/out --partial`,
		Args: one("a working copy: its folder, or its review.gpkg"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.Register == "" {
				return usageError{fmt.Errorf("give the folder of the register with --register: %s", cmd.UseLine())}
			}
			p := newProgress(cmd.ErrOrStderr())
			o.Path, o.Now, o.Land = args[0], now(), land(runFile, p)
			d, err := reviewDrivers(cmd, o.Product)
			if err != nil {
				return err
			}
			r, err := review.Import(cmd.Context(), d, o)
			p.Close()
			if err != nil {
				return err
			}
			if asJSON {
				err = writeIndented(cmd.OutOrStdout(), r)
			} else {
				printImport(cmd.OutOrStdout(), r, o)
			}
			switch {
			case err != nil || len(r.Problems) == 0:
				return err
			case o.Partial:
				return errGaps
			}
			return inputError(fmt.Errorf("%s: %d rows are not in order, and nothing was taken: correct them and import again, or take the rest with --partial", args[0], len(r.Problems)))
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&o.Register, "register", "", "folder of the register (台账), a `DIR`; made when it is not there")
	fs.StringVar(&o.Product, "product", "", "`DIR` of the product, when its copy is no longer beside the working copy")
	fs.StringVar(&runFile, "run", "", landUsage)
	fs.BoolVar(&o.Partial, "partial", false, "take what is sound, and leave the rest")
	fs.BoolVar(&o.DryRun, "dry-run", false, "only look")
	fs.BoolVar(&asJSON, "json", false, "write JSON instead of text")
	return cmd
}

func writeIndented(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// printImport says what came back.
func printImport(w io.Writer, r *review.Imported, o review.ImportOptions) {
	count := map[register.Verdict]int{}
	for _, d := range r.New {
		count[d.Verdict]++
	}
	verb := "appended"
	if !r.Appended {
		verb = "new, not appended"
	}
	fmt.Fprintf(w, "%d rows: %d not judged yet, %d decisions known, %d %s\n", r.Rows, r.Open, r.Known, len(r.New), verb)
	for _, v := range []register.Verdict{register.Pass, register.Unchanged, register.Approved, register.Reject, register.Defer} {
		if count[v] > 0 {
			fmt.Fprintf(w, "  %s %d\n", v, count[v])
		}
	}
	for _, p := range r.Problems {
		fmt.Fprintln(w, p)
	}
	if o.DryRun {
		fmt.Fprintln(w, "dry run: the register is as it was")
	}
}
