package stac

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"tuban/raster"
)

// named11 and named10 write the same common names as each version does.
func named11(names ...string) string {
	return `"bands": [{"eo:common_name": "` + strings.Join(names, `"}, {"eo:common_name": "`) + `"}]`
}

func named10(names ...string) string {
	return `"eo:bands": [{"common_name": "` + strings.Join(names, `"}, {"common_name": "`) + `"}]`
}

// The roles that common names give, in both versions of STAC.
func TestRoles(t *testing.T) {
	for _, c := range []struct{ names, want, wrong string }{
		{"blue green red nir", "blue green red nir", ""},
		{"coastal blue green yellow red pan", "coastal blue green yellow red pan", ""},
		{"Blue x red", "blue - red", ""},
		{"coastal blue green red rededge rededge rededge nir nir08 nir09 swir16 swir22", "coastal blue green red rededge - - nir - - swir1 swir2", ""},
		{"red rededge078 rededge071 rededge075", "red - rededge -", ""},
		{"red nir08 swir16", "red nir swir1", ""},
		{"red nir08 nir", "red - nir", ""},
		{"green05 green cirrus lwir11", "- green - -", ""},
		{"red green red", "", "bands 1 and 3 of asset \"x\" are both red"},
	} {
		for _, write := range []func(...string) string{named10, named11} {
			it := one(t, item(`"x": {"href": "x.tif", `+write(strings.Fields(c.names)...)+`}`))
			roles, err := it.Assets[0].ByRole()
			if c.wrong != "" {
				if err == nil || err.Error() != c.wrong {
					t.Errorf("%s: %v", c.names, err)
				}
				continue
			}
			want := map[raster.Role]int{}
			for i, r := range strings.Fields(c.want) {
				if r != "-" {
					want[raster.Role(r)] = i + 1
				}
			}
			if err != nil || !maps.Equal(roles, want) {
				t.Errorf("%s: %v, %v, want %v", c.names, roles, err, want)
			}
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		asset         string
		scale, offset float64
		noData        string
	}{
		{`"eo:bands": [{"name": "B1"}]`, 1, 0, "none"},
		{`"raster:bands": [{"scale": 0.5, "offset": -1, "nodata": 0}]`, 0.5, -1, "0"},
		{`"eo:bands": [{"name": "B1"}], "raster:bands": [{"nodata": "nan"}]`, 1, 0, "NaN"},
		{`"raster:bands": [{"nodata": "-inf"}]`, 1, 0, "-Inf"},
		{`"bands": [{"raster:scale": 0.5, "raster:offset": -1, "nodata": 0}]`, 0.5, -1, "0"},
		{`"bands": [{"nodata": 255}], "raster:scale": 2, "raster:offset": 3, "nodata": 0`, 2, 3, "255"},
		{`"bands": [{}], "nodata": null`, 1, 0, "none"},
	} {
		b := one(t, item(`"x": {"href": "x.tif", `+c.asset+`}`)).Assets[0].Bands[0]
		noData := "none"
		if b.NoData != nil {
			noData = fmt.Sprint(*b.NoData)
		}
		if b.Scale != c.scale || b.Offset != c.offset || noData != c.noData || b.Index != 1 {
			t.Errorf("%s: %+v, no data %s", c.asset, b, noData)
		}
	}
	a := one(t, item(`"x": {"href": "x.tif", "eo:bands": [{"common_name": "red"}, {}], "raster:bands": [{"scale": 2}]}`)).Assets[0]
	if _, err := a.ByRole(); err == nil || !strings.Contains(err.Error(), "2 eo:bands and 1 raster:bands") || a.Bands[0].Scale != 1 {
		t.Errorf("%+v, %v", a, err)
	}
}
