package pipeline

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tuban/pipeline/runfile"
	"tuban/raster"
)

func TestEdgeFill(t *testing.T) {
	zero, full := 0.0, 255.0
	all := map[string]int{"blue": 1, "green": 2, "red": 3}
	tagged := func(in raster.Info) raster.Info {
		for i := range in.Bands {
			in.Bands[i].NoData = &full
		}
		return in
	}
	byteInfo := func(n int) raster.Info {
		in := info("x.tif", n)
		in.DataType = "Byte"
		return in
	}
	masked, alpha := byteInfo(3), byteInfo(4)
	masked.Mask, alpha.Alpha = true, 4
	oneTag := byteInfo(3)
	oneTag.Bands[1].NoData = &full
	for _, c := range []struct {
		name   string
		info   raster.Info
		entry  runfile.Scene
		edge   bool
		noData float64 // of all bands; −1: none
	}{
		{"a tagged picture", tagged(byteInfo(3)), runfile.Scene{}, true, 255},
		{"one tag of three", oneTag, runfile.Scene{}, true, 255},
		{"declared", byteInfo(3), runfile.Scene{NoData: &full}, true, 255},
		{"nothing says: black", byteInfo(3), runfile.Scene{}, true, 0},
		{"a mask of its own", masked, runfile.Scene{}, false, -1},
		{"a mask of its own, and a declared value", masked, runfile.Scene{NoData: &zero}, true, 0},
		{"alpha", alpha, runfile.Scene{}, false, -1},
		{"anywhere", tagged(byteInfo(3)), runfile.Scene{NoDataAt: "anywhere"}, false, 255},
		{"anywhere, of nothing", byteInfo(3), runfile.Scene{NoDataAt: "anywhere"}, false, -1},
		{"16 bits", tagged(info("x.tif", 3)), runfile.Scene{}, false, 255},
		{"16 bits, forced", tagged(info("x.tif", 3)), runfile.Scene{NoDataAt: "edge"}, true, 255},
		{"a mask and forced", masked, runfile.Scene{NoDataAt: "edge"}, true, 0},
		{"two bands", tagged(byteInfo(2)), runfile.Scene{Bands: map[string]int{"red": 1}}, false, 255},
	} {
		if c.entry.Bands == nil {
			c.entry.Bands = all
		}
		s, err := newScene(c.info, c.entry)
		if err != nil || s.EdgeFill != c.edge {
			t.Errorf("%s: %v, %v", c.name, s.EdgeFill, err)
		}
		for r, b := range s.Bands {
			if b.HasNoData != (c.noData >= 0) || b.HasNoData && b.NoData != c.noData {
				t.Errorf("%s: %s has %+v", c.name, r, b)
			}
		}
	}
	if _, err := newScene(info("x.tif", 3), runfile.Scene{Bands: all, NoDataAt: "edge"}); err == nil || !strings.Contains(err.Error(), "declare `nodata:`") {
		t.Error(err)
	}
}

// pictured draws a scene of two bands: # is 0 in both, r in the first only, . in neither.
func pictured(text string) (*images, raster.Scene) {
	rows := strings.Fields(text)
	f := &rasterFile{place: raster.Window{W: len(rows[0]), H: len(rows)}, planes: map[raster.Role][]float32{}}
	for _, row := range rows {
		for _, c := range row {
			red, nir := float32(7), float32(9)
			if c == '#' || c == 'r' {
				red = 0
			}
			if c == '#' {
				nir = 0
			}
			f.planes[raster.Red], f.planes[raster.NIR] = append(f.planes[raster.Red], red), append(f.planes[raster.NIR], nir)
		}
	}
	zero := raster.Band{HasNoData: true, Scale: 1}
	s := raster.Scene{ID: "s", URI: "s", EdgeFill: true, Native: testGrid.Crop(f.place), Bands: map[raster.Role]raster.Band{raster.Red: zero, raster.NIR: zero}}
	return &images{origin: testGrid, files: map[string]*rasterFile{"s": f}}, s
}

const framed = `
	##########
	##r......#
	#...##...#
	#...##...#
	#....r..##
	##########`

