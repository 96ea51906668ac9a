package bandmath

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestInputs(t *testing.T) {
	for _, c := range []struct {
		text   string
		single bool
		want   string
	}{
		{"after.ndvi < before.ndvi", false, "before.red before.nir after.red after.nir"},
		{"after.pantex > 1 and after.pantex(15) > 2 and before.deviation > after.pantex(7.5)", false, "before.deviation(5) after.pantex(7.5) after.pantex(15)"},
		{"NDVI > 0.1 and Red > 3", true, "red nir"},
		{"sqrt(pantex(15)) > 0.1 * mean(60) and MBI(20) > mean", true, "mbi(20) mean(30) mean(60) pantex(15)"},
		{"swir2 > blue", true, "blue swir2"},
		{"false and after.red > 1", false, ""},
		{"true ? after.red > 1 : after.nir > 1", false, "after.red"},
		{"after.red > 1 or 1 < 2", false, ""},
		{"after.mine > 1", false, "after.red after.nir"},
		{"before.水体 > 1", false, "before.green before.nir"},
		{"before.rough > 1", false, "before.blue before.green before.red before.pantex(15)"},
	} {
		p, err := Compile([]Source{{Text: c.text, Condition: true}}, Options{Indices: testIndices, SingleDate: c.single})
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		var got []string
		for _, in := range p.Inputs() {
			got = append(got, in.String())
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s reads %s, want %s", c.text, s, c.want)
		}
	}
}

func TestNeeds(t *testing.T) {
	p := mustCompile(t, Options{}, "after.ndvi < 0.2 and before.red > 1", "after.nir", "true")
	if got := fmt.Sprint(p.Inputs(), p.Needs(0), p.Needs(1), p.Needs(2)); got != "[before.red after.red after.nir] [before.red after.red after.nir] [after.nir] []" {
		t.Error(got)
	}
}

// Meaning of the operators, in numbers: a = 7, b = 2.
func TestMeaning(t *testing.T) {
	for _, c := range []struct {
		text string
		want float32
	}{
		{"red + nir * nir", 11}, {"(red + nir) * nir", 18}, {"red - nir - 1", 4}, {"red / nir / nir", 1.75},
		{"-red ** nir", -49}, {"2 ** 3 ** nir", 512}, {"red ^ 0.5 - sqrt(red)", 0}, {"nir ** -1", 0.5},
		{"max(red, nir, 5) - min(red, nir, 5)", 5}, {"clamp(red, 0, 3) + clamp(nir, 4, 5)", 7}, {"abs(nir - red)", 5},
		{"log(exp(nir))", 2}, {"red > nir ? 1 : 0", 1}, {"red < nir ? 1 : red == 7 ? 2 : 3", 2},
		{"1 < nir < red ? 1 : 0", 1}, {"1 < nir < 2 ? 1 : 0", 0}, {"red != 7 or nir == 2 and not (red < nir) ? 1 : 0", 1},
		{"1_000 + 0x10 + 1e1", 1026}, {"red // + nir\n + 1", 8}, {"1 + 2 > red or !(nir >= red) ? 4 : 5", 4},
		{"0.1 + 0.2", float32(0.1) + float32(0.2)}, {"1 / 3", float32(1) / float32(3)},
	} {
		p, err := Compile([]Source{{Text: c.text}}, Options{SingleDate: true})
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		values := map[string]float32{"red": 7, "nir": 2}
		var planes [][]float32
		for _, in := range p.Inputs() {
			planes = append(planes, []float32{values[in.Name]})
		}
		m := p.NewMachine()
		m.Begin(1, planes)
		if got := m.Value(0)[0]; got != c.want {
			t.Errorf("%s = %v, want %v", c.text, got, c.want)
		}
	}
}

