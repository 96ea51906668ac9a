package bandmath

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Binding a number means what writing it means, whatever the side of the operator; the planes that are read do not depend
// on it.
func TestBoundLimitEqualsWrittenNumber(t *testing.T) {
	texts := []string{
		"after.ndvi < %s", "%s < after.ndvi", "after.red >= %s and not (before.red == %s)", "0.1 < after.ndvi < %s",
		"after.red - %s", "%s - after.red", "after.red / %s", "%s / after.red", "after.red ** %s", "%s ** after.red", "(after.red - %s) / (after.red + %s)",
		"min(after.red, %s)", "%s * after.red + %s", "%s > 0.2 ? after.red : before.red", "clamp(after.red, -2, %s)", "isknown(%s)", "%s",
	}
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.SampledFrom([]float32{0, 0.25, 0.5, 2, 3, -1.5, 1e-3, 3e38}).Draw(t, "limit")
		text := rapid.SampledFrom(texts).Draw(t, "text")
		condition := strings.ContainsAny(text, "<>=") && !strings.Contains(text, "?") || strings.Contains(text, "isknown")
		fill := func(with string) Source {
			return Source{Text: strings.ReplaceAll(text, "%s", with), Condition: condition}
		}
		p, err := Compile([]Source{fill("limit.green")}, testOptions(false))
		if err != nil {
			t.Fatal(err)
		}
		written, err := Compile([]Source{fill(fmt.Sprintf("(%g)", v))}, testOptions(false))
		if err != nil {
			t.Fatal(err)
		}
		bound := p.Bind(map[string]float32{"limit.green": v})
		if !slices.Equal(bound.Inputs(), p.Inputs()) || !slices.Equal(bound.Needs(0), p.Needs(0)) || fmt.Sprint(p.Params()) != "[limit.green]" {
			t.Fatalf("inputs %v became %v, parameters %v", p.Inputs(), bound.Inputs(), p.Params())
		}
		planes := drawPlanes(t, p.Inputs(), 9)
		a, b := bound.NewMachine(), written.NewMachine()
		a.Begin(9, planes)
		var other [][]float32
		for _, in := range written.Inputs() {
			other = append(other, planes[slices.Index(p.Inputs(), in)])
		}
		b.Begin(9, other)
		if condition {
			if !slices.Equal(a.Condition(0), b.Condition(0)) {
				t.Fatalf("%s with %g: %v, want %v", text, v, a.Condition(0), b.Condition(0))
			}
		} else if !slices.EqualFunc(a.Value(0), b.Value(0), same) {
			t.Fatalf("%s with %g: %v, want %v", text, v, a.Value(0), b.Value(0))
		}
	})
}

// What was never bound, or bound to what is no number, is unknown, and a program keeps what it had when another is bound.
func TestUnboundIsUnknown(t *testing.T) {
	p := mustCompile(t, testOptions(false), "after.red > limit.green", "limit.green * after.red", "after.p_built", "after.red > limit.green or true")
	full := p.Bind(map[string]float32{"limit.green": 1, "model.built.0": 0, "model.built.1": 0, "model.built.2": 0})
	part := full.Bind(map[string]float32{"model.built.3": 0})
	infinite := full.Bind(map[string]float32{"limit.green": float32(math.Inf(1))})
	planes := make([][]float32, len(p.Inputs()))
	for i := range planes {
		planes[i] = []float32{4}
	}
	for _, c := range []struct {
		name      string
		p         *Program
		condition uint8
		values    [2]float32
	}{
		{"unbound", p, 1, [2]float32{nan, nan}}, {"limit and three weights", full, 2, [2]float32{4, nan}},
		{"all", part, 2, [2]float32{4, 0.5}}, {"infinite", infinite, 1, [2]float32{nan, nan}},
	} {
		m := c.p.NewMachine()
		m.Begin(1, planes)
		if got := m.Condition(0)[0]; got != c.condition {
			t.Errorf("%s: the condition is %d, want %d", c.name, got, c.condition)
		}
		if m.Condition(3)[0] != 2 {
			t.Errorf("%s: a settled condition is not", c.name)
		}
		for i, want := range c.values {
			if got := m.Value(i + 1)[0]; !same(got, want) {
				t.Errorf("%s: value %d is %g, want %g", c.name, i, got, want)
			}
		}
	}
}

