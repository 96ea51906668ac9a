package irmad

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

func fit(t testing.TB, x, y [][]float64) *Transform {
	t.Helper()
	f, err := Fit(x, y, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func statistic(t *Transform, x, y [][]float64) []float32 {
	dst := make([]float32, len(x[0]))
	t.Statistic(dst, single(x), single(y))
	return dst
}

func TestSurvivalIsThatOfChiSquared(t *testing.T) {
	for n := 1; n <= 12; n++ {
		for _, z := range []float64{0, 1e-6, 0.1, 0.5, 1, 2, 5, 10, 30, 80, 1e4, math.Inf(1)} {
			want := distuv.ChiSquared{K: float64(n)}.Survival(z)
			if math.IsInf(z, 1) {
				want = 0
			}
			if got := survival(z, n); math.Abs(got-want) > 1e-12 {
				t.Errorf("χ²(%d) > %g: %g, want %g", n, z, got, want)
			}
		}
	}
}

func TestNarrowingIsTheWeightedVariance(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, p := range []int{1, 2, 3, 6} {
		var weight, squares float64
		for range 400_000 {
			z, first := 0.0, 0.0
			for k := range p {
				v := r.NormFloat64()
				z += v * v
				if k == 0 {
					first = v
				}
			}
			w := survival(z, p)
			weight += w
			squares += w * first * first
		}
		if got, want := narrowing(p), squares/weight; math.Abs(got-want) > 0.01 {
			t.Errorf("%d variates: %.4f, sampled %.4f", p, got, want)
		}
	}
}

// TestLinesOfASensor: gains and offsets come back in units of the pair, however much of the land changed.
func TestLinesOfASensor(t *testing.T) {
	for _, changed := range []float64{0, 0.1, 0.4, 0.6} {
		for _, units := range []float64{1, 1e-4, 255. / 4000} {
			s := scene{pixels: 20_000, bands: 4, changed: changed, noise: 0.15, seed: 3, gain: []float64{0.7, 1, 1.4, 2}, offset: []float64{50, -200, 0, 900}}
			for b := range s.gain {
				s.gain[b] *= units
				s.offset[b] *= units
			}
			x, y, _ := s.draw()
			lines, err := Normalise(x, y, fit(t, x, y), Options{})
			if err != nil {
				t.Fatalf("%g changed: %v", changed, err)
			}
			for b, l := range lines {
				// What was v before is gain·v + offset after.
				at := l.At(s.offset[b] + s.gain[b]*1000)
				if slope := l.Gain * s.gain[b]; math.Abs(slope-1) > 0.03 || math.Abs(at-1000) > 10 {
					t.Errorf("%g changed, units %g, band %d: slope %.4f, 1000 becomes %.1f: %+v", changed, units, b, slope, at, l)
				}
			}
		}
	}
}

func TestStatisticTellsChange(t *testing.T) {
	for _, share := range []float64{0.02, 0.2, 0.5} {
		x, y, changed := scene{pixels: 20_000, bands: 4, changed: share, noise: 0.1, seed: 4}.draw()
		z := statistic(fit(t, x, y), x, y)
		var same, other []float32
		for i, v := range z {
			if changed[i] {
				other = append(other, v)
			} else {
				same = append(same, v)
			}
		}
		slices.Sort(same)
		slices.Sort(other)
		if a, b := same[len(same)*99/100], other[len(other)/20]; a > b {
			t.Errorf("%g changed: 1 %% of the unchanged are above %g, 5 %% of the changed below %g", share, a, b)
		}
	}
}

// TestStatisticIgnoresGainAndOffset of every band of both dates.
func TestStatisticIgnoresGainAndOffset(t *testing.T) {
	x, y, _ := scene{pixels: 3000, bands: 3, changed: 0.1, noise: 0.1, seed: 6}.draw()
	want := statistic(fit(t, x, y), x, y)
	rapid.Check(t, func(t *rapid.T) {
		line := func(name string, planes [][]float64) [][]float64 {
			out := make([][]float64, len(planes))
			for b, p := range planes {
				gain := rapid.Float64Range(1e-4, 300).Draw(t, name+" gain")
				offset := gain * rapid.Float64Range(-2000, 2000).Draw(t, name+" offset")
				for _, v := range p {
					out[b] = append(out[b], gain*v+offset)
				}
			}
			return out
		}
		u, v := line("before", x), line("after", y)
		f, err := Fit(u, v, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i, z := range statistic(f, u, v) {
			if math.Abs(float64(z-want[i])) > 1e-2*(1+float64(want[i])) {
				t.Fatalf("pixel %d: %g, was %g", i, z, want[i])
			}
		}
	})
}

// TestStatisticByRows: the same bits however the pixels are cut, and after the transform went through a file.
func TestStatisticByRows(t *testing.T) {
	x, y, _ := scene{pixels: 1500, bands: 5, changed: 0.2, noise: 0.1, seed: 7}.draw()
	f := fit(t, x, y)
	u, v := single(x), single(y)
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	u[0][10], v[4][20], u[2][30], v[1][40] = nan, nan, inf, -inf
	want := make([]float32, 1500)
	f.Statistic(want, u, v)
	for i, z := range want {
		if missing := i == 10 || i == 20 || i == 30 || i == 40; missing != (z != z) || z < 0 {
			t.Errorf("pixel %d: %g", i, z)
		}
	}
	text, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	var stored Transform
	if err := json.Unmarshal(text, &stored); err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		got := make([]float32, 1500)
		for lo := 0; lo < len(got); {
			hi := min(len(got), lo+rapid.IntRange(1, 700).Draw(t, "cut"))
			a, b := make([][]float32, 5), make([][]float32, 5)
			for k := range a {
				a[k], b[k] = u[k][lo:hi], v[k][lo:hi]
			}
			stored.Statistic(got[lo:hi], a, b)
			lo = hi
		}
		for i := range got {
			if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
				t.Fatalf("pixel %d: %g, whole %g", i, got[i], want[i])
			}
		}
	})
}

