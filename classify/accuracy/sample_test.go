package accuracy

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

// The worked example of Olofsson et al. 2014, Table 8: deforestation, forest gain, stable forest, stable non-forest;
// 10,000,000 pixels of 30 m.
var (
	exampleClasses = []string{"deforestation", "forest gain", "stable forest", "stable non-forest"}
	exampleSizes   = []float64{200_000, 150_000, 3_200_000, 6_450_000}
	exampleCounts  = [][]int{
		{66, 0, 5, 4},
		{0, 55, 8, 12},
		{1, 0, 153, 11},
		{2, 1, 9, 313},
	}
)

func unitsOf(counts [][]int) (units []Unit) {
	for i, row := range counts {
		for k, n := range row {
			for range n {
				units = append(units, Unit{i, i, k})
			}
		}
	}
	return units
}

func TestOlofssonReproducesItsWorkedExample(t *testing.T) {
	s, err := Olofsson(exampleClasses, exampleSizes, exampleCounts)
	if err != nil {
		t.Fatal(err)
	}
	hectares := 900_000 / s.Total
	for k, want := range []struct{ area, margin float64 }{{21_158, 6_158}, {11_686, 3_756}, {285_770, 15_510}, {581_386, 16_282}} {
		got := s.Area(k).times(hectares)
		if math.Round(float64(got.Value)) != want.area || math.Round(float64(got.Margin)) != want.margin {
			t.Errorf("%s: %.1f ± %.1f ha, published are %.0f ± %.0f", exampleClasses[k], got.Value, got.Margin, want.area, want.margin)
		}
	}
	for _, c := range []struct {
		name          string
		got           Estimate
		value, margin float64 // the paper gives two decimals
	}{
		{"overall", s.Overall, 0.95, 0.02},
		{"user's, deforestation", s.Users[0], 0.88, 0.07}, {"user's, forest gain", s.Users[1], 0.73, 0.10},
		{"user's, stable forest", s.Users[2], 0.93, 0.04}, {"user's, stable non-forest", s.Users[3], 0.96, 0.02},
	} {
		if math.Abs(float64(c.got.Value)-c.value) > 0.005 || math.Abs(float64(c.got.Margin)-c.margin) > 0.0052 {
			t.Errorf("%s: %.4f ± %.4f, published are %.2f ± %.2f", c.name, c.got.Value, c.got.Margin, c.value, c.margin)
		}
	}
}

func TestStehmanIsOlofssonWhereStrataAreTheMapClasses(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 5))
	for range 60 {
		n := 2 + rng.IntN(4)
		var classes []string
		var strata []Stratum
		var sizes []float64
		counts := matrix[int](n)
		for i := range n {
			classes = append(classes, string(rune('a'+i)))
			sizes = append(sizes, 1+rng.Float64()*1e6)
			strata = append(strata, Stratum{classes[i], sizes[i]})
			for k := range n {
				counts[i][k] = rng.IntN(9)
			}
			counts[i][i] += 2
		}
		a, err := Olofsson(classes, sizes, counts)
		if err != nil {
			t.Fatal(err)
		}
		b, err := Stehman(strata, classes, unitsOf(counts))
		if err != nil {
			t.Fatal(err)
		}
		sameEstimate(t, "overall", a.Overall, b.Overall)
		for k := range n {
			sameEstimate(t, "user's", a.Users[k], b.Users[k])
			sameEstimate(t, "producer's", a.Producers[k], b.Producers[k])
			sameEstimate(t, "area", a.Area(k), b.Area(k))
			for j := range n {
				if math.Abs(float64(a.Proportions[k][j]-b.Proportions[k][j])) > 1e-12 {
					t.Errorf("proportion %d,%d: %v and %v", k, j, a.Proportions[k][j], b.Proportions[k][j])
				}
			}
		}
		if t.Failed() {
			t.Fatalf("counts %v", counts)
		}
		if c, err := Estimates(strata, classes, unitsOf(counts)); err != nil || c.Method != Olofsson2014 {
			t.Errorf("strata that are the map classes are estimated by %s, %v", c.Method, err)
		}
	}
}

func sameEstimate(t *testing.T, what string, a, b Estimate) {
	t.Helper()
	for _, v := range [][2]Ratio{{a.Value, b.Value}, {a.SE, b.SE}, {a.Low, b.Low}, {a.High, b.High}} {
		if x, y := float64(v[0]), float64(v[1]); math.Abs(x-y) > 1e-6*math.Max(1, math.Abs(x)) || math.IsNaN(x) != math.IsNaN(y) {
			t.Errorf("%s: Olofsson %v, Stehman %v", what, a, b)
		}
	}
}

