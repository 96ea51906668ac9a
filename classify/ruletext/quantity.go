package ruletext

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Length reads a distance such as "5 m", of at most so many metres, into metres. A bare 0 needs no unit.
func Length(s string, most float64) (float64, error) {
	v, unit, err := quantity(s, "5 m")
	if err != nil {
		return 0, err
	}
	switch unit {
	case "":
		if v != 0 {
			return 0, fmt.Errorf(`length %q has no unit: write "%g m"`, s, v)
		}
	case "m", "米", "metre", "metres", "meter", "meters":
	case "cm", "厘米":
		v /= 100
	default:
		return 0, fmt.Errorf(`unknown unit %q of a length: write metres, such as "5 m"`, unit)
	}
	if v > most {
		return 0, fmt.Errorf("length %s is more than the %g m allowed", s, most)
	}
	return v, nil
}

// Area reads an area such as "200 m2", "0.3 亩" or "0.02 ha", of at most so many m², into m². A bare 0 needs no unit.
func Area(s string, most float64) (float64, error) {
	v, unit, err := quantity(s, "200 m2")
	if err != nil {
		return 0, err
	}
	switch unit {
	case "":
		if v != 0 {
			return 0, fmt.Errorf(`area %q has no unit: write "%g m2", or 亩 or ha`, s, v)
		}
	case "m2", "m²", "m^2", "㎡", "平方米", "平米":
	case "亩", "mu":
		// 1 亩 is 10000/15 m²; dividing last keeps 0.3 亩 at exactly 200.
		v = v * 10000 / 15
	case "万亩":
		v *= 1e8 / 15
	case "ha", "公顷":
		v *= 10000
	default:
		return 0, fmt.Errorf(`unknown unit %q of an area: write m2, 亩 or ha, such as "200 m2"`, unit)
	}
	if v > most {
		return 0, fmt.Errorf("area %s is more than the %g m² allowed", s, most)
	}
	return v, nil
}

// Count reads a whole number from 1.
func Count(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > math.MaxInt32 {
		return 0, fmt.Errorf("%q is not a whole number from 1", s)
	}
	return n, nil
}

// quantity splits s into a number ≥ 0 and the unit behind it.
func quantity(s, example string) (v float64, unit string, err error) {
	s = strings.TrimSpace(s)
	end := 0
	for end < len(s) && strings.IndexByte("0123456789.+-", s[end]) >= 0 {
		end++
	}
	v, err = strconv.ParseFloat(s[:end], 64)
	if err != nil || math.IsInf(v, 0) {
		return 0, "", fmt.Errorf("%q does not begin with a number: write it such as %q", s, example)
	}
	if v < 0 {
		return 0, "", fmt.Errorf("%q is negative: write it such as %q", s, example)
	}
	return v, strings.ToLower(strings.TrimSpace(s[end:])), nil
}
