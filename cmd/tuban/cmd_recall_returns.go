package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"tuban/pipeline"
	"tuban/pipeline/recall"
	"tuban/pipeline/verification"
	"tuban/raster/gdal"
)

// shownRows bounds the refused rows that are printed; the report has them all.
const shownRows = 20

func newRecallReturns() *cobra.Command {
	var o recall.ReturnOptions
	var scheme, report string
	cmd := &cobra.Command{
		Use:   "returns FILE --register DIR",
		Short: "Read a verification table that a county filled in into the register",
		Long: `Read a verification table (核查结果) back: the XLSX that tuban export wrote, filled in, or a layer with the same fields. Each row is
checked: the number was released, the category is one of the scheme (--scheme), person and day are given, the area is in the right
unit, no number stands twice. Rows are added to the register, where a later conclusion supersedes an earlier one and both stay.

One wrong row keeps the whole table out; --partial takes the valid rows. The same table once more adds nothing. The report
(校验报告) says row by row what was taken and what to correct. Exit code 3 when nothing was added for wrong rows, 4 when part was.`,
		Example: `  tuban recall returns 220122.xlsx --register register
  tuban recall returns 220122.xlsx --register register --dry-run
  tuban recall returns returned.gpkg --layer released --register register --partial --report check.xlsx`,
		Args: one("the table that a county returned"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if o.Scheme, err = verification.Find(scheme); err != nil {
				return usageError{err}
			}
			if o.Register == "" {
				return usageError{fmt.Errorf("give the folder of the register with --register")}
			}
			gdal.Setup(gdalCache)
			o.File, o.Now = args[0], now()
			c, err := recall.Returns(cmd.Context(), drivers().Vectors, o)
			if err != nil {
				return err
			}
			if report == "" && !o.DryRun {
				report = strings.TrimSuffix(filepath.Base(o.File), filepath.Ext(o.File)) + "-校验报告.xlsx"
			}
			if report != "" {
				b := c.Book(version())
				if err := pipeline.ReplaceFile(report, func(w io.Writer) error { return b.WriteXLSX(w, o.Now) }); err != nil {
					return inputError(err)
				}
			}
			printReturns(cmd.OutOrStdout(), c, report)
			switch refused := c.Count(recall.Refused); {
			case refused == 0:
				return nil
			case o.Partial:
				return errGaps
			case o.DryRun:
				return inputError(fmt.Errorf("%s: %d rows are wrong", o.File, refused))
			default:
				return inputError(fmt.Errorf("%s: %d rows are wrong, so nothing was added: correct them, or take the others with --partial", o.File, refused))
			}
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&o.Register, "register", "", "folder of the register, a `DIR`")
	fs.StringVar(&o.Layer, "layer", "", "layer of the file; by default the only one")
	fs.StringVar(&o.Encoding, "encoding", "", "encoding of a Shapefile's attributes, such as GBK")
	fs.StringVar(&scheme, "scheme", "", "scheme of the categories: "+schemeCodes())
	fs.BoolVar(&o.Partial, "partial", false, "take the valid rows though others are wrong")
	fs.BoolVar(&o.DryRun, "dry-run", false, "check only, add nothing; write a report only with --report")
	fs.StringVar(&report, "report", "", "where to write the report, an XLSX `FILE`; by default beside you, by the name of the table")
	return cmd
}

// schemeCodes lists the schemes of categories, the default first.
func schemeCodes() string {
	var codes []string
	for _, s := range verification.Schemes() {
		codes = append(codes, s.Code)
	}
	return strings.Join(codes, ", ")
}

func printReturns(w io.Writer, c *recall.Checked, report string) {
	fmt.Fprintf(w, "%s: %d rows: %d accepted, %d known already, %d not verified yet, %d refused; %d added to the register\n", c.File,
		len(c.Findings), c.Count(recall.Accepted), c.Count(recall.Known), c.Count(recall.Blank), c.Count(recall.Refused), c.Added)
	shown := 0
	for _, f := range c.Findings {
		if f.Status != recall.Refused {
			continue
		}
		if shown++; shown > shownRows {
			more := c.Count(recall.Refused) - shownRows
			if report == "" {
				fmt.Fprintf(w, "  … %d more refused rows: --report FILE has them\n", more)
			} else {
				fmt.Fprintf(w, "  … %d more refused rows in the report\n", more)
			}
			break
		}
		fmt.Fprintf(w, "  %s %s: %s\n", f.Place, f.JCBH, strings.Join(f.Problems, "; "))
	}
	if report != "" {
		fmt.Fprintln(w, "report:", report)
	}
}
