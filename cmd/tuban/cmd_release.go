package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	issue "tuban/pipeline/release" // release is the program's own
	"tuban/pipeline/runfile"
	"tuban/raster/gdal"
)

func newRelease() *cobra.Command {
	var o issue.Options
	var runFile string
	cmd := &cobra.Command{
		Use:   "release PRODUCT --register DIR --batch NAME --to DIR",
		Short: "Release what passed review to counties, each patch under a 监测编号 of its own",
		Long: `Release the candidates that passed review (tuban review) and were checked by a second person.

Each gets a 监测编号 (JCBH): the county's code, the year, and a serial number, issued once and never changed. A patch that
crosses a county boundary is cut there, and its parts name the whole as PARENT; a part below 10 m² or narrower than 1 m stays
with the larger one. A patch whose outline was judged anew after its release gets a new number, which names the one it takes
the place of (THBH). What was released is never edited.

The register is appended to first, in one step; then released.gpkg and release.json are made of it. The same command again
releases nothing more, and makes the same files again where they were lost. What passed but cannot be released is listed with
the reason, and ends the command with exit code 4.

The folder is ready for tuban export. 仅作线索，不作为处罚依据.`,
		Example: `  tuban release demo/out --register register --batch 2025Q3 --to release-2025Q3 --dry-run
  tuban release demo/out --register register --batch 2025Q3 --to release-2025Q3
  tuban release demo/out --register register --batch 2025Q3 --to release --units XZQ.gpkg --county 220122`,
		Args: one("the folder of a product"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.Register == "" || o.Batch == "" || o.To == "" && !o.DryRun {
				return usageError{fmt.Errorf("give --register, --batch and --to: %s", cmd.UseLine())}
			}
			p := newProgress(cmd.ErrOrStderr())
			o.Product, o.Now, o.Land = args[0], now(), land(runFile, p)
			gdal.Setup(gdalCache)
			d := drivers()
			if isObject(o.Product) {
				var err error
				if d, err = storageDrivers(cmd.Context(), runfile.Storage{}); err != nil {
					return err
				}
			}
			r, err := issue.Run(cmd.Context(), d, o)
			p.Close()
			if err != nil {
				return err
			}
			printRelease(cmd.OutOrStdout(), r, o)
			if len(r.Left) > 0 {
				return errGaps
			}
			return nil
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&o.Register, "register", "", "folder of the register (台账), a `DIR`")
	fs.StringVar(&o.Batch, "batch", "", "`NAME` of the batch (批次)")
	fs.StringVar(&o.To, "to", "", "folder that gets released.gpkg, a `DIR`")
	fs.StringSliceVar(&o.Counties, "county", nil, "release what lies in these counties alone, six digits each")
	fs.StringVar(&o.Year, "year", "", "year of the numbers, YYYY; by default that of the latest 后时相")
	fs.IntVar(&o.SerialWidth, "serial-width", issue.SerialWidth, "digits of the serial number")
	fs.StringVar(&o.Units.Source, "units", "", "layer of counties, towns or villages to cut by, a `FILE`; by default as the run did")
	fs.StringVar(&o.Units.Layer, "units-layer", "", "its layer; by default the only one")
	fs.StringVar(&o.Units.Encoding, "units-encoding", "", "encoding of a Shapefile's attributes, such as GBK")
	fs.StringVar(&o.Units.Code, "units-code", "XZQDM", "its field with the code, of which six digits are the county's")
	fs.StringVar(&o.Units.Name, "units-name", "XZQMC", "its field with the name")
	fs.StringVar(&runFile, "run", "", landUsage)
	fs.BoolVar(&o.DryRun, "dry-run", false, "say what would be released, and change nothing")
	return cmd
}

// printRelease says what was released, and what was not and why.
func printRelease(w io.Writer, r *issue.Result, o issue.Options) {
	verb := "released"
	if o.DryRun {
		verb = "would release"
	}
	fmt.Fprintf(w, "%s %d patches as batch %s; %d were released before\n", verb, len(r.Releases), o.Batch, r.Already)
	for _, x := range r.Releases {
		fmt.Fprintf(w, "  %s  %s  %10.2f m²  %s", x.JCBH, x.CID, x.AreaM2, x.Values["XMC"])
		if x.Parent != "" {
			fmt.Fprint(w, "  跨县切分")
		}
		if x.Supersedes != "" {
			fmt.Fprintf(w, "  替代 %s", x.Supersedes)
		}
		fmt.Fprintln(w)
	}
	if r.Other > 0 {
		fmt.Fprintf(w, "%d parts lie in other counties\n", r.Other)
	}
	for _, l := range r.Left {
		fmt.Fprintf(w, "not released: %s: %s\n", l.CID, l.Why)
	}
	for _, j := range r.Orphans {
		fmt.Fprintf(w, "already with the county, though no decision passes it any more: %s: tell the county\n", j)
	}
	if r.Package != nil {
		fmt.Fprintf(w, "%s: %s\n", o.To, r.Package.Batch)
		for _, c := range r.Package.Counties {
			fmt.Fprintf(w, "  %s %s: %d patches, %.2f m², %s to %s\n", c.XZQDM, c.XMC, c.Count, c.AreaM2, c.First, c.Last)
		}
	}
}