// A stratum that mixes map classes: 100 units, of which the map has 40 as b, in a population where that is the truth.
func TestStehmanWithStrataThatMixMapClasses(t *testing.T) {
	units := []Unit{}
	add := func(n, stratum, mapped, reference int) {
		for range n {
			units = append(units, Unit{stratum, mapped, reference})
		}
	}
	add(50, 0, 0, 0)
	add(10, 0, 0, 1)
	add(40, 0, 1, 1)
	add(20, 1, 1, 1)
	add(5, 1, 1, 0)
	s, err := Estimates([]Stratum{{"mixed", 3000}, {"b", 1000}}, []string{"a", "b"}, units)
	if err != nil {
		t.Fatal(err)
	}
	if s.Method != Stehman2014 {
		t.Fatalf("method %s", s.Method)
	}
	for _, c := range []struct {
		name string
		got  Ratio
		want float64
	}{
		{"overall", s.Overall.Value, 0.75*0.9 + 0.25*0.8},
		{"area of b", s.Areas[1].Value, 0.75*0.5 + 0.25*0.8},
		{"user's of b", s.Users[1].Value, (0.75*0.4 + 0.25*0.8) / (0.75*0.4 + 0.25)},
		{"producer's of b", s.Producers[1].Value, (0.75*0.4 + 0.25*0.8) / (0.75*0.5 + 0.25*0.8)},
	} {
		if math.Abs(float64(c.got)-c.want) > 1e-12 {
			t.Errorf("%s: %v, want %v", c.name, c.got, c.want)
		}
	}
}

func TestTooFewUnitsNameTheStratum(t *testing.T) {
	counts := [][]int{{5, 1}, {0, 1}}
	_, err := Olofsson([]string{"a", "b"}, []float64{1, 1}, counts)
	_, err2 := Stehman([]Stratum{{"a", 1}, {"b", 1}}, []string{"a", "b"}, unitsOf(counts))
	for _, err := range []error{err, err2} {
		var few *FewUnitsError
		if !errors.As(err, &few) || few.Stratum != "b" || few.Units != 1 {
			t.Errorf("%v", err)
		}
	}
}

// In each design below every stratum expects five errors or more. The true values must lie in at least 93 % of the intervals.
func TestIntervalsCover(t *testing.T) {
	const trials = 4000
	for name, c := range map[string]struct {
		sizes []float64
		draw  []int
		truth [][]float64 // rows: the reference classes within a stratum
	}{
		"the worked example": {[]float64{.02, .015, .32, .645}, []int{75, 75, 165, 325}, [][]float64{
			{.88, 0, .07, .05}, {0, .73, .11, .16}, {.006, 0, .93, .064}, {.006, .004, .03, .96}}},
		"changes are rare and often missed": {[]float64{.02, .98}, []int{60, 400}, [][]float64{{.8, .2}, {.0125, .9875}}},
		"five errors of fifty in each":      {[]float64{.3, .7}, []int{50, 50}, [][]float64{{.9, .1}, {.1, .9}}},
	} {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(7, 11))
			n := len(c.sizes)
			area, classes := make([]float64, n), make([]string, n)
			overall := 0.0
			for i, row := range c.truth {
				overall += c.sizes[i] * row[i]
				for k, p := range row {
					area[k] += c.sizes[i] * p
				}
			}
			in := map[string]int{}
			count := func(what string, e Estimate, truth float64) {
				if float64(e.Low) <= truth && truth <= float64(e.High) {
					in[what]++
				}
			}
			for range trials {
				counts := matrix[int](n)
				for i := range n {
					for range c.draw[i] {
						counts[i][pick(rng.Float64(), c.truth[i])]++
					}
				}
				s, err := Olofsson(classes, c.sizes, counts)
				if err != nil {
					t.Fatal(err)
				}
				count("overall", s.Overall, overall)
				for k := range n {
					suffix := string(rune('0' + k))
					count("area "+suffix, s.Areas[k], area[k])
					count("user's "+suffix, s.Users[k], c.truth[k][k])
					count("producer's "+suffix, s.Producers[k], c.sizes[k]*c.truth[k][k]/area[k])
				}
			}
			if len(in) != 1+3*n {
				t.Fatalf("%d measures were covered at all", len(in))
			}
			for what, k := range in {
				share := float64(k) / trials
				t.Logf("%-14s %.3f", what, share)
				if share < 0.93 {
					t.Errorf("%s: %.1f %% of the intervals hold the true value", what, 100*share)
				}
			}
		})
	}
}

func pick(u float64, p []float64) int {
	for k, v := range p {
		if u -= v; u < 0 {
			return k
		}
	}
	return len(p) - 1
}
