package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"tuban/pipeline"
	"tuban/pipeline/evidence"
	products "tuban/pipeline/product"
	"tuban/pipeline/register"
	"tuban/pipeline/runfile"
	"tuban/raster/gdal"
)

func newSheets() *cobra.Command {
	var o evidence.Options
	var memory size
	var registerDir, imagery string
	cmd := &cobra.Command{
		Use:   "sheets OUT --to DIR",
		Short: "Make an evidence sheet (取证单) per patch: one A4 page, HTML and PDF",
		Long: `Make the evidence sheet of each patch of a product: the land before and after at full resolution with the outline,
scale bar and north; dates, sensors, what the imagery says, controlled areas, approvals, land classes; coordinates in EPSG:4490 and in
the 3-degree zone; the measured shift between the dates; SHA-256 and SM3 of every input file and of the pictures.

A sheet is one HTML file, DIR/<county>/<candidate>.html, that needs no other. DIR/index.html lists them in the order of priority,
DIR/inputs.json the inputs with their hashes. The imagery is read where the run found it, each storage block once. Input files
are hashed once, too; in object storage their ETag stands for a hash, because to hash them would be to download them.
Interrupted, the same command continues; sheets that are there with the same content are not made again.

With --pdf a browser (Chromium, Chrome) prints each sheet. Exit code 4 when parts of the imagery could not be read: the pictures
are hatched there.`,
		Example: `  tuban sheets demo/out --to demo/sheets
  tuban sheets out --to sheets --county 220122 --pdf --volumes
  tuban sheets out --to sheets --cid 9062c6d15f1ccc4d --register register
  tuban sheets out --to sheets --imagery moved.yaml        # a run file that says where the imagery is now`,
		Args: one("the folder of a product"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.To == "" {
				return usageError{fmt.Errorf("give a folder for the sheets with --to")}
			}
			if o.Top < 0 || o.Workers < 0 {
				return usageError{fmt.Errorf("--top %d --workers %d: give numbers above 0, or leave them out", o.Top, o.Workers)}
			}
			if memory != 0 && memory < evidence.LeastMemory {
				return usageError{fmt.Errorf("--memory %s is too little: give at least %dMiB", memory.String(), evidence.LeastMemory>>20)}
			}
			if o.Volumes && !o.PDF {
				return usageError{fmt.Errorf("--volumes binds PDFs: give --pdf as well")}
			}
			o.Memory, o.Version = int64(memory), version()
			return makeSheets(cmd, args[0], registerDir, imagery, o)
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&o.To, "to", "", "folder for the sheets, a `DIR`")
	fs.StringVar(&o.County, "county", "", "only patches of this county, by its `CODE` (XZQDM)")
	fs.StringSliceVar(&o.CIDs, "cid", nil, "only these candidates")
	fs.IntVar(&o.Top, "top", 0, "only so many patches, the first in the order of priority")
	fs.BoolVar(&o.PDF, "pdf", false, "print each sheet as PDF, too")
	fs.BoolVar(&o.Volumes, "volumes", false, "with --pdf: one PDF per county as well, in volumes of 100 sheets")
	fs.StringVar(&o.Browser, "browser", "", "`PROGRAM` that prints; by default the Chromium or Chrome that is installed")
	fs.BoolVar(&o.NaturalOnly, "natural-only", false, "leave the pictures in false colour out")
	fs.BoolVar(&o.Lossless, "lossless", false, "keep pictures as PNG, whose pixels anyone can hash again, instead of JPEG; three times as large")
	fs.StringVar(&registerDir, "register", "", "register `DIR`: sheets show what was released, under its 监测编号; a patch returned under a withheld category loses its sheet")
	fs.StringVar(&imagery, "imagery", "", "run `FILE` that says where the imagery is, when it is no longer where the run found it")
	fs.IntVar(&o.Workers, "workers", 0, "windows read at once; by default one per processor")
	fs.Var(&memory, "memory", "bound of the process's memory, such as 1GiB (the default) or 800MiB")
	fs.BoolVar(&o.DryRun, "dry-run", false, "say what would be made, and make nothing")
	return cmd
}

// makeSheets opens what the sheets are made from, makes them, and says what became of it.
func makeSheets(cmd *cobra.Command, dir, registerDir, imagery string, o evidence.Options) error {
	ctx := cmd.Context()
	gdal.Setup(gdalCache)
	d, err := sheetDrivers(ctx, dir, imagery, &o)
	if err != nil {
		return err
	}
	if registerDir != "" {
		r, err := register.OpenExisting(registerDir)
		if err != nil {
			return err
		}
		o.Register = r.State()
	}
	p, err := products.Open(ctx, d, dir)
	if err != nil {
		return err
	}
	defer p.Close()
	progress := newProgress(cmd.ErrOrStderr())
	o.Progress, o.Log = progress, progress.logger()
	r, err := evidence.Make(ctx, d, p, o)
	progress.Close()
	if err != nil {
		return err
	}
	sayOfSheets(cmd.OutOrStdout(), r, o)
	if len(r.Failures) > 0 {
		return errGaps
	}
	return nil
}

// sheetDrivers are the drivers with the object storage of the run file, where one is given, else of the environment.
func sheetDrivers(ctx context.Context, dir, imagery string, o *evidence.Options) (pipeline.Drivers, error) {
	if imagery == "" {
		return storageDrivers(ctx, runfile.Storage{})
	}
	var f runFlags
	file, d, err := f.open(ctx, imagery)
	o.Moved = file
	return d, err
}

func sayOfSheets(w io.Writer, r *evidence.Result, o evidence.Options) {
	if o.DryRun {
		fmt.Fprintf(w, "%d sheets, %d of them to be made\n", r.Sheets, r.Made)
		if r.Made > 0 {
			fmt.Fprintf(w, "read      %d tiles of imagery in %d passes; pictures in the making take %s\n", r.Tiles, r.Passes, byteSize(r.Peak))
		}
		if r.Hash > 0 {
			fmt.Fprintf(w, "hash      %s of input files\n", byteSize(r.Hash))
		}
		return
	}
	if n := len(r.Failures); n > 0 {
		fmt.Fprintf(w, "NOT COMPLETE: %d windows of the imagery could not be read, and are hatched in the pictures; %s names them.\n", n, filepath.Join(o.To, "sheets.json"))
	}
	if r.Withheld > 0 {
		fmt.Fprintf(w, "%d patches have no sheet: counties returned them under a category that does not leave the office\n", r.Withheld)
	}
	fmt.Fprintf(w, "%d sheets, %d of them made now", r.Sheets, r.Made)
	if o.PDF {
		fmt.Fprintf(w, ", %d printed", r.Printed)
	}
	fmt.Fprintf(w, "; %.1f Mpx of images decoded\nopen %s\n", float64(r.Decoded)/1e6, r.Index)
}
