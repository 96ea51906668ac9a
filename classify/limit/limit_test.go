package limit

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// normal returns n values of mean m and standard deviation s.
func normal(r *rand.Rand, n int, m, s float64) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = m + s*r.NormFloat64()
	}
	return v
}

// chi2 returns n values of χ² with the given degrees of freedom, times scale.
func chi2(r *rand.Rand, n, freedom int, scale float64) []float64 {
	v := make([]float64, n)
	for i := range v {
		for range freedom {
			f := r.NormFloat64()
			v[i] += scale * f * f
		}
	}
	return v
}

// methods are the ways to a limit without labels, and how it follows when the values are scaled.
var methods = map[string]func([]float64) float64{
	"Otsu":               Otsu,
	"KittlerIllingworth": func(v []float64) float64 { l, _ := KittlerIllingworth(v); return l },
	"Change":             func(v []float64) float64 { l, _ := Change(v); return l },
}

func same(a, b float64) bool {
	return a == b || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-9*(math.Abs(a)+math.Abs(b))
}

func TestLimitFollowsScaleAndIgnoresOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		v := slices.Concat(chi2(r, 500, 4, 1), chi2(r, rapid.IntRange(0, 200).Draw(t, "changed"), 4, 40))
		// Multiplying by a power of 8 is exact, under the cube root as well.
		scale := math.Pow(8, float64(rapid.IntRange(-5, 5).Draw(t, "scale")))
		moved := slices.Clone(v)
		r.Shuffle(len(moved), func(i, j int) { moved[i], moved[j] = moved[j], moved[i] })
		moved = append(moved, math.NaN())
		for i := range moved {
			moved[i] *= scale
		}
		for name, limit := range methods {
			if a, b := limit(v)*scale, limit(moved); !same(a, b) {
				t.Errorf("%s: %g, scaled by %g and shuffled %g", name, a, scale, b)
			}
		}
	})
}

func TestOtsuIsTheBestDivision(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 20), func(i int) float64 { return float64(i) }), 1, 30).Draw(t, "values")
		within := func(limit float64) float64 {
			var n, sum, squares [2]float64
			for _, f := range v {
				k := 0
				if f > limit {
					k = 1
				}
				n[k]++
				sum[k] += f
				squares[k] += f * f
			}
			ss := 0.0
			for k := range n {
				if n[k] > 0 {
					ss += squares[k] - sum[k]*sum[k]/n[k]
				}
			}
			return ss
		}
		got := Otsu(v)
		if slices.Min(v) == slices.Max(v) {
			if !math.IsNaN(got) {
				t.Fatalf("one value is divided at %g", got)
			}
			return
		}
		for l := -0.5; l < 21; l++ {
			if within(l) < within(got)-1e-9 {
				t.Fatalf("%g leaves %g within the groups, %g leaves %g", got, within(got), l, within(l))
			}
		}
	})
}

// TestKittlerIllingworthFindsASmallWideGroup: Otsu cuts the large group instead.
func TestKittlerIllingworthFindsASmallWideGroup(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	v := slices.Concat(normal(r, 50_000, 0, 1), normal(r, 1500, 12, 3), []float64{1e6})
	limit, ok := KittlerIllingworth(v)
	// The densities, weighted with the sizes, are equal at 4.2.
	if !ok || limit < 3.5 || limit > 5 {
		t.Errorf("limit %g %v", limit, ok)
	}
	if l, ok := KittlerIllingworth(normal(r, 50_000, 3, 2)); ok {
		t.Errorf("one normal group is divided at %g", l)
	}
	if l, ok := KittlerIllingworth(make([]float64, 100)); ok || !math.IsNaN(l) {
		t.Errorf("equal values are divided at %g", l)
	}
}

func TestChangeInMixtures(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	const n = 40_000
	for _, freedom := range []int{3, 4, 6, 8} {
		for _, share := range []float64{0.01, 0.05, 0.2, 0.35} {
			// The statistic of IR-MAD is some times χ², here 7, and that of change is far larger.
			changed := int(share * n)
			v := slices.Concat(chi2(r, n-changed, freedom, 7), chi2(r, changed, freedom, 7*60))
			limit, separated := Change(v)
			wrong, missed := 0, 0
			for i, f := range v {
				switch {
				case i < n-changed && f > limit:
					wrong++
				case i >= n-changed && !(f > limit):
					missed++
				}
			}
			if !separated || float64(wrong) > 0.02*n || float64(missed) > 0.12*float64(changed) {
				t.Errorf("χ²(%d), %g changed: limit %g, %d wrong, %d of %d missed", freedom, share, limit, wrong, missed, changed)
			}
		}
		v := chi2(r, n, freedom, 7)
		limit, separated := Change(v)
		wrong := 0
		for _, f := range v {
			if f > limit {
				wrong++
			}
		}
		if separated || wrong > n/2000 {
			t.Errorf("χ²(%d) without change: limit %g, separated %v, %d found", freedom, limit, separated, wrong)
		}
	}
	// Weak change lies among the unchanged: what it hides in must not be taken for it.
	for _, scale := range []float64{2, 4} {
		same, weak := chi2(r, n*2/3, 4, 1), chi2(r, n/3, 4, scale)
		limit, _ := Change(slices.Concat(same, weak))
		wrong := 0
		for _, f := range same {
			if f > limit {
				wrong++
			}
		}
		if share := float64(wrong) / float64(len(same)); share > 0.02 {
			t.Errorf("change of %g times the noise: limit %g has %.3f of the unchanged above it", scale, limit, share)
		}
	}
	if l, ok := Change(make([]float64, 1000)); ok || !math.IsNaN(l) {
		t.Errorf("equal statistics are divided at %g", l)
	}
}

