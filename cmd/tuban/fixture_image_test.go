package main

import (
	"context"
	"math"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"tuban/raster"
	"tuban/raster/gdal"
	"tuban/raster/vector"
)

// The corner of every hand-made test: on the central meridian of the zone, where a metre of the grid is a metre.
const (
	testCRS = "EPSG:4530"
	testX   = 42_500_000.0
	testY   = 4_900_000.0
)

var ctx = context.Background()

// testGrid is w × h pixels of the given size whose first pixel lies dx, dy metres right of and below the corner.
func testGrid(dx, dy, pixel float64, w, h int) raster.Grid {
	return raster.Grid{CRS: testCRS, Transform: [6]float64{testX + dx, pixel, 0, testY - dy, 0, -pixel}, W: w, H: h}
}

// image is a file to write. value gives each band's number, from 0, at a pixel; NaN is no data.
type image struct {
	name     string
	grid     raster.Grid
	bands    int
	dataType string // "" is UInt16
	noData   float64
	alpha    bool // the last band is an alpha band
	bare     bool // neither a tag nor an alpha band says what is no data
	plain    bool // strips, no COG
	block    int
	value    func(band, x, y int) float64
}

// write leaves the image in dir and returns its path.
func (im image) write(t testing.TB, dir string) string {
	t.Helper()
	path := filepath.Join(dir, im.name+".tif")
	spec := gdal.RasterSpec{Grid: im.grid, Bands: im.bands, DataType: im.dataType, BlockSize: im.block, PlainGTiff: im.plain, Striped: im.plain}
	if spec.DataType == "" {
		spec.DataType = "UInt16"
	}
	if im.alpha {
		spec.Colors = make([]string, im.bands)
		for i := range spec.Colors {
			spec.Colors[i] = "Undefined"
		}
		spec.Colors[im.bands-1] = "Alpha"
	} else if im.bare {
		spec.Colors = make([]string, im.bands)
		for i := range spec.Colors {
			spec.Colors[i] = "Undefined"
		}
	} else {
		spec.NoData = &im.noData
	}
	err := gdal.WriteCOG(ctx, path, spec, func(w raster.Window, planes [][]float32) error {
		for b, p := range planes {
			for i := range p {
				p[i] = float32(im.value(b, w.X+i%w.W, w.Y+i/w.W))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// noise is a number in [0, 1) that depends on all of its arguments and on nothing else.
func noise(seed uint64, v ...int) float64 {
	h := seed*0x9e3779b97f4a7c15 + 1
	for _, x := range v {
		h ^= uint64(x) + 0x9e3779b97f4a7c15 + h<<6 + h>>2
		h *= 0xbf58476d1ce4e5b9
		h ^= h >> 31
	}
	return float64(h>>11) / (1 << 53)
}

// patchy is land as the rules see it: smooth blobs of some pixels with noise on them, in digital numbers.
func patchy(seed uint64) func(band, x, y int) float64 {
	return func(band, x, y int) float64 {
		blob := 0.0
		for _, s := range []int{5, 11, 23} {
			blob += noise(seed, band, x/s, y/s, s)
		}
		return math.Round(200 + 900*blob + 300*noise(seed, band, x, y, 1))
	}
}

// holed is v with no data in blobs and in single pixels.
func holed(seed uint64, v func(band, x, y int) float64) func(band, x, y int) float64 {
	return func(band, x, y int) float64 {
		if noise(seed, x/9, y/6) < 0.06 || noise(seed, band, x, y, 2) < 0.004 {
			return math.NaN()
		}
		return v(band, x, y)
	}
}

// parcel is one parcel of a test's survey.
type parcel struct {
	id, code string
	ring     orb.Ring
}

// box is a rectangle in metres right of and below the corner of the tests.
func box(x0, y0, x1, y1 float64) orb.Ring {
	return orb.Ring{{testX + x0, testY - y0}, {testX + x0, testY - y1}, {testX + x1, testY - y1}, {testX + x1, testY - y0}, {testX + x0, testY - y0}}
}

// writeParcels leaves a survey as DLTB in a GeoPackage.
func writeParcels(t testing.TB, path string, parcels []parcel) string {
	t.Helper()
	text := func(name string, width int) vector.Field {
		return vector.Field{Name: name, Type: vector.String, Width: width}
	}
	table := vector.Table{
		Name: "DLTB", CRS: testCRS, Geometry: "Polygon",
		Fields: []vector.Field{text("BSM", 18), text("DLBM", 5), text("ZLDWDM", 19), text("ZLDWMC", 60)},
		Rows: func(yield func(vector.Row, error) bool) {
			for _, p := range parcels {
				b, err := wkb.Marshal(orb.Polygon{p.ring})
				if !yield(vector.Row{WKB: b, Values: []any{p.id, p.code, "2201221010000000000", "某村"}}, err) {
					return
				}
			}
		},
	}
	if err := gdal.WriteGeoPackage(ctx, path, []vector.Table{table}, vector.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	return path
}