func TestErrors(t *testing.T) {
	deep := strings.Repeat("(1 + ", 70) + "after.red" + strings.Repeat(")", 70)
	for _, c := range []struct{ text, want string }{
		{"", "empty"},
		{"after.red <", "ends too soon"},
		{"after.red = 1", "write =="},
		{"after.red > 1 & after.nir > 1", "write and"},
		{"after.red > 1)", ") has no partner"},
		{"after.auto > 1", "automatic limits are one side of a comparison"},
		{"after.red > auto + 1", "automatic limits are one side of a comparison"},
		{"auto > auto", "automatic limits are one side of a comparison"},
		{"after.red == auto", "to which nothing is equal"},
		{"3 > auto", "this reads none: give a number"},
		{"after.red * limit.green > auto", "must not depend on limit.green"},
		{"after.p_built > auto", "must not depend on model.built.0"},
		{"after.red > (true ? auto : 1)", "automatic limits are one side of a comparison"},
		{"after.red > limit.gren", "unknown limit gren: did you mean limit.green?"},
		{"after.red > limit.qqqqqq", "define it as a limit"},
		{"after.red > limit", "unknown name limit"},
		{"after.red > limit[1]", "a limit is written limit.NAME"},
		{"after.red > limit.green(2)", ""},
		{"after.change > 1", "change is of both dates: write change alone"},
		{"after.lost > 1", "lost is of both dates"},
		{"before.p_changed > 1", "p_changed is of both dates"},
		{"p_built > 1", "p_built of which date?"},
		{"growing > 1", "growing of which date?"},
		{"p_chnged > 1", "did you mean p_changed?"},
		{"chnge > 1", "did you mean change?"},
		{"change(3) > 1", "change takes no argument"},
		{"after.nvdi > 1", "did you mean ndvi?"},
		{"after.rde > 1", "did you mean red?"},
		{"after.pantx > 1", "did you mean pantex?"},
		{"after.qqqqqq > 1", "see the band roles"},
		{"afer.red > 1", "unknown date afer: there are before and after"},
		{"red > 1", "red of which date? write before.red or after.red"},
		{"pantex(20) > 1", "pantex of which date?"},
		{"nvdi > 1", "did you mean before.ndvi or after.ndvi?"},
		{"after > 1", "after is a date, not a value"},
		{"sqrt > 1", "sqrt is a function"},
		{"sqr(after.red) > 1", "did you mean sqrt?"},
		{"median(after.red) > 1", "there are abs, clamp"},
		{"ndvi(after.red) > 1", "ndvi takes no argument"},
		{"after.ndvi(3) > 1", "ndvi takes no argument"},
		{"sqrt(after.red, 2) > 1", "sqrt takes 1 argument, not 2"},
		{"max(after.red) > 1", "max takes 2 or more arguments, not 1"},
		{"clamp(after.red, 1) > 1", "clamp takes 3 arguments, not 2"},
		{"clamp(after.red, 1, 0) > 1", "lower limit first"},
		{"after.pantex() > 1", "pantex takes one number"},
		{"after.pantex(0) > 1", "more than 0"},
		{"after.pantex(2000) > 1", "at most 1000 metres"},
		{"after.pantex(-3) > 1", "must be written as a positive number"},
		{"after.pantex(after.red) > 1", "must be written as a positive number"},
		{"after.red", "compare it with something, as in after.red > 0"},
		{"after.red and after.nir > 1", "and needs a condition"},
		{"not after.red > 1", "write not (a < b)"},
		{"after.red + (after.nir > 1) > 0", "+ needs a number"},
		{"(after.red > 1) == true", "== needs a number"},
		{"after.red ? true : false", "the part before ? needs a condition"},
		{"after.red > 1 ? 1 : true", "both sides of :"},
		{"after.red % 2 > 1", "the operator % is not part of the language"},
		{"after.red in [1, 2]", "not part of the language"},
		{"after.red.nir > 1", "a name is a date, a point"},
		{"after?.red > 1", ""},
		{"let x = 1; x > 0", "not part of the language"},
		{"nil", "not part of the language"},
		{`after.red > "1"`, "text has no meaning here"},
		{"after.red > 1e39", "too large"},
		{"after.red > 99999999999999999999", "integer"},
		{"after.red > 5 m", "unexpected m"},
		{"\xff", "UTF-8"},
		{strings.Repeat("after.red + ", 400) + "1 > 0", "more than 4096"},
		{deep + " > 0", "nested more than 64 deep"},
		{strings.Repeat("after.ibi > 0 and ", 40) + "true", "more than 512 operations"},
	} {
		_, err := Compile([]Source{{Name: "built", Text: c.text, Condition: true}}, testOptions(false))
		var e *Error
		if err == nil || !errors.As(err, &e) || !strings.Contains(e.Message, c.want) {
			t.Errorf("%.60s: %v, want %q", c.text, err, c.want)
		}
	}
}

func TestErrorsOfOneDate(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"after.red", "there is only one date here: write red without after"},
		{"nvdi", "did you mean ndvi?"},
		{"red > 1", "this place needs a number, but this is a condition"},
		{"red > auto ? 1 : 0", "automatic limits are not available here"},
		{"change", "change is of two dates, but there is only one here"},
		{"growing", "growing is a state of a scene"},
		{"limit.green", "unknown limit green"},
	} {
		_, err := Compile([]Source{{Text: c.text}}, Options{SingleDate: true})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.text, err, c.want)
		}
	}
}

