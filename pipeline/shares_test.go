package pipeline

import (
	"fmt"
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// inCents is an area of two decimals as a whole number.
func inCents(t *rapid.T, v float64) int64 {
	c := math.Round(v * 100)
	if float64(c)/100 != v {
		t.Fatalf("%v is no whole number of hundredths", v)
	}
	return int64(c)
}

// The shares and the rest add up to the area to the cent, none is negative, and each is as near to its part as rounding allows.
func TestApportion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := float64(rapid.Int64Range(0, 1e12).Draw(t, "total")) / 100
		parts := rapid.SliceOfN(rapid.OneOf(rapid.Float64Range(0, 1), rapid.Float64Range(0, 1e7), rapid.Just(0.0), rapid.Just(100.0/3)), 1, 20).Draw(t, "parts")
		exact := rapid.Bool().Draw(t, "exact")
		sum := 0.0
		for _, a := range parts {
			sum += a
		}
		byClass := map[string]float64{}
		for i, a := range parts[:len(parts)-1] {
			if exact && sum > 0 {
				a *= total / sum
			}
			byClass[fmt.Sprint("c", i)] = a
		}
		uncovered := parts[len(parts)-1]
		if exact && sum > 0 {
			uncovered *= total / sum
		}
		shares, rest := apportion(total, byClass, uncovered)
		left := inCents(t, total) - inCents(t, rest)
		if rest < 0 {
			t.Fatalf("uncovered %v", rest)
		}
		for i, s := range shares {
			c := inCents(t, s.Area)
			left -= c
			if c <= 0 || i > 0 && s.Area > shares[i-1].Area || i > 0 && s.Area == shares[i-1].Area && s.Code < shares[i-1].Code {
				t.Fatalf("shares %v", shares)
			}
			if want := byClass[s.Code]; exact && math.Abs(s.Area-want) > 0.0101 {
				t.Fatalf("%s has %v of %v", s.Code, s.Area, want)
			}
		}
		if left != 0 {
			t.Fatalf("%d cents are left of %v: %v, %v", left, total, shares, rest)
		}
		for range 20 {
			// The order of a map's keys is another one each time.
			if again, r := apportion(total, byClass, uncovered); !reflect.DeepEqual(again, shares) || r != rest {
				t.Fatalf("%v and %v", shares, again)
			}
		}
	})
}

func TestApportionCases(t *testing.T) {
	for _, c := range []struct {
		name      string
		total     float64
		byClass   map[string]float64
		uncovered float64
		want      []Share
		rest      float64
	}{
		{"thirds: the cent goes to the first code", 100, map[string]float64{"c": 100.0 / 3, "a": 100.0 / 3, "b": 100.0 / 3}, 0, []Share{{"a", 33.34}, {"b", 33.33}, {"c", 33.33}}, 0},
		{"the larger remainder", 10, map[string]float64{"a": 3.333, "b": 6.667}, 0, []Share{{"b", 6.67}, {"a", 3.33}}, 0},
		{"largest first", 9, map[string]float64{"a": 1, "b": 5}, 3, []Share{{"b", 5}, {"a", 1}}, 3},
		{"slivers whose sum is next to nothing", 1.28, map[string]float64{"a": 7e-307}, 0, []Share{{"a", 1.28}}, 0},
		{"no parcel", 7.25, nil, 7.25, nil, 7.25},
		{"slivers of no area", 7.25, map[string]float64{"a": 0}, 0, nil, 7.25},
		{"a share below a cent is none", 7.25, map[string]float64{"a": 7.2499, "b": 0.0001}, 0, []Share{{"a", 7.25}}, 0},
		{"nothing", 0, map[string]float64{"a": 0.001}, 0.002, nil, 0},
	} {
		got, rest := apportion(c.total, c.byClass, c.uncovered)
		if !reflect.DeepEqual(got, c.want) || rest != c.rest {
			t.Errorf("%s: %v, %v", c.name, got, rest)
		}
	}
}

func TestGroups(t *testing.T) {
	p := &Patch{Shares: []Share{{"0101", 1.1}, {"0301", 2.2}, {"1001", 4.4}, {"junk", 8.8}, {"0103", 16.16}, {"1206", 32.32}, {"", 64.64}}}
	crop, agri, unused, construction, unknown := p.groups("TD/T 1055-2019")
	if crop != 17.26 || agri != 2.2 || construction != 4.4 || unused != 32.32 || unknown != 73.44 {
		t.Errorf("%v %v %v %v %v", crop, agri, unused, construction, unknown)
	}
}
