package accuracy

import "fmt"

// Stratum is a part of the map from which units were drawn at random. Size is its size in pixels, or in any unit of area.
type Stratum struct {
	Name string
	Size float64
}

// Unit is an interpreted unit of the sample: positions of its stratum, of its class on the map and in the reference.
type Unit struct{ Stratum, Map, Reference int }

// Method names the estimators by their source.
type Method string

// The methods: when the strata are the map classes, and when they are not. Where both apply they agree.
const (
	Olofsson2014 Method = "olofsson2014"
	Stehman2014  Method = "stehman2014"
)

// Sampled is the accuracy that a stratified random sample shows, and what it says of the areas.
type Sampled struct {
	Method  Method
	Classes []string
	// Counts are the interpreted units, Proportions the estimated shares of the whole area: rows map, columns reference.
	Counts      [][]int
	Proportions [][]Ratio
	// Overall accuracy; user's (of what is mapped as a class, how much is it) and producer's (of what is a class, how much is
	// mapped as it) by class.
	Overall          Estimate
	Users, Producers []Estimate
	// Areas are the shares of the whole that the classes have by the reference. Total is the size of all strata.
	Areas []Estimate
	Total float64
}

// Area returns the area of class k in the unit of the strata's sizes.
func (s Sampled) Area(k int) Estimate { return s.Areas[k].times(s.Total) }

// minUnits of a stratum are needed for a variance.
const minUnits = 2

// FewUnitsError says that a stratum has too few interpreted units for an estimate.
type FewUnitsError struct {
	Stratum string
	Units   int
}

func (e *FewUnitsError) Error() string {
	return fmt.Sprintf("stratum %s has %d interpreted units: at least %d are needed for an estimate", e.Stratum, e.Units, minUnits)
}

// Estimates returns the accuracy that the units show: by Olofsson et al. 2014 when each stratum is the class of the same
// position, else by Stehman 2014. A stratum with fewer than two units is a *FewUnitsError.
// It panics on positions that do not exist.
func Estimates(strata []Stratum, classes []string, units []Unit) (Sampled, error) {
	own := len(strata) == len(classes)
	for i, s := range strata {
		own = own && s.Name == classes[i]
	}
	for _, u := range units {
		own = own && u.Map == u.Stratum
	}
	if !own {
		return Stehman(strata, classes, units)
	}
	sizes, counts := make([]float64, len(strata)), matrix[int](len(classes))
	for i, s := range strata {
		sizes[i] = s.Size
	}
	for _, u := range units {
		counts[u.Map][u.Reference]++
	}
	return Olofsson(classes, sizes, counts)
}

func matrix[T any](n int) [][]T {
	m := make([][]T, n)
	for i := range m {
		m[i] = make([]T, n)
	}
	return m
}