func TestSeparateIsTheLeastBalancedError(t *testing.T) {
	values := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 12), func(i int) float64 { return float64(i) }), 0, 25)
	rapid.Check(t, func(t *rapid.T) {
		low, high := values.Draw(t, "low"), values.Draw(t, "high")
		wrong := func(limit float64) float64 {
			a, b := 0, 0
			for _, v := range low {
				if v > limit {
					a++
				}
			}
			for _, v := range high {
				if !(v > limit) {
					b++
				}
			}
			return (float64(a)/float64(len(low)) + float64(b)/float64(len(high))) / 2
		}
		limit, e := Separate(low, high)
		if math.IsNaN(limit) {
			if e != 0.5 {
				t.Fatalf("no limit, error %g", e)
			}
		} else if !same(wrong(limit), e) {
			t.Fatalf("at %g the error is %g, not %g", limit, wrong(limit), e)
		}
		if len(low) == 0 || len(high) == 0 {
			return
		}
		for l := -0.5; l < 13; l++ {
			if wrong(l) < e-1e-12 {
				t.Fatalf("limit %g has %g, but %g has %g", limit, e, l, wrong(l))
			}
		}
		r := rand.New(rand.NewPCG(1, uint64(len(low))))
		r.Shuffle(len(low), func(i, j int) { low[i], low[j] = low[j], low[i] })
		if l, f := Separate(low, high); f != e || !same(l, limit) {
			t.Fatalf("shuffled: %g %g, before %g %g", l, f, limit, e)
		}
	})
}

func TestSeparateTakesTheWidestGap(t *testing.T) {
	for _, c := range []struct {
		low, high    []float64
		limit, wrong float64
	}{
		{[]float64{0, 1}, []float64{4, 10}, 2.5, 0},
		{[]float64{0, 5}, []float64{3, 8}, 1.5, 0.25}, // as wide as from 5 to 8, which has the same error
		{[]float64{0, 5}, []float64{3, 9}, 7, 0.25},
		{[]float64{1}, []float64{1}, math.NaN(), 0.5},
		{nil, []float64{1}, math.NaN(), 0.5},
	} {
		if limit, wrong := Separate(c.low, c.high); !same(limit, c.limit) || wrong != c.wrong {
			t.Errorf("%v %v: limit %g, error %g, want %g, %g", c.low, c.high, limit, wrong, c.limit, c.wrong)
		}
	}
}

func TestSeparateBearsWrongLabels(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for _, c := range []struct{ lowN, highN, wrongLow, wrongHigh int }{
		{5000, 5000, 0, 0},
		{5000, 5000, 1000, 1000},
		{50_000, 1000, 10_000, 100},
		{1000, 50_000, 0, 10_000},
	} {
		low := slices.Concat(normal(r, c.lowN-c.wrongLow, 0, 1), normal(r, c.wrongLow, 5, 1))
		high := slices.Concat(normal(r, c.highN-c.wrongHigh, 5, 1), normal(r, c.wrongHigh, 0, 1))
		limit, e := Separate(low, high)
		want := (float64(c.wrongLow)/float64(c.lowN) + float64(c.wrongHigh)/float64(c.highN)) / 2
		if math.Abs(limit-2.5) > 0.6 || math.Abs(e-want) > 0.02 {
			t.Errorf("%+v: limit %g, error %g, want about 2.5 and %g", c, limit, e, want)
		}
	}
	if _, e := Separate(normal(r, 3000, 0, 1), normal(r, 3000, 0.2, 1)); e < Inseparable {
		t.Errorf("two classes that are nearly the same separate with error %g", e)
	}
	if _, e := Separate(normal(r, 3000, 1, 1), normal(r, 3000, 0, 1)); e < 0.49 {
		t.Errorf("high below low separates with error %g", e)
	}
}
