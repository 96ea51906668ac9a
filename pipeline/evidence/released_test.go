package evidence

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"tuban/pipeline"
	"tuban/pipeline/product"
	"tuban/pipeline/register"
	"tuban/raster"
)

// A patch goes by the numbers under which it is released now.
func TestReleased(t *testing.T) {
	release := func(cid, jcbh, supersedes string) register.Event {
		return register.Event{Release: &register.Release{Version: register.Version{CID: cid}, JCBH: jcbh, County: jcbh[:6], Supersedes: supersedes}}
	}
	r := &register.Register{Events: []register.Event{
		release("a", "220183202500001", ""), release("a", "220122202500001", ""), release("b", "220183202500002", ""),
		release("b", "220183202500003", "220183202500002"),
	}}
	m := &maker{o: Options{Register: r.State()}}
	for _, c := range []struct{ cid, before, number, former string }{
		{"a", "", "220183202500001、220122202500001", ""},
		{"b", "220183202500003 220183202400009", "220183202500003", "220183202400009"},
		{"d", "220183202400009", "", "220183202400009"},
	} {
		number, former := m.released(rowOf(t, nil, map[string]string{"cid": c.cid, "FBBH": c.before}))
		if number != c.number || former != c.former {
			t.Errorf("%s is %s after %s", c.cid, number, former)
		}
	}
}

// box is a rectangle of so many metres, its north-western corner at (x, y).
func box(x, y, w, h float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{x, y}, {x + w, y}, {x + w, y - h}, {x, y - h}, {x, y}}}}
}

// A sheet is of what was released: each piece, whether a candidate shows it or not, in its own outline and with its own area; a candidate
// that went out as part of another has none. What other products released is said, not shown.
func TestSheetsAreOfWhatWasReleased(t *testing.T) {
	const key, crs = "0123456789abcdef", "EPSG:4530"
	at := func(i int) orb.MultiPolygon { return box(42500000+100*float64(i), 4900000, 40, 30) }
	var rows []product.Row
	var events []register.Event
	for i, cid := range []string{"as-is", "redrawn", "cut", "merged", "taken", "split", "later", "never"} {
		rows = append(rows, rowOf(t, at(i), map[string]string{"cid": cid, "XZQDM": "220183", "JCMJ": "1200", "YXJ": "1"}))
	}
	decide := func(cid string, from ...string) {
		d := register.Decision{Version: register.Version{CID: cid}, Verdict: register.Pass, SourceHash: "s"}
		for _, f := range from {
			d.From = append(d.From, register.Version{CID: f})
		}
		events = append(events, register.Event{Decision: &d})
	}
	release := func(run, cid, jcbh string, mp orb.MultiPolygon, area float64) {
		shape, err := register.NewShape(mp, crs)
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, register.Event{Release: &register.Release{
			Version: register.Version{CID: cid}, Run: run, JCBH: jcbh, County: jcbh[:6], Shape: shape, AreaM2: area, Values: map[string]string{"cid": cid, "JCMJ": "1200"},
		}})
	}
	decide("merged", "merged", "taken")
	decide("piece", "split")
	release(key, "as-is", "220183202500001", at(0), 1200)
	release(key, "redrawn", "220183202500002", box(42500100, 4900000, 30, 30), 900)
	release(key, "cut", "220183202500003", box(42500200, 4900000, 25, 30), 750)
	release(key, "cut", "220122202500001", box(42500225, 4900000, 15, 30), 450)
	release(key, "merged", "220183202500004", box(42500300, 4900000, 140, 30), 4200)
	release(key, "piece", "220183202500005", box(42500500, 4900000, 10, 30), 300)
	release(key, "added", "220183202500006", box(42500900, 4900000, 20, 20), 400)
	release("another", "later", "220183202400001", box(42500600, 4900000, 20, 30), 600)
	decide("never", "never", "as-is") // merged since, and not released yet: both are as they were
	m := &maker{o: Options{Register: (&register.Register{Events: events}).State()}, p: &product.Product{Manifest: &pipeline.Manifest{Key: key}}, grid: raster.Grid{CRS: crs}}
	list, err := m.patches(rows)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range list {
		kind, outline := "found", rows[s.at].Geom
		if s.redrawn {
			kind, outline = "drawn", m.drawn[s.at]
		}
		if !orb.Equal(s.Geom, outline) {
			t.Errorf("%s has another outline than it is transformed with", s.cid)
		}
		got = append(got, fmt.Sprintf("%s %s %s %s %s m²", s.cid, s.release, s.Text("XZQDM"), kind, squareMetres(s.Row, "JCMJ")))
		if note := strings.Contains(s.outline, "下发图形与本页不同"); note != (s.cid == "later") || note && !strings.Contains(s.outline, "600.00 m²") {
			t.Errorf("%s says of its outline: %s", s.cid, s.outline)
		}
	}
	want := []string{
		"as-is 220183202500001 220183 found 1,200.00 m²", "redrawn 220183202500002 220183 drawn 900.00 m²", "cut 220183202500003 220183 drawn 750.00 m²",
		"cut 220122202500001 220122 drawn 450.00 m²", "merged 220183202500004 220183 drawn 4,200.00 m²", "later  220183 found 1,200.00 m²",
		"never  220183 found 1,200.00 m²", "added 220183202500006 220183 drawn 400.00 m²", "piece 220183202500005 220183 drawn 300.00 m²",
	}
	if !slices.Equal(got, want) {
		t.Errorf("\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	m.o.Register = nil
	if list, err = m.patches(rows); err != nil || len(list) != len(rows) || list[1].redrawn {
		t.Errorf("without a register %d patches, %v", len(list), err)
	}
}

// What a released outline was not asked is not called a layer that was not loaded; of its corners the file of the release has all.
func TestRedrawnSheetsSayWhatIsNotKnown(t *testing.T) {
	m, s := testMaker(aPatch(), t)
	if page := pageOf(t, m, s); !strings.Contains(page, unloaded) || strings.Contains(page, "<b>图形</b>") {
		t.Error("a candidate's sheet does not say that layers are not loaded, or speaks of another outline")
	}
	v := aPatch()
	delete(v, "DLFX")
	delete(v, "SPPP")
	m, s = testMaker(v, t)
	s.redrawn, s.outline = true, "说明"
	page := pageOf(t, m, s)
	if strings.Contains(page, unloaded) || !strings.Contains(page, "未按下发图形重新量算") || !strings.Contains(page, "<b>图形</b> 说明。") {
		t.Errorf("a released outline's sheet:\n%s", textOf(page))
	}
}
