package burn

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
	"pgregory.net/rapid"

	"tuban/raster"
)

func TestPictures(t *testing.T) {
	for _, c := range []struct{ name, wkt, want string }{
		{"pixel edges", "MULTIPOLYGON(((1 1,4 1,4 3,1 3,1 1)))", `
			......
			.###..
			.###..
			......`},
		{"a hole running the same way", "MULTIPOLYGON(((0 0,5 0,5 4,0 4,0 0),(1 1,3 1,3 3,1 3,1 1)))", `
			#####.
			#..##.
			#..##.
			#####.`},
		{"two parts, one not closed and one outside", "MULTIPOLYGON(((0 0,1 0,1 1,0 1)),((5 2,9 2,9 9,5 9,5 2)))", `
			#.....
			......
			.....#
			.....#`},
		{"edges through centres: in on the left and top, out on the right and bottom", "MULTIPOLYGON(((1.5 0.5,4.5 0.5,4.5 2.5,1.5 2.5,1.5 0.5)))", `
			.###..
			.###..
			......
			......`},
		{"larger than the window", "MULTIPOLYGON(((-9 -9,99 -9,99 99,-9 99,-9 -9)))", `
			######
			######
			######
			######`},
		{"between the centres", "MULTIPOLYGON(((0.6 0.6,1.4 0.6,1.4 9,0.6 9,0.6 0.6)))", `
			......
			......
			......
			......`},
	} {
		t.Run(c.name, func(t *testing.T) {
			mp, err := wkt.UnmarshalMultiPolygon(c.wkt)
			if err != nil {
				t.Fatal(err)
			}
			w := raster.Window{W: 6, H: 4}
			dst := []byte(strings.Repeat(".", 24))
			Fill(dst, w, mp, '#')
			got, want := "", strings.Join(strings.Fields(c.want), "\n")
			for y := range 4 {
				got += string(dst[6*y:6*y+6]) + "\n"
			}
			if strings.TrimSpace(got) != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

func TestBadCoordinatesEncloseNothing(t *testing.T) {
	w := raster.Window{W: 4, H: 4}
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e300} {
		dst := make([]uint8, 16)
		Fill(dst, w, orb.MultiPolygon{{{{0, 0}, {bad, 0}, {4, 4}, {0, 0}}}, {{{0, 0}, {4, bad}, {4, 4}, {0, 0}}}, {{}}, {}}, 1)
		for i, v := range dst {
			if v != 0 {
				t.Fatalf("with %g pixel %d is filled", bad, i)
			}
		}
	}
}

// mesh draws a partition of a rectangle into triangles: jittered corners of a lattice, each cell split along one diagonal.
// Coordinates are often multiples of a half, so that edges run through centres.
func mesh(t *rapid.T, x0, y0, size, n int) []orb.MultiPolygon {
	rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 7))
	lattice := rapid.SampledFrom([]float64{1, 2, 4, 1000}).Draw(t, "lattice")
	jitter := func() float64 {
		return math.Round((rnd.Float64()-0.5)*0.48*float64(size)*lattice) / lattice
	}
	corner := make([]orb.Point, (n+1)*(n+1))
	for i := range corner {
		x, y := i%(n+1), i/(n+1)
		p := orb.Point{float64(x0 + x*size), float64(y0 + y*size)}
		if x > 0 && x < n {
			p[0] += jitter()
		}
		if y > 0 && y < n {
			p[1] += jitter()
		}
		corner[i] = p
	}
	var triangles []orb.MultiPolygon
	triangle := func(a, b, c orb.Point) {
		r := orb.Ring{a, b, c, a}
		if rnd.IntN(2) == 0 {
			r.Reverse()
		}
		triangles = append(triangles, orb.MultiPolygon{{r}})
	}
	for i := range n * n {
		o := i/n*(n+1) + i%n
		a, b, c, d := corner[o], corner[o+1], corner[o+n+2], corner[o+n+1]
		if rnd.IntN(2) == 0 {
			triangle(a, b, c)
			triangle(a, c, d)
		} else {
			triangle(a, b, d)
			triangle(b, c, d)
		}
	}
	return triangles
}

func TestPartitionLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, size := rapid.IntRange(1, 6).Draw(t, "n"), rapid.IntRange(1, 12).Draw(t, "size")
		w := raster.Window{X: rapid.IntRange(-50, 1e6).Draw(t, "x"), Y: rapid.IntRange(-50, 1e6).Draw(t, "y"), W: n*size + 2, H: n*size + 3}
		count, one := make([]int, w.Pixels()), make([]bool, w.Pixels())
		for _, mp := range mesh(t, w.X+1, w.Y+1, size, n) {
			clear(one)
			Fill(one, w, mp, true)
			for i, in := range one {
				if in {
					count[i]++
				}
			}
		}
		inner := raster.Window{X: 1, Y: 1, W: n * size, H: n * size}
		for i, got := range count {
			want := 0
			if inner.Contains(raster.Window{X: i % w.W, Y: i / w.W, W: 1, H: 1}) {
				want = 1
			}
			if got != want {
				t.Fatalf("pixel %d, %d is covered %d times, want %d", i%w.W, i/w.W, got, want)
			}
		}
	})
}

