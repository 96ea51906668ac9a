package main

import (
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tuban/pipeline"
	"tuban/pipeline/runfile"
	"tuban/raster/gdal"
	"tuban/raster/vector"
)

// TestSplitSurveyLaw: one survey, cut into two files in two zones that a pattern names, finds the same changes on the same
// shares, up to the rounding of coordinates; and where no two parcels overlap, in either order of the files.
func TestSplitSurveyLaw(t *testing.T) {
	const w, h, overlapping = 150, 110, 3
	f := randomPair(t, 8, w, h)
	parcels := randomParcels(8, w, h)
	for i := range parcels {
		// Off the centres of pixels, on which the last bit of a coordinate would decide.
		for k := range parcels[i].ring {
			parcels[i].ring[k][0] += 0.137
			parcels[i].ring[k][1] += 0.211
		}
	}
	for _, c := range []struct {
		name    string
		parcels []parcel
		orders  [][]string
	}{
		{"with overlaps", parcels, [][]string{{"a.gpkg", "b.gpkg"}}},
		{"without overlaps", parcels[:len(parcels)-overlapping], [][]string{{"?.gpkg"}, {"b.gpkg", "a.gpkg"}, {"b.gpkg", "*.gpkg"}}},
	} {
		dir := t.TempDir()
		half := len(c.parcels) / 2
		f.Survey.Source = runfile.Sources{writeParcels(t, filepath.Join(t.TempDir(), "whole.gpkg"), c.parcels)}
		want := detect(t, f, pipeline.Options{})
		if len(want.rows["changes"]) == 0 {
			t.Fatal("no changes to compare")
		}
		writeParcels(t, filepath.Join(dir, "a.gpkg"), c.parcels[:half])
		inZone(t, writeParcels(t, filepath.Join(t.TempDir(), "b.gpkg"), c.parcels[half:]), filepath.Join(dir, "b.gpkg"), "EPSG:4529")
		for _, order := range c.orders {
			f.Survey.Source = nil
			for _, o := range order {
				f.Survey.Source = append(f.Survey.Source, filepath.Join(dir, o))
			}
			got := detect(t, f, pipeline.Options{})
			for _, l := range []string{"changes", "dropped", "unobserved_parcels"} {
				sameRows(t, c.name+", "+strings.Join(order, " ")+", "+l, want.rows[l], got.rows[l])
			}
			report := got.manifest.Survey
			if len(report.Files) != 2 || report.Parcels != want.manifest.Survey.Parcels || (len(report.Overlaps) != 0) != (c.name == "with overlaps") {
				t.Errorf("%s, %v: %+v", c.name, order, report)
			}
		}
	}
}

func sameRows(t *testing.T, what string, a, b []string) {
	t.Helper()
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || !alike(a[i], b[i]) {
			t.Errorf("%s: row %d of %d and %d:\n%s\n%s", what, i, len(a), len(b), at(a, i), at(b, i))
			return
		}
	}
}

// inZone writes a layer of parcels in another system.
func inZone(t *testing.T, from, to, crs string) {
	t.Helper()
	spec := vector.LayerSpec{Source: from}
	info, err := gdal.DescribeLayer(ctx, spec)
	if err != nil {
		t.Fatal(err)
	}
	spec.Fields = info.Fields
	table := vector.Table{Name: info.Name, CRS: crs, Geometry: "Polygon"}
	for _, f := range info.Fields {
		table.Fields = append(table.Fields, vector.Field{Name: f, Type: vector.String})
	}
	table.Rows = func(yield func(vector.Row, error) bool) {
		err := gdal.ReadLayer(ctx, spec, crs, func(f vector.Feature) error {
			row := vector.Row{WKB: slices.Clone(f.WKB)}
			for _, v := range f.Values {
				row.Values = append(row.Values, v)
			}
			yield(row, nil)
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	if err := gdal.WriteGeoPackage(ctx, to, []vector.Table{table}, vector.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
}

// alike reports whether two rows have equal texts, and numbers that agree to 10⁻⁶ or the last of two decimals.
func alike(a, b string) bool {
	parts := func(s string) []string {
		return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("|:;, ", r) })
	}
	x, y := parts(a), parts(b)
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		p, errP := strconv.ParseFloat(x[i], 64)
		q, errQ := strconv.ParseFloat(y[i], 64)
		if x[i] != y[i] && (errP != nil || errQ != nil || math.Abs(p-q) > max(0.0101, 1e-6*math.Abs(p))) {
			return false
		}
	}
	return true
}
