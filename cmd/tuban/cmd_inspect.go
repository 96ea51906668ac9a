package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"tuban/pipeline"
	"tuban/pipeline/runfile"
	"tuban/raster"
	"tuban/raster/gdal"
)

func newInspect() *cobra.Command {
	return &cobra.Command{
		Use:   "inspect URI",
		Short: "Say what a raster or vector file is, and what a run would make of it",
		Example: `  tuban inspect 2025/GF2_20250820.tif
  tuban inspect s3://imagery/2025/GF2_20250820.tif
  tuban inspect survey.gdb`,
		Args: one("a file or an address"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var d pipeline.Drivers
			if isObject(args[0]) {
				var err error
				if d, err = storageDrivers(cmd.Context(), runfile.Storage{}); err != nil {
					return err
				}
			}
			info, err := gdal.Inspect(cmd.Context(), args[0])
			if err == nil {
				printRaster(cmd.OutOrStdout(), info)
				return nil
			}
			dir, err2 := os.MkdirTemp("", "tuban-inspect-")
			if err2 != nil {
				return err2
			}
			defer os.RemoveAll(dir)
			path, err2 := d.Local(cmd.Context(), args[0], dir)
			if err2 == nil {
				err2 = printLayers(cmd.Context(), cmd.OutOrStdout(), path)
			}
			if err2 != nil {
				return inputError(fmt.Errorf("%w; nor as a vector file: %w", err, err2))
			}
			return nil
		},
	}
}

func printRaster(w io.Writer, info raster.Info) {
	fmt.Fprintf(w, "%s: %s, %s, %s\n", info.URI, info.Driver, info.DataType, byteSize(info.Bytes))
	if info.GeoTransform {
		fmt.Fprintf(w, "grid      %s\n", info.Native)
	} else {
		fmt.Fprintf(w, "grid      %d × %d pixels, no geotransform (RPC: %t, control points: %t)\n", info.Native.W, info.Native.H, info.RPC, info.GCP)
	}
	storage := "tiles"
	if info.BlockW == info.Native.W {
		storage = "strips"
	}
	fmt.Fprintf(w, "storage   %s of %d × %d, %s, interleaved by %s, %d overviews\n", storage, info.BlockW, info.BlockH, orNone(info.Compression), orNone(info.Interleave), info.Overviews)
	fmt.Fprintf(w, "mask      band of its own: %t; alpha band: %d\n", info.Mask, info.Alpha)
	for _, b := range info.Bands {
		role := "role unknown: declare it"
		switch {
		case b.Index == info.Alpha:
			role = "alpha"
		case b.Role != "":
			role = string(b.Role)
		}
		fmt.Fprintf(w, "band %-4d %s", b.Index, role)
		if b.Description != "" {
			fmt.Fprintf(w, " (%s)", b.Description)
		}
		if b.NoData != nil {
			fmt.Fprintf(w, ", no data %g", *b.NoData)
		}
		if b.Scale != 1 || b.Offset != 0 {
			fmt.Fprintf(w, ", value = number × %g + %g", b.Scale, b.Offset)
		}
		fmt.Fprintln(w)
	}
}

func printLayers(ctx context.Context, w io.Writer, path string) error {
	layers, err := gdal.ListLayers(ctx, path)
	if err != nil {
		return err
	}
	for _, l := range layers {
		fmt.Fprintf(w, "%s: layer %s, %s, %d features, CRS %s, encoding %s\n", path, l.Name, orNone(l.Geometry), l.Features, orNone(l.CRS), orNone(l.Encoding))
		fmt.Fprintf(w, "  fields  %v\n", l.Fields)
		if !l.Bounds.Empty() {
			fmt.Fprintf(w, "  extent  %.3f %.3f … %.3f %.3f\n", l.Bounds.MinX, l.Bounds.MinY, l.Bounds.MaxX, l.Bounds.MaxY)
		}
	}
	return nil
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
