package object

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
	"github.com/peterstace/simplefeatures/geom"
	"pgregory.net/rapid"
)

func TestTracePictures(t *testing.T) {
	for _, c := range []struct {
		name, picture string
		want          []string
	}{
		{"one cell", `#`, []string{"POLYGON((0 0,1 0,1 1,0 1,0 0))"}},
		{"a hole, and a neighbour that touches only at a corner", `
			.####.
			.#..#.
			.####.
			.....#`, []string{
			"POLYGON((1 0,5 0,5 3,1 3,1 0),(4 1,2 1,2 2,4 2,4 1))",
			"POLYGON((5 3,6 3,6 4,5 4,5 3))",
		}},
		{"a hole that touches its exterior at the upper left", `
			.##
			#.#
			###`, []string{"POLYGON((1 0,3 0,3 3,0 3,0 1,1 1,1 0),(2 1,1 1,1 2,2 2,2 1))"}},
		{"a hole that touches its exterior at the upper right", `
			##.
			#.#
			###`, []string{"POLYGON((0 0,2 0,2 1,3 1,3 3,0 3,0 0),(2 1,1 1,1 2,2 2,2 1))"}},
		{"two holes that touch each other", `
			####
			#.##
			##.#
			####`, []string{"POLYGON((0 0,4 0,4 4,0 4,0 0),(2 1,1 1,1 2,2 2,2 1),(3 2,2 2,2 3,3 3,3 2))"}},
		{"two of one patch cross at a corner", `
			##..
			##..
			..##`, []string{"POLYGON((0 0,2 0,2 2,0 2,0 0))", "POLYGON((2 2,4 2,4 3,2 3,2 2))"}},
		{"an island in a lake that touches its shore", `
			#####
			#...#
			#.#.#
			#..##
			#####`, []string{
			"POLYGON((0 0,5 0,5 5,0 5,0 0),(4 1,1 1,1 4,3 4,3 3,4 3,4 1))",
			"POLYGON((2 2,3 2,3 3,2 3,2 2))",
		}},
		{"kinds do not matter", `
			#2
			22`, []string{"POLYGON((0 0,2 0,2 2,0 2,0 0))"}},
		{"rows apart", `
			#
			.
			#`, []string{"POLYGON((0 0,1 0,1 1,0 1,0 0))", "POLYGON((0 2,1 2,1 3,0 3,0 2))"}},
	} {
		var got []string
		for _, p := range Trace(draw(c.picture).runs(t)) {
			got = append(got, wkt.MarshalString(p))
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s:\ngot  %q\nwant %q", c.name, got, c.want)
		}
	}
	if mp := Trace(nil); len(mp) != 0 {
		t.Errorf("of nothing: %v", mp)
	}
}

func TestTraceLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := pictures(16).Draw(t, "picture")
		for i := range p.kind {
			p.kind[i] = min(p.kind[i], 1)
		}
		checkTrace(t, p, Trace(p.runs(t)))
	})
}

// checkTrace asserts the laws of Trace on the polygons mp of the covered cells of p.
func checkTrace(t interface {
	Fatalf(string, ...any)
	Helper()
}, p picture, mp orb.MultiPolygon) {
	t.Helper()
	label, n := p.flood()
	if len(mp) != n {
		t.Fatalf("%d polygons, want one for each of %d components%v", len(mp), n, p)
	}
	first, cells := make([]int, n), make([]float64, n)
	for i := len(label) - 1; i >= 0; i-- {
		if label[i] >= 0 {
			first[label[i]] = i
			cells[label[i]]++
		}
	}
	rings, area := 0, 0.0
	for i, poly := range mp {
		rings += len(poly)
		sum := 0.0
		for k, ring := range poly {
			a := shoelace(ring)
			if (a > 0) != (k == 0) {
				t.Fatalf("ring %d of polygon %d has area %v%v", k, i, a, p)
			}
			for v := range len(ring) - 1 {
				w := ring[(v+1)%(len(ring)-1)]
				if horizontal := ring[v][1] == w[1]; horizontal != (v%2 == 0) || ring[v] == w {
					t.Fatalf("ring %d of polygon %d has a collinear or slanting edge: %v%v", k, i, ring, p)
				}
			}
			sum += a
		}
		if sum != cells[i] {
			t.Fatalf("polygon %d has area %v, its component %v cells%v", i, sum, cells[i], p)
		}
		if start := (orb.Point{float64(first[i] % p.w), float64(first[i] / p.w)}); poly[0][0] != start {
			t.Fatalf("polygon %d begins at %v, its first cell is %v%v", i, poly[0][0], start, p)
		}
		area += sum
	}
	if euler := 2*len(mp) - rings; euler != p.euler(label) {
		t.Fatalf("Euler number of the rings %d, of the cells %d%v", euler, p.euler(label), p)
	}
	if len(p.kind) <= 1024 {
		for i, count := range raster(mp, p.w, p.h) {
			if count != p.kind[i] {
				t.Fatalf("column %d, row %d is in %d polygons%v", i%p.w, i/p.w, count, p)
			}
		}
	}
	if _, err := geom.UnmarshalWKT(wkt.MarshalString(mp)); err != nil {
		t.Fatalf("not valid: %v\n%s%v", err, wkt.MarshalString(mp), p)
	}
}

