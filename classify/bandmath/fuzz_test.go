package bandmath

import (
	"errors"
	"testing"
)

// FuzzCompile: any text compiles or is refused with a place and a reason; what compiles equals the twin.
func FuzzCompile(f *testing.F) {
	for _, s := range []string{
		rule, "after.ndvi < 0.2 and before.ndvi - after.ndvi > 0.25 and after.pantex(20) > 400", "after.red > auto",
		"isknown(after.swir1) ? after.ndbi > 0 : true", "0.1 < after.水体 < 0.3", "not (before.mine != 1)", "after.red | abs()",
		"let x = 1; x", "filter(after, {# > 1})", "a[1:2]", "{a: 1}", "`x`", "1..2", "before.rough ** -0.5 ?? 1 > 1", "if a {1} else {2}",
		"((((((", "!!!!!true", "b'x'", "::abs(1) > 0", "after.red > 1 ? : 2", "/* */ 1 > 0 // x", "a?.b?.[1]", "after.and > 1", "0x_ > 1",
		"limit.green < after.ndvi", "change > auto and auto >= lost", "p_changed > limit.deep or before.p_built - after.p_built > 0.5",
		"auto > auto", "limit.green > auto", "after.growing == 0 and not (before.snow > 0)", "limit?.green", "limit.green(3)", "after.change",
	} {
		f.Add(s, true, false, float32(0.5), float32(2))
	}
	f.Add("(nir - red) / (nir + red)", false, true, float32(0), float32(0))
	f.Fuzz(func(t *testing.T, expression string, condition, single bool, a, b float32) {
		o := testOptions(single)
		p, err := Compile([]Source{{Name: "x", Text: expression, Condition: condition}}, o)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Message == "" || e.Line < 1 || e.Column < 1 || e.Error() == "" {
				t.Errorf("an error without place or reason: %#v", err)
			}
			return
		}
		if p.String() == "" {
			t.Error("no listing")
		}
		w := twin{formulas: testIndices, pixel: map[Input]float32{}, options: o, params: map[string]float32{}}
		for i, name := range p.Params() {
			w.params[name] = b - float32(i)*a
		}
		p = p.Bind(w.params)
		planes := make([][]float32, len(p.Inputs()))
		for i := range planes {
			planes[i] = []float32{a}
			if i%2 == 1 {
				planes[i][0] = b
			}
		}
		m := p.NewMachine()
		m.Begin(1, planes)
		for i, in := range p.Inputs() {
			w.pixel[in] = planes[i][0]
		}
		tree, err := parse(text{body: expression})
		if err != nil {
			t.Fatal(err)
		}
		switch want := w.eval(tree, None).(type) {
		case uint8:
			if got := m.Condition(0)[0]; got != want {
				t.Errorf("%q: %d, want %d\n%s", expression, got, want, p)
			}
		case float32:
			if got := m.Value(0)[0]; !same(got, want) {
				t.Errorf("%q: %v, want %v\n%s", expression, got, want, p)
			}
		}
	})
}
