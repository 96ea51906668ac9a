package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"tuban/pipeline"
	rowsof "tuban/pipeline/product"
	"tuban/pipeline/redraw"
	"tuban/pipeline/register"
	issue "tuban/pipeline/release"
	"tuban/raster/vector"
)

// passAll lets every candidate of a product go.
func passAll(t *testing.T, dir, reg string) []rowsof.Row {
	t.Helper()
	p, err := rowsof.Open(context.Background(), drivers(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	rows, _, err := p.Layer(context.Background(), "changes", "")
	if err != nil {
		t.Fatal(err)
	}
	var events []register.Event
	for _, r := range rows {
		cid, gv := r.Version()
		events = append(events, register.Event{Decision: &register.Decision{
			Version: register.Version{CID: cid, GV: gv}, Run: p.Manifest.Key, Verdict: register.Pass, By: "甲", Second: "乙", On: "2025-09-10",
		}})
	}
	r, err := register.Open(reg)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Append(testClock, events, nil); err != nil {
		t.Fatal(err)
	}
	return rows
}

// twoCounties is a layer of land west and east of a meridian, in rows of towns.
func twoCounties(t *testing.T, crs string, x float64) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "XZQ.gpkg")
	table := vector.Table{
		Name: "XZQ", CRS: crs, Geometry: "Polygon",
		Fields: []vector.Field{{Name: "XZQDM", Type: vector.String, Width: 9}, {Name: "XZQMC", Type: vector.String, Width: 60}},
		Rows: func(yield func(vector.Row, error) bool) {
			for i, code := range []string{"220122100", "220122101", "220182100"} {
				b := orb.Bound{Min: orb.Point{x - 1e4, 4.8e6}, Max: orb.Point{x, 4.9285e6}}
				switch i {
				case 1:
					b = orb.Bound{Min: orb.Point{x - 1e4, 4.9285e6}, Max: orb.Point{x, 5e6}}
				case 2:
					b = orb.Bound{Min: orb.Point{x, 4.8e6}, Max: orb.Point{x + 1e4, 5e6}}
				}
				g, err := wkb.Marshal(b.ToPolygon())
				if !yield(vector.Row{WKB: g, Values: []any{code, "乡镇" + code}}, err) {
					return
				}
			}
		},
	}
	if err := (vectors{}).WriteGeoPackage(context.Background(), path, []vector.Table{table}, vector.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	return path
}

// Patches are cut at county boundaries: parts add up to the whole in area, to the hundredth of a square metre, cover it, name it,
// and each has a number of its county.
func TestReleaseCutsAtCountyBoundaries(t *testing.T) {
	out, err := reviewed()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	reg, to := filepath.Join(dir, "register"), filepath.Join(dir, "release")
	rows := passAll(t, out, reg)
	largest := rows[0]
	whole := map[string]rowsof.Row{}
	for _, r := range rows {
		whole[r.Text("cid")] = r
		if a, _ := r.Number("JCMJ"); a > number(t, largest, "JCMJ") {
			largest = r
		}
	}
	m, err := pipeline.ReadManifest(out)
	if err != nil {
		t.Fatal(err)
	}
	b := largest.Geom.Bound()
	units := twoCounties(t, m.Grid.CRS, math.Round(b.Min[0]*.6+b.Max[0]*.4)+.25)
	command := []string{"release", out, "--register", reg, "--batch", "b", "--units", units, "--isolate=false"}
	if code, text, errw := tuban(append(command, "--dry-run")...); code != exitComplete || len(eventsOf(t, reg).State().Releases()) > 0 {
		t.Fatalf("dry run: exit code %d\n%s%s", code, text, errw)
	}
	if code, text, errw := tuban(append(command, "--to", to, "--run", runFileOf(out))...); code != exitComplete {
		t.Fatalf("exit code %d\n%s%s", code, text, errw)
	}
	released, _, err := rowsof.Read(context.Background(), vectors{}, vector.LayerSpec{Source: filepath.Join(to, issue.PackageName), Layer: issue.Layer}, "")
	if err != nil {
		t.Fatal(err)
	}
	sum, parts := map[string]float64{}, map[string]orb.MultiPolygon{}
	cut := false
	for _, r := range released {
		cid := r.Text("cid")
		sum[cid] += number(t, r, "JCMJ")
		parts[cid] = append(parts[cid], r.Geom...)
		if !strings.HasPrefix(r.Text("JCBH"), r.Text("XZQDM")) {
			t.Errorf("%s in %s", r.Text("JCBH"), r.Text("XZQDM"))
		}
		isPart := number(t, r, "JCMJ") != number(t, whole[cid], "JCMJ")
		if isPart != (r.Text("PARENT") == cid) {
			t.Errorf("%s: PARENT %q of %s", r.Text("JCBH"), r.Text("PARENT"), cid)
		}
		if valid, why := drivers().Geometry().Valid(r.Geom); !valid {
			t.Errorf("%s: %s", r.Text("JCBH"), why)
		}
		cut = cut || isPart
		checkShares(t, r.Text("JCBH"), r.Values())
	}
	if !cut || parts[largest.Text("cid")] == nil {
		t.Error("the patch on the boundary was not cut")
	}
	for cid, r := range whole {
		if want := number(t, r, "JCMJ"); fmt.Sprintf("%.2f", sum[cid]) != fmt.Sprintf("%.2f", want) {
			t.Errorf("the parts of %s have %.2f m², the whole %.2f", cid, sum[cid], want)
		}
		_, rest, err := drivers().Geometry().Overlay(r.Geom, []orb.MultiPolygon{parts[cid]})
		if err != nil || rest != nil {
			t.Errorf("the parts of %s leave out %v, %v", cid, rest, err)
		}
	}
}

// runFileOf is the run file of a demo's product.
func runFileOf(product string) string { return filepath.Join(filepath.Dir(product), "run.yaml") }

// checkShares: the shares of a patch add up to it, to the hundredth of a square metre.
func checkShares(t *testing.T, name string, values map[string]string) {
	t.Helper()
	sum := 0.0
	for _, f := range []string{"GDMJ", "QTNYDMJ", "WLYDMJ", "JSYDMJ", "QTMJ"} {
		v, err := strconv.ParseFloat(values[f], 64)
		if err != nil {
			t.Errorf("%s: %s is %q", name, f, values[f])
		}
		sum += v
	}
	if got := strconv.FormatFloat(sum, 'f', 2, 64); got != twoDecimals(values["JCMJ"]) {
		t.Errorf("%s: shares add up to %s m² of %s", name, got, values["JCMJ"])
	}
}

func twoDecimals(s string) string {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

// What is measured again of a product's own outlines is what the product says of them.
func TestRemeasuredAsTheRunMeasured(t *testing.T) {
	out, err := reviewed()
	if err != nil {
		t.Fatal(err)
	}
	p, err := rowsof.Open(context.Background(), drivers(), out)
	if err != nil {
		t.Fatal(err)
	}
	rows, _, err := p.Layer(context.Background(), "changes", "")
	if err != nil {
		t.Fatal(err)
	}
	var list []pipeline.Outline
	for _, r := range rows {
		list = append(list, redraw.Outline(r.Values(), r.Geom))
	}
	shown := newProgress(io.Discard)
	got, err := land(runFileOf(out), shown)(context.Background(), p.Manifest, list)
	if err != nil {
		t.Fatal(err)
	}
	if shown.name != "outlines" || shown.total != int64(len(list)) || shown.done != shown.total {
		t.Errorf("the progress ends with %s, %d of %d", shown.name, shown.done, shown.total)
	}
	for i, r := range rows {
		want := r.Values()
		again := maps.Clone(want)
		redraw.Ask(again, got[i])
		if !maps.Equal(again, want) {
			t.Errorf("%s: %v, want %v", want["cid"], again, want)
		}
		checkShares(t, want["cid"], got[i])
	}
	other := *p.Manifest
	other.Rules += "# changed"
	if _, err := land(runFileOf(out), shown)(context.Background(), &other, list); err == nil {
		t.Error("another run file was taken")
	}
}

func number(t *testing.T, r rowsof.Row, field string) float64 {
	t.Helper()
	v, ok := r.Number(field)
	if !ok {
		t.Fatalf("%s is %q", field, r.Text(field))
	}
	return v
}