// euler is polygons less holes, counted from 2 × 2 squares alone: rings turn by four corners more one way than the
// other (Gray 1971). Two cells that touch at a corner make two corners that point in when they are of one component
// (the ring goes around the outside), else two that point out.
func (p picture) euler(label []int) int {
	turns := 0
	for y := -1; y < p.h; y++ {
		for x := -1; x < p.w; x++ {
			var in [4]int
			count := 0
			for i := range in {
				if p.at(x+i%2, y+i/2) > 0 {
					in[i] = label[(y+i/2)*p.w+x+i%2] + 1
					count++
				}
			}
			switch {
			case count == 1:
				turns++
			case count == 3:
				turns--
			case count == 2 && (in[0] > 0) == (in[3] > 0) && in[0]+in[1] == in[2]+in[3]:
				turns -= 2 // both of a diagonal, of one component
			case count == 2 && (in[0] > 0) == (in[3] > 0):
				turns += 2
			}
		}
	}
	return turns / 4
}

func TestTraceTakesRunsInAnyFormAndOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := pictures(12).Draw(t, "picture")
		runs := p.runs(t)
		want := Trace(runs)
		// Cut and doubled cells, such as gaps of several reasons leave.
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3))
		var loose []Run
		for _, r := range runs {
			a := r.X0 + rng.Int32N(r.X1-r.X0)
			b := a + rng.Int32N(r.X1-a+1)
			loose = append(loose, Run{Y: r.Y, X0: r.X0, X1: b}, Run{Y: r.Y, X0: a, X1: r.X1, Kind: 7})
		}
		rng.Shuffle(len(loose), func(i, j int) { loose[i], loose[j] = loose[j], loose[i] })
		if got := Trace(loose); !reflect.DeepEqual(got, want) {
			t.Fatalf("got  %v\nwant %v%v", got, want, p)
		}
	})
}

// TestTraceOfALargeMask covers what small pictures cannot: long rings and many holes.
func TestTraceOfALargeMask(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 4))
	p := picture{w: 300, h: 200, kind: make([]uint8, 300*200)}
	for i := range p.kind {
		if rng.IntN(100) < 62 {
			p.kind[i] = 1
		}
	}
	checkTrace(t, p, Trace(p.runs(t)))
}

func FuzzMaskToRingsAndBack(f *testing.F) {
	f.Add(uint8(3), []byte{0b01010101, 0b10101010})
	f.Add(uint8(7), []byte{0xff, 0x81, 0xbd, 0xa5, 0xbd, 0x81, 0xff})
	f.Fuzz(func(t *testing.T, width uint8, bits []byte) {
		p := picture{w: int(width)%40 + 1}
		p.h = min(len(bits)*8/p.w, 40)
		for i := range p.w * p.h {
			p.kind = append(p.kind, bits[i/8]>>(i%8)&1)
		}
		checkTrace(t, p, Trace(p.runs(t)))
	})
}

// TestTracerKeepsNothingOfThePatchBefore traces patches of all sizes one after the other with one Tracer.
func TestTracerKeepsNothingOfThePatchBefore(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	var tracer Tracer
	for range 300 {
		var runs []Run
		for y := range 1 + r.IntN(12) {
			for x := 0; x < 1+r.IntN(14); x += 1 + r.IntN(3) {
				runs = append(runs, Run{Y: int32(y), X0: int32(x), X1: int32(x + 1 + r.IntN(3)), Kind: 1})
			}
		}
		got, want := tracer.Trace(runs), Trace(runs)
		if !orb.Equal(got, want) {
			t.Fatalf("%v: %v instead of %v", runs, got, want)
		}
	}
}
