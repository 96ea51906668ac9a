package review

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"tuban/classify/rules"
	"tuban/pipeline"
	"tuban/pipeline/plane"
	"tuban/pipeline/product"
	"tuban/pipeline/register"
	"tuban/raster"
)

var noon = time.Date(2025, 9, 10, 12, 0, 0, 0, time.UTC)

const testCRS = "EPSG:4530"

// boxes is Geometry for rectangles. One with a corner twice, as bad draws it, is not valid.
type boxes struct{ pipeline.Geometry }

func (boxes) Valid(mp orb.MultiPolygon) (bool, string) {
	for _, p := range mp {
		if p[0][0] == p[0][1] {
			return false, "Too few points"
		}
	}
	return true, ""
}

func (boxes) Repair(in []byte) ([]byte, string, error) { return in, "", nil }

func (boxes) Overlay(patch orb.MultiPolygon, parcels []orb.MultiPolygon) (pieces []pipeline.Piece, _ orb.MultiPolygon, _ error) {
	for i, mp := range parcels {
		var got orb.MultiPolygon
		for _, p := range patch {
			for _, q := range mp {
				a, b := p.Bound(), q.Bound()
				c := orb.Bound{Min: orb.Point{max(a.Min[0], b.Min[0]), max(a.Min[1], b.Min[1])}, Max: orb.Point{min(a.Max[0], b.Max[0]), min(a.Max[1], b.Max[1])}}
				if c.Min[0] < c.Max[0] && c.Min[1] < c.Max[1] {
					got = append(got, c.ToPolygon())
				}
			}
		}
		if got != nil {
			pieces = append(pieces, pipeline.Piece{Index: i, Geom: got})
		}
	}
	return pieces, nil, nil
}

// box draws a rectangle: "x y w h", "bad …" one that is not valid, "" none.
func box(text string) orb.MultiPolygon {
	var x, y, w, h float64
	bad := strings.HasPrefix(text, "bad ")
	if n, _ := fmt.Sscan(strings.TrimPrefix(text, "bad "), &x, &y, &w, &h); n != 4 {
		return nil
	}
	p := orb.Bound{Min: orb.Point{x, y}, Max: orb.Point{x + w, y + h}}.ToPolygon()
	if bad {
		p[0][1] = p[0][0]
	}
	return orb.MultiPolygon{p}
}

// candidates of the product that is reviewed; the grid is 1000 m by 500 m.
var found = map[string]string{"a": "100 100 30 20", "b": "200 100 30 20", "c": "300 100 30 20"}

var columns = []string{"cid", "gv", "kind", "category", "QSX", "HSX", "XZQDM", "JCMJ", "TS"}

func candidateValues(cid string) []string {
	return []string{cid, cid + "1", "built", "cropland_lost", "20240814", "20250820", "220122", "600.00", ""}
}

func testBase(t testing.TB) []product.Row {
	t.Helper()
	var out []product.Row
	for _, cid := range []string{"a", "b", "c"} {
		r, err := product.NewRow(box(found[cid]), columns, candidateValues(cid))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

// sheetRow is a row of the working copy, in the test's own words: fields that differ from the export, and the outline, "" for the
// candidate's own, "-" for none.
type sheetRow struct {
	cid, outline string
	fields       map[string]string
}

// judged fills in what a sound verdict needs; further fields follow as name, value.
func judged(cid, outline string, more ...string) sheetRow {
	r := sheetRow{cid, outline, map[string]string{"PD": "pass", "PDR": "甲", "FHR": "乙", "PDRQ": "2025-09-10"}}
	for i := 0; i < len(more); i += 2 {
		r.fields[more[i]] = more[i+1]
	}
	return r
}

// copyOf is a working copy of the candidates whose rows have become these; candidates that no row names are as exported.
func copyOf(t testing.TB, events int, rows ...sheetRow) *checker {
	t.Helper()
	file, err := rules.Parse("default", rules.Default(true))
	if err != nil {
		t.Fatal(err)
	}
	grid := raster.Grid{CRS: testCRS, Transform: [6]float64{0, 1, 0, 500, 0, -1}, W: 1000, H: 500}
	w := &working{
		info: &info{ID: "copy", Manifest: &pipeline.Manifest{Key: "run", Grid: grid}, Events: events}, path: filepath.Join("copy", PackageName),
		base: map[string]product.Row{}, rules: file,
	}
	for _, r := range testBase(t) {
		cid := r.Text("cid")
		w.base[cid], w.order = r, append(w.order, cid)
		if !slices.ContainsFunc(rows, func(s sheetRow) bool { return s.cid == cid }) {
			rows = append(rows, sheetRow{cid: cid})
		}
	}
	for i, s := range rows {
		if s.outline == "deleted" {
			continue
		}
		w.rows = append(w.rows, w.row(t, int64(i+1), s))
	}
	surveyor, err := pipeline.NewSurveyor(plane.Coordinates{}, testCRS)
	if err != nil {
		t.Fatal(err)
	}
	return &checker{working: w, engine: boxes{}, surveyor: surveyor, crs: testCRS, pixel: 1, now: noon, source: "hash"}
}

func (w *working) row(t testing.TB, fid int64, s sheetRow) *edited {
	geom := box(s.outline)
	if s.outline == "" {
		geom = box(found[s.cid])
	}
	names, values := slices.Clone(columns), make([]string, len(columns))
	if s.cid != "" && s.fields["CZ"] != added {
		values = candidateValues(s.cid)
	}
	for _, f := range editing {
		names, values = append(names, f.Name), append(values, "")
	}
	// As it was exported, to tell what was touched.
	state, err := entry{}.state(box(found[s.cid]))
	if err != nil {
		t.Fatal(err)
	}
	values[len(values)-1] = state + "/1"
	for f, v := range s.fields {
		values[slices.Index(names, f)] = v
	}
	r, err := product.NewRow(geom, names, values)
	if err != nil {
		t.Fatal(err)
	}
	r.FID = fid
	out, err := editedRow(r)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// importTo compares and appends, as Import does.
func (c *checker) importTo(t testing.TB, dir string) *Imported {
	t.Helper()
	var out *Imported
	_, err := register.Update(context.Background(), dir, noon, func(reg *register.Register) ([]register.Event, error) {
		var err error
		if out, err = c.compare(context.Background(), reg.State(), nil); err != nil || len(out.Problems) > 0 {
			return nil, err
		}
		return out.events(), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func standing(t testing.TB, dir string) []string {
	t.Helper()
	reg, err := register.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, s := range reg.State().Decisions() {
		d := s.CID
		for i, v := range s.From {
			d += map[bool]string{true: "<", false: ""}[i == 0] + v.CID
		}
		if s.Redrawn != nil {
			d += "*"
		}
		out = append(out, d+" "+string(s.Verdict))
	}
	slices.Sort(out)
	return out
}
