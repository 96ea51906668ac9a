package gdal

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/airbusgeo/godal"

	"tuban/raster"
)

// testData returns the folder of real data, or skips the test.
func testData(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("TUBAN_TESTDATA")
	if dir == "" {
		t.Skip("SKIPPED: TUBAN_TESTDATA is not set, so nothing real was tested")
	}
	return dir
}

// file says what a test image looks like.
type file struct {
	w, h, bands int
	dataType    string
	options     []string
	crs         string
	transform   [6]float64
	noData      *float64
	scale       [2]float64
	mask, alpha bool
	seed        uint64
	tones       int // how many different samples of 16 bits; 0 means 10,000
}

var utm = [6]float64{500_000, 10, 0, 4_800_000, 0, -10}

func number(v float64) *float64 { return &v }

// write makes the image in the test's folder and returns its path and its numbers, band by band.
func (f file) write(t testing.TB) (path string, numbers [][]float64, valid []bool) {
	t.Helper()
	setup()
	path = filepath.Join(t.TempDir(), "scene.tif")
	types := map[string]godal.DataType{"UInt32": godal.UInt32}
	for k, v := range sampleTypes {
		types[k] = v
	}
	if f.crs == "" {
		f.crs = "EPSG:32651"
	}
	if f.transform == ([6]float64{}) {
		f.transform = utm
	}
	if f.alpha {
		f.bands++
	}
	ds, err := godal.Create(godal.GTiff, path, f.bands, types[f.dataType], f.w, f.h, godal.CreationOption(append(f.options, "PHOTOMETRIC=MINISBLACK")...), policy)
	if err != nil {
		t.Fatal(err)
	}
	if err := locate(ds, raster.Grid{CRS: f.crs, Transform: f.transform}); err != nil {
		t.Fatal(err)
	}
	if f.noData != nil {
		if err := ds.SetNoData(*f.noData, policy); err != nil {
			t.Fatal(err)
		}
	}
	if f.scale != ([2]float64{}) {
		if err := ds.SetScaleOffset(f.scale[0], f.scale[1], policy); err != nil {
			t.Fatal(err)
		}
	}
	if f.alpha {
		if err := ds.Bands()[f.bands-1].SetColorInterp(godal.CIAlpha, policy); err != nil {
			t.Fatal(err)
		}
	}
	random := rand.New(rand.NewPCG(f.seed, 7))
	n := f.w * f.h
	valid = make([]bool, n)
	for i := range valid {
		valid[i] = true
	}
	for b := range f.bands {
		v := make([]float64, n)
		for i := range v {
			switch f.dataType {
			case "Byte":
				v[i] = float64(random.IntN(256))
			case "Int16":
				v[i] = float64(random.IntN(4000) - 2000)
			case "UInt32", "Int32":
				v[i] = float64(1<<25 + random.IntN(5))
			case "UInt16":
				v[i] = float64(random.IntN(cmp.Or(f.tones, 10000)))
			default:
				v[i] = random.Float64()*2 - 0.5
				if random.IntN(50) == 0 {
					v[i] = math.NaN()
				}
			}
			if f.noData != nil && random.IntN(20) == 0 {
				v[i] = *f.noData
			}
			if f.alpha && b == f.bands-1 {
				v[i] = float64(random.IntN(4) * 80)
				valid[i] = valid[i] && v[i] != 0
			} else if math.IsNaN(v[i]) || f.noData != nil && v[i] == *f.noData {
				valid[i] = false
			}
		}
		if err := ds.Bands()[b].Write(0, 0, v, f.w, f.h, policy); err != nil {
			t.Fatal(err)
		}
		numbers = append(numbers, v)
	}
	if f.mask {
		m, err := ds.CreateMaskBand(maskPerDataset, godal.ConfigOption("GDAL_TIFF_INTERNAL_MASK=YES"), policy)
		if err != nil {
			t.Fatal(err)
		}
		bits := make([]uint8, n)
		for i := range bits {
			bits[i] = 255
			if random.IntN(10) == 0 {
				bits[i], valid[i] = 0, false
			}
		}
		if err := m.Write(0, 0, bits, f.w, f.h, policy); err != nil {
			t.Fatal(err)
		}
	}
	if err := ds.Close(policy); err != nil {
		t.Fatal(err)
	}
	return path, numbers, valid
}

// sceneOf inspects the file and gives its first bands the first roles.
func sceneOf(t testing.TB, path string, bands int) raster.Scene {
	t.Helper()
	info, err := Inspect(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	return sceneFrom(info, bands)
}

var testRoles = []raster.Role{raster.Blue, raster.Green, raster.Red, raster.NIR}

func sceneFrom(info raster.Info, bands int) raster.Scene {
	s := raster.Scene{ID: "s", URI: info.URI, Native: info.Native, Alpha: info.Alpha, BlockW: info.BlockW, BlockH: info.BlockH,
		DataType: info.DataType, Bands: map[raster.Role]raster.Band{}}
	for i := range min(bands, len(info.Bands), len(testRoles)) {
		b := raster.Band{Index: i + 1, Scale: info.Bands[i].Scale, Offset: info.Bands[i].Offset}
		if nd := info.Bands[i].NoData; nd != nil {
			b.NoData, b.HasNoData = *nd, true
		}
		s.Bands[testRoles[i]] = b
	}
	return s
}

func planes(n, bands int) [][]float32 {
	out := make([][]float32, bands)
	for i := range out {
		out[i] = make([]float32, n)
	}
	return out
}

// readAll reads the whole scene through windows of the given size.
func readAll(t testing.TB, r *Reader, scene int, g raster.Grid, size int) [][]float32 {
	t.Helper()
	out := planes(int(g.Pixels()), len(r.roles))
	for _, tile := range raster.Tiles(g, size, 0) {
		p := planes(int(tile.Core.Pixels()), len(r.roles))
		if err := r.Read(context.Background(), scene, tile.Core, p); err != nil {
			t.Fatal(err)
		}
		for i := range p {
			copyWindow(out[i], g.Window(), p[i], tile.Core, tile.Core)
		}
	}
	return out
}

// same reports the first difference bit by bit, where one NaN is as good as another.
func same(a, b [][]float32) error {
	for i := range a {
		for j := range a[i] {
			x, y := a[i][j], b[i][j]
			if math.Float32bits(x) != math.Float32bits(y) && !(x != x && y != y) {
				return fmt.Errorf("plane %d, element %d: %v and %v", i, j, x, y)
			}
		}
	}
	return nil
}
