package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"tuban/pipeline"
	"tuban/pipeline/runfile"
)

func newCheck() *cobra.Command {
	return &cobra.Command{
		Use:   "check OUT",
		Short: "Check a product as its receiver would: checksums, validity, areas, shares",
		Long: `Check a product: every file is the one that manifest.json names, every polygon is OGC-valid, has the area and
the class shares it says, and reaches the minimum area of its kind. Exit code 4 when something is wrong.`,
		Example: `  tuban check demo/out
  tuban check s3://products/2025q3`,
		Args: one("the folder of a product"),
		RunE: func(cmd *cobra.Command, args []string) error {
			d := drivers()
			if isObject(args[0]) {
				var err error
				if d, err = storageDrivers(cmd.Context(), runfile.Storage{}); err != nil {
					return err
				}
			}
			findings, err := pipeline.Check(cmd.Context(), d, args[0])
			if err != nil {
				return err
			}
			bad := 0
			for _, f := range findings {
				mark := "ok   "
				if !f.OK {
					mark = "WRONG"
					bad++
				}
				fmt.Fprintln(cmd.OutOrStdout(), mark, f.Text)
			}
			if bad > 0 {
				return errGaps
			}
			return nil
		},
	}
}
