package pipeline

import (
	"reflect"
	"strings"
	"testing"

	"tuban/pipeline/runfile"
	"tuban/raster"
	"tuban/raster/stac"
)

// gf2 is an item of two scenes' worth of detail: bands of STAC 1.1, a mask with named classes, everything beside it.
const gf2 = `{"type": "Feature", "stac_version": "1.1.0", "id": "GF2_1",
	"properties": {"datetime": "2025-08-20T02:50:00Z", "platform": "GF-2", "instruments": ["pms"]},
	"assets": {
		"image": {"href": "./GF2_1.tif", "type": "image/tiff; application=geotiff", "roles": ["data"], "nodata": 0, "raster:scale": 0.0001, "raster:offset": -0.1,
			"bands": [{"eo:common_name": "blue"}, {"eo:common_name": "green"}, {"eo:common_name": "red"}, {"eo:common_name": "nir"}]},
		"mask": {"href": "masks/GF2_1.tif", "type": "image/tiff", "roles": ["cloud", "cloud-shadow"],
			"classification:classes": [{"value": 0, "name": "clear"}, {"value": 1, "name": "cloud"}, {"value": 2, "name": "cloud_shadow"}]}}}`

func readItems(t *testing.T, text string) []stac.Item {
	t.Helper()
	items, err := stac.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return items
}

func TestFromSTAC(t *testing.T) {
	five := 5.0
	bands := map[string]int{"blue": 1, "green": 2, "red": 3, "nir": 4}
	cloud := &runfile.Cloud{Source: "s3://bucket/2025/masks/GF2_1.tif", Cloud: []int{1}, Shadow: []int{2}}
	own := &runfile.Cloud{Source: "{dir}/own.tif"}
	silent := strings.NewReplacer(`"bands"`, `"none"`, "GF-2", "unheard-of").Replace(gf2)
	span := strings.Replace(gf2, `"datetime": "2025-08-20T02:50:00Z"`, `"datetime": null, "start_datetime": "2025-08-20T02:50:00Z", "end_datetime": "2025-08-22T02:50:00Z"`, 1)
	apart := strings.Replace(gf2, `{"eo:common_name": "green"}`, `{"eo:common_name": "blue"}`, 1)
	seams := &runfile.Seams{Source: "s.gpkg", Date: "RQ"}
	for _, c := range []struct {
		name, item  string
		entry, want runfile.Scene
		wrong       string
	}{
		{"as the item says", gf2, runfile.Scene{STAC: "i.json"},
			runfile.Scene{Date: "2025-08-20", Sensor: "GF-2 PMS", Bands: bands, Cloud: cloud}, ""},
		{"as declared", gf2, runfile.Scene{Asset: "image", Date: "2025-08-21", Bands: map[string]int{"red": 1}, NoData: &five, CRS: "EPSG:4528", Cloud: own},
			runfile.Scene{Date: "2025-08-21", Bands: map[string]int{"red": 1}, NoData: &five, CRS: "EPSG:4528", Cloud: own}, ""},
		{"a declared sensor", gf2, runfile.Scene{Sensor: "GF-1"}, runfile.Scene{Date: "2025-08-20", Sensor: "GF-1", Cloud: cloud}, ""},
		{"no bands, a known sensor", strings.Replace(gf2, `"bands"`, `"none"`, 1), runfile.Scene{}, runfile.Scene{Date: "2025-08-20", Sensor: "GF-2 PMS", Cloud: cloud}, ""},
		{"no bands, an unknown sensor", silent, runfile.Scene{}, runfile.Scene{Date: "2025-08-20", Cloud: cloud}, ""},
		{"several days with seams", span, runfile.Scene{Seams: seams}, runfile.Scene{Sensor: "GF-2 PMS", Bands: bands, Cloud: cloud, Seams: seams}, ""},
		{"several days declared as one", span, runfile.Scene{Date: "20250821"}, runfile.Scene{Date: "20250821", Sensor: "GF-2 PMS", Bands: bands, Cloud: cloud}, ""},
		{"several days", span, runfile.Scene{}, runfile.Scene{}, "item GF2_1 spans 2025-08-20 to 2025-08-22: declare the date of the scene, or its seam lines"},
		{"a band twice", apart, runfile.Scene{}, runfile.Scene{}, `item GF2_1: bands 1 and 2 of asset "image" are both blue: declare the bands`},
		{"a band twice, but declared", apart, runfile.Scene{Bands: bands}, runfile.Scene{Date: "2025-08-20", Bands: bands, Cloud: cloud}, ""},
		{"no such asset", gf2, runfile.Scene{Asset: "imag"}, runfile.Scene{}, `item GF2_1 has no asset "imag" (did you mean "image"?)`},
		{"on the web", strings.Replace(gf2, "./GF2", "https://example.org/GF2", 1), runfile.Scene{}, runfile.Scene{}, "item GF2_1: asset \"image\" is at https://example.org/GF2_1.tif"},
	} {
		got, err := FromSTAC(readItems(t, c.item), "s3://bucket/2025/i.json", c.entry)
		if c.wrong != "" {
			if err == nil || !strings.HasPrefix(err.Error(), "s3://bucket/2025/i.json: "+c.wrong) {
				t.Errorf("%s: %v, want %q", c.name, err, c.wrong)
			}
			continue
		}
		c.want.URI = "s3://bucket/2025/GF2_1.tif"
		if err != nil || len(got) != 1 || !reflect.DeepEqual(got[0].Entry, c.want) {
			t.Errorf("%s: %v\ngot  %+v\nwant %+v", c.name, err, got, c.want)
		}
	}
}

// Each item is an entry, in the order of the collection.
func TestFromSTACKeepsTheOrder(t *testing.T) {
	second := strings.NewReplacer("GF2_1", "GF2_0", "2025-08-20", "2025-08-19").Replace(gf2)
	got, err := FromSTAC(readItems(t, `{"type": "FeatureCollection", "features": [`+gf2+","+second+`]}`), "items.json", runfile.Scene{})
	if err != nil || len(got) != 2 || got[0].Entry.URI != "GF2_1.tif" || got[1].Entry.URI != "GF2_0.tif" || got[1].Entry.Date != "2025-08-19" {
		t.Errorf("%+v, %v", got, err)
	}
}

// The item fills what the file leaves open, and only that.
func TestItemCompletesTheFile(t *testing.T) {
	s, err := FromSTAC(readItems(t, gf2), "i.json", runfile.Scene{})
	if err != nil {
		t.Fatal(err)
	}
	zero, own := 0.0, 65535.0
	info := raster.Info{Bands: []raster.BandInfo{{Index: 1, Scale: 1}, {Index: 2, Scale: 0.01, NoData: &own}, {Index: 3, Scale: 1, Offset: -1000}}}
	want := []raster.BandInfo{
		{Index: 1, Scale: 0.0001, Offset: -0.1, NoData: &zero},
		{Index: 2, Scale: 0.01, NoData: &own},
		{Index: 3, Scale: 1, Offset: -1000, NoData: &zero},
	}
	if got := s[0].Complete(info); !reflect.DeepEqual(got.Bands, want) {
		t.Errorf("got  %+v\nwant %+v", got.Bands, want)
	}
	if info.Bands[0].Scale != 1 || info.Bands[0].NoData != nil {
		t.Error("the file's own description was changed")
	}
}
