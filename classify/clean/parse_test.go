package clean

import (
	"slices"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		in   string
		want string
		halo int
	}{
		{"none", "none", 0},
		{"", "none", 0},
		{"majority 3", "majority 3", 1},
		{"majority 31", "majority 31", 15},
		{" Open  3 ,close 5", "open 3, close 5", 6},
	} {
		ops, err := Parse(c.in)
		if err != nil || ops.String() != c.want || ops.Halo() != c.halo {
			t.Errorf("%q: %v with halo %d, %v; want %s with %d", c.in, ops, ops.Halo(), err, c.want, c.halo)
		}
	}
}

func TestParseErrorsHaveARemedy(t *testing.T) {
	for in, remedy := range map[string]string{
		"median 3":                     "majority, open and close",
		"majority":                     `"majority 3"`,
		"majority 3 3":                 `"majority 3"`,
		"open x":                       "whole number",
		"open 4":                       "try open 5",
		"open 1":                       "try open 3",
		"close -3":                     "try close 3",
		"close 99":                     "try close 31",
		"open 3,":                      "empty step",
		"none, open 3":                 "stands alone",
		strings.Repeat(",open 3", 9):   "at most 8",
		"open 99999999999999999999999": "whole number",
	} {
		if _, err := Parse(in); err == nil || !strings.Contains(err.Error(), remedy) {
			t.Errorf("%q: %v, want a remedy with %q", in, err, remedy)
		}
	}
}

// Whatever is accepted is within the limits, and its text means the same.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"none", "majority 3", "open 3, close 31", "open  05", "close 4", ",", "majority +7", "open 2 m", "open 0 m", "close 1e3 m"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ops, err := Parse(s)
		if err != nil {
			return
		}
		if halo := ops.Halo(); halo < 0 || halo > MaxSteps*(MaxSize-1) {
			t.Fatalf("%q: halo %d", s, halo)
		}
		again, err := Parse(ops.String())
		if err != nil || !slices.Equal(ops, again) {
			t.Fatalf("%q is %v, which reads as %v, %v", s, ops, again, err)
		}
	})
}

// A size in metres is the same ground whatever the pixel, and nothing where a pixel is that large.
func TestMetres(t *testing.T) {
	ops, err := Parse("majority 3, open 2 m, close 7.5 m")
	if err != nil {
		t.Fatal(err)
	}
	for pixel, want := range map[float64]string{
		0.5: "majority 3, open 5, close 15", 0.8: "majority 3, open 3, close 9", 2: "majority 3, close 3", 10: "majority 3",
		0.01: "majority 3, open 31, close 31",
	} {
		if got := ops.At(pixel).String(); got != want {
			t.Errorf("pixels of %g m: %s, want %s", pixel, got, want)
		}
	}
	for _, bad := range []string{"open 0 m", "open -1 m", "open x m", "open 1000 m", "open 2 km"} {
		if _, err := Parse(bad); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}
