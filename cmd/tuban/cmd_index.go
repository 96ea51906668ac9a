package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tuban/classify/index"
	"tuban/pipeline"
	"tuban/pipeline/runfile"
	"tuban/raster/gdal"
)

func newIndex() *cobra.Command {
	var out, sensor, bands string
	var memory size
	cmd := &cobra.Command{
		Use:   "index NAME SCENE -o OUT.tif",
		Short: "Compute an index or a band-math formula of one scene, or list the catalogue",
		Example: `  tuban index list
  tuban index ndvi scene.tif -o ndvi.tif --sensor GF-2
  tuban index "(nir - red) / (nir + red + 0.5)" scene.tif -o mine.tif --bands blue=1,green=2,red=3,nir=4`,
		Args: args("an index or a formula", "a scene"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if out == "" {
				return usageError{fmt.Errorf("give the file to write with -o")}
			}
			entry := runfile.Scene{URI: args[1], Sensor: sensor}
			var err error
			if entry.Bands, err = parseBands(bands); err != nil {
				return usageError{err}
			}
			gdal.Setup(gdalCache)
			p := newProgress(cmd.ErrOrStderr())
			defer p.Close()
			d := drivers()
			if isObject(entry.URI) {
				if d, err = storageDrivers(cmd.Context(), runfile.Storage{}); err != nil {
					return err
				}
			}
			return pipeline.WriteIndex(cmd.Context(), d, entry, args[0], out, pipeline.Options{Memory: int64(memory), Progress: p})
		},
	}
	fs := cmd.Flags()
	fs.StringVarP(&out, "output", "o", "", "the GeoTIFF to write (float32, NaN is no data)")
	fs.StringVar(&sensor, "sensor", "", "sensor that tells the band order, such as GF-2")
	fs.StringVar(&bands, "bands", "", "band roles, such as blue=1,green=2,red=3,nir=4")
	fs.Var(&memory, "memory", "bound of the process's memory")
	cmd.AddCommand(&cobra.Command{
		Use:     "list",
		Short:   "List the index catalogue",
		Example: `  tuban index list`,
		Args:    cobra.NoArgs,
		Run:     func(cmd *cobra.Command, _ []string) { listIndices(cmd.OutOrStdout()) },
	})
	return cmd
}

func listIndices(w io.Writer) {
	for _, x := range index.All() {
		roles := make([]string, len(x.Roles))
		for i, r := range x.Roles {
			roles[i] = string(r)
		}
		fmt.Fprintf(w, "%-12s %s %s\n", x.Name, x.TitleZH, x.Title)
		fmt.Fprintf(w, "%-12s   = %s   [%s]\n", "", x.Formula, strings.Join(roles, " "))
		var notes []string
		if x.Reflectance {
			notes = append(notes, "needs reflectance in 0..1")
		}
		if x.SameAs != "" {
			notes = append(notes, "the same evidence as "+x.SameAs)
		}
		if x.Note != "" {
			notes = append(notes, x.Note)
		}
		if x.Source != "" {
			notes = append(notes, x.Source)
		}
		if len(notes) > 0 {
			fmt.Fprintf(w, "%-12s   %s\n", "", strings.Join(notes, "; "))
		}
	}
}

// parseBands reads "blue=1,green=2".
func parseBands(s string) (map[string]int, error) {
	if s == "" {
		return nil, nil
	}
	out := map[string]int{}
	for _, part := range strings.Split(s, ",") {
		name, number, ok := strings.Cut(part, "=")
		n, err := strconv.Atoi(strings.TrimSpace(number))
		if !ok || err != nil || n < 1 {
			return nil, fmt.Errorf("--bands: %q: write role=number, such as nir=4", part)
		}
		out[strings.TrimSpace(name)] = n
	}
	return out, nil
}
