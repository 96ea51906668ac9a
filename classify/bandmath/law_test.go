package bandmath

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var testIndices = map[string]string{
	"mine":  "(nir - red) / (nir + red + 0.5)",
	"水体":    "ndwi > 0 ? ndwi : 0",
	"rough": "sqrt(pantex) / brightness",
	"twice": "mine + mine * mine",
}

// testOptions has a name of each sort.
func testOptions(single bool) Options {
	o := Options{Indices: testIndices, SingleDate: single, Limits: []string{"green", "deep"}, Models: []Model{
		{Name: "built", Features: []string{"mine", "sqrt(pantex(15)) / brightness", "nir"}},
		{Name: "deep", Raster: true},
	}}
	if !single {
		o.Pairs = map[string]string{"lost": "before.ndvi - after.ndvi", "both": "lost * change"}
		o.Models = append(o.Models, Model{Name: "changed", Pair: true, Features: []string{"lost", "after.red / before.red", "change"}}, Model{Name: "seen", Pair: true, Raster: true})
	}
	return o
}

// drawParams draws values for some of the parameters.
func drawParams(t *rapid.T, p *Program) map[string]float32 {
	values := map[string]float32{"unheard of": 1}
	for _, name := range p.Params() {
		if rapid.IntRange(0, 4).Draw(t, name) > 0 {
			values[name] = rapid.SampledFrom(append([]float32{0.1, 0.3, -2, 3}, oddPixels[1:]...)).Draw(t, name)
		}
	}
	return values
}

var dateNames = []string{"p_built", "p_deep", "red", "nir", "green", "ndvi", "NDWI", "mine", "水体", "rough", "twice", "vrnirbi", "pantex", "pantex(20)", "deviation(2.5)", "mbi", "msi(12)", "mean"}

// value draws the text of a value, depth operations deep at most.
func drawValue(t *rapid.T, single bool, depth int) string {
	if depth == 0 || rapid.IntRange(0, 5).Draw(t, "leaf") == 0 {
		if rapid.IntRange(0, 3).Draw(t, "number") == 0 {
			return rapid.SampledFrom([]string{"0", "1", "2", "0.5", "3", "0.1", "1e-3", "2.5e38", "0.2", "7"}).Draw(t, "constant")
		}
		name := rapid.SampledFrom(dateNames).Draw(t, "name")
		switch form := rapid.IntRange(0, 9).Draw(t, "sort"); {
		case form == 0:
			return rapid.SampledFrom([]string{"limit.green", "Limit.DEEP"}).Draw(t, "limit")
		case single:
			return name
		case form == 1:
			return rapid.SampledFrom([]string{"change", "lost", "both", "p_changed", "p_seen", "before.growing", "after.snow"}).Draw(t, "whole")
		}
		return rapid.SampledFrom([]string{"before.", "after."}).Draw(t, "date") + name
	}
	v := func() string { return drawValue(t, single, depth-1) }
	switch rapid.IntRange(0, 9).Draw(t, "form") {
	case 0, 1, 2:
		return fmt.Sprintf("(%s %s %s)", v(), rapid.SampledFrom([]string{"+", "-", "*", "/", "**", "^"}).Draw(t, "operator"), v())
	case 3:
		a, b := v(), v()
		return fmt.Sprintf("((%s - %s) / (%s + %s))", a, b, b, a)
	case 4:
		return fmt.Sprintf("%s(%s)", rapid.SampledFrom([]string{"abs", "sqrt", "log", "exp", "-", "+"}).Draw(t, "function"), v())
	case 5:
		return fmt.Sprintf("%s(%s, %s, %s)", rapid.SampledFrom([]string{"min", "max"}).Draw(t, "function"), v(), v(), v())
	case 6:
		return fmt.Sprintf("clamp(%s, 0, %s)", v(), "1")
	case 7:
		return fmt.Sprintf("(%s ? %s : %s)", drawCondition(t, single, depth-1), v(), v())
	default:
		return fmt.Sprintf("%s * %s - %s", v(), v(), v())
	}
}

func drawCondition(t *rapid.T, single bool, depth int) string {
	v := func() string { return drawValue(t, single, max(0, depth-1)) }
	if depth <= 0 || rapid.IntRange(0, 3).Draw(t, "comparison") == 0 {
		switch rapid.IntRange(0, 9).Draw(t, "form") {
		case 0:
			return rapid.SampledFrom([]string{"true", "false"}).Draw(t, "truth")
		case 1:
			return "isknown(" + v() + ")"
		case 3:
			return drawAuto(t, single)
		case 2:
			return fmt.Sprintf("(0 < %s <= %s)", v(), v())
		}
		return fmt.Sprintf("(%s %s %s)", v(), rapid.SampledFrom([]string{"<", "<=", ">", ">=", "==", "!="}).Draw(t, "operator"), v())
	}
	c := func() string { return drawCondition(t, single, depth-1) }
	switch rapid.IntRange(0, 4).Draw(t, "form") {
	case 0:
		return "not (" + c() + ")"
	case 1:
		return fmt.Sprintf("(%s ? %s : %s)", c(), c(), c())
	case 2:
		return fmt.Sprintf("(%s or %s || %s)", c(), c(), c())
	default:
		return fmt.Sprintf("(%s and %s && %s and %s)", c(), c(), c(), c())
	}
}

func drawAuto(t *rapid.T, single bool) string {
	if single {
		return "red > nir"
	}
	pixels := rapid.SampledFrom([]string{"after.pantex", "before.ndvi - after.NDVI", "change", "(after.red - before.red) * after.mine", "lost"}).Draw(t, "auto")
	return fmt.Sprintf(rapid.SampledFrom([]string{"(%s > auto)", "(auto <= %s)", "(0 < %s < AUTO)"}).Draw(t, "comparison"), pixels)
}

