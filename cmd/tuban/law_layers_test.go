package main

import (
	"fmt"
	"iter"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/peterstace/simplefeatures/geom"

	"tuban/pipeline"
	made "tuban/pipeline/product"
	"tuban/pipeline/runfile"
	"tuban/raster/gdal"
	"tuban/raster/vector"
)

// legalRow is a polygon of a test's layer with its texts.
type legalRow struct {
	polygon orb.Polygon
	values  []any
}

// writeLegal leaves a layer with these fields of text in a GeoPackage.
func writeLegal(t testing.TB, path, name string, fields []string, rows iter.Seq2[orb.Polygon, []any]) string {
	t.Helper()
	table := vector.Table{Name: name, CRS: testCRS, Geometry: "Polygon"}
	for _, f := range fields {
		table.Fields = append(table.Fields, vector.Field{Name: f, Type: vector.String})
	}
	table.Rows = func(yield func(vector.Row, error) bool) {
		for p, values := range rows {
			b, err := wkb.Marshal(p)
			if !yield(vector.Row{WKB: b, Values: values}, err) {
				return
			}
		}
	}
	if err := gdal.WriteGeoPackage(ctx, path, []vector.Table{table}, vector.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	return path
}

// each visits rows of a test.
func each(rows []legalRow) iter.Seq2[orb.Polygon, []any] {
	return func(yield func(orb.Polygon, []any) bool) {
		for _, r := range rows {
			if !yield(r.polygon, r.values) {
				return
			}
		}
	}
}

// shards are triangles and quadrangles over w × h metres, many across one another, some with a hole.
func shards(seed uint64, n int, w, h float64, values func(i int) []any) []legalRow {
	var out []legalRow
	for i := range n {
		at := func(k int) float64 { return noise(seed, i, k) }
		x, y, size := w*at(0), h*at(1), 4+40*at(2)
		ring := orb.Ring{}
		corners := 3 + int(2*at(3))
		for k := range corners {
			angle := 2 * math.Pi * (float64(k) + 0.8*at(4+k)) / float64(corners)
			ring = append(ring, orb.Point{testX + x + size*math.Cos(angle), testY - y + size*math.Sin(angle)})
		}
		p := orb.Polygon{append(ring, ring[0])}
		if at(9) < 0.3 && corners == 4 {
			var hole orb.Ring
			for _, q := range slices.Backward(p[0]) {
				hole = append(hole, orb.Point{testX + x + (q[0]-testX-x)*0.3, testY - y + (q[1]-testY+y)*0.3})
			}
			p = append(p, hole)
		}
		out = append(out, legalRow{p, values(i)})
	}
	return out
}

// legalPair is randomPair with layers of shards.
func legalPair(t testing.TB) (f *runfile.File, farm, red, approvals []legalRow) {
	t.Helper()
	const w, h = 150, 110
	f = randomPair(t, 8, w, h)
	dir := t.TempDir()
	id := func(prefix string, more ...any) func(int) []any {
		return func(i int) []any { return append([]any{fmt.Sprint(prefix, i)}, more...) }
	}
	farm = shards(21, 40, w, h, func(i int) []any { return []any{fmt.Sprint("YN", i), []any{"0.05", "0", nil}[i%3]} })
	red = shards(22, 8, w, h, id("HX", "20260101"))
	for i := range red {
		if i%2 == 0 {
			red[i].values[1] = "20200101"
		}
	}
	// An outline of many corners, of which a patch meets few.
	for p, v := range rounded(1, 3000, 30, w, h) {
		for i := range p[0] {
			p[0][i][0], p[0][i][1] = p[0][i][0]-w/2, p[0][i][1]+h/2
		}
		red = append(red, legalRow{p, append(v, "20200101")})
	}
	approvals = shards(23, 25, w, h, id("文", "20250101"))
	var villages []legalRow
	for i := range 4 {
		for k := range 3 {
			villages = append(villages, legalRow{orb.Polygon{box(float64(i*40), float64(k*37), float64(i*40+40), float64(k*37+37))}, []any{fmt.Sprintf("22012210%d20%d", k%2, i), fmt.Sprint("村", k, i)}})
		}
	}
	counties := []legalRow{{orb.Polygon{box(-9, -9, 75, 130)}, []any{"220122", "甲县"}}, {orb.Polygon{box(75, -9, 170, 130)}, []any{"220123", "乙县"}}}
	layer := func(kind, name string, fields []string, rows []legalRow) runfile.Layer {
		return runfile.Layer{Kind: kind, Source: runfile.Sources{writeLegal(t, filepath.Join(dir, kind+".gpkg"), name, fields, each(rows))}}
	}
	f.Layers = []runfile.Layer{
		layer("basic_farmland", "YJJBNTTB", []string{"YJJBNTTBBH", "KCXS"}, farm), layer("red_line", "STBHHX", []string{"HXBM", "KSRQ"}, red),
		layer("approval", "ZZ", []string{"PZWH", "PZRQ"}, approvals), layer("village", "CJDCQ", []string{"ZLDWDM", "ZLDWMC"}, villages[:9]),
		layer("county", "XZQ", []string{"XZQDM", "XZQMC"}, counties),
	}
	f.Layers[1].Fields = map[string]string{"since": "KSRQ"}
	f.Layers[2].Type = "conversion"
	return f, farm, red, approvals
}

// madeRows reads layers of the product in a folder, each of which must be there.
func madeRows(t *testing.T, out string) func(layer string) []made.Row {
	t.Helper()
	p, err := made.Open(ctx, drivers(), out)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return func(layer string) []made.Row {
		list, has, err := p.Layer(ctx, layer, "")
		if err != nil || !has {
			t.Fatal(layer, has, err)
		}
		return list
	}
}

// numberOf is a field of a row, 0 where it is null.
func numberOf(r made.Row, field string) float64 {
	v, _ := r.Number(field)
	return v
}

// shareWithin is the share of a patch within the union of polygons, by an implementation that the program does not use.
func shareWithin(t *testing.T, patch orb.MultiPolygon, polygons []legalRow) float64 {
	t.Helper()
	parse := func(g orb.Geometry) geom.Geometry {
		b, err := wkb.Marshal(g)
		if err != nil {
			t.Fatal(err)
		}
		out, err := geom.UnmarshalWKB(b, geom.NoValidate{})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	// Near the origin, where neither implementation loses digits.
	near := func(g orb.MultiPolygon) orb.MultiPolygon {
		var out orb.MultiPolygon
		for _, p := range g {
			var q orb.Polygon
			for _, r := range p {
				var ring orb.Ring
				for _, c := range r {
					ring = append(ring, orb.Point{c[0] - testX, c[1] - testY})
				}
				q = append(q, ring)
			}
			out = append(out, q)
		}
		return out
	}
	whole := parse(near(patch))
	var parts geom.Geometry
	for i, r := range polygons {
		part, err := geom.Intersection(whole, parse(near(orb.MultiPolygon{r.polygon})))
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			parts = part
		} else if parts, err = geom.Union(parts, part); err != nil {
			t.Fatal(err)
		}
	}
	return parts.Area() / whole.Area()
}

// The layers of a product agree with an independent implementation of geometry, and its tables with one another.
func TestLayersLaw(t *testing.T) {
	f, farm, red, approvals := legalPair(t)
	out := t.TempDir()
	if _, err := detectWith(ctx, drivers(), f, pipeline.Options{Out: out, Clock: testClock}); err != nil {
		t.Fatal(err)
	}
	if found := wrong(t, out); len(found) > 0 {
		t.Errorf("the check finds %q", found)
	}
	rows := madeRows(t, out)
	byCID := func(layer string) map[string][]made.Row {
		m := map[string][]made.Row{}
		for _, r := range rows(layer) {
			m[r.Text("cid")] = append(m[r.Text("cid")], r)
		}
		return m
	}
	units, overlays, granted := byCID("changes_units"), byCID("overlays"), byCID("approvals")
	patches := rows("changes")
	if len(patches) < 50 {
		t.Fatalf("%d patches are too few to mean anything", len(patches))
	}
	var inEffect []legalRow
	for i := range red {
		if i%2 == 0 {
			inEffect = append(inEffect, red[i])
		}
	}
	sum := func(list []made.Row, field string, which func(made.Row) bool) (s float64) {
		for _, r := range list {
			if which == nil || which(r) {
				s += numberOf(r, field)
			}
		}
		return math.Round(s*100) / 100
	}
	touched, whole, none := 0, 0, 0
	uids := map[string]bool{}
	for _, c := range patches {
		id, area := c.Text("cid"), numberOf(c, "MJ")
		agree := func(what string, got, share float64) {
			t.Helper()
			if want := share * area; math.Abs(got-want) > 0.011+1e-6*area {
				t.Errorf("%s: %s is %.2f m², the witness has %.4f of %.2f", id, what, got, want, area)
			}
			switch {
			case share < 1e-9:
				none++
			case share > 1-1e-9:
				whole++
			default:
				touched++
			}
		}
		farmed := numberOf(c, "YNMJ")
		agree("YNMJ", farmed, shareWithin(t, c.Geom, farm))
		agree("HXMJ", numberOf(c, "HXMJ"), shareWithin(t, c.Geom, inEffect))
		for _, a := range granted[id] {
			i := slices.IndexFunc(approvals, func(r legalRow) bool { return r.values[0] == a.Text("number") })
			agree("approval "+a.Text("number"), numberOf(a, "MJ"), shareWithin(t, c.Geom, approvals[i:i+1]))
		}
		for kind, field := range map[string]string{"basic_farmland": "YNMJ", "red_line": "HXMJ"} {
			got := sum(overlays[id], "MJ", func(r made.Row) bool { return r.Text("layer") == kind && r.Text("in_effect") == "是" })
			if got != numberOf(c, field) {
				t.Errorf("%s: the features of %s have %.2f of %.2f", id, kind, got, numberOf(c, field))
			}
			yes := map[string]string{"YNMJ": "SFYN", "HXMJ": "SFHX"}[field]
			if c.Text(yes) == "是" && numberOf(c, field) < 10 && numberOf(c, field) < area || c.Text(yes) == "" {
				t.Errorf("%s: %s is %q by %.2f of %.2f m²", id, yes, c.Text(yes), numberOf(c, field), area)
			}
		}
		for _, field := range []string{"MJ", "GDMJ", "YNMJ", "HXMJ"} {
			if got := sum(units[id], field, nil); got != numberOf(c, field) {
				t.Errorf("%s: %s of its units is %.2f of %.2f", id, field, got, numberOf(c, field))
			}
		}
		for i, u := range units[id] {
			if uids[u.Text("uid")] || !strings.HasPrefix(u.Text("uid"), id+"-") {
				t.Errorf("uid %q", u.Text("uid"))
			}
			uids[u.Text("uid")] = true
			if i == 0 && (u.Text("XZQDM") != c.Text("XZQDM") || u.Text("CDM") != c.Text("CDM") || u.Text("XMC") != c.Text("XMC")) {
				t.Errorf("%s counts in %s %s, its first unit is %s %s", id, c.Text("XZQDM"), c.Text("CDM"), u.Text("XZQDM"), u.Text("CDM"))
			}
		}
	}
	if touched < 20 || whole < 5 || none < 5 {
		t.Errorf("%d overlaps, %d patches within and %d outside are too few to mean anything", touched, whole, none)
	}
}

// Other layers read no pixel again, and the product is the one that a run from nothing makes, in other tiles.
func TestLayersRescanNothing(t *testing.T) {
	onceInFull(t)
	f, _, _, _ := legalPair(t)
	scratch := t.TempDir()
	run := func(o pipeline.Options) ([]string, pipeline.Sums) {
		o.Account, o.Out = pipeline.NewAccount(), t.TempDir()
		detect(t, f, o)
		var rows []string
		for _, l := range []string{"changes", "dropped", "changes_units", "overlays", "approvals", "unobserved"} {
			for _, r := range readLayer(t, filepath.Join(o.Out, "changes.gpkg"), l) {
				rows = append(rows, fmt.Sprintf("%s %s %x", l, strings.Join(r.Values, "|"), r.WKB))
			}
		}
		return rows, o.Account.Sums()
	}
	all := f.Layers
	f.Layers = all[:2]
	if _, sums := run(pipeline.Options{Scratch: scratch}); sums.Counted(pipeline.TilesRead).N == 0 {
		t.Fatal("no tile was read")
	}
	f.Layers = all
	again, sums := run(pipeline.Options{Scratch: scratch})
	if n := sums.Counted(pipeline.TilesRead).N; n != 0 {
		t.Errorf("%d tiles were read again", n)
	}
	fresh, _ := run(pipeline.Options{Tile: 64, Workers: 1})
	if !slices.Equal(again, fresh) {
		t.Errorf("%d rows and %d, or others", len(again), len(fresh))
	}
}
