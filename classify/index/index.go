package index

import (
	_ "embed" // the table
	"slices"
	"strings"
	"sync"
	"unicode"

	"tuban/raster"
)

// Index is one entry of the catalogue.
type Index struct {
	// Name is what expressions say: lower case, no punctuation.
	Name           string
	Title, TitleZH string
	// Formula is in the band-math language, over bare band roles.
	Formula string
	// Purpose is what the index stands out for: vegetation, water, built, soil, shadow, …
	Purpose string
	Source  string
	Note    string
	// Roles are the bands of the formula, in the order of wavelength.
	Roles []raster.Role
	// Min and Max bound the values for non-negative bands; NaN where there is no bound.
	Min, Max float64
	// Reflectance says that the constants of the formula hold for surface reflectance in 0…1 only;
	// without it the index does not change when all bands are scaled alike, or (brightness) scales with them.
	Reflectance bool
	// SameAs is an expression over other indices that yields the same number, when there is one:
	// two indices that are the same evidence must not be counted twice. Empty else.
	SameAs string
}

//go:embed indices.csv
var table []byte

var catalogue = sync.OnceValue(func() []Index {
	all, err := parse(table)
	if err != nil {
		panic("index: embedded catalogue: " + err.Error()) // a build with a broken table, never data
	}
	return all
})

var byName = sync.OnceValue(func() map[string]int {
	m := make(map[string]int)
	for i, x := range catalogue() {
		m[x.Name] = i
	}
	return m
})

// All returns the catalogue in the order of its table: by purpose, the common ones first.
func All() []Index { return slices.Clone(catalogue()) }

// Lookup returns the index called name; case, hyphens, underscores and spaces do not matter (VrNIR-BI is vrnirbi).
func Lookup(name string) (Index, bool) {
	clean := strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == ' ' {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
	i, ok := byName()[clean]
	if !ok {
		return Index{}, false
	}
	return catalogue()[i], true
}
