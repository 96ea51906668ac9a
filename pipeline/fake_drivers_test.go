package pipeline

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"pgregory.net/rapid"

	"tuban/classify/landclass"
	"tuban/classify/object"
	"tuban/classify/rules"
	"tuban/pipeline/survey"
	"tuban/raster"
	"tuban/raster/burn"
	"tuban/raster/vector"
)

// testCRS is the system of all fakes: metres, which plane makes degrees of by a shift and a scale.
const testCRS = "EPSG:4530"

// testGrid has pixels of 2 m; W ≠ H.
var testGrid = raster.Grid{CRS: testCRS, Transform: [6]float64{1000, 2, 0, 5000, 0, -2}, W: 23, H: 17}

// plane is Coordinates with a trivial projection. "WKT" is another name of testCRS; "EPSG:4549" is its twin whose
// eastings have no zone prefix.
type plane struct{}

const zonePrefix = 4.2e7

func (plane) TransformBounds(src, dst string, b raster.Bounds) (raster.Bounds, error) {
	for _, crs := range []string{src, dst} {
		if !slices.Contains([]string{testCRS, "WKT", "EPSG:4549"}, crs) {
			return b, fmt.Errorf("unknown system %q", crs)
		}
	}
	return b, nil
}

func (plane) SameCRS(a, b string) (bool, error) {
	if a == "broken" || b == "broken" {
		return false, errors.New("broken WKT")
	}
	name := func(s string) string {
		if s == "WKT" {
			return testCRS
		}
		return s
	}
	return name(a) == name(b), nil
}

func (plane) GroundSize(g raster.Grid) (x, y float64, err error) {
	return math.Abs(g.Transform[1]), math.Abs(g.Transform[5]), nil
}

func (plane) Geographer(string) (Geographer, error) { return geographer{}, nil }

type geographer struct{}

// A degree is taken for 111,320 m on the equator, where areas on the ellipsoid are nearly those of the plane.
func (geographer) ToLonLat(xs, ys []float64) error {
	for i := range xs {
		xs[i], ys[i] = 120+xs[i]/111_320, ys[i]/111_320
	}
	return nil
}

func (geographer) Close() {}

// cells is Geometry for shapes along the pixels of testGrid: it burns them and traces the result.
type cells struct{}

func (cells) Repair(in []byte) ([]byte, string, error) { return slices.Clone(in), "", nil }

func (cells) Simplify(mp orb.MultiPolygon, _ float64) (orb.MultiPolygon, error) { return mp, nil }

func (cells) Valid(orb.MultiPolygon) (bool, string) { return true, "" }

func (cells) Overlay(patch orb.MultiPolygon, parcels []orb.MultiPolygon) (pieces []Piece, rest orb.MultiPolygon, err error) {
	w := testGrid.Window()
	in := make([]uint8, w.Pixels())
	burn.Fill(in, w, toPixels(testGrid, patch), 1)
	trace := func(mask []uint8) (orb.MultiPolygon, error) {
		var runs []object.Run
		for y := range w.H {
			if runs, err = object.AppendRow(runs, object.Row{Y: int32(y), Kind: mask[y*w.W : (y+1)*w.W]}); err != nil {
				return nil, err
			}
		}
		return toCRS(testGrid, object.Trace(runs)), nil
	}
	for i, p := range parcels {
		part := make([]uint8, len(in))
		burn.Fill(part, w, toPixels(testGrid, p), 1)
		any := false
		for k := range part {
			part[k] &= in[k]
			in[k] &^= part[k]
			any = any || part[k] != 0
		}
		if !any {
			continue
		}
		piece := Piece{Index: i}
		if piece.Geom, err = trace(part); err != nil {
			return nil, nil, err
		}
		pieces = append(pieces, piece)
	}
	rest, err = trace(in)
	return pieces, rest, err
}

// layers is Vectors in memory, by source.
type layers struct {
	info     map[string]vector.LayerInfo
	features map[string][]vector.Feature
}

func (l layers) DescribeLayer(_ context.Context, s vector.LayerSpec) (vector.LayerInfo, error) {
	info, ok := l.info[s.Source]
	if !ok {
		return info, fmt.Errorf("%s: no such file", s.Source)
	}
	return info, nil
}

func (l layers) ReadLayer(ctx context.Context, s vector.LayerSpec, _ string, visit func(vector.Feature) error) error {
	all, ok := l.features[s.Source]
	if !ok {
		return fmt.Errorf("%s: no such file", s.Source)
	}
	for i, f := range all {
		f.FID = int64(i)
		if err := visit(f); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (l layers) WriteGeoPackage(context.Context, string, []vector.Table, vector.WriteOptions) error {
	return errors.New("no GeoPackages here")
}

func (l layers) WriteShapefile(context.Context, string, vector.Table, vector.WriteOptions) error {
	return errors.New("no Shapefiles here")
}

func drivers(im *images, l layers) Drivers {
	return Drivers{Imagery: im, Vectors: l, Coordinates: plane{}, Geometry: func() Geometry { return cells{} }}
}

// box is a rectangle in pixel coordinates of testGrid, as a polygon in its CRS.
func box(x0, y0, x1, y1 float64) orb.MultiPolygon {
	return toCRS(testGrid, orb.MultiPolygon{{{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}}})
}

func encode(g orb.Geometry) []byte {
	b, err := wkb.Marshal(g)
	if err != nil {
		panic(err)
	}
	return b
}

// compile makes rules of their text.
func compile(t interface{ Fatal(...any) }, text string, sys landclass.System) *rules.Rules {
	f, err := rules.Parse("test", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Compile(sys, rules.Scenes{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// parcels stages a survey of the features, whose values are class and BSM.
func parcels(t interface{ Fatal(...any) }, path string, features []vector.Feature) *survey.Store {
	s, err := survey.Stage(context.Background(), path, layers{features: map[string][]vector.Feature{"s": features}}, survey.Options{
		Layers: []vector.LayerSpec{{Source: "s"}}, Fields: []string{"DLBM", "BSM"}, Grid: testGrid,
		Known: func(string) bool { return true }, Repairer: func() survey.Repairer { return cells{} },
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// tempDir makes a folder for one draw of a property.
func tempDir(t *rapid.T) string {
	dir, err := os.MkdirTemp("", "tuban-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}
