package sensor

import (
	"slices"
	"strings"
	"testing"

	"tuban/raster"
)

func TestLookupToleratesSpelling(t *testing.T) {
	for _, name := range []string{"GF-2", "gf2", "GF 2", "GF2_PMS1", " gf-2 pms ", "高分二号"} {
		s, ok := Lookup(name)
		if !ok || s.Name != "GF-2 PMS" {
			t.Errorf("Lookup(%q) = %q, %v", name, s.Name, ok)
		}
	}
	s, _ := Lookup("pléiades neo")
	if want := []raster.Role{"coastal", "blue", "green", "red", "rededge", "nir"}; !slices.Equal(s.Roles, want) {
		t.Errorf("Pleiades Neo: %v", s.Roles)
	}
	if _, ok := Lookup(""); ok {
		t.Error("the empty name is a sensor")
	}
}

func TestFindErrors(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"GF-22", "GF-2"},
		{"worldveiw-3", "WorldView-3"},
		{"JL1-07B", "meta XML"},
		{"Pleiades-1A", "DIMAP"},
		{"Sentinel-2", "Sentinel-2 L2A"},
		{" ", "no name"},
	} {
		_, err := Find(c.name)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "declare") {
			t.Errorf("Find(%q): %v, want mention of %q and of declaring", c.name, err, c.want)
		}
	}
	if _, err := Find("JL1GF03D"); err != nil {
		t.Error(err)
	}
}

func TestEverySensor(t *testing.T) {
	for _, name := range Names() {
		s, ok := Lookup(name)
		if !ok {
			t.Fatalf("%s is not found by its own name", name)
		}
		seen := map[raster.Role]bool{}
		for _, r := range s.Roles {
			if r != "" && seen[r] {
				t.Errorf("%s has %s twice", name, r)
			}
			seen[r] = true
		}
		if len(s.Roles) > 0 && seen[raster.NIR] != s.HasNIR {
			t.Errorf("%s: bands and nir disagree", name)
		}
		if seen[raster.SWIR1] && !s.HasSWIR {
			t.Errorf("%s: bands and swir disagree", name)
		}
		if len(s.Bands()) > len(s.Roles) {
			t.Errorf("%s: more roles than bands", name)
		}
		if len(s.Roles) == 0 && s.Note == "" {
			t.Errorf("%s: no bands and no reason", name)
		}
	}
	// B8A stands behind B08, so shortwave infrared is at 12 and 13 of a level 1C stack.
	s, _ := Lookup("S2 L1C")
	if b := s.Bands(); b[raster.NIR] != 8 || b[raster.SWIR1] != 12 || b[raster.SWIR2] != 13 {
		t.Errorf("Sentinel-2 L1C: %v", b)
	}
	if b, _ := Lookup("S2 L2A"); b.Bands()[raster.SWIR2] != 12 {
		t.Errorf("Sentinel-2 L2A: %v", b.Bands())
	}
}

func TestLookupGivesACopy(t *testing.T) {
	s, _ := Lookup("GF-2")
	s.Roles[0] = "spoiled"
	if again, _ := Lookup("GF-2"); again.Roles[0] != raster.Blue {
		t.Error("the table changed through a result")
	}
}
