package pipeline

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"tuban/classify/object"
	"tuban/raster"
)

// strip draws scenes one row high: a digit is a value, ? no data, a space is outside the scene, ! makes it unreadable.
func strip(lines ...string) (*images, []raster.Scene) {
	im := &images{origin: stripGrid, files: map[string]*rasterFile{}}
	var scenes []raster.Scene
	for i, line := range lines {
		f := &rasterFile{broken: strings.HasSuffix(line, "!"), planes: map[raster.Role][]float32{}}
		line = strings.TrimSuffix(line, "!")
		f.place = raster.Window{X: len(line) - len(strings.TrimLeft(line, " ")), H: 1}
		for _, c := range strings.TrimSpace(line) {
			v := float32(c - '0')
			if c == '?' {
				v = raster.NaN
			}
			f.planes[raster.Red] = append(f.planes[raster.Red], v)
			f.planes[raster.NIR] = append(f.planes[raster.NIR], v+10)
		}
		f.place.W = len(f.planes[raster.Red])
		name := string(rune('a' + i))
		im.files[name] = f
		scenes = append(scenes, raster.Scene{ID: name, URI: name, Bands: map[raster.Role]raster.Band{raster.Red: {}, raster.NIR: {}}})
	}
	return im, scenes
}

var stripGrid = raster.Grid{CRS: testCRS, Transform: testGrid.Transform, W: 10, H: 1}

// merged reads the strip and draws what came: values, and . outside, ? no data, ! unreadable, c cloud, s shadow.
func merged(t *testing.T, m *mosaic, w raster.Window) (string, error) {
	t.Helper()
	var b, scratch raster.Block
	// What an earlier tile left must not show.
	b.Reset(raster.Window{W: 40, H: 2}, 3)
	scratch.Reset(raster.Window{W: 40, H: 2}, 3)
	for i := range b.Planes {
		raster.Fill(b.Planes[i], 77)
		raster.Fill(scratch.Planes[i], 77)
	}
	from := make([]int32, w.Pixels())
	raster.Fill(from, 5)
	if err := m.read(context.Background(), w, &b, &scratch, from); err != nil {
		return "", err
	}
	var out strings.Builder
	for i, f := range from {
		v := b.Planes[0][i]
		if f >= 0 && b.Planes[1][i] != v+10 || f < 0 && (v == v || b.Planes[1][i] == b.Planes[1][i]) {
			t.Errorf("pixel %d from %d is %g and %g", i, f, v, b.Planes[1][i])
		}
		switch f {
		case fromOutside:
			out.WriteByte('.')
		case fromNoData:
			out.WriteByte('?')
		case fromUnreadable:
			out.WriteByte('!')
		case fromCloud:
			out.WriteByte('c')
		case fromShadow:
			out.WriteByte('s')
		default:
			// Values are the scene's number, so that they can be told apart.
			if v != float32(f) {
				t.Errorf("pixel %d from scene %d has the value %g", i, f, v)
			}
			out.WriteByte('0' + byte(f))
		}
	}
	return out.String(), nil
}

func TestMosaic(t *testing.T) {
	for _, c := range []struct {
		name   string
		scenes []string
		want   string
		failed string
	}{
		{"nothing", nil, "..........", ""},
		{"the first wins", []string{"  0000", "1111111"}, "1100001...", ""},
		{"no data lets the next in", []string{"0?0?0", " 11??1"}, "010?01....", ""},
		{"no data of a later scene", []string{"000", " ????"}, "000??.....", ""},
		{"three deep", []string{"?", "??", "222"}, "222.......", ""},
		{"unreadable, and another below", []string{"0000!", "  1111"}, "!!1111....", "a"},
		{"unreadable under what is there", []string{"00", "1111!"}, "00!!......", "b"},
		{"unreadable is more than no data", []string{"0?", "111!", " ??"}, "0!!.......", "b"},
		{"all unreadable", []string{"00000!", "1111111111!"}, "!!!!!!!!!!", "ab"},
		{"covered already: never read", []string{"0000000000", "11!"}, "0000000000", ""},
		{"off the window", []string{"            0000"}, "..........", ""},
	} {
		im, scenes := strip(c.scenes...)
		px, err := im.Open(stripGrid, scenes, []raster.Role{raster.Red, raster.NIR}, 0)
		if err != nil {
			t.Fatal(err)
		}
		m := newMosaic(scenes, []raster.Role{raster.Red, raster.NIR}, px)
		failed := ""
		m.failed = func(f ReadFailure) {
			failed += f.Scene
			if !strings.Contains(f.Error, errDisk.Error()) || f.Window.Empty() {
				t.Errorf("%s: %+v", c.name, f)
			}
		}
		got, err := merged(t, m, stripGrid.Window())
		if err != nil || got != c.want || failed != c.failed {
			t.Errorf("%s: %s, failed %q, %v; want %s, failed %q", c.name, got, failed, err, c.want, c.failed)
		}
		// A part of the grid is that part of the whole.
		if part, err := merged(t, m, raster.Window{X: 2, W: 5, H: 1}); err != nil || part != c.want[2:7] {
			t.Errorf("%s, columns 2 to 6: %s, %v", c.name, part, err)
		}
		m.strict = true
		if _, err := merged(t, m, stripGrid.Window()); (err != nil) != (c.failed != "") || err != nil && !errors.Is(err, errDisk) {
			t.Errorf("%s, strict: %v", c.name, err)
		}
	}
}

