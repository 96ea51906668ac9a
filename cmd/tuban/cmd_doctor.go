package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"tuban/pipeline"
	"tuban/raster/gdal"
	"tuban/raster/geos"
)

func newDoctor() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "doctor FILE",
		Short: "Look at everything a run file needs, and say what is wrong",
		Long: `Look at everything a run file needs: object storage and its credentials, each scene, the survey, the rules, the place
of the product, the disk. Where plan ends at the first mistake, doctor finds them all. Hardly a pixel is read; a small object is
written to the product's place and removed again. Exit code 3 when something is wrong.`,
		Example: `  tuban doctor run.yaml`,
		Args:    one("a run file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			file, d, err := f.open(ctx, args[0])
			if err != nil {
				return err
			}
			w := cmd.OutOrStdout()
			fmt.Fprintf(w, "ok    tuban %s, GDAL %s, GEOS %s\n", version(), gdal.Version(), geos.Version())
			bad := 0
			for _, found := range pipeline.Doctor(ctx, d, file, f.options()) {
				mark := "ok   "
				if !found.OK {
					mark = "WRONG"
					bad++
				}
				fmt.Fprintln(w, mark, found.Text)
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if bad > 0 {
				return inputError(fmt.Errorf("%d things must be mended before %s can run", bad, args[0]))
			}
			return nil
		},
	}
	f.register(cmd)
	return cmd
}
