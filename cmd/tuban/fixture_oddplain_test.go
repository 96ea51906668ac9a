package main

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tuban/raster"
	"tuban/raster/gdal"
)

// somewhere is the grid of runs about files that have no place.
var somewhere = raster.Grid{CRS: "EPSG:4550", Transform: [6]float64{500000, 1, 0, 4900000, 0, -1}, W: 64, H: 48}

// northUp is a grid over g that a run can have: g itself, or one of as many pixels around it.
func northUp(g raster.Grid) raster.Grid {
	if !g.NorthUp() {
		b := g.Bounds(g.Window())
		g.Transform = [6]float64{b.MinX, (b.MaxX - b.MinX) / float64(g.W), 0, b.MaxY, 0, -(b.MaxY - b.MinY) / float64(g.H)}
	}
	return g
}

// about is a small grid over b.
func about(b raster.Bounds, crs string) raster.Grid {
	step := max((b.MaxX-b.MinX)/60, (b.MaxY-b.MinY)/44, 1e-4)
	g := somewhere
	g.CRS = crs
	g.Transform = [6]float64{(b.MinX+b.MaxX)/2 - 32*step, step, 0, (b.MinY+b.MaxY)/2 + 24*step, 0, -step}
	return g
}

// plainGrid is g, in a system of our own where it has none; its middle in smaller pixels where they are too coarse for a run,
// and somewhere else where nothing can be measured in its system.
func plainGrid(g raster.Grid) raster.Grid {
	if g.CRS == "" {
		g.CRS = somewhere.CRS
	}
	const coarse = 500 // metres
	x, y, err := gdal.GroundSize(g)
	if err != nil {
		return somewhere
	}
	if max(x, y) > coarse {
		cx, cy := g.Point(float64(g.W)/2, float64(g.H)/2)
		sx, sy := g.Transform[1]*math.Min(1, coarse/x), g.Transform[5]*math.Min(1, coarse/y)
		g.W, g.H = min(somewhere.W, int(math.Ceil(float64(g.W)*g.Transform[1]/sx))), min(somewhere.H, int(math.Ceil(float64(g.H)*g.Transform[5]/sy)))
		g.Transform = [6]float64{cx - sx*float64(g.W)/2, sx, 0, cy - sy*float64(g.H)/2, 0, sy}
	}
	return g
}

// middle is g, or so much of its middle as a test can afford.
func middle(g raster.Grid) raster.Grid {
	const most = 3000
	w, h := min(g.W, most), min(g.H, most)
	return g.Crop(raster.Window{X: (g.W - w) / 2, Y: (g.H - h) / 2, W: w, H: h})
}

// copied copies a file and what belongs to it into a folder of their own, and returns where the file is now.
func copied(t *testing.T, path string) string {
	t.Helper()
	dir := t.TempDir()
	stem := strings.TrimSuffix(path, filepath.Ext(path))
	parts, err := filepath.Glob(stem + ".*")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		b, err := os.ReadFile(p)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, filepath.Base(p)), b, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, filepath.Base(path))
}

// withPlace copies a raster and what belongs to it, and says beside it that it lies on g.
func withPlace(t *testing.T, path string, g raster.Grid) string {
	t.Helper()
	placed := copied(t, path)
	var numbers []string
	for _, v := range g.Transform {
		numbers = append(numbers, strconv.FormatFloat(v, 'g', -1, 64))
	}
	text := "<PAMDataset><SRS>" + g.CRS + "</SRS><GeoTransform>" + strings.Join(numbers, ", ") + "</GeoTransform></PAMDataset>"
	if err := os.WriteFile(placed+".aux.xml", []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return placed
}

// plainImage leaves an image of one band on g, in which nothing is odd.
func plainImage(t *testing.T, g raster.Grid) string {
	t.Helper()
	im := image{name: "plain", grid: g, bands: 1, dataType: "Byte", plain: true, block: 16}
	im.value = func(_, x, y int) float64 { return 20 + 180*noise(1, x/3, y/3) }
	return im.write(t, t.TempDir())
}

// withAttributes replaces the attributes of the n features of a Shapefile by a land class, DLBM, and a day, RQ.
func withAttributes(t *testing.T, path string, n int) string {
	t.Helper()
	fields := []struct{ name, value string }{{"DLBM", "0103"}, {"RQ", "2025-08-10"}}
	row := " "
	b := []byte{3, 125, 8, 20}
	b = binary.LittleEndian.AppendUint32(b, uint32(n))
	b = binary.LittleEndian.AppendUint16(b, uint16(32+32*len(fields)+1))
	for _, f := range fields {
		row += f.value
	}
	b = binary.LittleEndian.AppendUint16(b, uint16(len(row)))
	b = append(b, make([]byte, 20)...)
	for _, f := range fields {
		b = append(b, f.name+strings.Repeat("\x00", 11-len(f.name))...)
		b = append(b, 'C', 0, 0, 0, 0, byte(len(f.value)))
		b = append(b, make([]byte, 15)...)
	}
	b = append(b, '\r')
	b = append(b, strings.Repeat(row, n)...)
	if err := os.WriteFile(strings.TrimSuffix(path, ".shp")+".dbf", append(b, 0x1a), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
