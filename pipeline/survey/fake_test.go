package survey

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"tuban/raster"
	"tuban/raster/vector"
)

// layer is a vector layer in memory.
type layer []vector.Feature

func (l layer) ReadLayer(ctx context.Context, _ vector.LayerSpec, crs string, visit func(vector.Feature) error) error {
	if crs != testGrid.CRS {
		return fmt.Errorf("asked for %q", crs)
	}
	var wkb []byte
	for i, f := range l {
		// As a driver does, one buffer serves all features.
		wkb = append(wkb[:0], f.WKB...)
		f.WKB, f.FID = wkb, int64(i)
		if err := visit(f); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// repair stands for a geometry engine: what begins with a mark is broken, with the reason and the outcome behind it.
type repair struct{}

func (repair) Repair(in []byte) (out []byte, reason string, err error) {
	switch {
	case bytes.HasPrefix(in, []byte("mend:")):
		return bytes.Clone(in[len("mend:"):]), "Self-intersection", nil
	case bytes.Equal(in, []byte("lost")):
		return nil, "Too few points", nil
	case bytes.Equal(in, []byte("crash")):
		return nil, "", fmt.Errorf("cannot read it")
	}
	return bytes.Clone(in), "", nil
}

// testGrid has pixels of 2 m, more than two cells in either direction, and W ≠ H.
var testGrid = raster.Grid{CRS: "EPSG:4530", Transform: [6]float64{1000, 2, 0, 5000, 0, -2}, W: 1300, H: 1100}

// box is the rectangle of the pixel coordinates, as WKB in the grid's CRS.
func box(x0, y0, x1, y1 float64) []byte {
	return encode(orb.Polygon{ring(x0, y0, x1, y1)})
}

func ring(x0, y0, x1, y1 float64) orb.Ring {
	var r orb.Ring
	for _, p := range [][2]float64{{x0, y0}, {x0, y1}, {x1, y1}, {x1, y0}, {x0, y0}} {
		x, y := testGrid.Point(p[0], p[1])
		r = append(r, orb.Point{x, y})
	}
	return r
}

func encode(g orb.Geometry) []byte {
	b, err := wkb.Marshal(g)
	if err != nil {
		panic(err)
	}
	return b
}

// parcel is a feature with the fields of options.
func parcel(geom []byte, class, id string) vector.Feature {
	return vector.Feature{WKB: geom, Type: "Polygon", Values: []string{class, id}}
}

func options() Options {
	return Options{
		Layers:   []vector.LayerSpec{{Source: "county.gpkg", Layer: "DLTB", Fields: []string{"DLBM", "BSM"}}},
		Fields:   []string{"DLBM", "BSM"},
		Grid:     testGrid,
		Known:    func(code string) bool { return code != "9999" },
		Repairer: func() Repairer { return repair{} },
	}
}

func stage(t testing.TB, src Source) *Store {
	t.Helper()
	s, err := Stage(context.Background(), filepath.Join(t.TempDir(), "survey.stage"), src, options())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}
