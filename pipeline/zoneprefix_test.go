package pipeline

import (
	"fmt"
	"strings"
	"testing"

	"tuban/raster"
)

// A county in the middle of Jilin, as its coordinates are found under right and wrong codes.
func TestCheckZone(t *testing.T) {
	box := func(x, y float64) raster.Bounds {
		return raster.Bounds{MinX: x, MinY: y, MaxX: x + 40_000, MaxY: y + 60_000}
	}
	const x, y = 480_000, 4_850_000
	degrees, lonLat := raster.Bounds{MinX: 125.8, MinY: 43.5, MaxX: 126.3, MaxY: 44.1}, raster.Bounds{MinX: 43.5, MinY: 125.8, MaxX: 44.1, MaxY: 126.3}
	for _, c := range []struct {
		name string
		code int
		b    raster.Bounds
		want string // of the error, "" for none
	}{
		{"three degrees, prefix", 4530, box(42e6+x, y), ""},
		{"three degrees, no prefix", 4551, box(x, y), ""},
		{"six degrees, prefix", 4499, box(21e6+x, y), ""},
		{"six degrees, no prefix", 4510, box(x, y), ""},
		{"degrees", 4490, degrees, ""},
		{"a prefix, and the code has none", 4551, box(42e6+x, y), "begin with the zone number 42, and this code has none: assign EPSG:4530"},
		{"a prefix of another zone, and the code has none", 4552, box(42e6+x, y), "another meridian: assign EPSG:4530"},
		{"no prefix, and the code has one", 4530, box(x, y), "have no zone number before them: assign EPSG:4551"},
		{"another zone", 4529, box(42e6+x, y), "begin with the zone number 42, not 41: assign EPSG:4530"},
		{"six degrees under a code of three", 4530, box(21e6+x, y), "begin with the zone number 21, not 42: assign EPSG:4499"},
		{"three degrees under a code of six", 4499, box(42e6+x, y), "begin with the zone number 42, not 21: assign EPSG:4530"},
		{"six degrees, no prefix, and the code has one", 4499, box(x, y), "assign EPSG:4510"},
		{"Xian 1980", 2366, box(x, y), "Xian 1980, 3-degree zone 42, eastings begin with 42"},
		{"Beijing 1954, a prefix", 2439, box(42e6+x, y), "assign EPSG:2418"},
		{"axes exchanged", 4551, raster.Bounds{MinX: y, MinY: x, MaxX: y + 60_000, MaxY: x + 40_000}, "the axes are exchanged"},
		{"axes exchanged, with a prefix", 4530, raster.Bounds{MinX: y, MinY: 42e6 + x, MaxX: y + 60_000, MaxY: 42e6 + x + 40_000}, "the axes are exchanged"},
		{"degrees exchanged", 4490, lonLat, "x looks like a latitude"},
		{"degrees under a code in metres", 4530, degrees, "look like degrees: assign EPSG:4490"},
		{"metres under a code in degrees", 4490, box(42e6+x, y), "zone number 42 before the easting: assign EPSG:4530"},
		{"metres without prefix under a code in degrees", 4326, box(x, y), "without a zone number"},
		{"UTM is none of its business", 32651, box(42e6+x, y), ""},
		{"nor what it does not understand", 4530, box(1000, 5000), ""},
		{"two zones at once", 4530, raster.Bounds{MinX: 41_480_000, MinY: y, MaxX: 42_480_000, MaxY: y + 1}, ""},
		{"nothing", 4530, raster.EmptyBounds(), ""},
	} {
		err := checkZone(fmt.Sprintf("EPSG:%d", c.code), c.b)
		if (err == nil) != (c.want == "") || err != nil && (!strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), fmt.Sprintf("declared EPSG:%d", c.code))) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	for _, crs := range []string{"", "EPSG:", "PROJCS[\"x\"]", "ESRI:4530", "EPSG:99999"} {
		if err := checkZone(crs, box(x, y)); err != nil {
			t.Errorf("%q: %v", crs, err)
		}
	}
}

// The code that an error names is one under which the same coordinates pass.
func TestCheckZoneNamesTheRightCode(t *testing.T) {
	for _, f := range zoneFamilies {
		for i := range f.count {
			for zone := 13; zone <= 45; zone++ {
				for _, declared := range []int{f.prefixed + i, f.plain + i} {
					for _, x := range []float64{500_000, float64(zone)*1e6 + 500_000} {
						b := raster.Bounds{MinX: x, MinY: 4e6, MaxX: x + 1000, MaxY: 4e6 + 1000}
						err := checkZone(fmt.Sprintf("EPSG:%d", declared), b)
						if err == nil {
							continue
						}
						_, right, ok := strings.Cut(err.Error(), "assign ")
						if again := checkZone(right, b); !ok || again != nil {
							t.Fatalf("%v; and under that code: %v", err, again)
						}
					}
				}
			}
		}
	}
}
