package gdal

import (
	"context"
	"math"
	"strconv"
	"testing"

	"github.com/airbusgeo/godal"

	"tuban/raster"
)

func near(a, b, tolerance float64) bool { return math.Abs(a-b) <= tolerance }

func TestGeographer(t *testing.T) {
	// The regulation's zone 42 has its meridian at 126°E, with the zone in the easting.
	for _, crs := range []string{"EPSG:4530", esriZone42} {
		g, err := NewGeographer(crs)
		if err != nil {
			t.Fatal(err)
		}
		xs, ys := []float64{42_500_000, 42_420_000}, []float64{0, 4_850_000}
		if err := g.ToLonLat(xs, ys); err != nil {
			t.Fatal(err)
		}
		if !near(xs[0], 126, 1e-9) || !near(ys[0], 0, 1e-9) || !near(xs[1], 125, 0.02) || !near(ys[1], 43.78, 0.02) {
			t.Errorf("%v %v", xs, ys)
		}
		g.Close()
	}
	g, err := NewGeographer("EPSG:4490")
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	xs, ys := []float64{125.3}, []float64{43.8}
	if err := g.ToLonLat(xs, ys); err != nil || xs[0] != 125.3 || ys[0] != 43.8 {
		t.Errorf("a geographic system is its own: %v %v %v", xs, ys, err)
	}
}

// esriZone42 is EPSG:4530 as surveys carry it in a .prj file: without a number.
const esriZone42 = `PROJCS["CGCS2000_3_Degree_GK_Zone_42",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",42500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",126.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`

func TestCRSInfo(t *testing.T) {
	for _, crs := range []string{"EPSG:4530", esriZone42} {
		c, err := CRSInfo(crs)
		if err != nil {
			t.Fatal(err)
		}
		if c.Code != "EPSG:4530" || c.Geographic || !c.Projected || c.SemiMajor != 6378137 || !near(c.InverseFlattening, 298.257222101, 1e-6) || c.Unit != 1 {
			t.Errorf("%+v", c)
		}
	}
	c, err := CRSInfo("EPSG:4490")
	if err != nil || !c.Geographic || !near(c.Unit, math.Pi/180, 1e-9) {
		t.Errorf("%+v %v", c, err)
	}
	for _, bad := range []string{"", "EPSG:1", "/etc/passwd", "http://example.com/x.wkt", "GCS"} {
		if _, err := CRSInfo(bad); err == nil {
			t.Errorf("%q is a reference system?", bad)
		}
	}
	for _, pair := range [][2]string{{"EPSG:4530", esriZone42}, {"EPSG:32651", "EPSG:32651"}} {
		if same, err := SameCRS(pair[0], pair[1]); err != nil || !same {
			t.Errorf("%.20s and %.20s: %v %v", pair[0], pair[1], same, err)
		}
	}
	// Heights are left out.
	for crs, want := range map[string]string{"EPSG:4979": "EPSG:4326", "EPSG:4326+5773": "EPSG:4326", "EPSG:4480": "EPSG:4490"} {
		sr, err := godal.NewSpatialRef(crs, policy)
		if err != nil {
			t.Fatal(err)
		}
		if code := crsCode(sr); code != want {
			t.Errorf("%s goes by %s, want %s", crs, code, want)
		}
		sr.Close()
	}
	for _, other := range []string{"EPSG:4551", "EPSG:32652", "EPSG:4326"} {
		if same, err := SameCRS("EPSG:4530", other); err != nil || same {
			t.Errorf("EPSG:4530 and %s: %v %v", other, same, err)
		}
	}
}

// Every code that recognition can give means the system it was given for.
func TestRecogniseCGCS2000(t *testing.T) {
	setup()
	for code := 4513; code <= 4554; code++ {
		name := "EPSG:" + strconv.Itoa(code)
		sr, err := parseCRS(name)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := recogniseCGCS2000(sr); !ok || got != name {
			t.Errorf("%s is recognised as %q", name, got)
		}
		sr.Close()
	}
}

