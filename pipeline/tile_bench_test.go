package pipeline

import (
	"context"
	"testing"

	"tuban/classify/object"
	"tuban/raster"
)

// decodedPixels are scenes whose pixels lie in memory, all of one date, so that what is measured is the scan itself.
type decodedPixels struct {
	window raster.Window
	planes [][]float32
}

func (p *decodedPixels) Footprint(int) raster.Window                              { return p.window }
func (p *decodedPixels) Lattice(int) raster.Window                                { return raster.Window{W: 512, H: 512} }
func (p *decodedPixels) Whole(_ int, w raster.Window) bool                        { return p.window.Contains(w) }
func (p *decodedPixels) Absent(context.Context, int, raster.Window) (bool, error) { return false, nil }
func (p *decodedPixels) Ahead(context.Context, int, []raster.Window)              {}
func (p *decodedPixels) Close() error                                             { return nil }

func (p *decodedPixels) Read(_ context.Context, _ int, w raster.Window, dst [][]float32) error {
	for i, to := range dst {
		for y := range w.H {
			copy(to[y*w.W:(y+1)*w.W], p.planes[i][(w.Y+y)*p.window.W+w.X:])
		}
	}
	return nil
}

// decodedScanner returns a scanner of two dates of noise, and cores of two tiles.
func decodedScanner(t interface{ Fatal(...any) }) (*tileScanner, []raster.Window) {
	bands := map[raster.Role]raster.Band{}
	for i, r := range fourRoles {
		bands[r] = raster.Band{Index: i + 1}
	}
	p := planOf(t, steppedRules, []raster.Scene{{URI: "before", Bands: bands}}, []raster.Scene{{URI: "after", Bands: bands}})
	p.Grid.W, p.Grid.H = 1100, 560
	if err := p.needs(); err != nil {
		t.Fatal(err)
	}
	e, err := p.eligibility(nil)
	if err != nil {
		t.Fatal(err)
	}
	var mosaics [2]*mosaic
	for d := range mosaics {
		px := &decodedPixels{window: p.Grid.Window(), planes: make([][]float32, len(p.Roles))}
		for r := range px.planes {
			px.planes[r] = make([]float32, p.Grid.Pixels())
			for k := range px.planes[r] {
				// Squares of 32 pixels, so that cleaning leaves something, and noise.
				square := scatter(d, r, k%p.Grid.W/32+k/p.Grid.W/32*100) % 8
				px.planes[r][k] = float32(square) + float32(scatter(d, r, k)%100)/100
			}
		}
		mosaics[d] = newMosaic(p.scenes(d), p.Roles, px)
		mosaics[d].failed = func(ReadFailure) {}
	}
	return newTileScanner(p, e, mosaics[0], mosaics[1]), []raster.Window{{X: 20, Y: 20, W: 512, H: 512}, {X: 532, Y: 20, W: 512, H: 512}}
}

// In steady state, tiles cost no memory but that of what they find.
func TestTilesAllocateNothing(t *testing.T) {
	s, cores := decodedScanner(t)
	found := 0
	scan := func() {
		found = 0
		if err := s.scan(context.Background(), cores, func(_ int, runs []object.Run) error {
			found += len(runs)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	scan()
	if n := testing.AllocsPerRun(3, scan); n > 0 || found == 0 {
		t.Errorf("%g allocations for two tiles in which %d runs are found", n, found)
	}
}

func BenchmarkTiles(b *testing.B) {
	s, cores := decodedScanner(b)
	b.ReportAllocs()
	for b.Loop() {
		if err := s.scan(context.Background(), cores, func(int, []object.Run) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
	pixels := float64(b.N) * float64(cores[0].Pixels()+cores[1].Pixels())
	b.ReportMetric(pixels/1e6/b.Elapsed().Seconds(), "Mpx/s")
}
