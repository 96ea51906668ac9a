package train

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// world draws n examples of normal features whose labels follow the weights; a share of the labels of each class is wrong.
func world(seed uint64, n int, w []float64, wrongYes, wrongNo float64) (features [][]float64, yes, truth []bool) {
	r := rand.New(rand.NewPCG(seed, 7))
	features = make([][]float64, len(w)-1)
	for range n {
		z := w[0]
		for f := range features {
			v := r.NormFloat64()
			features[f] = append(features[f], v)
			z += w[f+1] * v
		}
		is := r.Float64() < 1/(1+math.Exp(-z))
		label := is
		if is && r.Float64() < wrongNo || !is && r.Float64() < wrongYes {
			label = !is
		}
		yes, truth = append(yes, label), append(truth, is)
	}
	return features, yes, truth
}

// far is the largest difference of weights, as a part of the largest weight.
func far(a, b Weights) float64 {
	d, most := 0.0, 0.0
	for i := range a {
		d, most = max(d, math.Abs(a[i]-b[i])), max(most, math.Abs(b[i]))
	}
	return d / most
}

// The weights that made the labels are found, also where labels are wrong, whichever class they wrong.
func TestTheTruthIsFound(t *testing.T) {
	w := []float64{0, 3, -2, 0}
	for _, c := range []struct{ wrongYes, wrongNo, within, ofYes, ofNo float64 }{
		{0, 0, 0.05, 0, 0}, {0.1, 0.1, 0.1, 0.1, 0.1}, {0.2, 0.2, 0.15, 0.2, 0.2}, {0, 0.2, 0.1, 0, 1. / 6}, {0.2, 0, 0.1, 1. / 6, 0},
	} {
		features, yes, truth := world(1, 20000, w, c.wrongYes, c.wrongNo)
		got, r, err := Logistic(features, yes, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if d := far(got, w); d > c.within {
			t.Errorf("%g and %g wrong: %.3f, %.0f %% off", c.wrongYes, c.wrongNo, got, 100*d)
		}
		if math.Abs(r.WrongYes-c.ofYes) > 0.03 || math.Abs(r.WrongNo-c.ofNo) > 0.03 {
			t.Errorf("%g and %g wrong are taken for %.3f and %.3f", c.wrongYes, c.wrongNo, r.WrongYes, r.WrongNo)
		}
		// Mixed classes meet halfway: 0.5 + (0.93 − 0.5)(1 − what is mixed), where 0.93 is that of the clean ones.
		if want := 0.5 + 0.43*(1-c.ofYes-c.ofNo); math.Abs(r.AUC-want) > 0.02 {
			t.Errorf("AUC %.3f, want %.2f", r.AUC, want)
		}
		// What counts: the true labels are told apart as well as the true weights do.
		if found, best := wrongOf(got, features, truth), wrongOf(w, features, truth); found > best+0.01 {
			t.Errorf("%g and %g wrong: error %.3f against the truth, %.3f is possible", c.wrongYes, c.wrongNo, found, best)
		}
	}
}

func wrongOf(w Weights, features [][]float64, truth []bool) float64 {
	all := part{}
	for i, y := range truth {
		if all.rows = append(all.rows, i); y {
			all.yes++
		} else {
			all.no++
		}
	}
	_, e := w.judge(features, truth, all)
	return e
}

// A fifth of the labels wrong, in a block of feature space far on the wrong side, moves a plain fit but hardly this one.
func TestGrossErrors(t *testing.T) {
	features, yes, truth := world(3, 6000, []float64{0, 6, 0}, 0, 0)
	for i := range yes {
		if features[0][i] > 1.2 && i%2 == 0 {
			yes[i] = false
		}
	}
	w, r, err := Logistic(features, yes, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if e := wrongOf(w, features, truth); e > 0.13 {
		t.Errorf("error %.3f against the truth: %v %+v", e, w, r)
	}
}

// Other units of a feature change its weight and nothing else.
func TestUnitsDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		features, yes, _ := world(rapid.Uint64().Draw(t, "seed"), 800, []float64{0.3, 2, -1}, 0.1, 0.1)
		a, ra, err := Logistic(features, yes, Options{})
		if err != nil {
			t.Skip("chance made the classes alike")
		}
		gain := rapid.SampledFrom([]float64{-1000, -0.01, 1e-4, 0.5, 255, 10000}).Draw(t, "gain")
		offset := rapid.Float64Range(-3, 3).Draw(t, "offset") * math.Abs(gain)
		for i, v := range features[1] {
			features[1][i] = gain*v + offset
		}
		b, rb, err := Logistic(features, yes, Options{})
		if err != nil {
			t.Fatal(err)
		}
		back := Weights{b[0] + b[2]*offset, b[1], b[2] * gain}
		if d := far(back, a); d > 2e-3 || math.Abs(ra.AUC-rb.AUC) > 2e-3 {
			t.Errorf("%v became %v, AUC %g and %g", a, back, ra.AUC, rb.AUC)
		}
	})
}