// A scene without any of the roles gives no pixel; one with some of them gives those.
func TestMosaicRoles(t *testing.T) {
	im, scenes := strip("000", "11111", "2222222")
	scenes[0].Bands = map[raster.Role]raster.Band{raster.Blue: {}}
	scenes[1].Bands = map[raster.Role]raster.Band{raster.NIR: {}}
	delete(im.files["b"].planes, raster.Red)
	px, err := im.Open(stripGrid, scenes, []raster.Role{raster.Red, raster.NIR}, 0)
	if err != nil {
		t.Fatal(err)
	}
	m := newMosaic(scenes, []raster.Role{raster.Red, raster.NIR}, px)
	if !slices.Equal(m.probe, []int{-1, 1, 0}) {
		t.Errorf("probes %v", m.probe)
	}
	var b, scratch raster.Block
	from := make([]int32, 10)
	if err := m.read(context.Background(), stripGrid.Window(), &b, &scratch, from); err != nil {
		t.Fatal(err)
	}
	if want := []int32{1, 1, 1, 1, 1, 2, 2, -1, -1, -1}; !slices.Equal(from, want) {
		t.Errorf("from %v, want %v", from, want)
	}
	if r, n := b.Planes[0], b.Planes[1]; r[4] == r[4] || n[4] != 11 || r[5] != 2 || n[5] != 12 {
		t.Errorf("red %v, nir %v", r, n)
	}
}

// Of a damaged scene only the squares with the damage are lost, and those are on a lattice of the grid, not of the window.
func TestSalvage(t *testing.T) {
	grid := raster.Grid{CRS: testCRS, Transform: testGrid.Transform, W: 900, H: 300}
	place := raster.Window{X: 20, Y: 10, W: 800, H: 280}
	f := &rasterFile{place: place, damaged: raster.Window{X: 300, Y: 40, W: 30, H: 5}, planes: map[raster.Role][]float32{}}
	for i := range place.Pixels() {
		f.planes[raster.Red] = append(f.planes[raster.Red], float32(i))
	}
	im := &images{origin: grid, files: map[string]*rasterFile{"a": f}}
	scenes := []raster.Scene{{ID: "a", URI: "a", Bands: map[raster.Role]raster.Band{raster.Red: {}}}}
	px, err := im.Open(grid, scenes, []raster.Role{raster.Red}, 0)
	if err != nil {
		t.Fatal(err)
	}
	m := newMosaic(scenes, []raster.Role{raster.Red}, px)
	lost := raster.Window{X: 256, Y: 10, W: 256, H: 246} // the square that the damage lies in, as far as there is a scene
	var failures []ReadFailure
	m.failed = func(f ReadFailure) { failures = append(failures, f) }
	for _, w := range []raster.Window{grid.Window(), {X: 290, Y: 30, W: 500, H: 30}, {X: 299, Y: 44, W: 2, H: 250}, {X: 480, Y: 100, W: 100, H: 50}, place} {
		failures = nil
		var b, scratch raster.Block
		from := make([]int32, w.Pixels())
		if err := m.read(context.Background(), w, &b, &scratch, from); err != nil {
			t.Fatal(err)
		}
		if len(failures) != 1 || failures[0].Window != lost || failures[0].Scene != "a" {
			t.Errorf("%v: failures %+v", w, failures)
		}
		for i, got := range from {
			at := raster.Window{X: w.X + i%w.W, Y: w.Y + i/w.W, W: 1, H: 1}
			want, value := fromOutside, raster.NaN
			switch {
			case lost.Contains(at):
				want = fromUnreadable
			case place.Contains(at):
				want, value = 0, float32((at.Y-place.Y)*place.W+at.X-place.X)
			}
			if v := b.Planes[0][i]; got != want || v != value && (v == v || value == value) {
				t.Fatalf("%v: pixel %v is %g from %d, want %g from %d", w, at, v, got, value, want)
			}
		}
	}
}

// Cancelling is no failure of a scene.
func TestMosaicCancelled(t *testing.T) {
	im, scenes := strip("0000!")
	px, err := im.Open(stripGrid, scenes, []raster.Role{raster.Red, raster.NIR}, 0)
	if err != nil {
		t.Fatal(err)
	}
	m := newMosaic(scenes, []raster.Role{raster.Red, raster.NIR}, px)
	m.failed = func(f ReadFailure) { t.Errorf("noted %+v", f) }
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var b, scratch raster.Block
	if err := m.read(ctx, stripGrid.Window(), &b, &scratch, make([]int32, 10)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestReasonOf(t *testing.T) {
	for from, want := range map[int32]object.Reason{
		fromOutside: object.Outside, fromNoData: object.NoData, fromUnreadable: object.Unreadable, fromUnfit: object.NotJudgeable,
		fromCloud: object.Cloud, fromShadow: object.Shadow, 0: object.None, 3: object.None,
	} {
		if got := reasonOf(from); got != want {
			t.Errorf("%d: %v", from, got)
		}
	}
}
