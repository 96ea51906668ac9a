package pipeline

import (
	"testing"

	"tuban/raster"
)

// What lies across the tiles is kept for the tiles beside and below: a row of blocks, in columns as wide as the memory allows. What
// lies on the tiles is not, and strips are read across the whole grid.
func TestScenerySize(t *testing.T) {
	const edge = 20000
	grid := raster.Grid{CRS: "EPSG:4530", Transform: [6]float64{42500000, 0.5, 0, 4900000, 0, -0.5}, W: edge, H: edge}
	at := func(x, y, block int) raster.Scene {
		s := raster.Scene{Native: grid, BlockW: block, BlockH: block, DataType: "UInt16"}
		s.Native.Transform[0], s.Native.Transform[3] = grid.Transform[0]+0.5*float64(x), grid.Transform[3]-0.5*float64(y)
		return s
	}
	strips := at(0, 0, 16)
	strips.BlockW = edge
	row := int64(2*512) * edge * (2*4 + 1)
	for _, c := range []struct {
		name   string
		after  raster.Scene
		memory int64
		narrow bool  // whether columns are narrower than the grid
		least  int64 // of the cache
		most   int64
	}{
		{"on the tiles", at(0, 0, 512), 1 << 30, false, 0, row / 2},
		{"on the tiles, a block away", at(512, -1024, 512), 1 << 30, false, 0, row / 2},
		{"across the tiles", at(100, 0, 512), 1 << 30, false, row, 1 << 30},
		{"across the tiles, with little memory", at(0, 100, 512), 128 << 20, true, 64 << 20, 128 << 20},
		{"strips", strips, 128 << 20, false, 0, 128 << 20},
	} {
		p := &Plan{Grid: grid, Before: []raster.Scene{at(0, 0, 512)}, After: []raster.Scene{c.after}, Workers: 2, Tile: largestTile, Roles: []raster.Role{raster.Blue, raster.Green, raster.Red, raster.NIR}}
		s := &Scenery{plan: p}
		s.size(c.memory)
		if narrow := p.Swath < edge/largestTile; narrow != c.narrow || p.Swath < 1 || p.CacheBytes < c.least || p.CacheBytes > c.most {
			t.Errorf("%s: columns of %d tiles, %d MiB of cache", c.name, p.Swath, p.CacheBytes>>20)
		}
	}
}
