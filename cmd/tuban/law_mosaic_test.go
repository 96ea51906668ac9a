package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"tuban/pipeline"
	"tuban/pipeline/runfile"
	"tuban/raster"
	"tuban/raster/gdal"
	"tuban/raster/vector"
)

// brightRules fire where the after date is bright and the before date is not, dimRules the other way round.
const (
	brightRules = "kinds:\n  - {code: bright, type: JZ, when: before.red < 50 and after.red > 100, min_area: 1 m2}\n"
	dimRules    = "kinds:\n  - {code: dim, type: JZ, when: before.red > 50 and after.red < 20, min_area: 1 m2}\n"
)

// flat is an 8-bit image of one metre pixels whose pixels are value, but for boxes of pixels with values of their own.
func flat(name string, w, h, bands int, value float64, boxes map[raster.Window]float64) image {
	return image{name: name, grid: testGrid(0, 0, 1, w, h), bands: bands, dataType: "Byte", block: 128, bare: true, value: func(_, x, y int) float64 {
		for b, v := range boxes {
			if b.Contains(raster.Window{X: x, Y: y, W: 1, H: 1}) {
				return v
			}
		}
		return value
	}}
}

// mosaicRun is a run of one before and some after images with the rules, without a survey.
func mosaicRun(t testing.TB, rules string, before image, after ...image) *runfile.File {
	t.Helper()
	dir := t.TempDir()
	f := &runfile.File{Name: "mosaic", Rules: filepath.Join(dir, "rules.yaml"), Normalise: "none", Registration: "none", Outputs: []string{"gpkg", "report"}}
	if err := os.WriteFile(f.Rules, []byte(rules), 0o644); err != nil {
		t.Fatal(err)
	}
	f.Before, f.After = scenesOf(t, dir, "2024-08-14", []image{before}), scenesOf(t, dir, "2025-08-20", after)
	return f
}