func TestTransformBounds(t *testing.T) {
	b := raster.Bounds{MinX: 42_300_000, MinY: 4_700_000, MaxX: 42_700_000, MaxY: 4_900_000}
	out, err := TransformBounds("EPSG:4530", "EPSG:4490", b)
	if err != nil {
		t.Fatal(err)
	}
	// The northern edge is highest on the meridian, in its middle, not at its ends.
	g, _ := NewGeographer("EPSG:4530")
	defer g.Close()
	xs, ys := []float64{42_500_000, 42_300_000}, []float64{4_900_000, 4_900_000}
	if err := g.ToLonLat(xs, ys); err != nil {
		t.Fatal(err)
	}
	if !near(out.MaxY, ys[0], 1e-6) || !(ys[0] > ys[1]) {
		t.Errorf("the north is %v, the middle of the edge %v, its end %v", out.MaxY, ys[0], ys[1])
	}
	// A zone prefix that is missing from the coordinates puts them beyond the earth.
	if out, err := TransformBounds("EPSG:4530", "EPSG:32651", raster.Bounds{MinX: 4e9, MinY: 4.7e9, MaxX: 4.1e9, MaxY: 4.9e9}); err == nil {
		t.Errorf("no error, but %v", out)
	}
}

func TestGroundSize(t *testing.T) {
	cases := []struct {
		g    raster.Grid
		x, y float64
		tol  float64
	}{
		{raster.Grid{CRS: "EPSG:4530", Transform: [6]float64{42_420_000, 0.5, 0, 4_850_000, 0, -0.5}, W: 100, H: 60}, 0.5, 0.5, 0},
		{raster.Grid{CRS: "EPSG:32651", Transform: [6]float64{500_000, 30, 0, 3_600_000, 0, -30}, W: 400, H: 400}, 30, 30, 0},
		// One degree of the parallel of 43.8° and of the meridian there.
		{raster.Grid{CRS: "EPSG:4490", Transform: [6]float64{125, 1e-4, 0, 43.805, 0, -1e-4}, W: 100, H: 100}, 8.0478, 11.1107, 1e-3},
		{raster.Grid{CRS: "EPSG:3857", Transform: [6]float64{13_900_000, 10, 0, 5_400_000, 0, -10}, W: 100, H: 100}, 7.27, 7.26, 0.03},
	}
	for _, c := range cases {
		x, y, err := GroundSize(c.g)
		if err != nil || !near(x, c.x, c.tol) || !near(y, c.y, c.tol) {
			t.Errorf("%v: %v × %v, %v", c.g, x, y, err)
		}
	}
}

func TestPreview(t *testing.T) {
	f := file{w: 2000, h: 1500, bands: 2, dataType: "Byte", noData: number(0), options: []string{"TILED=YES"}}
	path, numbers, _ := f.write(t)
	s := sceneOf(t, path, 2)
	roles := []raster.Role{raster.Green, raster.NIR}
	mean := 0.0
	n := 0
	for _, v := range numbers[1] {
		if v != 0 {
			mean += v
			n++
		}
	}
	mean /= float64(n)
	for name, g := range map[string]raster.Grid{
		"a tenth":         {CRS: s.Native.CRS, Transform: [6]float64{utm[0] - 500, 100, 0, utm[3] + 500, 0, -100}, W: 210, H: 160},
		"degrees, coarse": {CRS: "EPSG:4326", Transform: [6]float64{122.99, 0.0011, 0, 43.37, 0, -0.0011}, W: 240, H: 140},
	} {
		p, err := Preview(context.Background(), s, g, roles)
		if err != nil {
			t.Fatal(err)
		}
		if known(p[1]) != 0 {
			t.Errorf("%s: a band that the scene lacks has %d pixels", name, known(p[1]))
		}
		sum, k := 0.0, 0
		for _, v := range p[0] {
			if v == v {
				sum += float64(v)
				k++
			}
		}
		if k < 100*100 || !near(sum/float64(k), mean, 5) || p[0][0] == p[0][0] {
			t.Errorf("%s: %d pixels with a mean of %g, want %g", name, k, sum/float64(k), mean)
		}
	}
	// At full size on the scene's own lattice a preview is the pixels themselves.
	g := s.Native.Crop(raster.Window{X: 100, Y: 50, W: 70, H: 33})
	p, err := Preview(context.Background(), s, g, roles)
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewReader(s.Native, []raster.Scene{s}, ReaderOptions{Roles: roles})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	want := planes(70*33, 2)
	if err := r.Read(context.Background(), 0, raster.Window{X: 100, Y: 50, W: 70, H: 33}, want); err != nil {
		t.Fatal(err)
	}
	// The reader asked for both roles has green alone to go by, as the preview.
	if err := same(p, want); err != nil {
		t.Error(err)
	}
}
