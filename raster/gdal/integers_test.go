package gdal

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"

	"tuban/raster"
)

// at is sample k of band i, as the plain twin of the kernels takes it.
func (n *integers) at(i, k int) float64 {
	o := (k*n.step + i*n.band) * n.form.bytes()
	switch n.form {
	case asUint8:
		return float64(n.mem[o])
	case asUint16:
		return float64(binary.NativeEndian.Uint16(n.mem[o:]))
	}
	return float64(int16(binary.NativeEndian.Uint16(n.mem[o:])))
}

// TestIntegersToValues holds the kernels against a pixel at a time: any form, layout, number of bands, part, scale, no-data.
func TestIntegersToValues(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 3))
	for range 3000 {
		f := []form{asUint8, asUint16, asInt16}[random.IntN(3)]
		bands := 1 + random.IntN(5)
		w := raster.Window{X: random.IntN(9), Y: random.IntN(9), W: 1 + random.IntN(70), H: 1 + random.IntN(6)}
		n := newIntegers(f, w, bands)
		for i := range n.mem {
			n.mem[i] = byte(random.Uint32() & random.Uint32() & 3) // few different samples, so that no data occurs
		}
		if random.IntN(2) == 0 {
			n.interleaved(bands)
		} else {
			n.separate()
		}
		clear(n.bad)
		about := make([]raster.Band, bands)
		for i := range about {
			about[i] = raster.Band{Index: i + 1, Scale: 1, HasNoData: random.IntN(4) != 0, NoData: float64([]int{0, 257, -1, 70000}[random.IntN(4)])}
			if random.IntN(3) == 0 {
				about[i].Scale, about[i].Offset = 0.01, -0.3
			}
		}
		n.seek(about)
		n.found = true
		if n.sought >= 0 { // what whoever brings the samples would have seen
			n.found = false
			for k := range int(w.Pixels()) {
				for i := range about {
					n.found = n.found || uint16(int(n.at(i, k))) == uint16(n.sought) || f == asUint8 && int(n.at(i, k)) == n.sought
				}
			}
		}
		if !n.markNoData(about) {
			n.bad = nil
		}
		part := raster.Window{X: w.X + random.IntN(w.W), Y: w.Y + random.IntN(w.H)}
		part.W, part.H = 1+random.IntN(w.X+w.W-part.X), 1+random.IntN(w.Y+w.H-part.Y)
		to := part.Grow(random.IntN(3))
		dst := make([][]float32, bands)
		for i := range dst {
			if random.IntN(5) != 0 {
				dst[i] = make([]float32, to.Pixels())
				raster.Fill(dst[i], -7)
			}
		}
		n.values(dst, to, part, about)
		for i, p := range dst {
			for o, got := range p {
				x, y := to.X+o%to.W, to.Y+o/to.W
				want := float32(-7)
				if part.Contains(raster.Window{X: x, Y: y, W: 1, H: 1}) {
					k := (y-w.Y)*w.W + x - w.X
					want = float32(n.at(i, k))
					if about[i].Scale != 1 {
						want = float32(float64(n.at(i, k)*about[i].Scale) + about[i].Offset)
					}
					for j, b := range about {
						if b.HasNoData && n.at(j, k) == b.NoData {
							want = raster.NaN
						}
					}
				}
				if math.Float32bits(got) != math.Float32bits(want) {
					t.Fatalf("form %d, %d bands %d apart, band %d at %d, %d: %g, want %g", f, bands, n.step, i, x, y, got, want)
				}
			}
		}
	}
}
