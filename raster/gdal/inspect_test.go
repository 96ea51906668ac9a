package gdal

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"tuban/raster"
)

func TestInspect(t *testing.T) {
	f := file{w: 300, h: 200, bands: 4, dataType: "UInt16", noData: number(0), scale: [2]float64{0.0001, 0}, crs: "EPSG:4530", mask: true,
		transform: [6]float64{42_500_000, 0.5, 0, 4_800_000, 0, -0.5},
		options:   []string{"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=32", "COMPRESS=DEFLATE", "INTERLEAVE=BAND"}}
	path, _, _ := f.write(t)
	info, err := Inspect(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	if g := (raster.Grid{CRS: "EPSG:4530", Transform: f.transform, W: 300, H: 200}); info.Native != g || !info.GeoTransform {
		t.Errorf("grid %v, want %v", info.Native, g)
	}
	if info.BlockW != 64 || info.BlockH != 32 || info.DataType != "UInt16" || info.Driver != "GTiff" || info.Compression != "DEFLATE" || info.Interleave != "BAND" {
		t.Errorf("structure: %+v", info)
	}
	if !info.Mask || info.Alpha != 0 || len(info.Bands) != 4 || info.Bytes == 0 || info.RPC || info.GCP {
		t.Errorf("content: %+v", info)
	}
	if b := info.Bands[3]; b.NoData == nil || *b.NoData != 0 || b.Scale != 0.0001 || b.Index != 4 || b.Role != "" {
		t.Errorf("band 4: %+v", b)
	}
}

func TestBandRole(t *testing.T) {
	for description, want := range map[string]raster.Role{"Near Infrared": raster.NIR, "band_red": raster.Red, "近红外": raster.NIR, "SWIR 1": raster.SWIR1,
		"Red-Edge": raster.RedEdge, "B4": "", "": ""} {
		if got := bandRole(raster.BandInfo{Description: description, Color: "Gray"}, nil); got != want {
			t.Errorf("%q is %q, want %q", description, got, want)
		}
	}
	if got := bandRole(raster.BandInfo{Description: "nir", Color: "Red"}, nil); got != raster.NIR {
		t.Errorf("a description must go before a colour, got %q", got)
	}
	if got := bandRole(raster.BandInfo{Color: "Green"}, nil); got != raster.Green {
		t.Errorf("green by colour: %q", got)
	}
}

func TestInspectRefuses(t *testing.T) {
	dir := t.TempDir()
	if _, err := Inspect(context.Background(), filepath.Join(dir, "missing.tif")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
	for name, text := range map[string]string{
		"text.tif":    "this is no image",
		"empty.tif":   "",
		"map.geojson": `{"type":"FeatureCollection","features":[]}`,
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Inspect(context.Background(), path); !errors.Is(err, ErrNotRaster) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