var oddPixels = []float32{nan, nan, 0, float32(math.Copysign(0, -1)), 1, -1, 0.5, 2, 0.2, 255, 10000, 1e-30, 3e38, -3e38,
	float32(math.Inf(1)), float32(math.Inf(-1)), 1e-44}

func drawPlanes(t *rapid.T, inputs []Input, n int) [][]float32 {
	plain := rapid.Bool().Draw(t, "plain")
	planes := make([][]float32, len(inputs))
	for i := range planes {
		planes[i] = make([]float32, n)
		for j := range planes[i] {
			if plain {
				planes[i][j] = float32(rapid.IntRange(1, 400).Draw(t, "v")) / 256
			} else {
				planes[i][j] = rapid.SampledFrom(oddPixels).Draw(t, "v")
			}
		}
	}
	return planes
}

// The law of the package: any program equals, bit for bit, the twin that knows no shortcuts; NaN equals NaN.
func TestProgramEqualsTwin(t *testing.T) {
	formulas := map[string]string{}
	for name, f := range testIndices {
		formulas[strings.ToLower(name)] = f
	}
	rapid.Check(t, func(t *rapid.T) {
		single := rapid.IntRange(0, 4).Draw(t, "single") == 0
		var sources []Source
		for i := range rapid.IntRange(1, 4).Draw(t, "sources") {
			s := Source{Name: fmt.Sprint("s", i), Condition: rapid.Bool().Draw(t, "condition")}
			if s.Condition {
				s.Text = drawCondition(t, single, rapid.IntRange(0, 3).Draw(t, "depth"))
			} else {
				s.Text = drawValue(t, single, rapid.IntRange(0, 3).Draw(t, "depth"))
			}
			sources = append(sources, s)
		}
		o := testOptions(single)
		p, err := Compile(sources, o)
		if err != nil {
			if strings.Contains(err.Error(), "more than") {
				t.Skip("too large")
			}
			t.Fatal(err)
		}
		n := rapid.SampledFrom([]int{1, 5, 8, 21, 40}).Draw(t, "n")
		planes := drawPlanes(t, p.Inputs(), n)
		params := drawParams(t, p)
		p = p.Bind(params)
		m := p.NewMachine()
		m.Begin(n, planes)
		w := twin{formulas: formulas, pixel: map[Input]float32{}, options: o, params: params}
		// All results are taken before any is looked at: they hold until the next Begin.
		conditions, values := make([][]uint8, len(sources)), make([][]float32, len(sources))
		for _, i := range rapid.Permutation(indicesOf(sources)).Draw(t, "order") {
			if sources[i].Condition {
				conditions[i] = m.Condition(i)
			} else {
				values[i] = m.Value(i)
			}
		}
		for i, s := range sources {
			tree, err := parse(text{body: s.Text})
			if err != nil {
				t.Fatal(err)
			}
			for j := range n {
				for k, in := range p.Inputs() {
					w.pixel[in] = planes[k][j]
				}
				want := w.eval(tree, None)
				if s.Condition {
					if got := conditions[i][j]; got != want.(uint8) {
						t.Fatalf("%s\npixel %d: %d, want %d\n%v\n%s", s.Text, j, got, want, w.pixel, p)
					}
				} else if got := values[i][j]; !same(got, want.(float32)) {
					t.Fatalf("%s\npixel %d: %v, want %v\n%v\n%s", s.Text, j, got, want, w.pixel, p)
				}
			}
		}
	})
}

func same(a, b float32) bool {
	return math.Float32bits(a) == math.Float32bits(b) || a != a && b != b
}

func indicesOf[T any](s []T) []int {
	out := make([]int, len(s))
	for i := range out {
		out[i] = i
	}
	return out
}

// Cutting pixels into other chunks, and what the machine computed before, must not matter.
func TestChunksDoNotMatter(t *testing.T) {
	p := mustCompile(t, Options{}, "before.ndvi > 0.3 and after.ndvi < 0.2 and not (after.green > 0.9)", "after.ndvi < 0.2 ? after.ndvi : before.red")
	rapid.Check(t, func(t *rapid.T) {
		planes := drawPlanes(t, p.Inputs(), 37)
		whole := p.NewMachine()
		whole.Begin(37, planes)
		condition, value := slices.Clone(whole.Condition(0)), slices.Clone(whole.Value(1))
		m := p.NewMachine()
		for x := 0; x < 37; {
			n := min(rapid.IntRange(1, 20).Draw(t, "n"), 37-x)
			part := make([][]float32, len(planes))
			for i := range part {
				part[i] = planes[i][x:]
			}
			m.Begin(n, part)
			if rapid.Bool().Draw(t, "order") {
				m.Value(1)
			}
			if got := m.Condition(0); !slices.Equal(got, condition[x:x+n]) {
				t.Fatalf("condition at %d: %v, want %v", x, got, condition[x:x+n])
			}
			if got := m.Value(1); !slices.EqualFunc(got, value[x:x+n], same) {
				t.Fatalf("value at %d: %v, want %v", x, got, value[x:x+n])
			}
			x += n
		}
	})
}

func mustCompile(t testing.TB, o Options, texts ...string) *Program {
	t.Helper()
	var sources []Source
	for i, s := range texts {
		condition := strings.ContainsAny(s, "<>!=") && !strings.Contains(s, "?") || strings.Contains(s, "isknown") || s == "true" || s == "false"
		sources = append(sources, Source{Name: fmt.Sprint("s", i), Text: s, Condition: condition})
	}
	p, err := Compile(sources, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
