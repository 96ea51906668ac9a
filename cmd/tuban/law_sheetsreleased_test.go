package main

import (
	"fmt"
	"maps"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"tuban/pipeline"
	"tuban/pipeline/evidence"
	products "tuban/pipeline/product"
	"tuban/pipeline/register"
	"tuban/pipeline/report"
)

// released is a release of the product with the key run.
func released(t testing.TB, run, crs, jcbh string, values map[string]string, mp orb.MultiPolygon, area float64) register.Event {
	t.Helper()
	shape, err := register.NewShape(mp, crs)
	if err != nil {
		t.Fatal(err)
	}
	return register.Event{Release: &register.Release{
		Version: register.Version{CID: values["cid"]}, Run: run, JCBH: jcbh, County: jcbh[:6], Batch: "b", AreaM2: area, Shape: shape, Values: values,
	}}
}

// The sheet under a number shows the land that was released under it: outline, corners and area; a piece of another county, and
// a patch that the run did not find, have sheets of their own. Without the register, sheets are of what was found.
func TestSheetsShowWhatWasReleased(t *testing.T) {
	f := countyPair(t, 3, 500, 400)
	out, dir := t.TempDir(), t.TempDir()
	detect(t, f, pipeline.Options{Out: out})
	p, err := products.Open(ctx, drivers(), out)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	rows, _, err := p.Layer(ctx, "changes", "")
	if err != nil || len(rows) < 3 {
		t.Fatalf("%d patches, %v: the test means nothing", len(rows), err)
	}
	key, crs := p.Manifest.Key, p.Manifest.Grid.CRS
	half := func(mp orb.MultiPolygon, east bool) orb.MultiPolygon {
		b := mp.Bound()
		if middle := b.Center()[0]; east {
			b.Min[0] = middle
		} else {
			b.Max[0] = middle
		}
		return orb.MultiPolygon{b.ToPolygon()}
	}
	added := maps.Clone(rows[2].Values())
	added["cid"] = "added00000000000"
	shapes := map[string]orb.MultiPolygon{
		"220183202500001": half(rows[0].Geom, false), "220183202500002": half(rows[1].Geom, false), "220122202500001": half(rows[1].Geom, true),
		"220183202500003": half(rows[2].Geom, true),
	}
	whose := map[string]map[string]string{
		"220183202500001": rows[0].Values(), "220183202500002": rows[1].Values(), "220122202500001": rows[1].Values(), "220183202500003": added,
	}
	var events []register.Event
	areas := map[string]float64{}
	for jcbh, mp := range shapes {
		areas[jcbh] = 500 + float64(len(events))
		events = append(events, released(t, key, crs, jcbh, whose[jcbh], mp, areas[jcbh]))
	}
	reg, err := register.Open(filepath.Join(dir, "register"))
	if err != nil {
		t.Fatal(err)
	}
	if err := reg.Append(testClock, events, nil); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(dir, "sheets")
	if code, said, errw := tuban("sheets", out, "--to", to, "--register", filepath.Join(dir, "register")); code != exitComplete || !strings.HasPrefix(said, fmt.Sprintf("%d sheets", len(rows)+2)) {
		t.Fatalf("exit code %d: %s%s", code, said, errw)
	}
	files := sheetFiles(t, to)
	for jcbh, mp := range shapes {
		text := files[filepath.Join(jcbh[:6], whose[jcbh]["cid"]+".html")]
		if !strings.Contains(text, "<b>"+jcbh+"</b>") || !strings.Contains(text, "<td colspan=\"1\">"+report.Decimal(areas[jcbh], 2)+" m²") {
			t.Errorf("%s: no sheet of its number and area", jcbh)
		}
		for _, q := range mp[0][0] {
			// The product lies in the zone's own system, but for the number in front of the easting.
			if !strings.Contains(text, fmt.Sprintf("<td class=\"n\">%.2f</td>", q[1])) {
				t.Errorf("%s: no corner has the northing %.2f", jcbh, q[1])
			}
		}
		if !strings.Contains(files["sheets.json"], `"jcbh": "`+jcbh+`"`) {
			t.Errorf("%s is not in the list", jcbh)
		}
	}
	plain := t.TempDir()
	if r, err := sheetsOf(t, out, evidence.Options{To: plain}); err != nil || r.Sheets != len(rows) {
		t.Fatalf("%+v, %v", r, err)
	}
	for name, text := range sheetFiles(t, plain) {
		if strings.Contains(text, "下发图形") {
			t.Errorf("%s speaks of a release", name)
		}
	}
}
