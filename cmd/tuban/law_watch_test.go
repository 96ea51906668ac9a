package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"tuban/pipeline"
	products "tuban/pipeline/product"
	"tuban/pipeline/runfile"
	"tuban/raster/gdal"
	"tuban/raster/vector"
)

// ground is what a pixel of the watch list's pictures has in blue, green, red and near infrared: b a grey roof, v a meadow, r bare soil,
// w water, ? no data.
var ground = map[byte][4]float64{
	'b': {1500, 1500, 1500, 1600}, 'v': {500, 800, 500, 3000}, 'r': {900, 1200, 1500, 1900}, 'w': {500, 600, 400, 150}, '?': {0, 0, 0, 0},
}

// place is one row of a watch list: a rectangle in metres, nil for a place without a geometry.
type place struct {
	id, due string
	at      orb.Ring
}

func writePlaces(t testing.TB, path string, places []place) string {
	t.Helper()
	table := vector.Table{
		Name: "cases", CRS: testCRS, Geometry: "Polygon",
		Fields: []vector.Field{{Name: "AJBH", Type: vector.String}, {Name: "AJMC", Type: vector.String}, {Name: "ZGQX", Type: vector.String}},
		Rows: func(yield func(vector.Row, error) bool) {
			for _, p := range places {
				row := vector.Row{Values: []any{p.id, "案件" + p.id, p.due}}
				if p.due == "" {
					row.Values[2] = nil
				}
				var err error
				if p.at != nil {
					row.WKB, err = wkb.Marshal(orb.Polygon{p.at})
				}
				if !yield(row, err) {
					return
				}
			}
		},
	}
	if err := gdal.WriteGeoPackage(ctx, path, []vector.Table{table}, vector.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	return path
}

// watchRun looks at places in an image that shows the picture, a character being 20 m, and returns a line for each.
func watchRun(t testing.TB, picture, day string, bands int, places []place) []string {
	t.Helper()
	dir := t.TempDir()
	lines := strings.Fields(picture)
	show := func(name string, lines []string) image {
		return image{name: name, grid: testGrid(0, 0, 1, 20*len(lines[0]), 20*len(lines)), bands: bands, value: func(band, x, y int) float64 {
			v := ground[lines[y/20][x/20]][band]
			if v > 0 {
				v += 40 * (noise(3, band, x, y) - 0.5)
			}
			return v
		}}
	}
	var meadow []string
	for _, l := range lines {
		meadow = append(meadow, strings.Repeat("v", len(l)))
	}
	f := &runfile.File{Name: "watch", Rules: filepath.Join(dir, "rules.yaml"), Normalise: "none", Registration: "none", Clouds: "none", Outputs: []string{"gpkg"},
		Before: scenesOf(t, dir, "2024-08-14", []image{show("before", meadow)}), After: scenesOf(t, dir, day, []image{show("after", lines)}),
		Watch: &runfile.Watch{Source: writePlaces(t, filepath.Join(dir, "cases.gpkg"), places), ID: "AJBH", Title: "AJMC", Due: "ZGQX"}}
	if err := os.WriteFile(f.Rules, []byte("kinds:\n  - {code: bright, type: JZ, when: after.red > 20000}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "out")
	m, err := detectWith(ctx, drivers(), f, pipeline.Options{Out: out, Clock: testClock})
	if err != nil {
		t.Fatal(err)
	}
	p, err := products.Open(ctx, drivers(), out)
	if err != nil {
		t.Fatal(err)
	}
	rows, _, err := p.Layer(ctx, "watch", "")
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	counted := 0
	for _, r := range rows {
		said = append(said, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", r.Text("id"), r.Text("state"), r.Text("reason"), r.Text("overdue"))))
	}
	for _, n := range m.Watched.States {
		counted += n
	}
	if counted != len(places) {
		t.Errorf("the manifest counts %d places of %d", counted, len(places))
	}
	return said
}

// TestWatchList: every place has a state, in four bands, in colour, in season and out of it; one that cannot be seen says why.
func TestWatchList(t *testing.T) {
	const picture = `
		vvvvvvvv?
		vbbvrrvv?
		vbbvrrvv?
		vvvvvvvv?
		vwwvbrvv?
		vwwvrrvv?
		vvvvvvvv?`
	places := []place{
		{"villa", "2025-06-01", box(20, 20, 60, 60)}, {"later", "2026年1月1日", box(20, 20, 60, 60)}, {"down", "20250601", box(80, 20, 120, 60)},
		{"meadow", "", box(120, 0, 160, 60)}, {"pond", "", box(20, 80, 60, 120)}, {"half", "2025-06-01", box(80, 80, 120, 120)}, {"hidden", "2025-06-01", box(160, 20, 180, 60)},
		{"tiny", "", box(22, 22, 26, 26)}, {"off", "", box(-500, 0, -400, 60)}, {"edge", "", box(60, 100, 70, 400)}, {"nowhere", "", nil},
	}
	for _, c := range []struct {
		name, day string
		bands     int
		want      string
	}{
		{"in season", "2025-08-20", 4, `villa standing  是, later standing  否, down cleared  否, meadow vegetated, pond cleared, half undecidable mixed,
			hidden undecidable no-data, tiny undecidable too_small, off undecidable outside, edge undecidable outside, nowhere undecidable no_geometry`},
		{"in winter", "2025-12-20", 4, `villa standing  是, later standing  否, down undecidable season, meadow vegetated, pond undecidable season, half undecidable mixed,
			hidden undecidable no-data, tiny undecidable too_small, off undecidable outside, edge undecidable outside, nowhere undecidable no_geometry`},
		{"in colour", "2025-08-20", 3, `villa standing  是, later standing  否, down cleared  否, meadow vegetated, pond vegetated, half standing  是,
			hidden undecidable no-data, tiny undecidable too_small, off undecidable outside, edge undecidable outside, nowhere undecidable no_geometry`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := strings.Join(watchRun(t, picture, c.day, c.bands, places), ", ")
			if want := strings.Join(strings.Fields(c.want), " "); strings.Join(strings.Fields(got), " ") != want {
				t.Errorf("%s\nwant %s", got, want)
			}
		})
	}
}