func TestFitIgnoresProcessors(t *testing.T) {
	x, y, _ := scene{pixels: 3*chunk + 77, bands: 3, changed: 0.2, noise: 0.1, seed: 8}.draw()
	want := fit(t, x, y)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, n := range []int{1, 3, 8} {
		runtime.GOMAXPROCS(n)
		if got := fit(t, x, y); !reflect.DeepEqual(got, want) {
			t.Errorf("on %d processors %+v, want %+v", n, got, want)
		}
	}
}

func TestBandsThatSayNothingAreDropped(t *testing.T) {
	x, y, _ := scene{pixels: 5000, bands: 3, changed: 0.1, noise: 0.1, seed: 9}.draw()
	want := statistic(fit(t, x, y), x, y)
	flat, twice := make([]float64, 5000), make([]float64, 5000)
	for i := range twice {
		flat[i], twice[i] = 7, x[0][i]+0.5*x[1][i]-3
	}
	u := [][]float64{x[0], flat, x[1], twice, x[2]}
	v := [][]float64{y[0], y[2], y[1], y[2], y[2]}
	f := fit(t, u, v)
	dropped := []Dropped{{1, Constant, "before"}, {3, Collinear, "before"}}
	if !slices.Equal(f.Dropped, dropped) || f.Variates() != 3 {
		t.Fatalf("dropped %v, %d variates", f.Dropped, f.Variates())
	}
	for i, z := range statistic(f, u, v) {
		if math.Abs(float64(z-want[i])) > 1e-3*(1+float64(want[i])) {
			t.Fatalf("pixel %d: %g, without the bands %g", i, z, want[i])
		}
	}
}

// TestEqualImages but for the sensor's line and one patch: rounding is not change.
func TestEqualImages(t *testing.T) {
	x, y, changed := scene{pixels: 5000, bands: 3, changed: 0.05, noise: 0, seed: 10, gain: []float64{2, 1, 0.3}, offset: []float64{1, 2, 3}}.draw()
	f := fit(t, x, y)
	for i, z := range statistic(f, x, y) {
		if changed[i] != (z > 1) {
			t.Fatalf("pixel %d changed %v, statistic %g", i, changed[i], z)
		}
	}
	if lines, err := Normalise(x, y, f, Options{}); err != nil || math.Abs(lines[0].Gain-0.5) > 1e-9 {
		t.Errorf("%+v %v", lines, err)
	}
}

