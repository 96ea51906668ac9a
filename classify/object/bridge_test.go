package object

import (
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

func TestBridgePictures(t *testing.T) {
	for _, c := range []struct {
		name    string
		gap     float64
		m       Metric
		want    int
		picture string
	}{
		{"no gap, corners stay apart", 0, Metric{1, 1}, 2, "#. .#"},
		{"any gap joins corners", 0.01, Metric{1, 1}, 1, "#. .#"},
		{"two columns of 0.5 m are 1 m", 1, Metric{0.5, 9}, 1, "#..#"},
		{"just too narrow", 0.99, Metric{0.5, 9}, 2, "#..#"},
		{"ten columns of 0.3 m are 3 m", 3, Metric{0.3, 9}, 1, "#..........#"},
		{"three columns of 0.1 m are 0.3 m, though not in binary", 0.3, Metric{0.1, 9}, 1, "#...#"},
		{"rows by their own size", 4, Metric{9, 2}, 1, "# . . #"},
		{"rows by their own size, too narrow", 3.9, Metric{9, 2}, 2, "# . . #"},
		{"a diagonal of 3 and 4", 5, Metric{1, 1}, 1, "#.... ..... ..... ..... ....#"},
		{"a diagonal just too long", 4.24, Metric{1, 1}, 2, "#.... ..... ..... ..... ....#"},
		{"by way of a third", 1, Metric{1, 1}, 1, "#.#.#"},
		{"not by way of another kind", 1, Metric{1, 1}, 3, "#.2.#"},
		{"past another kind", 3, Metric{1, 1}, 2, "#.2.#"},
		{"everything", math.Inf(1), Metric{1, 1}, 2, "#...2 ..... ..2.. ....#"},
		{"not a number", math.NaN(), Metric{1, 1}, 2, "#.#"},
		{"below nothing", -3, Metric{1, 1}, 2, "#.#"},
	} {
		runs := draw(c.picture).runs(t)
		label, n := Label(runs)
		if _, np := Bridge(runs, label, n, func(uint8) float64 { return c.gap }, c.m); np != c.want {
			t.Errorf("%s: %d patches, want %d", c.name, np, c.want)
		}
	}
}

// bridgeNaive compares every two pixels until nothing changes.
func (p picture) bridgeNaive(gap func(uint8) float64, m Metric) []int {
	label, _ := p.flood()
	for changed := true; changed; {
		changed = false
		for i, a := range label {
			for j, b := range label[:i] {
				if a < 0 || b < 0 || a == b || p.kind[i] != p.kind[j] {
					continue
				}
				dx := math.Max(0, math.Abs(float64(i%p.w-j%p.w))-1) * m.X
				dy := math.Max(0, math.Abs(float64(i/p.w-j/p.w))-1) * m.Y
				g := gap(p.kind[i])
				if !(g > 0) || math.Hypot(dx, dy) > g*(1+1e-9) {
					continue
				}
				changed = true
				lo, hi := min(a, b), max(a, b)
				for k := range label {
					if label[k] == hi {
						label[k] = lo
					}
				}
				a = lo
			}
		}
	}
	next, number := 0, map[int]int{-1: -1}
	for i, l := range label {
		if _, ok := number[l]; !ok {
			number[l] = next
			next++
		}
		label[i] = number[l]
	}
	return label
}

func TestBridgeAgreesWithEveryPairOfPixels(t *testing.T) {
	gaps := rapid.SampledFrom([]float64{0, 0.1, 0.5, 1, 1.5, 2, math.Sqrt2, 2.5, 3, 5})
	sizes := rapid.SampledFrom([]float64{0.3, 0.5, 1, 1.7, 2})
	rapid.Check(t, func(t *rapid.T) {
		p := pictures(12).Draw(t, "picture")
		g := rapid.SliceOfN(gaps, 4, 4).Draw(t, "gaps")
		m := Metric{sizes.Draw(t, "x"), sizes.Draw(t, "y")}
		gap := func(kind uint8) float64 { return g[kind] }
		runs := p.runs(t)
		label, n := Label(runs)
		patch, np := Bridge(runs, label, n, gap, m)
		got, want := p.spread(runs, patch), p.bridgeNaive(gap, m)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("gaps %v, pixels of %v:%v\ngot  %v\nwant %v", g, m, p, got, want)
		}
		for _, q := range patch {
			if int(q) >= np {
				t.Fatalf("patch %d of %d", q, np)
			}
		}
	})
}

func TestBridgeLeavesGapsOut(t *testing.T) {
	runs := []Run{{X0: 0, X1: 1, Kind: 1}, {X0: 1, X1: 2, Reason: Cloud}, {X0: 2, X1: 3, Kind: 1}}
	label, n := Label(runs)
	patch, np := Bridge(runs, label, n, func(uint8) float64 { return 1 }, Metric{1, 1})
	if !reflect.DeepEqual(patch, []int32{0, -1, 0}) || np != 1 {
		t.Errorf("got %v, %d", patch, np)
	}
}
