package stac

import (
	"strings"
	"testing"
)

// item is an Item of version 1.0 with the given assets.
func item(assets string) string {
	return `{"type": "Feature", "stac_version": "1.0.0", "id": "a", "geometry": null, "links": [],
	"properties": {"datetime": "2025-08-20T02:50:00Z"}, "assets": {` + assets + `}}`
}

func one(t *testing.T, text string) Item {
	t.Helper()
	items, err := Parse([]byte(text))
	if err != nil || len(items) != 1 {
		t.Fatalf("%s:\n%v, %v", text, items, err)
	}
	return items[0]
}

func TestMistakes(t *testing.T) {
	good := item(`"x": {"href": "x.tif"}`)
	for _, c := range []struct{ name, text, want string }{
		{"no JSON", "type: Feature", "not readable as JSON: byte 2"},
		{"cut off", good[:60], "not readable as JSON: byte 60"},
		{"a list", "[]", "not readable as STAC"},
		{"nothing", "{}", `type is ""`},
		{"a collection", `{"type": "Collection", "stac_version": "1.0.0", "id": "c"}`, "this is a STAC Collection, which only links to its items: give the items"},
		{"a catalogue", `{"type": "Catalog", "stac_version": "1.0.0", "id": "c"}`, "this is a STAC Catalog"},
		{"a geometry", `{"type": "Polygon"}`, `type is "Polygon"`},
		{"GeoJSON", strings.Replace(good, `"stac_version": "1.0.0", `, "", 1), "no stac_version: this is GeoJSON"},
		{"version 0.9", strings.Replace(good, "1.0.0", "0.9.0", 1), `STAC version "0.9.0" is not known: 1.0 and 1.1 are`},
		{"version 1.2", strings.Replace(good, "1.0.0", "1.2.0", 1), `STAC version "1.2.0" is not known`},
		{"no id", strings.Replace(good, `"id": "a", `, "", 1), "the item has no id"},
		{"no time", strings.Replace(good, "2025-08-20T02:50:00Z", "2025-08-20", 1), `a: datetime "2025-08-20" is not a time such as`},
		{"no href", item(`"x": {}`), `a: asset "x" has no href`},
		{"an asset twice", item(`"x": {"href": "1"}, "x": {"href": "2"}`), `asset "x" is there twice`},
		{"assets as a list", strings.Replace(good, `{"x": {"href": "x.tif"}}`, "[]", 1), "[]… where an object is wanted"},
		{"bands as an object", item(`"x": {"href": "x.tif", "bands": {}}`), "where a list is wanted"},
		{"a wrong no-data", item(`"x": {"href": "x.tif", "nodata": "none"}`), `nodata is "none": a number is wanted`},
		{"nothing found", `{"type": "FeatureCollection", "features": []}`, "the collection has no items"},
		{"no features", `{"type": "FeatureCollection"}`, "the collection has no items"},
		{"a feature of GeoJSON", `{"type": "FeatureCollection", "features": [` + good + `, {"type": "Feature"}]}`, "item 2: no stac_version"},
		{"one page", `{"type": "FeatureCollection", "numberMatched": 12, "features": [` + good + `]}`, "one page of an answer, 1 items of 12"},
		{"one page, in old words", `{"type": "FeatureCollection", "context": {"matched": 12}, "features": [` + good + `]}`, "one page of an answer, 1 items of 12"},
		{"a next page", `{"type": "FeatureCollection", "links": [{"rel": "next"}], "features": [` + good + `]}`, "it links to the next"},
		{"too many bands", item(`"x": {"href": "x.tif", "bands": [` + strings.Repeat("{},", maxBands) + `{}]}`), "more than 1000 bands of an asset"},
		{"too many items", `{"type": "FeatureCollection", "features": [` + strings.Repeat("{},", maxItems) + `{}]}`, "more than 100000 items"},
		{"too large", strings.Repeat(" ", maxBytes+1), "larger than 64 MiB"},
	} {
		items, err := Parse([]byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %+v, %v, want %q", c.name, items, err, c.want)
		}
	}
}

func TestCollections(t *testing.T) {
	a, b := item(`"x": {"href": "x.tif"}`), strings.Replace(item(""), `"id": "a"`, `"id": "b"`, 1)
	for _, head := range []string{"", `"numberMatched": 2, "links": [{"rel": "next"}],`, `"links": [{"rel": "self"}],`, `"context": {"matched": 2},`} {
		items, err := Parse([]byte("\ufeff{\"type\": \"FeatureCollection\", " + head + `"features": [` + b + "," + a + "]}"))
		if err != nil || len(items) != 2 || items[0].ID != "b" || items[1].ID != "a" {
			t.Errorf("%s: %+v, %v", head, items, err)
		}
	}
}

func TestDays(t *testing.T) {
	for _, c := range []struct{ properties, day, wrong string }{
		{`"datetime": "2025-08-20T23:59:59.999Z"`, "2025-08-20", ""},
		{`"datetime": "2025-08-20T00:00:00+08:00"`, "2025-08-20", ""},
		{`"datetime": "2025-08-20t02:50:00z"`, "2025-08-20", ""},
		{`"datetime": null, "start_datetime": "2025-08-20T02:50:00Z", "end_datetime": "2025-08-20T02:51:00Z"`, "2025-08-20", ""},
		{`"datetime": "2025-08-21T00:00:00Z", "start_datetime": "2025-08-20T02:50:00Z", "end_datetime": "2025-08-22T02:51:00Z"`, "2025-08-21", ""},
		{`"datetime": null, "start_datetime": "2025-08-20T02:50:00Z", "end_datetime": "2025-09-01T02:51:00Z"`, "", "spans 2025-08-20 to 2025-09-01"},
		{`"datetime": null, "start_datetime": "2025-08-20T02:50:00Z"`, "", "has no datetime"},
		{`"datetime": null`, "", "has no datetime"},
		{`"platform": "x"`, "", "has no datetime"},
	} {
		it := one(t, strings.Replace(item(""), `"datetime": "2025-08-20T02:50:00Z"`, c.properties, 1))
		if day, err := it.Day(); day != c.day || (err == nil) != (c.wrong == "") || err != nil && !strings.Contains(err.Error(), c.wrong) {
			t.Errorf("%s: %q, %v", c.properties, day, err)
		}
	}
}

func TestSensors(t *testing.T) {
	for _, c := range []struct{ properties, want string }{
		{`"platform": "gf-2", "instruments": ["pms"]`, "GF-2 PMS"},
		{`"platform": "landsat-8", "instruments": ["oli", "tirs"]`, "Landsat 8/9 OLI"},
		{`"platform": "sentinel-2a", "constellation": "sentinel-2"`, "Sentinel-2"},
		{`"constellation": "BJ-2"`, "BJ-2"},
		{`"platform": "sputnik", "instruments": ["eye", "ear"]`, "sputnik eye ear"},
		{`"gsd": 1`, ""},
	} {
		it := one(t, strings.Replace(item(""), `"datetime"`, c.properties+`, "datetime"`, 1))
		if it.Sensor != c.want {
			t.Errorf("%s: %q, want %q", c.properties, it.Sensor, c.want)
		}
	}
}
