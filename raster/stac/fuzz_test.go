package stac

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// FuzzParse: no text breaks the parser, and what it accepts keeps its promises: an id, an href, bands counted from 1, a role
// once an asset, masks with values.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		item(`"x": {"href": "x.tif", ` + named10("red", "nir08", "rededge") + `, "raster:bands": [{"nodata": "nan"}]}`),
		item(`"x": {"href": "x.tif", "roles": ["cloud"], "classification:classes": [{"value": 1, "name": "cloud"}]}`),
		`{"type": "FeatureCollection", "features": [` + item("") + `]}`, `{"type": "Catalog"}`, "[", "null", `{"assets": {"a": null}}`, `{"features": [{"assets": 1}]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		items, err := Parse(text)
		if err != nil {
			if items != nil || err.Error() == "" {
				t.Fatalf("%+v, %v", items, err)
			}
			return
		}
		if len(items) == 0 {
			t.Fatal("no items, no error")
		}
		for _, it := range items {
			if it.ID == "" || !slices.IsSortedFunc(it.Assets, func(a, b Asset) int { return strings.Compare(a.Key, b.Key) }) {
				t.Fatalf("%+v", it)
			}
			for _, a := range it.Assets {
				roles, err := a.ByRole()
				if a.Href == "" || err == nil && len(roles) != a.spectral {
					t.Fatalf("%+v", a)
				}
				for i, b := range a.Bands {
					if b.Index != i+1 || math.IsNaN(b.Scale) {
						t.Fatalf("%+v", b)
					}
				}
			}
			if _, err := it.Day(); err != nil && err.Error() == "" {
				t.Fatal("an error without words")
			}
			if a, err := it.Image(""); err == nil && a.Href == "" {
				t.Fatalf("%+v", a)
			}
			if m, ok := it.Cloud(); ok && len(m.Cloud) == 0 {
				t.Fatalf("%+v", m)
			}
		}
	})
}
