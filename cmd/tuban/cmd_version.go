package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"tuban/raster/gdal"
	"tuban/raster/geos"
)

// release is the version of the source tree; the build may append a revision to it.
const release = "0.1.0"

// revision is set by the build: -ldflags "-X main.revision=abc123".
var revision string

// version is what manifests record and results are keyed by.
func version() string {
	if revision != "" {
		return release + "+" + revision
	}
	return release
}

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the versions of tuban and its libraries",
		Example: `  tuban version`,
		Args:    cobra.NoArgs,
		Run: func(cmd *cobra.Command, _ []string) {
			fmt.Fprintf(cmd.OutOrStdout(), "tuban %s (%s, GDAL %s, GEOS %s)\n", version(), runtime.Version(), gdal.Version(), geos.Version())
		},
	}
}