// A model is finite and monotone however far its features go, and unknown where one of them is.
func TestModel(t *testing.T) {
	p := mustCompile(t, Options{SingleDate: true, Models: []Model{{Name: "x", Features: []string{"red", "nir"}}}}, "p_x").
		Bind(map[string]float32{"model.x.0": -1, "model.x.1": 2, "model.x.2": 0})
	red := []float32{-1e30, -500, -1, 0, 0.5, 1, 500, 1e30, nan, 1}
	nir := []float32{0, 0, 0, 0, 0, 0, 0, 0, 0, nan}
	m := p.NewMachine()
	m.Begin(len(red), [][]float32{red, nir})
	got := m.Value(0)
	if got[4] != 0.5 || math.Abs(float64(got[5])-1/(1+math.Exp(-1))) > 1e-6 || !(got[0] >= 0 && got[0] < 1e-30) || got[7] != 1 {
		t.Errorf("%v", got)
	}
	if !slices.IsSorted(got[:8]) {
		t.Errorf("not monotone: %v", got)
	}
	if got[8] == got[8] || got[9] == got[9] {
		t.Errorf("a missing feature gives %v", got[8:])
	}
}

// Each automatic limit brings a source that is the other side of its comparison; limits that nothing depends on bring none.
func TestAutos(t *testing.T) {
	p := mustCompile(t, testOptions(false), "before.NDVI - after.ndvi > auto and auto < change", "after.red > 3",
		"after.pantex(20) <= auto", "false and after.swir1 > auto", "change >= AUTO")
	want := []Auto{{"auto(after.pantex(20))", 5}, {"auto(before.ndvi - after.ndvi)", 6}, {"auto(change)", 7}}
	if !slices.Equal(p.Autos(), want) || fmt.Sprint(p.Params()) != "[auto(after.pantex(20)) auto(before.ndvi - after.ndvi) auto(change)]" {
		t.Fatalf("%v, parameters %v", p.Autos(), p.Params())
	}
	if got := fmt.Sprint(p.Inputs()); got != "[change before.red before.nir after.red after.nir after.pantex(20)]" {
		t.Error(got)
	}
	// The text of such a source is that of the other side, written out.
	for _, a := range p.Autos() {
		again, err := Compile([]Source{{Text: p.sources[a.Source].Text}, {Text: p.sources[a.Source].Text + " > auto", Condition: true}}, testOptions(false))
		if err != nil || again.Autos()[0].Param != a.Param || again.roots[0] != again.roots[2] {
			t.Errorf("%s: %v\n%s", a.Param, err, again)
		}
	}
	planes := make([][]float32, len(p.Inputs()))
	for i := range planes {
		planes[i] = []float32{float32(i + 1)}
	}
	m := p.Bind(map[string]float32{"auto(change)": 0.5, "auto(before.ndvi - after.ndvi)": 0}).NewMachine()
	m.Begin(1, planes)
	if got := []float32{m.Value(5)[0], m.Value(6)[0], m.Value(7)[0]}; got[0] != 6 || math.Abs(float64(got[1])-(1./5-1./9)) > 1e-6 || got[2] != 1 {
		t.Errorf("the other sides are %v", got)
	}
	if got := []uint8{m.Condition(0)[0], m.Condition(2)[0], m.Condition(4)[0]}; !slices.Equal(got, []uint8{2, 1, 2}) {
		t.Errorf("conditions %v", got)
	}
}

