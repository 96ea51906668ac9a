package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"tuban/raster/gdal"
	"tuban/raster/synth"
	"tuban/raster/vector"
)

// The files of the legal layers of a demo. The earlier version of basic farmland is a Shapefile as offices hand them on: in GBK, and
// without the .cpg that would say so.
const (
	layersFile    = "layers.gpkg"
	farmlandFile  = "jbnttb.shp"
	approvalsFile = "approvals.gpkg"
)

// writeLayers leaves the legal layers in dir, but for the approvals.
func writeLayers(ctx context.Context, dir string, c *synth.County) error {
	var tables []vector.Table
	for _, l := range c.Layers() {
		switch l.Kind {
		case "approval":
		case "basic_farmland_old":
			path := filepath.Join(dir, farmlandFile)
			if err := gdal.WriteShapefile(ctx, path, l.Table(c.Grid().CRS), vector.WriteOptions{Encoding: "GBK"}); err != nil {
				return err
			}
			if err := os.Remove(strings.TrimSuffix(path, ".shp") + ".cpg"); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		default:
			tables = append(tables, l.Table(c.Grid().CRS))
		}
	}
	return gdal.WriteGeoPackage(ctx, filepath.Join(dir, layersFile), tables, vector.WriteOptions{})
}

// writeApprovals leaves the approvals that are listed at path, and nothing where there are none.
func writeApprovals(ctx context.Context, path string, c *synth.County) error {
	var tables []vector.Table
	for _, l := range c.Layers() {
		if l.Kind == "approval" {
			tables = append(tables, l.Table(c.Grid().CRS))
		}
	}
	if len(tables) == 0 {
		return nil
	}
	return gdal.WriteGeoPackage(ctx, path, tables, vector.WriteOptions{})
}

// layerEntries are the entries of a run file's layers, the approvals in the file named.
func layerEntries(c *synth.County, approvals string) string {
	var b strings.Builder
	for _, l := range c.Layers() {
		switch l.Kind {
		case "basic_farmland_old":
			fmt.Fprintf(&b, "  - {kind: %s, source: %s}\n", l.Kind, farmlandFile)
		case "approval":
			fmt.Fprintf(&b, "  - {kind: approval, type: %s, source: %s, layer: %s}\n", l.Type, approvals, l.Name)
		default:
			fmt.Fprintf(&b, "  - {kind: %s, source: %s, layer: %s}\n", l.Kind, layersFile, l.Name)
		}
	}
	return b.String()
}
