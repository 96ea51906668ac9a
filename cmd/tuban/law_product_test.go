package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/peterstace/simplefeatures/geom"

	"tuban/classify/landclass"
	"tuban/classify/rules"
	"tuban/pipeline"
	"tuban/raster/ellipsoid"
	"tuban/raster/gdal"
	"tuban/raster/vector"
)

// wrong returns what the check finds wrong with a product.
func wrong(t testing.TB, dir string) (out []string) {
	t.Helper()
	findings, err := pipeline.Check(ctx, drivers(), dir)
	if err != nil {
		return []string{err.Error()}
	}
	for _, f := range findings {
		if !f.OK {
			out = append(out, f.Text)
		}
	}
	return out
}

// record is a feature with its attributes by name.
type record struct {
	values map[string]string
	wkb    []byte
}

func (r record) number(t testing.TB, field string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(r.values[field], 64)
	if err != nil {
		t.Fatalf("%s: %v", field, err)
	}
	return v
}

// records reads a layer of a product.
func records(t testing.TB, path, layer string) (out []record) {
	t.Helper()
	info, err := gdal.DescribeLayer(ctx, vector.LayerSpec{Source: path, Layer: layer})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range readLayer(t, path, layer) {
		r := record{map[string]string{}, f.WKB}
		for i, name := range info.Fields {
			r.values[name] = f.Values[i]
		}
		out = append(out, r)
	}
	return out
}

// TestWhatIsPublishedIsValid measures the product with other tools than those that made it.
func TestWhatIsPublishedIsValid(t *testing.T) {
	for _, c := range []publishedCase{{"random", haloRules, 20}, {"county", string(rules.Default(true)), 3}} {
		t.Run(c.name, func(t *testing.T) {
			file := randomPair(t, 31, 170, 90)
			if c.name == "county" {
				file = countyPair(t, 5, 500, 300)
			}
			file.Outputs = []string{"gpkg", "shp"}
			out := t.TempDir()
			detect(t, file, pipeline.Options{Out: out})
			c.check(t, filepath.Join(out, "changes.gpkg"))
			if found := wrong(t, out); len(found) > 0 {
				t.Errorf("the product does not pass its check: %q", found)
			}
		})
	}
}

type publishedCase struct {
	name, rules string
	least       int // patches
}

func (c publishedCase) check(t *testing.T, path string) {
	t.Helper()
	file, err := rules.Parse("test", []byte(c.rules))
	if err != nil {
		t.Fatal(err)
	}
	least := map[string]float64{}
	for _, k := range file.Kinds {
		least[k.Code] = k.MinArea
	}
	changes, raw := records(t, path, "changes"), records(t, path, "changes_raw")
	if len(changes) < c.least || len(raw) != len(changes) {
		t.Fatalf("%d patches, %d raw, want at least %d of each", len(changes), len(raw), c.least)
	}
	mixed := 0
	for i, r := range changes {
		g := validGeometry(t, r.wkb)
		if says, has := r.number(t, "JCMJ"), areaOf(t, r.wkb); math.Abs(says-has) > 0.01 {
			t.Errorf("%s: JCMJ %.2f, geometry %.4f m²", r.values["cid"], says, has)
		} else if math.Abs(says-g.Area()) > 2e-3*says+0.01 {
			// On the central meridian the map is true to scale; only the height of the grid above the ellipsoid is not in it.
			t.Errorf("%s: JCMJ %.2f, on the map %.4f m²", r.values["cid"], says, g.Area())
		}
		if area := r.number(t, "JCMJ"); area < least[r.values["kind"]] {
			t.Errorf("%s: %.2f m² of %s, the minimum is %.2f", r.values["cid"], area, r.values["kind"], least[r.values["kind"]])
		}
		if shares(t, r) > 1 {
			mixed++
		}
		if raw[i].values["cid"] != r.values["cid"] {
			t.Errorf("row %d is %s in changes and %s in changes_raw", i, r.values["cid"], raw[i].values["cid"])
		}
		if g := validGeometry(t, raw[i].wkb); math.Abs(g.Area()-raw[i].number(t, "pixels")) > 1e-6*g.Area() {
			t.Errorf("%s: raw area %v, %s pixels of 1 m²", r.values["cid"], g.Area(), raw[i].values["pixels"])
		}
	}
	if mixed == 0 {
		t.Error("no patch lies on several classes: the shares were not tested")
	}
	for _, r := range records(t, path, "dropped") {
		validGeometry(t, r.wkb)
		if r.values["reason"] == "" {
			t.Errorf("%s was dropped for no reason", r.values["cid"])
		}
		shares(t, r)
	}
	for _, r := range records(t, path, "unobserved") {
		validGeometry(t, r.wkb)
		if says, has := r.number(t, "MJ"), areaOf(t, r.wkb); math.Abs(says-has) > 0.01 {
			t.Errorf("unobserved: MJ %.2f, geometry %.4f m²", says, has)
		}
	}
}

