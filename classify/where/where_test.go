package where

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
)

// words are a language of two functions and two values.
var words = Language{
	Values: []string{"size", "width"},
	Calls: map[string]func(string) error{
		"area": func(s string) error {
			if s == "" {
				return errors.New("nothing is named")
			}
			return nil
		},
		"layer": func(string) error { return nil },
	},
	Example: "01",
}

var meaning = words.Meaning(Numbers{
	Values: map[string]float64{"size": 100, "width": 4},
	Calls:  map[string]func(string) float64{"area": func(s string) float64 { return float64(len(s)) }},
})

func TestValue(t *testing.T) {
	for text, want := range map[string]float64{
		`size`: 100, `size / width`: 25, `area("abc") * 2`: 6, `layer("a")`: 0, `width > 3 ? size : 1`: 100, `-width`: -4, `2`: 2, `size / layer("a")`: math.Inf(1),
	} {
		e, err := words.Value(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got, err := e.Number(meaning); err != nil || got != want {
			t.Errorf("%s is %g (%v), want %g", text, got, err, want)
		}
	}
	e, err := words.Value(`layer("a") / layer("b")`)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := e.Number(meaning); err != nil || !math.IsNaN(got) {
		t.Errorf("0/0 is %g (%v)", got, err)
	}
}

func TestWhatIsAsked(t *testing.T) {
	e, err := words.Condition(`area("b") > 1 and area("a") + area("b") < size`)
	if err != nil {
		t.Fatal(err)
	}
	if got := e.Arguments("area"); !slices.Equal(got, []string{"a", "b"}) || len(e.Arguments("layer")) > 0 {
		t.Errorf("arguments %q", got)
	}
	for name, want := range map[string]bool{"area": true, "size": true, "width": false, "layer": false} {
		if e.Uses(name) != want {
			t.Errorf("uses %s: %t", name, !want)
		}
	}
}

func TestErrors(t *testing.T) {
	for text, want := range map[string]string{
		`width > 3`:       "this is a condition, not a value",
		`widht`:           `unknown name "widht" (did you mean "width"?): a condition on a patch knows area("01"), layer("01"), size and width`,
		`area("")`:        "nothing is named",
		`area(size)`:      `area wants one name in quotes, such as area("01")`,
		`size("a")`:       `only area("01") and layer("01") can be called`,
		`"a"`:             "",
		`sum([1, 2])`:     "",
		`size matches ""`: "not part of the language",
	} {
		if _, err := words.Value(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want mention of %q", text, err, want)
		}
	}
	if _, err := words.Condition(`size`); err == nil || !strings.Contains(err.Error(), `compare it, such as area("01") >= 100`) {
		t.Errorf("%v", err)
	}
}

// What compiles runs.
func FuzzExpression(f *testing.F) {
	for _, s := range []string{`area("01") >= 100`, `size / width`, `not (width < 5 ? true : false)`, `1..2`, `{}`, `area("a") ?? 1`, `let x = 1; x`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if e, err := words.Condition(text); err == nil {
			if _, err := e.Holds(meaning); err != nil {
				t.Fatalf("%q: %v", text, err)
			}
		}
		if e, err := words.Value(text); err == nil {
			if _, err := e.Number(meaning); err != nil {
				t.Fatalf("%q: %v", text, err)
			}
		}
	})
}
