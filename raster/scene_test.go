package raster

import (
	"slices"
	"strings"
	"testing"
)

func TestParseRole(t *testing.T) {
	for _, r := range Roles {
		if got, err := ParseRole(" " + strings.ToUpper(string(r)) + "\t"); err != nil || got != r {
			t.Errorf("%s: %s, %v", r, got, err)
		}
	}
	for _, s := range []string{"", " ", "infrared", "band4"} {
		if r, err := ParseRole(s); err == nil || r != noRole || !strings.Contains(err.Error(), "nir2, swir1") {
			t.Errorf("%q: %q, %v", s, r, err)
		}
	}
}

func TestMissing(t *testing.T) {
	s := Scene{Bands: map[Role]Band{Red: {Index: 1}, Blue: {Index: 3}}}
	if !s.Has(Red) || s.Has(NIR) {
		t.Error("what the scene has")
	}
	if got := s.Missing([]Role{NIR, Red, Green}); !slices.Equal(got, []Role{NIR, Green}) {
		t.Errorf("missing %v", got)
	}
	if got := s.Missing([]Role{Blue}); got != nil {
		t.Errorf("missing %v", got)
	}
}
