package bandmath

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var colours = []string{
	"before.exg > 0.1 and after.exg < 0.05", "after.red > before.green", "sqrt(after.pantex) > after.brightness",
	"isknown(before.blue)", "not (after.gli > 0.2) or before.red < after.red", "before.deviation(9) > 1 ? after.red > 1 : false", "true",
}

// The law of Colour: a pixel is decided as by one of the two conditions alone, by Colour where the scene of some date
// lacks a band that Text reads, by Text where both scenes have them, and by Text where a scene has no data.
func TestColourDecidesWhereABandLacks(t *testing.T) {
	formulas := map[string]string{}
	for name, f := range testIndices {
		formulas[strings.ToLower(name)] = f
	}
	rapid.Check(t, func(t *rapid.T) {
		src := Source{Name: "both", Text: drawCondition(t, false, rapid.IntRange(0, 3).Draw(t, "depth")), Condition: true}
		alone, err := Compile([]Source{src}, Options{Indices: testIndices})
		if err != nil {
			t.Skip("too large")
		}
		src.Colour = rapid.SampledFrom(colours).Draw(t, "colour")
		p, err := Compile([]Source{src}, Options{Indices: testIndices})
		if err != nil {
			t.Fatal(err)
		}
		const n = 9
		planes := drawPlanes(t, p.Inputs(), n)
		var lacking [n]bool
		for i := range n {
			for _, d := range []Date{Before, After} {
				scene := rapid.SampledFrom([]string{"four bands", "colour", "no data"}).Draw(t, d.String())
				for k, in := range p.Inputs() {
					switch {
					case in.Date != d || in.Size > 0:
					case scene == "no data", scene == "colour" && !in.Visible():
						planes[k][i] = nan
					case planes[k][i] != planes[k][i]:
						planes[k][i] = 0.5
					}
				}
				needs := slices.ContainsFunc(alone.Inputs(), func(in Input) bool { return in.Date == d && !in.Visible() })
				lacking[i] = lacking[i] || needs && scene == "colour"
			}
		}
		m := p.NewMachine()
		m.Begin(n, planes)
		got := m.Condition(0)
		for i := range n {
			w := twin{formulas: formulas, pixel: map[Input]float32{}}
			for k, in := range p.Inputs() {
				w.pixel[in] = planes[k][i]
			}
			condition := src.Text
			if lacking[i] {
				condition = src.Colour
			}
			tree, err := parse(text{body: condition})
			if err != nil {
				t.Fatal(err)
			}
			if want := w.eval(tree, None); got[i] != want {
				t.Fatalf("%s\ncolour: %s\npixel %d, lacking %v: %d, want %d\n%v\n%s", src.Text, src.Colour, i, lacking[i], got[i], want, w.pixel, p)
			}
		}
	})
}

// Colour costs nothing where Text needs nothing beyond colour: the program is that of Text alone.
func TestColourOfAColourCondition(t *testing.T) {
	plain := Source{Name: "x", Text: "before.exg > 0.1 and sqrt(after.pantex) > after.brightness", Condition: true}
	with := plain
	with.Colour = "after.red > 3"
	a, err := Compile([]Source{plain}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := Compile([]Source{with}, Options{})
	if err != nil || a.String() != b.String() {
		t.Errorf("%v\n%s\nwant\n%s", err, b, a)
	}
}

func TestColourRefuses(t *testing.T) {
	for colour, want := range map[string]string{
		"before.ndvi > 0.3":     "before.nir is beyond colour",
		"after.swir1 > 3":       "after.swir1 is beyond colour",
		"after.red":             "compare it with something",
		"after.rde > 3":         "did you mean red?",
		"isknown(after.yellow)": "after.yellow is beyond colour",
	} {
		_, err := Compile([]Source{{Name: "kind a: when", Text: "after.nir > 1", Condition: true, Colour: colour}}, Options{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want mention of %q", colour, err, want)
		}
	}
}
