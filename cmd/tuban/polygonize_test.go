package main

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/airbusgeo/godal"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/peterstace/simplefeatures/geom"

	"tuban/classify/object"
	"tuban/raster/gdal"
)

// quiet makes errors of GDAL's failures only.
var quiet = godal.ErrLogger(func(category godal.ErrorCategory, _ int, text string) error {
	if category >= godal.CE_Failure {
		return errText(text)
	}
	return nil
})

type errText string

func (e errText) Error() string { return string(e) }

// shape is one polygon of one kind; its key is the first cell that it covers as one reads a page.
type shape struct {
	kind uint8
	poly orb.Polygon
}

func (s shape) key() (y, x float64) {
	y, x = math.Inf(1), math.Inf(1)
	for _, p := range s.poly[0] {
		if p[1] < y || p[1] == y && p[0] < x {
			y, x = p[1], p[0]
		}
	}
	return y, x
}

func sortShapes(list []shape) {
	slices.SortFunc(list, func(a, b shape) int {
		ay, ax := a.key()
		by, bx := b.key()
		return cmp.Or(cmp.Compare(ay, by), cmp.Compare(ax, bx))
	})
}

// reference makes polygons of a mask with GDAL, 4-connected; 0 is nothing.
func reference(t *testing.T, mask []uint8, w, h int) (out []shape) {
	t.Helper()
	gdal.Setup(gdalCache)
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ds, err := godal.Create(godal.Memory, "", 1, godal.Byte, w, h, quiet)
	check(err)
	defer ds.Close(quiet)
	check(ds.SetGeoTransform([6]float64{0, 1, 0, 0, 0, 1}, quiet))
	band := ds.Bands()[0]
	check(band.SetNoData(0, quiet))
	check(band.Write(0, 0, mask, w, h, quiet))
	vec, err := godal.CreateVector(godal.Memory, "", quiet)
	check(err)
	defer vec.Close(quiet)
	layer, err := vec.CreateLayer("mask", nil, godal.GTPolygon, godal.NewFieldDefinition("kind", godal.FTInt), quiet)
	check(err)
	check(band.Polygonize(layer, godal.PixelValueFieldIndex(0), quiet))
	layer.ResetReading()
	for f := layer.NextFeature(); f != nil; f = layer.NextFeature() {
		b, err := f.Geometry().WKB()
		check(err)
		g, err := wkb.Unmarshal(b)
		check(err)
		out = append(out, shape{uint8(f.Fields()["kind"].Int()), g.(orb.Polygon)})
		f.Close()
	}
	return out
}

// traced makes polygons of a mask the way a run does; tile is the width of the pieces in which its rows arrive.
func traced(t *testing.T, mask []uint8, w, h, tile int) (out []shape) {
	t.Helper()
	var runs []object.Run
	var err error
	for x := 0; x < w; x += tile {
		for y := range h {
			row := object.Row{Y: int32(y), X: int32(x), Kind: mask[y*w+x : y*w+min(x+tile, w)]}
			if runs, err = object.AppendRow(runs, row); err != nil {
				t.Fatal(err)
			}
		}
	}
	if runs, err = object.Fuse(runs); err != nil {
		t.Fatal(err)
	}
	label, n := object.Label(runs)
	for _, group := range object.Gather(runs, label, n) {
		mp := object.Trace(group)
		if len(mp) != 1 {
			t.Fatalf("a component has %d polygons", len(mp))
		}
		out = append(out, shape{group[0].Kind, mp[0]})
	}
	return out
}

// TestTraceAgreesWithGDAL draws random masks, from speckle to solid, and compares polygon by polygon.
func TestTraceAgreesWithGDAL(t *testing.T) {
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 2))
	rounds := 300
	if testing.Short() {
		rounds = 15
	}
	polygons, holes := 0, 0
	for round := range rounds {
		w, h := 1+random.IntN(70), 1+random.IntN(45)
		mask := make([]uint8, w*h)
		grain, fill, kinds := 1+random.IntN(4), random.Float64(), 1+random.IntN(3)
		if round%3 == 0 {
			// Every third mask is as rich in holes as masks get, so that the count below never rests on luck.
			w, h, grain, fill, kinds = 65, 45, 1, 0.6, 1
			mask = make([]uint8, w*h)
		}
		for i := range mask {
			x, y := i%w/grain, i/w/grain
			if noise(seed+uint64(round), x, y) < fill {
				mask[i] = uint8(1 + int(noise(seed+uint64(round), x, y, 1)*float64(kinds)))
			}
		}
		want, got := reference(t, mask, w, h), traced(t, mask, w, h, 1+random.IntN(w))
		sortShapes(want)
		sortShapes(got)
		if len(got) != len(want) {
			t.Fatalf("seed %d, round %d: %d polygons, GDAL has %d\n%s", seed, round, len(got), len(want), drawMask(mask, w))
		}
		for i := range got {
			polygons++
			holes += len(got[i].poly) - 1
			if how := equalShapes(got[i], want[i]); how != "" {
				t.Fatalf("seed %d, round %d, polygon %d: %s\n%v\n%v\n%s", seed, round, i, how, got[i], want[i], drawMask(mask, w))
			}
		}
	}
	t.Logf("%d polygons with %d holes", polygons, holes)
	if polygons < 8*rounds || holes < rounds/2 {
		t.Errorf("%d polygons, %d holes: too few to mean anything", polygons, holes)
	}
}

// equalShapes compares two polygons vertex by vertex, wherever their rings begin, and says how they differ.
func equalShapes(got, want shape) string {
	if got.kind != want.kind {
		return "another kind"
	}
	a, err := witness(got.poly)
	if err != nil {
		return "not valid: " + err.Error()
	}
	b, err := witness(want.poly)
	switch {
	case err != nil:
		return "GDAL's is not valid: " + err.Error()
	case math.Abs(a.Area()-b.Area()) > 1e-9:
		return "another area"
	case len(got.poly) != len(want.poly):
		return "another number of holes"
	case !geom.ExactEquals(a, b, geom.IgnoreOrder):
		return "another geometry"
	}
	return ""
}

func witness(p orb.Polygon) (geom.Geometry, error) {
	b, err := wkb.Marshal(p)
	if err != nil {
		return geom.Geometry{}, err
	}
	g, err := geom.UnmarshalWKB(b, geom.NoValidate{})
	if err != nil {
		return g, err
	}
	return g, g.Validate()
}

func drawMask(mask []uint8, w int) string {
	var b strings.Builder
	for i, v := range mask {
		if i%w == 0 {
			b.WriteByte('\n')
		}
		b.WriteByte(".123"[v])
	}
	return b.String()
}
