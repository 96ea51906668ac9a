package index

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"tuban/raster"
)

var columns = []string{"name", "title", "title_zh", "formula", "purpose", "min", "max", "reflectance", "same_as", "source", "note"}

func parse(text []byte) ([]Index, error) {
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 || !slices.Equal(rows[0], columns) {
		return nil, fmt.Errorf("the first line must be %s", strings.Join(columns, ","))
	}
	var all []Index
	for _, r := range rows[1:] {
		x := Index{Name: r[0], Title: r[1], TitleZH: r[2], Formula: r[3], Purpose: r[4], SameAs: r[8], Source: r[9], Note: r[10]}
		if x.Min, err = bound(r[5]); err != nil {
			return nil, fmt.Errorf("%s: min: %w", x.Name, err)
		}
		if x.Max, err = bound(r[6]); err != nil {
			return nil, fmt.Errorf("%s: max: %w", x.Name, err)
		}
		switch r[7] {
		case "yes":
			x.Reflectance = true
		case "no":
		default:
			return nil, fmt.Errorf("%s: reflectance must be yes or no, not %q", x.Name, r[7])
		}
		x.Roles = rolesOf(x.Formula)
		all = append(all, x)
	}
	return all, nil
}

func bound(s string) (float64, error) {
	if s == "" {
		return math.NaN(), nil
	}
	return strconv.ParseFloat(s, 64)
}

// rolesOf finds the band roles among the words of a formula.
func rolesOf(formula string) []raster.Role {
	words := strings.FieldsFunc(formula, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' })
	var roles []raster.Role
	for _, role := range raster.Roles {
		if slices.Contains(words, string(role)) {
			roles = append(roles, role)
		}
	}
	return roles
}
