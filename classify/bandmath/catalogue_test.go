package bandmath

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tuban/classify/index"
	"tuban/raster"
)

// evaluate runs one single-date expression over values by role.
func evaluate(t *testing.T, expression string, bands map[string][]float32, n int) []float32 {
	t.Helper()
	p, err := Compile([]Source{{Name: expression, Text: expression}}, Options{SingleDate: true})
	if err != nil {
		t.Fatal(err)
	}
	var planes [][]float32
	for _, in := range p.Inputs() {
		planes = append(planes, bands[in.Name])
	}
	m := p.NewMachine()
	m.Begin(n, planes)
	return slices.Clone(m.Value(0))
}

func randomBands(scale float32, n int) map[string][]float32 {
	r := rand.New(rand.NewPCG(1, 2))
	bands := map[string][]float32{}
	for _, role := range raster.Roles {
		for range n {
			bands[string(role)] = append(bands[string(role)], float32(r.IntN(1000)+1)/1000*scale)
		}
	}
	return bands
}

func near(a, b float32) bool {
	return a != a && b != b || math.Abs(float64(a-b)) <= 1e-3*max(1, math.Abs(float64(a)))
}

// What the catalogue says of an index is true of its formula.
func TestCatalogueFormulas(t *testing.T) {
	const n = 900
	unit, double := randomBands(1, n), randomBands(2, n)
	for _, x := range index.All() {
		t.Run(x.Name, func(t *testing.T) {
			p, err := Compile([]Source{{Name: x.Name, Text: x.Formula}}, Options{SingleDate: true})
			if err != nil {
				t.Fatal(err)
			}
			var roles []raster.Role
			for _, in := range p.Inputs() {
				r, _ := in.Role()
				roles = append(roles, r)
			}
			if !slices.Equal(roles, x.Roles) {
				t.Errorf("reads %v, the catalogue says %v", roles, x.Roles)
			}

			got := evaluate(t, x.Name, unit, n)
			if !slices.EqualFunc(got, evaluate(t, x.Formula, unit, n), same) {
				t.Error("the name does not mean the formula")
			}
			known := 0
			for _, v := range got {
				if v == v {
					known++
				}
				if float64(v) < x.Min-1e-6 || float64(v) > x.Max+1e-6 {
					t.Fatalf("value %g outside %g … %g", v, x.Min, x.Max)
				}
			}
			if known < n*9/10 {
				t.Errorf("only %d of %d random pixels have a value", known, n)
			}
			if x.SameAs != "" && !slices.EqualFunc(got, evaluate(t, x.SameAs, unit, n), near) {
				t.Errorf("differs from %s", x.SameAs)
			}

			scaled := evaluate(t, x.Name, double, n)
			steady, linear := slices.EqualFunc(got, scaled, near), true
			for i := range got {
				linear = linear && near(2*got[i], scaled[i])
			}
			if free := steady || linear; free == x.Reflectance {
				t.Errorf("reflectance %v, but scaling the bands shows the contrary", x.Reflectance)
			}
		})
	}
}

// Indices that are the same number must say so, or evidence is counted twice.
func TestCatalogueHasNoSecretTwins(t *testing.T) {
	const n = 200
	bands := randomBands(1, n)
	all := index.All()
	values := make([][]float32, len(all))
	for i, x := range all {
		values[i] = evaluate(t, x.Name, bands, n)
	}
	for i, x := range all {
		for j, y := range all[:i] {
			negative := slices.Clone(values[j])
			for k := range negative {
				negative[k] = -negative[k]
			}
			if (slices.EqualFunc(values[i], values[j], near) || slices.EqualFunc(values[i], negative, near)) && x.SameAs == "" && y.SameAs == "" {
				t.Errorf("%s and %s are the same number", x.Name, y.Name)
			}
		}
	}
}