// A source of bare names in a program of two dates is what its names with that date are.
func TestSourceOfOneDate(t *testing.T) {
	const bare = "sqrt(pantex(20)) / brightness + mine * p_built"
	dated := strings.NewReplacer("pantex", "after.pantex", "brightness", "after.brightness", "mine", "after.mine", "p_built", "after.p_built")
	p, err := Compile([]Source{{Text: bare, Date: After}, {Text: dated.Replace(bare)}}, testOptions(false))
	if err != nil || p.roots[0] != p.roots[1] {
		t.Errorf("%v\n%s", err, p)
	}
	for _, text := range []string{"after.red", "change", "lost", "p_changed", "growing", "red > auto ? 1 : 0"} {
		if _, err := Compile([]Source{{Text: text, Date: Before}}, testOptions(false)); err == nil {
			t.Errorf("%s is taken for a value of one date", text)
		}
	}
}

func TestKindsOfInput(t *testing.T) {
	p := mustCompile(t, Options{}, "after.nir + after.pantex + after.growing + before.snow + change > 1")
	var got []string
	for _, in := range p.Inputs() {
		_, role := in.Role()
		got = append(got, fmt.Sprint(in, " ", in.Kind(), role, in.Visible()))
	}
	want := fmt.Sprintf("change %d false true,before.snow %d false true,after.nir %d true false,after.growing %d false true,after.pantex(15) %d false true",
		Change, State, Band, State, Texture)
	if s := strings.Join(got, ","); s != want {
		t.Errorf("%s, want %s", s, want)
	}
}

