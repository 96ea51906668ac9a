package index

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tuban/raster"
)

func TestCatalogue(t *testing.T) {
	name := regexp.MustCompile(`^[a-z][a-z0-9]*$`)
	purposes := []string{"vegetation", "water", "built", "soil", "shadow", "moisture", "burn", "brightness", "snow", "cloud", "greenhouse", "plastic"}
	seen := map[string]bool{}
	for _, x := range All() {
		if !name.MatchString(x.Name) || seen[x.Name] {
			t.Errorf("%q: a name is lower case without punctuation, and unique", x.Name)
		}
		seen[x.Name] = true
		if slices.Contains(raster.Roles, raster.Role(x.Name)) {
			t.Errorf("%s is also a band role", x.Name)
		}
		if x.Title == "" || x.TitleZH == "" || x.Source == "" || len(x.Roles) == 0 {
			t.Errorf("%s lacks a title, a source or bands: %+v", x.Name, x)
		}
		if !slices.Contains(purposes, x.Purpose) {
			t.Errorf("%s: unknown purpose %q", x.Name, x.Purpose)
		}
		if x.Min >= x.Max {
			t.Errorf("%s: range %g … %g", x.Name, x.Min, x.Max)
		}
	}
	if len(seen) < 20 {
		t.Errorf("only %d indices", len(seen))
	}
	for _, must := range strings.Fields("ndvi ndwi gndvi evi2 savi msavi2 osavi brightness bitm ndbi ui mndwi bsi vrnirbi vgnirbi exg vari pisi nsvdi si nbr") {
		if !seen[must] {
			t.Errorf("%s is missing", must)
		}
	}
}

func TestAllIsACopy(t *testing.T) {
	All()[0].Name = "changed"
	if All()[0].Name != "ndvi" {
		t.Error("a caller can change the catalogue")
	}
}

func TestLookup(t *testing.T) {
	for _, name := range []string{"vrnirbi", "VrNIR-BI", "VrNIRBI", "vr_nir_bi", " vrnirbi"} {
		if x, ok := Lookup(name); !ok || x.Name != "vrnirbi" || x.SameAs != "-ndvi" {
			t.Errorf("Lookup(%q) = %+v, %v", name, x, ok)
		}
	}
	for _, name := range []string{"", "nvdi", "pantex"} {
		if _, ok := Lookup(name); ok {
			t.Errorf("Lookup(%q) finds something", name)
		}
	}
	x, _ := Lookup("msavi2")
	if !slices.Equal(x.Roles, []raster.Role{raster.Red, raster.NIR}) || !math.IsNaN(x.Min) || x.Max != 1 || !x.Reflectance {
		t.Errorf("msavi2: %+v", x)
	}
	if x, _ = Lookup("ui"); !slices.Equal(x.Roles, []raster.Role{raster.NIR, raster.SWIR2}) {
		t.Errorf("ui: %v", x.Roles)
	}
}

func TestBrokenTables(t *testing.T) {
	head := strings.Join(columns, ",") + "\n"
	for _, c := range []struct{ text, want string }{
		{"", "first line"},
		{"name,formula\n", "first line"},
		{head + "a,b\n", "wrong number of fields"},
		{head + "a,A,甲,red,soil,low,1,no,,s,\n", "a: min"},
		{head + "a,A,甲,red,soil,0,high,no,,s,\n", "a: max"},
		{head + "a,A,甲,red,soil,0,1,maybe,,s,\n", "a: reflectance"},
	} {
		if _, err := parse([]byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: error %v, want %q", c.text, err, c.want)
		}
	}
}