// The order of the features is the order of the weights, and no more.
func TestOrderOfFeaturesDoesNotMatter(t *testing.T) {
	features, yes, _ := world(5, 3000, []float64{0.3, 2, -1, 0.5, 1}, 0.1, 0.1)
	a, _, err := Logistic(features, yes, Options{})
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		order := rapid.Permutation([]int{0, 1, 2, 3}).Draw(t, "order")
		mixed, want := make([][]float64, 4), Weights{a[0]}
		for j, f := range order {
			mixed[j] = features[f]
			want = append(want, a[f+1])
		}
		b, _, err := Logistic(mixed, yes, Options{})
		if err != nil || far(b, want) > 1e-3 {
			t.Errorf("%v: %v, want %v, %v", order, b, want, err)
		}
	})
}

// Swapping yes and no turns the signs.
func TestSwappedLabels(t *testing.T) {
	features, yes, _ := world(6, 3000, []float64{0.3, 2, -1}, 0.15, 0.05)
	a, ra, err := Logistic(features, yes, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range yes {
		yes[i] = !yes[i]
	}
	b, rb, err := Logistic(features, yes, Options{})
	for i := range b {
		b[i] = -b[i]
	}
	if err != nil || far(b, a) > 1e-3 || math.Abs(ra.WrongYes-rb.WrongNo) > 1e-3 {
		t.Errorf("%v %v, want %v, %v", b, rb, a, err)
	}
}

// Rare and frequent classes weigh the same: the limit between them does not move with their numbers.
func TestClassesAreBalanced(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	features := make([][]float64, 1)
	var yes []bool
	for i := range 40000 {
		is := i%20 == 0
		v := r.NormFloat64()
		if is {
			v += 3
		}
		features[0], yes = append(features[0], v), append(yes, is)
	}
	w, rep, err := Logistic(features, yes, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if middle := -w[0] / w[1]; math.Abs(middle-1.5) > 0.1 || rep.Yes != 2000 || rep.No != 20000 {
		t.Errorf("the classes meet at %.3f, want 1.5: %+v", middle, rep)
	}
}

// Classes that nothing confuses give finite weights, stray values do not pull them, and what is missing is left out.
func TestCleanClassesAndStrayValues(t *testing.T) {
	features := [][]float64{{}, {}, {}}
	var yes []bool
	for i := range 1000 {
		is := i%2 == 0
		v := float64(i%37) / 37
		if is {
			v += 4
		}
		stray := float64(i % 7)
		switch i {
		case 500:
			stray = 1e12
		case 501:
			stray = math.NaN()
		case 502:
			stray = math.Inf(1)
		}
		features[0], features[1], features[2], yes = append(features[0], v), append(features[1], 3), append(features[2], stray), append(yes, is)
	}
	w, r, err := Logistic(features, yes, Options{})
	if err != nil || r.AUC < 0.999 || r.Error > 0 || w[1] <= 0 || w[2] != 0 || math.Abs(w[3]) > 0.5 {
		t.Errorf("%v %+v %v", w, r, err)
	}
	if !slices.Equal(r.Constant, []int{1}) || r.Yes+r.No != 998 {
		t.Errorf("%+v", r)
	}
}

func TestRefuses(t *testing.T) {
	features, yes, _ := world(9, 2000, []float64{0, 2}, 0, 0)
	_, noise, _ := world(10, 2000, []float64{0, 2}, 0, 0)
	rare := slices.Clone(yes)
	for i := range rare {
		rare[i] = rare[i] && i < 150
	}
	flat := [][]float64{make([]float64, 2000)}
	for _, c := range []struct {
		features [][]float64
		yes      []bool
		want     string
	}{
		{features, rare, "too few examples"},
		{features, noise, "do not tell the classes apart"},
		{flat, yes, "none of its 1 features varies"},
		{features, yes[:9], "2000 values for 9 labels"},
		{nil, yes, "none of its 0 features"},
	} {
		w, _, err := Logistic(c.features, c.yes, Options{})
		if err == nil || w != nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
}

func TestDeterministic(t *testing.T) {
	features, yes, _ := world(11, 5000, []float64{0.3, 2, -1}, 0.1, 0.2)
	a, ra, _ := Logistic(features, yes, Options{})
	b, rb, _ := Logistic(features, yes, Options{})
	if !slices.Equal(a, b) || ra.AUC != rb.AUC || ra.WrongNo != rb.WrongNo {
		t.Errorf("%v and %v", a, b)
	}
}

func BenchmarkLogistic(b *testing.B) {
	w := make([]float64, 13)
	w[1], w[2] = 2, -2
	features, yes, _ := world(12, 40000, w, 0.1, 0.1)
	for b.Loop() {
		if _, _, err := Logistic(features, yes, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// The gradient of the loss is its slope.
func TestGradient(t *testing.T) {
	features, yes, _ := world(13, 500, []float64{0.3, 2, -1}, 0.1, 0.2)
	fit, _ := examples(features, yes, defaultMost)
	p := newProblem(features, yes, fit, []int{0, 1}, []scale{{0, 1}, {0.5, 2}}, 0.01)
	rapid.Check(t, func(t *rapid.T) {
		u := make([]float64, p.cols+2)
		for j := range u {
			u[j] = rapid.Float64Range(-2, 2).Draw(t, "u")
		}
		g := make([]float64, len(u))
		p.loss(u, g)
		for j := range u {
			const d = 1e-5
			up, down := slices.Clone(u), slices.Clone(u)
			up[j], down[j] = u[j]+d, u[j]-d
			if slope := (p.loss(up, nil) - p.loss(down, nil)) / (2 * d); math.Abs(slope-g[j]) > 1e-6 {
				t.Fatalf("by unknown %d: %g, the slope is %g", j, g[j], slope)
			}
		}
	})
}

func TestJudge(t *testing.T) {
	on := part{rows: []int{0, 1, 2, 3, 4}, yes: 3, no: 2}
	yes := []bool{true, false, true, false, true}
	for _, c := range []struct {
		scores     []float64
		auc, wrong float64
	}{
		{[]float64{1, -1, 2, -2, 3}, 1, 0},
		{[]float64{-1, 1, -2, 2, -3}, 0, 1},
		{[]float64{7, 7, 7, 7, 7}, 0.5, 0.5},
		{[]float64{1, 1, 2, -2, -3}, (1 + 2 + 0.5) / 6, (1./3 + 1./2) / 2},
	} {
		if auc, wrong := (Weights{0, 1}).judge([][]float64{c.scores}, yes, on); math.Abs(auc-c.auc) > 1e-12 || math.Abs(wrong-c.wrong) > 1e-12 {
			t.Errorf("%v: AUC %g and error %g, want %g and %g", c.scores, auc, wrong, c.auc, c.wrong)
		}
	}
}

// A few values far off, with labels that contradict them, do not change what the others say.
func TestFarValues(t *testing.T) {
	w := []float64{0, 3, -2}
	features, yes, _ := world(14, 4000, w, 0, 0)
	for i := 0; i < len(yes); i += 100 {
		features[0][i] = math.Copysign(math.MaxFloat32, float64(i%200)-50)
		yes[i] = i%300 == 0
	}
	got, r, err := Logistic(features, yes, Options{})
	if err != nil || far(got, w) > 0.2 {
		t.Errorf("%v, want %v: %+v %v", got, w, r, err)
	}
}