// A dark roof within stays data, and so does a pixel that is 0 in one band only.
func TestEdges(t *testing.T) {
	im, s := pictured(framed)
	p := &Plan{Grid: testGrid, Before: []raster.Scene{s}}
	dir := t.TempDir()
	stats, _, err := p.edges(context.Background(), drivers(im, layers{}), dir, Options{}.withDefaults())
	if err != nil || len(stats) != 1 || stats[0].Pixels != 30 || stats[0].Scene != "s" || stats[0].Date != "before" {
		t.Fatalf("%+v, %v", stats, err)
	}
	got := make([]bool, 60)
	p.Before[0].Collar.Mark(got, raster.Window{W: 10, H: 6})
	var out strings.Builder
	for i, in := range got {
		if i%10 == 0 {
			out.WriteString("\n\t")
		}
		out.WriteByte(".#"[map[bool]int{true: 1}[in]])
	}
	if want := strings.NewReplacer("r", ".", "...##...", "........").Replace(framed); out.String() != want {
		t.Errorf("got%s\nwant%s", out.String(), want)
	}

	// It is found once, and again when its file was damaged.
	reads := im.reads.Load()
	again, _, err := p.edges(context.Background(), drivers(im, layers{}), dir, Options{}.withDefaults())
	if err != nil || again[0] != stats[0] || im.reads.Load() != reads {
		t.Errorf("%+v after %d more reads, %v", again, im.reads.Load()-reads, err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "collar-*"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	if err := os.Truncate(files[0], 20); err != nil {
		t.Fatal(err)
	}
	if again, _, err = p.edges(context.Background(), drivers(im, layers{}), dir, Options{}.withDefaults()); err != nil || again[0] != stats[0] || im.reads.Load() == reads {
		t.Errorf("%+v after %d more reads, %v", again, im.reads.Load()-reads, err)
	}
}

// The fill behind a part that cannot be read may go on: taken for ground it would be judged. It is noted, and another try looks
// again.
func TestUnreadableEdge(t *testing.T) {
	im, s := pictured(framed)
	im.files["s"].broken = true
	p := &Plan{Grid: testGrid, Before: []raster.Scene{s}}
	dir := t.TempDir()
	o := Options{}.withDefaults()
	if stats, lost, err := p.edges(context.Background(), drivers(im, layers{}), dir, o); err != nil || stats[0].Pixels != 60 || len(lost) != 1 || lost[0].Scene != s.ID {
		t.Errorf("%+v, lost %v, %v", stats, lost, err)
	}
	im.files["s"].broken = false
	if stats, lost, err := p.edges(context.Background(), drivers(im, layers{}), dir, o); err != nil || stats[0].Pixels != 30 || len(lost) > 0 {
		t.Errorf("%+v, lost %v, %v", stats, lost, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	im.files["s"].broken = true
	if _, _, err := p.edges(ctx, drivers(im, layers{}), t.TempDir(), o); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// A band that is 0 or 255 everywhere is no near infrared.
func TestAlphaIsNotInfrared(t *testing.T) {
	for _, c := range []struct {
		name    string
		values  []float32
		kind    string
		bands   int
		refused bool
	}{
		{"opaque", []float32{255}, "Byte", 4, true},
		{"with holes", []float32{0, 255, 255}, "Byte", 4, true},
		{"empty", []float32{0}, "Byte", 4, false},
		{"grey", []float32{0, 255, 254}, "Byte", 4, false},
		{"16 bits", []float32{255}, "UInt16", 4, false},
		{"not the last band", []float32{255}, "Byte", 5, false},
	} {
		im := &images{origin: testGrid, files: map[string]*rasterFile{"s": {place: testGrid.Window(), planes: map[raster.Role][]float32{}}}}
		for i := range testGrid.Pixels() {
			im.files["s"].planes[raster.NIR] = append(im.files["s"].planes[raster.NIR], c.values[int(i)%len(c.values)])
		}
		s := raster.Scene{URI: "s", Native: testGrid, DataType: c.kind, Bands: map[raster.Role]raster.Band{
			raster.Blue: {Index: 1}, raster.Green: {Index: 2}, raster.Red: {Index: 3}, raster.NIR: {Index: 4},
		}}
		err := checkInfrared(context.Background(), im, s, c.bands)
		if (err != nil) != c.refused || err != nil && err.Error() != "band 4 holds only 0 and 255: it is an alpha channel, not near infrared: declare bands: {blue: 1, green: 2, red: 3}" {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