// anyPolygon draws rings of any shape, crossing themselves too, larger than the windows in use.
func anyPolygon(t *rapid.T) orb.MultiPolygon {
	rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "shape"), 3))
	var mp orb.MultiPolygon
	for range rapid.IntRange(1, 3).Draw(t, "parts") {
		var p orb.Polygon
		for range 1 + rnd.IntN(3) {
			r := make(orb.Ring, 3+rnd.IntN(8))
			for i := range r {
				r[i] = orb.Point{float64(rnd.IntN(320)-80) / 4, float64(rnd.IntN(320)-80) / 4}
			}
			p = append(p, append(r, r[0]))
		}
		mp = append(mp, p)
	}
	return mp
}

func TestWindowsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mp := anyPolygon(t)
		w := raster.Window{X: -5, Y: -7, W: 50, H: 41}
		whole := make([]uint8, w.Pixels())
		Fill(whole, w, mp, 1)
		part := raster.Window{
			X: rapid.IntRange(-5, 44).Draw(t, "x"), Y: rapid.IntRange(-7, 33).Draw(t, "y"),
			W: rapid.IntRange(1, 50).Draw(t, "w"), H: rapid.IntRange(1, 41).Draw(t, "h"),
		}.Intersect(w)
		got := make([]uint8, part.Pixels())
		Fill(got, part, mp, 1)
		for i, v := range got {
			x, y := part.X+i%part.W, part.Y+i/part.W
			if v != whole[(y-w.Y)*w.W+x-w.X] {
				t.Fatalf("pixel %d, %d differs between %v and %v", x, y, part, w)
			}
		}
	})
}

// naiveInside tests one point against quarter-pixel rings in integers, so without rounding. Points on an edge are told apart,
// because there the crossing's rounding decides.
func naiveInside(mp orb.MultiPolygon, x, y int) (in, onEdge bool) {
	px, py := 4*x+2, 4*y+2
	for _, p := range mp {
		for _, r := range p {
			for i := range len(r) - 1 {
				ax, ay, bx, by := int(4*r[i][0]), int(4*r[i][1]), int(4*r[i+1][0]), int(4*r[i+1][1])
				if ay > by {
					ax, ay, bx, by = bx, by, ax, ay
				}
				if py < ay || py >= by {
					continue
				}
				side := (px-ax)*(by-ay) - (bx-ax)*(py-ay)
				onEdge = onEdge || side == 0
				if side >= 0 {
					in = !in
				}
			}
		}
	}
	return in, onEdge
}

func TestAgreesWithPointInPolygon(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mp := anyPolygon(t)
		w := raster.Window{X: -21, Y: -22, W: 90, H: 85}
		got := make([]bool, w.Pixels())
		Fill(got, w, mp, true)
		for i, v := range got {
			x, y := w.X+i%w.W, w.Y+i/w.W
			if want, onEdge := naiveInside(mp, x, y); !onEdge && v != want {
				t.Fatalf("pixel %d, %d of %v is %v", x, y, wkt.MarshalString(mp), v)
			}
		}
	})
}

func circle(cx, cy, r float64, n int) orb.MultiPolygon {
	ring := make(orb.Ring, n+1)
	for i := range n {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		ring[i] = orb.Point{cx + r*cos, cy + r*sin}
	}
	ring[n] = ring[0]
	return orb.MultiPolygon{{ring}}
}

func BenchmarkFill(b *testing.B) {
	w := raster.Window{X: 5000, Y: 5000, W: 1024, H: 1024}
	dst := make([]int32, w.Pixels())
	for _, c := range []struct {
		name string
		mp   orb.MultiPolygon
	}{
		{"a parcel of 80 pixels", circle(5500, 5500, 40, 60)},
		{"100,000 vertices around the grid", circle(5500, 5500, 8000, 100_000)},
		{"half the window", circle(5512, 5512, 400, 500)},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				Fill(dst, w, c.mp, 1)
			}
		})
	}
}
