package gdal

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"tuban/raster"
)

// BenchmarkWarp warps a scene of one zone onto the grid of another, four bands; MB/s are megapixels per second.
func BenchmarkWarp(b *testing.B) {
	path, _, _ := file{w: 1100, h: 1100, bands: 4, dataType: "UInt16", options: []string{"TILED=YES", "COMPRESS=DEFLATE"}}.write(b)
	s := sceneOf(b, path, 4)
	g := raster.Grid{CRS: "EPSG:4529", Transform: [6]float64{41_500_000 - 3000, 10, 0, 4_802_000, 0, -10}, W: 1024, H: 1024}
	p := planes(512*512, 4)
	b.SetBytes(g.Pixels())
	for b.Loop() {
		r, err := NewReader(g, []raster.Scene{s}, ReaderOptions{Roles: testRoles})
		if err != nil {
			b.Fatal(err)
		}
		for _, t := range raster.Tiles(g, 512, 0) {
			if err := r.Read(context.Background(), 0, t.Core, p); err != nil {
				b.Fatal(err)
			}
		}
		r.Close()
	}
}

// BenchmarkWrite writes four bands of uint16 as plain tiles; MB/s are megapixels per second.
func BenchmarkWrite(b *testing.B) {
	spec := RasterSpec{Grid: raster.Grid{CRS: "EPSG:4530", Transform: utm, W: 4096, H: 1024}, Bands: 4, DataType: "UInt16", PlainGTiff: true}
	path := filepath.Join(b.TempDir(), "out.tif")
	b.SetBytes(spec.Grid.Pixels())
	for b.Loop() {
		if err := WriteCOG(context.Background(), path, spec, fillPattern); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRead decodes four bands of uint16, DEFLATE, in one goroutine, without and with decoding ahead; MB/s are megapixels per
// second.
func BenchmarkRead(b *testing.B) {
	for _, layout := range []string{"tiled", "strips"} {
		f := file{w: 2048, h: 2048, bands: 4, dataType: "UInt16", tones: 40, options: []string{"COMPRESS=DEFLATE", "PREDICTOR=2"}}
		if layout == "tiled" {
			f.options = append(f.options, "TILED=YES", "BLOCKXSIZE=512", "BLOCKYSIZE=512")
		}
		path, _, _ := f.write(b)
		s := sceneOf(b, path, 4)
		for _, ahead := range []int{1, 2} {
			b.Run(fmt.Sprintf("%s/%d", layout, ahead), func(b *testing.B) {
				b.SetBytes(s.Native.Pixels())
				for b.Loop() {
					r, err := NewReader(s.Native, []raster.Scene{s}, ReaderOptions{Roles: testRoles})
					if err != nil {
						b.Fatal(err)
					}
					p := planes(512*512, 4)
					for tiles := range slices.Chunk(raster.Tiles(s.Native, 512, 0), ahead) {
						if ahead > 1 {
							r.Ahead(context.Background(), 0, []raster.Window{tiles[0].Core, tiles[1].Core})
						}
						for _, t := range tiles {
							if err := r.Read(context.Background(), 0, t.Core, p); err != nil {
								b.Fatal(err)
							}
						}
					}
					r.Close()
				}
			})
		}
	}
}