// shares adds up a patch's land: by group, by class, in m² and in 亩. It returns the number of classes.
func shares(t *testing.T, r record) int {
	t.Helper()
	area, sum := r.number(t, "JCMJ"), 0.0
	for _, f := range []string{"GDMJ", "QTNYDMJ", "WLYDMJ", "JSYDMJ", "QTMJ"} {
		sum += r.number(t, f)
	}
	if math.Abs(sum-area) > 0.01 || math.Abs(ellipsoid.Mu(sum)-r.number(t, "MJM")) > 0.01 {
		t.Errorf("%s: groups %.2f, area %.2f m² = %s 亩", r.values["cid"], sum, area, r.values["MJM"])
	}
	sum, known := 0.0, 0.0
	classes := strings.Fields(r.values["DLFX"])
	for _, part := range classes {
		code, number, _ := strings.Cut(part, ":")
		v, err := strconv.ParseFloat(number, 64)
		if err != nil {
			t.Fatalf("%s: DLFX %q: %v", r.values["cid"], r.values["DLFX"], err)
		}
		sum += v
		if _, ok := landclass.TD1055.Lookup(code); ok {
			known += v
		}
	}
	if rest := r.number(t, "QTMJ"); math.Abs(known+rest-area) > 0.01 || sum > area+0.01 {
		t.Errorf("%s: %s, %.2f elsewhere, area %.2f m²", r.values["cid"], r.values["DLFX"], rest, area)
	}
	return len(classes)
}

// validGeometry decodes a geometry with the witness, which is strict.
func validGeometry(t testing.TB, b []byte) geom.Geometry {
	t.Helper()
	g, err := geom.UnmarshalWKB(b, geom.NoValidate{})
	if err == nil {
		err = g.Validate()
	}
	if err == nil && (g.IsEmpty() || g.Dimension() != 2) {
		t.Errorf("%s is no area", g.AsText())
	}
	if err != nil {
		t.Errorf("%v: %x", err, b)
	}
	return g
}

// areaOf is the ellipsoidal area of a geometry in the CRS of the tests.
func areaOf(t testing.TB, b []byte) float64 {
	t.Helper()
	g, err := wkb.Unmarshal(b)
	if err != nil {
		t.Fatal(err)
	}
	geo, err := gdal.NewGeographer(testCRS)
	if err != nil {
		t.Fatal(err)
	}
	defer geo.Close()
	mp := g.(orb.MultiPolygon)
	for _, p := range mp {
		for _, r := range p {
			for i := range r {
				x, y := []float64{r[i][0]}, []float64{r[i][1]}
				if err := geo.ToLonLat(x, y); err != nil {
					t.Fatal(err)
				}
				r[i] = orb.Point{x[0], y[0]}
			}
		}
	}
	return ellipsoid.Area(mp)
}

// rehash makes the manifest agree with the files again, as a forger would.
func rehash(t testing.TB, dir string) {
	t.Helper()
	m, err := pipeline.ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range m.Outputs {
		m.Outputs[i] = outputOf(t, dir, o.Path)
	}
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, pipeline.ManifestName), b, 0o644); err != nil {
		t.Fatal(err)
	}
}
