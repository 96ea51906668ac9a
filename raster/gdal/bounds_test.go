package gdal

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/airbusgeo/godal"
)

// A file is refused at once when a part of it cannot be had without more memory than there may be.
func TestStorageBounds(t *testing.T) {
	setup()
	for _, c := range []struct {
		w, h, bands, block int
		interleave         string
		says               string
	}{
		{16384, 16384, 1, 16384, "BAND", ""},
		{16384, 16384, 4, 16384, "BAND", ""},
		{16384, 16384, 3, 16384, "PIXEL", "gdal_translate -co TILED=YES"},
		{4096, 4096, 300, 512, "PIXEL", ""},
		{4096, 4096, 600, 1024, "PIXEL", "gdal_translate -co TILED=YES"},
		{64, 64, 1100, 64, "PIXEL", "gdal_translate -b"},
		{64, 64, 1100, 64, "BAND", ""},
	} {
		name := fmt.Sprintf("%d bands of %d × %d, %s", c.bands, c.block, c.block, c.interleave)
		path := filepath.Join(t.TempDir(), "big.tif")
		size := fmt.Sprint(c.block)
		ds, err := godal.Create(godal.GTiff, path, c.bands, godal.Byte, c.w, c.h, godal.CreationOption("SPARSE_OK=TRUE", "TILED=YES",
			"COMPRESS=DEFLATE", "BLOCKXSIZE="+size, "BLOCKYSIZE="+size, "INTERLEAVE="+c.interleave, "PHOTOMETRIC=MINISBLACK"), policy)
		if err != nil {
			t.Fatal(err)
		}
		if err := ds.Close(policy); err != nil {
			t.Fatal(err)
		}
		info, err := Inspect(context.Background(), path)
		switch {
		case c.says == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), path)):
			t.Errorf("%s: %v, want %q", name, err, c.says)
		case c.says == "" && len(info.Bands) != c.bands:
			t.Errorf("%s: %d bands", name, len(info.Bands))
		}
	}
}

// Drivers that fetch what a file names do not exist in this process.
func TestNoNetworkDrivers(t *testing.T) {
	setup()
	for _, name := range skippedDrivers {
		if _, ok := godal.RasterDriver(godal.DriverName(name)); ok {
			t.Errorf("%s is registered for rasters", name)
		}
		if _, ok := godal.VectorDriver(godal.DriverName(name)); ok {
			t.Errorf("%s is registered for vectors", name)
		}
	}
	for _, name := range imageDrivers {
		if _, ok := godal.RasterDriver(godal.DriverName(name)); !ok {
			t.Errorf("%s is not registered", name)
		}
	}
}