func TestUserIndexErrors(t *testing.T) {
	for _, c := range []struct {
		name, formula string
		want          string
	}{
		{"a", "b + red", "the index a is defined by itself: a → b → c → a"},
		{"self", "self + 1", "self → self"},
		{"ndvi", "red", "is an index of the catalogue"},
		{"RED", "red", "is a band role"},
		{"pantex", "red", "is a texture"},
		{"min", "red", "is a function"},
		{"before", "red", "is a word of the language"},
		{"change", "red", "is a word of the language"},
		{"x", "growing + 1", "growing is a state of a scene"},
		{"x", "change + 1", "change is of two dates"},
		{"x", "red > auto ? 1 : 0", "automatic limits are not available here"},
		{"my index", "red", "is not a name"},
		{"1x", "red", "is not a name"},
		{"", "red", "is not a name"},
		{"x", "nri + 1", "x: unknown name nri: did you mean nir?"},
		{"x", "after.nir + 1", "an index is a formula of one date: write nir without after"},
		{"x", "nir > 1", "an index needs a number"},
		{"x", "", "empty"},
		{"B", "red", "is defined twice"},
		{"big", strings.Repeat("(ibi + ibi) * ", 12) + "1", "more than 512 operations once"},
		{"deep", strings.Repeat("sqrt(", 63) + "ndvi" + strings.Repeat(")", 63), "nested more than 64 deep: "},
	} {
		indices := map[string]string{"b": "c", "c": "a", c.name: c.formula}
		if c.name != "a" {
			indices["a"] = "nir"
		}
		_, err := Compile(nil, Options{Indices: indices})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %s: %v, want %q", c.name, c.formula, err, c.want)
		}
	}
}

// The depth limit holds through indices, also those that were already checked by themselves.
func TestDepthThroughIndices(t *testing.T) {
	forty := strings.Repeat("sqrt(", 40) + "%s" + strings.Repeat(")", 40)
	for _, names := range [][2]string{{"p", "q"}, {"q", "p"}} {
		_, err := Compile(nil, Options{Indices: map[string]string{
			names[0]: fmt.Sprintf(forty, "nir"), names[1]: fmt.Sprintf(forty, names[0]),
		}})
		if err == nil || !strings.Contains(err.Error(), "nested more than 64 deep") {
			t.Error(err)
		}
	}
}

func TestErrorText(t *testing.T) {
	_, err := Compile([]Source{
		{Name: "first", Text: "after.red > 1 and\n  before.水田 < after.nvdi", Condition: true},
		{Name: "second", Text: "before.mine > 1"},
	}, Options{Indices: map[string]string{"水田": "nir / red", "mine": "nir - red"}})
	const want = `first: unknown name nvdi: did you mean ndvi? (line 2, column 21)
      before.水田 < after.nvdi
                          ^
second: this place needs a number, but this is a condition (true or false): write condition ? number : number to make one of it (line 1, column 13)
    before.mine > 1
                ^`
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
	if _, err = Compile(nil, Options{Indices: map[string]string{"mine": "nir - rde"}}); err == nil ||
		err.Error() != "mine: unknown name rde: did you mean red? (line 1, column 7)\n    nir - rde\n          ^" {
		t.Error(err)
	}
}

func TestExcerptOfALongLine(t *testing.T) {
	e := text{body: strings.Repeat("a", 500) + "水x" + strings.Repeat("b", 500)}.errorf(501, "here")
	lines := strings.Split(e.Error(), "\n")
	if len(lines) != 3 || len([]rune(lines[1])) > 130 || !strings.Contains(lines[1], "水x") {
		t.Fatal(e)
	}
	// The caret stands under x: one column more than characters, because 水 takes two.
	if x := slices.Index([]rune(lines[1]), 'x'); strings.Index(lines[2], "^") != x+1 {
		t.Error(e)
	}
}

// What expressions share is computed once, whatever way it is written.
func TestSharing(t *testing.T) {
	p := mustCompile(t, Options{Indices: map[string]string{"mine": "(nir - red) / (red + nir)"}},
		"after.ndvi < 0.2 and before.ndvi > 0.3", "before.mine > 0.3 && 0.2 > after.mine", "after.ndvi ? 1 : 0"[:10])
	if p.roots[0] != p.roots[1] {
		t.Errorf("the same condition twice:\n%s", p)
	}
	if got := strings.Count(p.String(), "contrast"); got != 2 {
		t.Errorf("%d contrasts, want 2:\n%s", got, p)
	}
	const want = `%0 = after.nir
%1 = after.red
%2 = contrast %0 %1  kept
%3 = 0.2
%4 = less %2 %3
%5 = before.nir
%6 = before.red
%7 = contrast %5 %6
%8 = 0.3
%9 = more %7 %8
%10 = all %4 %9  kept
s0 = %10
s1 = %10
s2 = %2
`
	if p.String() != want {
		t.Errorf("got\n%swant\n%s", p, want)
	}
}
