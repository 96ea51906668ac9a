package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"tuban/pipeline"
	"tuban/pipeline/review"
	"tuban/pipeline/runfile"
	"tuban/raster/gdal"
)

func newReview() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "review",
		Short: "Judge candidates in the office with QGIS, and take the decisions back",
		Long: `Judge candidates in the office with QGIS, without a server.

export writes a working copy: a GeoPackage with a layer to edit, and a QGIS project (3.22 or later) with forms, styles, the
imagery of both dates and what else is known. import reads the edits, says row by row what is wrong with them, and appends
what is sound to the register (台账), which is only ever added to. tuban release then sends out what passed.`,
		Example: `  tuban review export demo/out --to review
  tuban review import review --register register --dry-run`,
	}
	cmd.AddCommand(newReviewExport(), newReviewImport())
	return cmd
}

func newReviewExport() *cobra.Command {
	var o review.ExportOptions
	cmd := &cobra.Command{
		Use:   "export PRODUCT --to DIR",
		Short: "Write a working copy of a product: review.gpkg and review.qgz",
		Long: `Write a working copy of a product. Open review.qgz in QGIS, edit the layer 图斑判读, save, and import it.

Per candidate: a verdict (PD: pass 拟下发, unchanged 伪变化, approved 审批已核, reject 驳回, defer 待定), the reason of a rejection
(PDYY), who judged it (PDR), who checked it (FHR, another person), the day (PDRQ), a note (PDBZ). An outline may be drawn anew
(CZ = redraw), candidates merged (CZ = merge and one group number HB, or QGIS's merge tool), split (CZ = split on all pieces),
and a patch that was missed drawn (CZ = add). What the register holds already is filled in.`,
		Example: `  tuban review export demo/out --to review
  tuban review export demo/out --to review-220122 --register register --county 220122`,
		Args: one("the folder of a product"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.To == "" {
				return usageError{fmt.Errorf("give the folder of the working copy with --to: %s", cmd.UseLine())}
			}
			o.Product, o.Now = args[0], now()
			d, err := reviewDrivers(cmd, o.Product)
			if err != nil {
				return err
			}
			e, err := review.Export(cmd.Context(), d, o)
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s: %d rows, %d judged already; open %s in QGIS\n", o.To, e.Rows, e.Judged, review.ProjectName)
			for _, u := range e.Unreachable {
				fmt.Fprintf(cmd.OutOrStdout(), "not in the project: %s\n", u)
			}
			return nil
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&o.To, "to", "", "folder that gets the working copy, a `DIR`")
	fs.StringVar(&o.Register, "register", "", "folder of the register (台账), whose decisions are filled in, a `DIR`")
	fs.StringSliceVar(&o.Counties, "county", nil, "only candidates of these counties, six digits each")
	return cmd
}

// reviewDrivers are the drivers with what object storage the arguments need.
func reviewDrivers(cmd *cobra.Command, uris ...string) (pipeline.Drivers, error) {
	gdal.Setup(gdalCache)
	for _, u := range uris {
		if isObject(u) {
			return storageDrivers(cmd.Context(), runfile.Storage{})
		}
	}
	return drivers(), nil
}