// A state and change may decide in colour, and their absence is no lack of a band.
func TestColourWithChange(t *testing.T) {
	p, err := Compile([]Source{{Text: "after.nir > 1", Condition: true, Colour: "change > 2 and after.growing > 0"}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	// The season is known where the pixel has no data.
	q, err := Compile([]Source{{Text: "after.nir > 1", Condition: true, Colour: "after.growing > 0"}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	m := q.NewMachine()
	m.Begin(1, [][]float32{{nan}, {nan}, {1}})
	if got := m.Condition(0)[0]; got != 1 {
		t.Errorf("a pixel without data is %d\n%s", got, q)
	}
	values := map[string]float32{"change": 3, "after.growing": 1, "after.red": 1, "after.nir": nan}
	for change, want := range map[float32]uint8{3: 2, 1: 0, nan: 1} {
		values["change"] = change
		var planes [][]float32
		for _, in := range p.Inputs() {
			planes = append(planes, []float32{values[in.String()]})
		}
		m := p.NewMachine()
		m.Begin(1, planes)
		if got := m.Condition(0)[0]; got != want {
			t.Errorf("change %g: %d, want %d\n%s", change, got, want, p)
		}
	}
}

func TestModelErrors(t *testing.T) {
	many := slices.Repeat([]string{"red"}, MaxFeatures+1)
	for _, c := range []struct {
		m    Model
		want string
	}{
		{Model{"a b", false, []string{"red"}, false}, "a model cannot be called"},
		{Model{"mine", false, []string{"red"}, false}, "p_mine is an index of the file"},
		{Model{"x", false, nil, false}, "has 0 features"},
		{Model{"x", false, many, false}, "has 25 features"},
		{Model{"x", false, []string{"red", "rde"}, false}, "did you mean red?"},
		{Model{"x", false, []string{"after.red"}, false}, "write red without after"},
		{Model{"x", true, []string{"red"}, false}, "red of which date?"},
		{Model{"x", false, []string{"red > 1"}, false}, "a feature needs a number"},
		{Model{"x", false, []string{"p_x"}, false}, "p_x is defined by itself: p_x → p_x"},
		{Model{"x", false, []string{"red - limit.green"}, false}, "must not depend on limit.green"},
		{Model{"x", true, []string{"after.red > auto ? 1 : 0"}, false}, "automatic limits are not available here"},
		{Model{"x", false, []string{"red"}, true}, "is a raster and has 1 features"},
		{Model{"mine", false, nil, true}, "p_mine is an index of the file"},
		{Model{"x", true, []string{"before.p_y"}, false}, "must not depend on model.y.0"},
	} {
		_, err := Compile(nil, Options{Indices: map[string]string{"p_mine": "red"}, Limits: []string{"green"},
			Models: []Model{c.m, {Name: "y", Features: []string{"red"}}}})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %q", c.m, err, c.want)
		}
	}
}

// A probability raster is an input of its date, or of the pair, which no band can be mistaken for; colour suffices for it.
func TestProbabilityRaster(t *testing.T) {
	o := Options{Models: []Model{{Name: "Built", Raster: true}, {Name: "changed", Pair: true, Raster: true}, {Name: "m", Features: []string{"red - p_built"}}}}
	p := mustCompile(t, o, "after.P_built - before.p_built", "p_changed", "after.p_m", "after.p_built > auto")
	if got := fmt.Sprint(p.Inputs()); got != "[p_changed before.p_built after.red after.p_built]" {
		t.Fatal(got)
	}
	for _, in := range p.Inputs() {
		_, isBand := in.Role()
		if raster := in.Name != "red"; (in.Kind() == Raster) != raster || isBand == raster || !in.Visible() {
			t.Errorf("%s is of kind %d, a band %t, visible %t", in, in.Kind(), isBand, in.Visible())
		}
	}
	if got := fmt.Sprint(p.Params()); got != "[auto(after.p_built) model.m.0 model.m.1]" {
		t.Errorf("parameters %s: a raster has no weights", got)
	}
	m := p.Bind(map[string]float32{"auto(after.p_built)": 0.5, "model.m.0": 0, "model.m.1": 1}).NewMachine()
	m.Begin(2, [][]float32{{0.1, nan}, {0.25, 0.25}, {0.75, 0.75}, {0.75, nan}})
	if got := [][]float32{m.Value(0), m.Value(1), m.Value(2)}; got[0][0] != 0.5 || got[1][0] != 0.1 || got[2][0] != 0.5 ||
		!same(got[0][1], nan) || !same(got[1][1], nan) || !same(got[2][1], nan) {
		t.Errorf("values %v", got)
	}
	if got := m.Condition(3); !slices.Equal(got, []uint8{2, 1}) {
		t.Errorf("condition %v", got)
	}
	for text, want := range map[string]string{
		"p_built > 1": "p_built of which date?", "after.p_changed > 1": "p_changed is of both dates", "after.p_bult > 1": "did you mean p_built?",
		"after.p_built(3) > 1": "p_built takes no argument",
	} {
		_, err := Compile([]Source{{Text: text, Condition: true}}, o)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestPairErrors(t *testing.T) {
	for _, c := range []struct{ name, formula, want string }{
		{"x", "red", "red of which date?"},
		{"x", "x + change", "x is defined by itself"},
		{"x", "after.red > 1", "a pair formula needs a number"},
		{"ndvi", "after.red", "a pair formula cannot be called ndvi: it is an index of the catalogue"},
		{"mine", "after.red", "it is an index of the file"},
		{"my pair", "after.red", "is not a name"},
	} {
		_, err := Compile(nil, Options{Indices: map[string]string{"mine": "red"}, Pairs: map[string]string{c.name: c.formula}})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %s: %v, want %q", c.name, c.formula, err, c.want)
		}
	}
}

// A conjunction with bound limits takes the loops for constants: no result of a limit is kept or filled.
func TestBoundLimitsAreConstants(t *testing.T) {
	p := mustCompile(t, testOptions(false), "before.ndvi > limit.green and limit.deep > after.ndvi", "limit.green < after.red", "limit.deep >= after.red")
	for _, n := range p.nodes {
		if n.op == opParam && n.slot >= 0 {
			t.Errorf("a limit takes a slot:\n%s", p)
		}
		if n.op >= opLess && n.op <= opEqual && !p.nodes[n.args[1]].op.fixed() {
			t.Errorf("a limit is not on the right:\n%s", p)
		}
	}
}
