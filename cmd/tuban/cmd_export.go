package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"tuban/pipeline/export"
	"tuban/pipeline/runfile"
	"tuban/raster/ellipsoid"
	"tuban/raster/gdal"
)

func newExport() *cobra.Command {
	var o export.Options
	var formats []string
	var dryRun, asJSON bool
	cmd := &cobra.Command{
		Use:   "export PRODUCT --to DIR",
		Short: "Write patches in the formats that others open, a folder for each county",
		Long: `Write the patches of a product, or of a release, in the formats that others open, a folder for each county and batch:

  DIR/220122农安县/20250901/           220122-20250901.gpkg .shp .xlsx .html … 说明.txt package.json
  DIR/220122农安县/20250901/林地减少/   forest loss, a package of its own
  DIR/清单-20250901.csv                all packages with counts and areas
  DIR/export-20250901.json             written last: without it the delivery is not whole

Formats: gpkg (the master, with the tables beside the patches), shp, xlsx (the verification table, with lists of the categories
for the county to fill in), html (the same to read), filegdb, flatgeobuf, geojson and kml (longitude and latitude), geoparquet,
stac (an item that describes the other files), postgis (a database, in one transaction).

A patch goes whole to the county of its largest part; a release has the pieces. Areas are those of the product, whatever the
reference system of the geometry. A county's folder appears whole or not at all; the same command continues after an
interruption. Patches that a county returned under a category that is not shown to others, and those whose number was replaced by
a newer one, are left out and counted (--register). What was released asks for the register, or for --no-register.
Every file says 仅作线索，不作为处罚依据.`,
		Example: `  tuban export demo/out --to delivery
  tuban export demo/out --to delivery --format gpkg,shp --encoding GBK --schema province --batch 2026Q3
  tuban export released --product demo/out --to delivery --register register --crs EPSG:4490 --dry-run
  tuban export demo/out --format postgis --postgis postgresql://user@host/db --table enforcement.patches`,
		Args: one("the folder of a product or of a release, or a GeoPackage"),
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, f := range formats {
				if f == "all" { // of files: a database is asked for by its address
					o.Formats = append(o.Formats, slices.DeleteFunc(export.Formats(), func(f export.Format) bool { return f == export.PostGIS })...)
					continue
				}
				o.Formats = append(o.Formats, export.Format(f))
			}
			o.Source, o.Clock, o.Version = args[0], pinnedClock(), version()
			return exportProduct(cmd, o, dryRun, asJSON)
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&o.To, "to", "", "folder for the delivery, a `DIR`")
	fs.StringSliceVar(&formats, "format", []string{"gpkg", "shp", "xlsx", "html"}, fmt.Sprintf("formats, separated by commas, of %v; all means all files", export.Formats()))
	fs.StringVar(&o.By, "by", export.ByCounty, "divide the delivery by county, or not: none")
	fs.StringVar(&o.Batch, "batch", "", "name of the batch and its folders; by default that of the release, or the day of the latest scene")
	fs.StringVar(&o.Schema, "schema", export.Full, "fields: full (all of the product), ministry (遥感监测图斑, 6) or province (省级自主提取 2026, 23)")
	fs.StringVar(&o.Encoding, "encoding", "UTF-8", "encoding of Shapefiles: UTF-8 or GBK")
	fs.StringVar(&o.CRS, "crs", "", "reference system of the geometry, such as EPSG:4490 or EPSG:4530; by default the product's")
	fs.StringVar(&o.Layer, "layer", "", "layer of a GeoPackage; by default the only one")
	fs.StringVar(&o.Product, "product", "", "the product behind a release, a `DIR`, whose tables about the patches (overlays, approvals, …) go along")
	fs.StringVar(&o.Scheme, "scheme", "", "scheme of the verification categories in the table's lists: "+schemeCodes())
	fs.StringVar(&o.Register, "register", "", "register with what counties returned, a `DIR`; a release needs it")
	fs.BoolVar(&o.NoRegister, "no-register", false, "look nothing up: patches leave whatever counties returned of them since")
	fs.StringVar(&o.Database, "postgis", "", "address of the database for the format postgis, a `URL`: postgresql://user@host:port/database")
	fs.StringVar(&o.Table, "table", "tuban_changes", "table in the database, with or without a schema; tables beside it are called TABLE_…")
	fs.BoolVar(&o.Replace, "replace", false, "drop the database's tables first, instead of replacing the rows of the batch")
	fs.BoolVar(&o.Force, "force", false, "replace an export of the batch that is there")
	fs.BoolVar(&dryRun, "dry-run", false, "say what would be written where, and write nothing")
	fs.BoolVar(&asJSON, "json", false, "write JSON instead of a table")
	return cmd
}

// exportProduct plans and writes, and says what was written.
func exportProduct(cmd *cobra.Command, o export.Options, dryRun, asJSON bool) error {
	gdal.Setup(gdalCache)
	d := drivers()
	if isObject(o.Source) || isObject(o.Product) {
		var err error
		if d, err = storageDrivers(cmd.Context(), runfile.Storage{}); err != nil {
			return err
		}
	}
	p := newProgress(cmd.ErrOrStderr())
	o.Progress = func(n, of int) {
		if n == 1 {
			p.Stage("export", int64(of))
		}
		p.Advance(1)
	}
	e, err := export.New(cmd.Context(), export.Drivers{Drivers: d, Writers: vectors{}}, o)
	if err != nil {
		return err
	}
	if dryRun {
		return printExport(cmd, e.Plan(), e.Plan(), asJSON)
	}
	m, err := e.Write(cmd.Context())
	p.Close()
	if err != nil {
		return err
	}
	if err := printExport(cmd, e.Plan(), m, asJSON); err != nil || asJSON {
		return err
	}
	w := cmd.OutOrStdout()
	if m.Again {
		fmt.Fprintf(w, "the export is there already, nothing was written: %s\n", o.To)
	}
	for _, f := range m.Folders {
		for _, n := range f.Notes {
			fmt.Fprintln(w, n)
		}
	}
	for _, t := range m.Tables {
		fmt.Fprintf(w, "table %s\n", t)
	}
	return nil
}

// printExport prints v as JSON, or the plan as a table.
func printExport(cmd *cobra.Command, plan *export.Plan, v any, asJSON bool) error {
	w := cmd.OutOrStdout()
	if asJSON {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(v)
	}
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	count := 0
	for _, p := range plan.Packages {
		fmt.Fprintf(t, "%s\t%d patches\t%.2f 亩\n", filepath.Join(p.Dir, p.Stem), p.Count, ellipsoid.Mu(p.AreaM2))
		count += p.Count
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(w, "batch %s: %d patches in %d packages", plan.Batch, count, len(plan.Packages))
	if plan.Suppressed > 0 {
		fmt.Fprintf(w, "; %d left out for the category that they were returned under", plan.Suppressed)
	}
	if plan.Superseded > 0 {
		fmt.Fprintf(w, "; %d left out, their numbers were replaced", plan.Superseded)
	}
	fmt.Fprintln(w)
	return nil
}