// writeRings leaves a layer of polygons with the texts day and sensor.
func writeRings(t testing.TB, path, crs string, rings []orb.Ring, values ...[2]string) string {
	t.Helper()
	table := vector.Table{
		Name: "parts", CRS: crs, Geometry: "Polygon",
		Fields: []vector.Field{{Name: "CXRQ", Type: vector.String, Width: 20}, {Name: "CGQ", Type: vector.String, Width: 20}},
		Rows: func(yield func(vector.Row, error) bool) {
			for i, r := range rings {
				b, err := wkb.Marshal(orb.Polygon{r})
				row := vector.Row{WKB: b, Values: []any{nil, nil}}
				if i < len(values) {
					row.Values = []any{values[i][0], values[i][1]}
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

// detectTwice runs f in tiles of 64 and of 500 pixels, which must make the same product, and returns its folder.
func detectTwice(t *testing.T, f *runfile.File) string {
	t.Helper()
	dir := t.TempDir()
	small := detect(t, f, pipeline.Options{Tile: 64, Workers: 2, Out: dir})
	if err := differ(small, detect(t, f, pipeline.Options{Tile: 500, Workers: 1})); err != nil {
		t.Errorf("tiles of 64 and of 500 pixels: %v", err)
	}
	findings, err := pipeline.Check(ctx, drivers(), dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range findings {
		if !c.OK {
			t.Error(c.Text)
		}
	}
	return dir
}

// rowsOf reads a layer of the product in dir as one text per feature: its first column and row in pixels, then the fields.
func rowsOf(t *testing.T, dir, layer string, fields ...string) []string {
	t.Helper()
	var out []string
	spec := vector.LayerSpec{Source: filepath.Join(dir, "changes.gpkg"), Layer: layer, Fields: fields}
	err := gdal.ReadLayer(ctx, spec, "", func(f vector.Feature) error {
		mp, err := vector.Polygons(f.WKB)
		if err != nil {
			return err
		}
		b := mp.Bound()
		out = append(out, fmt.Sprintf("%.0f,%.0f %s", b.Min[0]-testX, testY-b.Max[1], strings.Join(f.Values, " ")))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

func expect(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A finished mosaic: each patch has the day and the image of the seam polygon that most of it lies on.
func TestSeamLines(t *testing.T) {
	squares := map[raster.Window]float64{
		{X: 10, Y: 10, W: 8, H: 8}:  200, // on the first polygon
		{X: 66, Y: 30, W: 20, H: 6}: 200, // across the seam at 70: 4 columns on the first, 16 on the second
		{X: 150, Y: 70, W: 6, H: 9}: 200, // on the third
		{X: 100, Y: 5, W: 10, H: 4}: 200, // where two overlap: the first in the layer's order counts
		{X: 195, Y: 5, W: 4, H: 50}: 200, // on none
		{X: 30, Y: 60, W: 5, H: 5}:  200, // of the first's day and sensor, on another polygon
	}
	f := mosaicRun(t, brightRules, flat("b", 200, 120, 4, 20, nil), flat("m", 200, 120, 4, 20, squares))
	f.After.Scenes[0].Date = ""
	dir := filepath.Dir(f.Rules)
	f.After.Scenes[0].Seams = &runfile.Seams{Source: writeRings(t, filepath.Join(dir, "seams.gpkg"), testCRS, []orb.Ring{
		box(0, 0, 70, 50), box(70, 0, 130, 120), box(90, 0, 190, 120), box(0, 50, 70, 120), box(400, 0, 500, 9),
	}, [][2]string{{"2025-08-20", "GF-2"}, {"20250911", "GF-7"}, {"2025/9/30", "GF-2"}, {"20250820", "GF-2"}, {"never", ""}}...), Date: "CXRQ", Sensor: "CGQ"}
	out := detectTwice(t, f)
	expect(t, "patches", rowsOf(t, out, "changes", "QSX", "HSX", "QSXYX", "HSXYX", "QTYX"),
		"10,10 20240814 20250820 b m#1 ", "66,30 20240814 20250911 b m#2 m#1", "150,70 20240814 20250930 b m#3 ",
		"100,5 20240814 20250911 b m#2 ", "30,60 20240814 20250820 b m#1 ")
	expect(t, "unobserved", rowsOf(t, out, "unobserved", "reason"), "190,0 no-data")
	expect(t, "scenes", rowsOf(t, out, "scenes", "id", "day", "sensor"),
		"0,0 b 20240814 ", "0,0 m#1 20250820 GF-2", "70,0 m#2 20250911 GF-7", "90,0 m#3 20250930 GF-2")
	if html := readText(t, filepath.Join(out, "report.html")); !strings.Contains(html, "2025-08-20 – 2025-09-30") || !strings.Contains(html, "lie on no seam polygon") {
		t.Error("the report does not say the days of the mosaic, or what has none")
	}

	// Another order of the polygons is another product, and what lies on none takes the day of the scene.
	f.After.Scenes[0].Seams.Source = writeRings(t, filepath.Join(dir, "turned.gpkg"), testCRS, []orb.Ring{box(90, 0, 190, 120), box(70, 0, 130, 120)},
		[2]string{"2025/9/30", ""}, [2]string{"20250911", ""})
	f.After.Scenes[0].Date = "2025-08-20"
	out = detectTwice(t, f)
	expect(t, "patches", rowsOf(t, out, "changes", "HSX", "HSXYX"),
		"10,10 20250820 m", "66,30 20250911 m#2", "150,70 20250930 m#1", "100,5 20250930 m#1", "195,5 20250820 m", "30,60 20250820 m")
}

// Clouds hide what lies under them, whatever grid or system their mask is in; another image of the date fills the hole.
func TestCloudMasks(t *testing.T) {
	squares := map[raster.Window]float64{{X: 20, Y: 20, W: 10, H: 10}: 200, {X: 100, Y: 60, W: 10, H: 10}: 200, {X: 160, Y: 20, W: 10, H: 10}: 200}
	clear := flat("clear", 90, 120, 4, 20, squares)
	// The mask has pixels of 7 m, off those of the run: 1 is cloud over the squares on the left and in the middle, 2 shadow on the right.
	mask := image{name: "m_cloud", grid: testGrid(-3, -3, 7, 30, 20), bands: 1, dataType: "Byte", bare: true, value: func(_, x, y int) float64 {
		switch x, y := -3+7*x, -3+7*y; {
		case x >= 14 && x < 35 && y >= 14 && y < 35, x >= 88 && x < 120 && y >= 50 && y < 80:
			return 1
		case x >= 150 && x < 180 && y >= 10 && y < 35:
			return 2
		}
		return 0
	}}
	f := mosaicRun(t, brightRules, flat("b", 200, 120, 4, 20, nil), flat("m", 200, 120, 4, 20, squares), clear)
	mask.write(t, filepath.Dir(f.After.Scenes[0].URI))
	f.After.Scenes[0].Cloud = &runfile.Cloud{Source: "{dir}/{stem}_cloud.tif", Cloud: []int{1}, Shadow: []int{2}}
	out := detectTwice(t, f)
	expect(t, "patches", rowsOf(t, out, "changes", "HSXYX"), "20,20 clear")
	var reasons []string
	for _, r := range rowsOf(t, out, "unobserved", "reason") {
		reasons = append(reasons, r[strings.LastIndexByte(r, ' ')+1:])
	}
	slices.Sort(reasons)
	expect(t, "reasons", slices.Compact(reasons), "cloud", "shadow")
	// As far as the mask's pixels reach, and from column 90 on, where the clear image ends.
	expect(t, "where", rowsOf(t, out, "unobserved", "reason"), "90,53 cloud", "151,11 shadow")

	// As polygons in another system, which leave out the square on the right.
	var rings []orb.Ring
	for _, r := range []orb.Ring{box(15, 15, 35, 35), box(90, 50, 120, 80)} {
		b, err := gdal.TransformBounds(testCRS, "EPSG:4490", raster.Bounds{MinX: r[0][0], MinY: r[1][1], MaxX: r[2][0], MaxY: r[0][1]})
		if err != nil {
			t.Fatal(err)
		}
		rings = append(rings, orb.Ring{{b.MinX, b.MinY}, {b.MaxX, b.MinY}, {b.MaxX, b.MaxY}, {b.MinX, b.MaxY}, {b.MinX, b.MinY}})
	}
	f.After.Scenes[0].Cloud = &runfile.Cloud{Source: writeRings(t, filepath.Join(filepath.Dir(f.Rules), "clouds.gpkg"), "EPSG:4490", rings)}
	out = detectTwice(t, f)
	expect(t, "patches", rowsOf(t, out, "changes", "HSXYX"), "20,20 clear", "160,20 m")
	expect(t, "unobserved", rowsOf(t, out, "unobserved", "reason"), "90,50 cloud")
}

// Black around a picture is no data; black within it is a dark roof.
func TestEdgeOfPicture(t *testing.T) {
	slanted := func(x, y int) bool { return x < 6 || y < 4+x/20 || x >= 190 || y >= 110 }
	roof, oneBand, dark := raster.Window{X: 40, Y: 40, W: 12, H: 10}, raster.Window{X: 100, Y: 60, W: 9, H: 9}, raster.Window{X: 150, Y: 80, W: 9, H: 9}
	after := flat("a", 200, 120, 3, 90, nil)
	after.value = func(band, x, y int) float64 {
		at := raster.Window{X: x, Y: y, W: 1, H: 1}
		if slanted(x, y) || roof.Contains(at) || oneBand.Contains(at) && band == 2 {
			return 0
		}
		if dark.Contains(at) {
			return 10
		}
		return 90
	}
	edge := 0
	for i := range 200 * 120 {
		if slanted(i%200, i/200) {
			edge++
		}
	}
	for _, c := range []struct {
		name string
		tag  bool
		at   string
		want []string
	}{
		{"a tag", true, "", []string{"40,40", "100,60", "150,80"}},
		{"nothing says so", false, "", []string{"40,40", "100,60", "150,80"}},
		{"declared to be anywhere", true, "anywhere", []string{"150,80"}},
	} {
		after.bare = !c.tag
		f := mosaicRun(t, dimRules, flat("b", 200, 120, 3, 90, nil), after)
		f.After.Scenes[0].NoDataAt = c.at
		out := detectTwice(t, f)
		var got []string
		for _, r := range rowsOf(t, out, "changes") {
			got = append(got, strings.TrimSpace(r))
		}
		expect(t, c.name, got, c.want...)
		m, err := pipeline.ReadManifest(out)
		if err != nil {
			t.Fatal(err)
		}
		want := float64(edge)
		if c.at != "" {
			want += float64(roof.Pixels() + oneBand.Pixels())
		}
		if got := m.Unobserved["no-data"]; math.Abs(got-want) > 0.01*want {
			t.Errorf("%s: %.0f m² without data, want %.0f", c.name, got, want)
		}
		if edges := m.Measured.Edges; (len(edges) == 2) != (c.at == "") {
			t.Errorf("%s: edges %+v", c.name, edges)
		} else if c.at == "" && edges[1].Pixels != int64(edge) {
			t.Errorf("%s: %d pixels of edge, want %d", c.name, edges[1].Pixels, edge)
		}
	}
}

// An alpha channel that a sensor's name makes near infrared is found out.
func TestAlphaDeclaredAsInfrared(t *testing.T) {
	rgba := flat("rgba", 200, 120, 4, 90, nil)
	rgba.value = func(band, x, _ int) float64 {
		if band == 3 {
			return map[bool]float64{true: 255}[x < 190]
		}
		return float64(40 + x%50)
	}
	f := mosaicRun(t, dimRules, flat("b", 200, 120, 4, 90, nil), rgba)
	_, err := pipeline.NewPlan(ctx, drivers(), f, pipeline.Options{})
	if err == nil || !strings.Contains(err.Error(), "band 4 holds only 0 and 255: it is an alpha channel, not near infrared: declare bands: {blue: 1, green: 2, red: 3}") {
		t.Error(err)
	}
}
