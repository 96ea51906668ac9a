package stac

import (
	"slices"
	"strings"
	"testing"
)

const tiff = `"type": "image/tiff; application=geotiff; profile=cloud-optimized", `

func TestImages(t *testing.T) {
	rgbn, rgb := named10("blue", "green", "red", "nir"), named10("red", "green", "blue")
	single := func(name string) string {
		return `"` + name + `": {"href": "` + name + `.tif", ` + tiff + `"roles": ["data"], ` + named10(name) + `}`
	}
	visual := `"tci": {"href": "v.tif", ` + tiff + `"roles": ["visual"], ` + rgb + `}`
	for _, c := range []struct{ name, assets, key, want, wrong string }{
		{"by its role", `"a": {"href": "a", "roles": ["data"], ` + rgbn + `}, "b": {"href": "b.json", "type": "application/json", "roles": ["data"]}`, "", "a", ""},
		{"by its type", `"a": {"href": "a", ` + tiff + rgbn + `}, "b": {"href": "b.png", "type": "image/png", "roles": ["thumbnail"]}`, "", "a", ""},
		{"beside a panchromatic band", `"ms": {"href": "a", ` + tiff + rgbn + `}, ` + single("pan"), "", "ms", ""},
		{"beside a picture", `"a": {"href": "a", "roles": ["data"], ` + rgbn + `}, ` + visual, "", "a", ""},
		{"a picture alone", visual, "", "tci", ""},
		{"bands unsaid", `"a": {"href": "a", "roles": ["data"]}, "t": {"href": "t", "roles": ["thumbnail"]}`, "", "a", ""},
		{"bands without names", `"a": {"href": "a", ` + tiff + `"eo:bands": [{"name": "B1"}, {"name": "B2"}, {"name": "B3"}]}`, "", "a", ""},
		{"a mask is none", `"a": {"href": "a", "roles": ["data"]}, "m": {"href": "m", ` + tiff + `"roles": ["cloud", "data"]}`, "", "a", ""},
		{"by name", single("pan") + "," + single("red"), "pan", "pan", ""},
		{"two", `"a": {"href": "a", ` + tiff + rgbn + `}, "b": {"href": "b", ` + tiff + rgb + `}`, "", "", "has several images, a, b: choose one, as in `asset: a`"},
		{"two of two, by name", `"a": {"href": "a", ` + tiff + rgbn + `}, "b": {"href": "b", ` + tiff + rgb + `}`, "b", "b", ""},
		{"apart", single("red") + "," + single("blue") + "," + visual, "", "",
			"build one file per scene, as with `gdalbuildvrt -separate -resolution highest scene.vrt blue.tif red.tif` and `gdal_translate scene.vrt scene.tif`, and give it as `uri: scene.tif` with `bands: {blue: 1, red: 2}`"},
		{"a band twice", `"a": {"href": "a", ` + tiff + named10("red", "green", "red") + `}`, "", "a", ""},
		{"apart, beside a file that is not described", single("red") + "," + single("blue") + `, "x": {"href": "x", ` + tiff + `"roles": ["data"]}`, "", "", "bands in files apart"},
		{"none", `"t": {"href": "t", "roles": ["thumbnail"]}`, "", "", "has no image of three or more bands"},
		{"no such name", single("red"), "rad", "", `has no asset "rad" (did you mean "red"?): its assets are red`},
	} {
		a, err := one(t, item(c.assets)).Image(c.key)
		if a.Key != c.want || (err == nil) != (c.wrong == "") || err != nil && !strings.Contains(err.Error(), c.wrong) {
			t.Errorf("%s: %q, %v", c.name, a.Key, err)
		}
	}
}

func TestMasks(t *testing.T) {
	mask := func(roles, classes string) string {
		return `"m": {"href": "m.tif", "roles": [` + roles + `], "classification:classes": [` + classes + `]}`
	}
	const classes = `{"value": 0, "name": "no_cloud"}, {"value": 1, "name": "thin_cirrus"}, {"value": 2, "name": "Cloud shadow"}, {"value": 3, "name": "cloud_high_probability"},
		{"value": 4, "name": "cast_shadow"}, {"value": 5, "name": "unclassified"}, {"value": 6, "name": "cloudless"}, {"value": 7.5, "name": "cloud"}`
	for _, c := range []struct {
		name, assets  string
		cloud, shadow []int
	}{
		{"classes", mask(`"cloud"`, classes), []int{1, 3}, []int{2}},
		{"a data mask", mask(`"data-mask"`, classes), []int{1, 3}, []int{2}},
		{"of the only band", `"m": {"href": "m.tif", "roles": ["cloud"], "bands": [{"classification:classes": [` + classes + `]}]}`, []int{1, 3}, []int{2}},
		{"no classes", mask(`"cloud"`, ""), nil, nil},
		{"shadow only", mask(`"cloud-shadow"`, `{"value": 1, "name": "shadow"}`), nil, nil},
		{"no mask", mask(`"data"`, classes), nil, nil},
		{"two", mask(`"cloud"`, classes) + "," + strings.Replace(mask(`"cloud"`, classes), `"m"`, `"n"`, 1), nil, nil},
	} {
		m, ok := one(t, item(c.assets)).Cloud()
		if ok != (c.cloud != nil) || !slices.Equal(m.Cloud, c.cloud) || !slices.Equal(m.Shadow, c.shadow) || ok && m.Asset.Key != "m" {
			t.Errorf("%s: %+v, %v", c.name, m, ok)
		}
	}
}
