package collar

import (
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tuban/raster"
)

// picture is an image: # is filled, anything else is not.
type picture struct {
	w, h int
	fill []bool
}

func draw(text string) picture {
	p := picture{}
	for line := range strings.FieldsSeq(text) {
		p.w = len(line)
		for _, c := range line {
			p.fill = append(p.fill, c == '#')
		}
		p.h++
	}
	return p
}

func (p picture) String() string {
	var b strings.Builder
	for i, f := range p.fill {
		if i > 0 && i%p.w == 0 {
			b.WriteByte('\n')
		}
		b.WriteByte(".#"[map[bool]int{true: 1}[f]])
	}
	return b.String()
}

// naive floods the whole image pixel by pixel.
func (p picture) naive() picture {
	out := picture{p.w, p.h, make([]bool, len(p.fill))}
	var todo [][2]int
	visit := func(x, y int) {
		if x >= 0 && y >= 0 && x < p.w && y < p.h && p.fill[y*p.w+x] && !out.fill[y*p.w+x] {
			out.fill[y*p.w+x] = true
			todo = append(todo, [2]int{x, y})
		}
	}
	for y := range p.h {
		for x := range p.w {
			if x == 0 || y == 0 || x == p.w-1 || y == p.h-1 {
				visit(x, y)
			}
		}
	}
	for len(todo) > 0 {
		at := todo[0]
		todo = todo[1:]
		visit(at[0]-1, at[1])
		visit(at[0]+1, at[1])
		visit(at[0], at[1]-1)
		visit(at[0], at[1]+1)
	}
	return out
}

// find returns the collar as a picture, and the cells that were asked for, each once.
func (p picture) find(t interface{ Fatalf(string, ...any) }, cellW, cellH int) (picture, map[[2]int]bool) {
	asked := map[[2]int]bool{}
	c, err := Find(p.w, p.h, cellW, cellH, func(cx, cy int, fill []bool) error {
		if asked[[2]int{cx, cy}] {
			t.Fatalf("cell %d, %d was asked for twice", cx, cy)
		}
		asked[[2]int{cx, cy}] = true
		w, h := min(cellW, p.w-cx*cellW), min(cellH, p.h-cy*cellH)
		if len(fill) != w*h {
			t.Fatalf("cell %d, %d has %d pixels, want %d × %d", cx, cy, len(fill), w, h)
		}
		for i, f := range fill {
			if f {
				t.Fatalf("cell %d, %d is not empty", cx, cy)
			}
			fill[i] = p.fill[(cy*cellH+i/w)*p.w+cx*cellW+i%w]
		}
		return nil
	})
	if err != nil {
		t.Fatalf("%v", err)
	}
	out := picture{p.w, p.h, make([]bool, p.w*p.h)}
	c.Mark(out.fill, raster.Window{W: p.w, H: p.h})
	for y, row := range c.Rows {
		for i := range row {
			if i > 0 && row[i] <= row[i-1] {
				t.Fatalf("row %d: bounds %v", y, row)
			}
		}
	}
	decoded, err := Decode(Encode(c), p.w, p.h)
	if err != nil || !reflect.DeepEqual(decoded, c) {
		t.Fatalf("decoded %v, want %v: %v", decoded, c, err)
	}
	return out, asked
}

func TestFind(t *testing.T) {
	for _, c := range []struct{ name, image, want string }{
		{"a border", `
			######
			##...#
			##...#
			######`, `
			######
			##...#
			##...#
			######`},
		{"a dark roof within", `
			####...
			#......
			..##...
			..##...
			.......`, `
			####...
			#......
			.......
			.......
			.......`},
		{"corners do not connect", `
			#......
			.#.....
			..#....
			......#`, `
			#......
			.......
			.......
			......#`},
		{"a way winds in", `
			.#.....
			.#.###.
			.#.#.#.
			.###.#.
			.....#.
			.......`, `
			.#.....
			.#.###.
			.#.#.#.
			.###.#.
			.....#.
			.......`},
		{"nothing", "... ...", "... ..."},
		{"everything", "### ###", "### ###"},
		{"one pixel", "#", "#"},
	} {
		p, want := draw(c.image), draw(c.want)
		for _, size := range [][2]int{{1, 1}, {2, 3}, {3, 2}, {100, 1}, {1, 100}, {100, 100}} {
			if got, _ := p.find(t, size[0], size[1]); !reflect.DeepEqual(got, want) {
				t.Errorf("%s, cells of %v:\n%v\nwant\n%v", c.name, size, got, want)
			}
		}
	}
}

