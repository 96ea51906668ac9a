package assess

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tuban/classify/rules"
	"tuban/raster"
)

// sketch makes pixels of a picture: # is set.
func sketch(text string) (w raster.Window, set []bool) {
	lines := strings.Fields(text)
	w = raster.Window{W: len(lines[0]), H: len(lines)}
	for _, l := range lines {
		for _, c := range l {
			set = append(set, c == '#')
		}
	}
	return w, set
}

func TestDilate(t *testing.T) {
	for _, c := range []struct {
		name     string
		rx, ry   int
		in, want string
	}{
		{"by nothing", 0, 0, "..#..\n.....", "..#..\n....."},
		{"wider than high", 2, 1, ".......\n...#...\n.......\n.......", ".#####.\n.#####.\n.#####.\n......."},
		{"over the edge", 3, 3, "#....\n.....", "####.\n####."},
		{"two that meet", 1, 0, "#..#.#", "######"},
	} {
		w, in := sketch(c.in)
		_, want := sketch(c.want)
		if got := dilate(nil, in, w, c.rx, c.ry); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", c.name, got, want)
		}
	}
}

// Every pixel within reach of a set one is marked, and no other: the plain definition.
func TestDilateIsItsDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		w := raster.Window{W: 1 + rng.IntN(20), H: 1 + rng.IntN(15)}
		in := make([]bool, w.Pixels())
		for i := range in {
			in[i] = rng.IntN(30) == 0
		}
		rx, ry := rng.IntN(5), rng.IntN(5)
		got := dilate(nil, in, w, rx, ry)
		for i := range in {
			want := false
			for j := range in {
				dx, dy := i%w.W-j%w.W, i/w.W-j/w.W
				want = want || in[j] && max(dx, -dx) <= rx && max(dy, -dy) <= ry
			}
			if got[i] != want {
				t.Fatalf("%v, reach %d × %d, pixel %d: %t", w, rx, ry, i, got[i])
			}
		}
	}
}

// What hides a change: a cloud over any chosen kind does; bands that cannot decide one kind leave the others.
func TestHides(t *testing.T) {
	p := &product{kinds: []rules.Kind{{Code: "built"}, {Code: "water"}}}
	both, water := [256]bool{1: true, 2: true}, [256]bool{2: true}
	for _, c := range []struct {
		reason, kinds string
		chosen        [256]bool
		want          bool
	}{
		{"cloud", "built", both, true},
		{"cloud", "built", water, false},
		{"not-judgeable", "water", both, false},
		{"not-judgeable", "water", water, true},
		{"not-judgeable", "built water", both, true},
	} {
		if got := p.hides(c.reason, strings.Fields(c.kinds), c.chosen); got != c.want {
			t.Errorf("%s of %s: %t", c.reason, c.kinds, got)
		}
	}
}