// TestRiverDoesNotRule: a river of one colour, nearly without noise, is no ground for what the land has in common.
func TestRiverDoesNotRule(t *testing.T) {
	x, y, _ := scene{pixels: 40_000, bands: 6, changed: 0.1, noise: 0.9, seed: 11}.draw()
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 700 {
		for b := range x {
			// The bottom shines through otherwise in each band.
			bottom := r.NormFloat64()
			x[b][i] = 1000 + bottom + 0.02*r.NormFloat64()
			y[(b+1)%6][i] = 1000 - 3*bottom + 0.02*r.NormFloat64()
		}
	}
	f := fit(t, x, y)
	lines, err := Normalise(x, y, f, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for b, l := range lines {
		if !f.Steady || l.Bandwise || math.Abs(l.Gain-1) > 0.1 {
			t.Errorf("band %d: %+v, steady %v", b, l, f.Steady)
		}
	}
}

// TestSeasonAcrossBands: most of the scene followed the season, by which the brightness of one band tells that of another;
// the lines are those of the rest.
func TestSeasonAcrossBands(t *testing.T) {
	x, y, _ := scene{pixels: 20_000, bands: 4, noise: 0.2, seed: 13}.draw()
	r := rand.New(rand.NewPCG(1, 3))
	for i := range 11_000 {
		for b := range x {
			y[b][i] = 1500 - 0.5*(x[(b+1)%4][i]-x[(b+2)%4][i]) + 0.2*x[(b+3)%4][i] + 2*r.NormFloat64()
		}
	}
	f := fit(t, x, y)
	lines, err := Normalise(x, y, f, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for b, l := range lines {
		if !l.Bandwise || math.Abs(l.Gain-1) > 0.1 || math.Abs(l.At(1000)-1000) > 30 {
			t.Errorf("band %d: %+v", b, l)
		}
	}
}

// TestLinesFollowUnits: reflectance against ten thousand times that gives the same line, however noisy.
func TestLinesFollowUnits(t *testing.T) {
	x, y, _ := scene{pixels: 5000, bands: 3, changed: 0.1, noise: 0.6, seed: 14, gain: []float64{0.4, 1, 2}, offset: []float64{0, 0, 0}}.draw()
	want, err := Normalise(x, y, fit(t, x, y), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range y {
		for i := range p {
			p[i] /= 1e4
		}
	}
	got, err := Normalise(x, y, fit(t, x, y), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for b := range got {
		if math.Abs(got[b].Gain/want[b].Gain/1e4-1) > 1e-6 || math.Abs(got[b].Offset-want[b].Offset) > 1e-3 {
			t.Errorf("band %d: %+v, want the line %+v", b, got[b], want[b])
		}
	}
}

func TestJudgeLine(t *testing.T) {
	x, y, _ := scene{pixels: 5000, bands: 1, noise: 0.1, seed: 15, gain: []float64{0.1}, offset: []float64{20}}.draw()
	good := Line{Gain: 10, Offset: -200, Correlation: 0.98}
	for _, c := range []struct {
		name string
		edit func(*Line)
		want Reason
	}{
		{"good", func(*Line) {}, ""},
		{"uncorrelated", func(l *Line) { l.Correlation = 0.3 }, WeakLine},
		{"undefined", func(l *Line) { l.Correlation = math.NaN() }, WeakLine},
		{"too steep", func(l *Line) { l.Gain = 100 }, ImplausibleFit},
		{"too flat", func(l *Line) { l.Gain = 0.5 }, ImplausibleFit},
		{"elsewhere", func(l *Line) { l.Offset += 900 }, Unexplained},
	} {
		l := good
		c.edit(&l)
		l.Left = left(x[0], y[0], l)
		got := Reason("")
		if r := l.judge(x[0], y[0], "nir"); r != nil {
			got = r.Reason
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestRefusals(t *testing.T) {
	x, y, _ := scene{pixels: 5000, bands: 3, changed: 0.1, noise: 0.1, seed: 12}.draw()
	each := func(planes [][]float64, f func(b, i int) float64) [][]float64 {
		out := make([][]float64, len(planes))
		for b, p := range planes {
			for i := range p {
				out[b] = append(out[b], f(b, i))
			}
		}
		return out
	}
	r := rand.New(rand.NewPCG(2, 2))
	order := r.Perm(5000)
	for _, c := range []struct {
		name string
		x, y [][]float64
		want Reason
		band string
	}{
		{"few pixels", [][]float64{x[0][:150], x[1][:150]}, [][]float64{y[0][:150], y[1][:150]}, TooFewPixels, ""},
		{"one colour", each(x, func(int, int) float64 { return 3 }), y, NoUsableBand, ""},
		{"another place", x, each(y, func(b, i int) float64 { return y[b][order[i]] }), Unrelated, ""},
		{"one band turned round", x, each(y, func(b, i int) float64 {
			if b == 1 {
				return 3000 - y[b][i]
			}
			return y[b][i]
		}), WeakLine, "green"},
		{"one band of another place", x, each(y, func(b, i int) float64 {
			if b == 2 {
				return y[b][order[i]]
			}
			return y[b][i]
		}), WeakLine, "red"},
	} {
		o := Options{Bands: []string{"blue", "green", "red"}}
		f, err := Fit(c.x, c.y, o)
		if err == nil {
			_, err = Normalise(c.x, c.y, f, o)
		}
		var refusal *Refusal
		if !errors.As(err, &refusal) || refusal.Reason != c.want || refusal.Band != c.band || refusal.EN == "" || refusal.ZH == "" {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func BenchmarkFit(b *testing.B) {
	x, y, _ := scene{pixels: 1_000_000, bands: 4, changed: 0.1, noise: 0.2, seed: 1}.draw()
	for b.Loop() {
		fit(b, x, y)
	}
}

func BenchmarkStatistic(b *testing.B) {
	x, y, _ := scene{pixels: 1 << 16, bands: 4, changed: 0.1, noise: 0.2, seed: 1}.draw()
	f := fit(b, x, y)
	u, v, dst := single(x), single(y), make([]float32, 1<<16)
	b.SetBytes(1 << 16) // a pixel counts as a byte: MB/s are Mpx/s
	for b.Loop() {
		f.Statistic(dst, u, v)
	}
}