// Any image in cells of any size gives what a flood of the whole gives.
func TestFindAgreesWithNaive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := picture{w: rapid.IntRange(1, 40).Draw(t, "w"), h: rapid.IntRange(1, 30).Draw(t, "h")}
		density := rapid.IntRange(1, 10).Draw(t, "density")
		p.fill = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) bool { return rapid.IntRange(0, 9).Draw(t, "") < density }), p.w*p.h, p.w*p.h).Draw(t, "fill")
		got, _ := p.find(t, rapid.IntRange(1, 45).Draw(t, "cell w"), rapid.IntRange(1, 35).Draw(t, "cell h"))
		if want := p.naive(); !reflect.DeepEqual(got, want) {
			t.Fatalf("of\n%v\ngot\n%v\nwant\n%v", p, got, want)
		}
	})
}

func FuzzFind(f *testing.F) {
	f.Add(uint8(5), uint8(2), uint8(3), []byte("###..#.#.#..##.#"))
	f.Add(uint8(1), uint8(1), uint8(1), []byte("#"))
	f.Fuzz(func(t *testing.T, w, cw, ch uint8, text []byte) {
		if w == 0 || cw == 0 || ch == 0 || len(text) < int(w) || len(text) > 4096 {
			t.Skip()
		}
		p := picture{w: int(w), h: len(text) / int(w)}
		for _, c := range text[:p.w*p.h] {
			p.fill = append(p.fill, c == '#')
		}
		if got, _ := p.find(t, int(cw), int(ch)); !reflect.DeepEqual(got, p.naive()) {
			t.Errorf("of\n%v\ngot\n%v", p, got)
		}
	})
}

// Only the cells at the edge, and those behind a filled border, are asked for.
func TestFindAsksForLittle(t *testing.T) {
	p := draw(`
		#........
		#........
		###......
		....##...
		....##...
		.........
		.........
		.........
		.........`)
	_, asked := p.find(t, 3, 3)
	if asked[[2]int{1, 1}] {
		t.Error("the cell in the middle was read, though nothing filled leads to it")
	}
	p.fill[2*9+3], p.fill[2*9+4] = true, true // … and now it does
	if _, asked = p.find(t, 3, 3); len(asked) != 9 {
		t.Errorf("%d cells were read, want 9", len(asked))
	}
}

// A large image that is filled throughout takes little, and one that is speckled ends in an error.
func TestFindIsBounded(t *testing.T) {
	const n = 60_000
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	c, err := Find(n, n, 1000, 1000, func(_, _ int, fill []bool) error {
		raster.Fill(fill, true)
		return nil
	})
	if err != nil || len(c.Rows) != n || len(c.Rows[n/2]) != 2 {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 8<<20 {
		t.Errorf("%d MiB for 60,000² filled pixels", n>>20)
	}
	_, err = Find(n, n, n, 64, func(_, _ int, fill []bool) error {
		for i := range fill {
			fill[i] = i%2 == 0
		}
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "separate spans") {
		t.Errorf("speckle: %v", err)
	}
}

func TestFindFails(t *testing.T) {
	disk := errors.New("disk")
	if _, err := Find(4, 4, 2, 2, func(cx, cy int, _ []bool) error { return fmt.Errorf("%d %d: %w", cx, cy, disk) }); !errors.Is(err, disk) {
		t.Error(err)
	}
}

func TestDecodeDamaged(t *testing.T) {
	p := draw("##.## #...# ##.##")
	c, err := Find(5, 3, 2, 2, func(cx, cy int, fill []bool) error {
		w := min(2, 5-cx*2)
		for i := range fill {
			fill[i] = p.fill[(cy*2+i/w)*5+cx*2+i%w]
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	whole := Encode(c)
	for i := range whole {
		bad := append([]byte(nil), whole...)
		bad[i] ^= 4
		if _, err := Decode(bad, 5, 3); !errors.Is(err, ErrDamaged) {
			t.Errorf("byte %d changed: %v", i, err)
		}
		if _, err := Decode(whole[:i], 5, 3); !errors.Is(err, ErrDamaged) {
			t.Errorf("cut at %d: %v", i, err)
		}
	}
	for _, size := range [][2]int{{4, 3}, {5, 2}, {5, 4}} {
		if _, err := Decode(whole, size[0], size[1]); !errors.Is(err, ErrDamaged) {
			t.Errorf("for %v: %v", size, err)
		}
	}
}
