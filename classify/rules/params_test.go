package rules

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"tuban/classify/bandmath"
	"tuban/classify/landclass"
)

const trained = `
pairs: {fell: before.ndvi - after.ndvi}
limits:
  green: {of: ndvi, low: [建设用地], high: [耕地, 林地], default: 0.25, least: 0.1, most: 0.5}
  moved: {of: change * fell, method: otsu}
  unused: {of: swir1, low: [建设用地], high: [耕地]}
models:
  built: {features: [exg, sqrt(pantex(15)) / brightness], yes: [建设用地], no: [耕地, 林地, 草地]}
  changed: {pair: true, features: [before.exg - after.exg, fell], weights: [-1, 2.5, 0]}
  fancy: {features: [swir2], yes: [建设用地], no: [耕地]}
kinds:
  - code: a
    type: JZ
    when: before.ndvi > limit.green and p_changed > 0.5 and change > auto
    evidence: [change]
    strength: clamp(fell / 0.5, 0, 1)
    rgb: {when: after.p_built > 0.5, strength: after.p_built}
  - code: b
    off: {zh: 两期影像无法判定, en: two dates cannot tell}
    type: JZ
    when: after.p_fancy > 0.5
  - code: c
    type: JZ
    when: change > limit.moved
operating_point: 20
`

func compiled(t *testing.T, text string, sys landclass.System, scenes string) *Rules {
	t.Helper()
	f, err := Parse("f", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Compile(sys, scenesOf(scenes))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func names(inputs []bandmath.Input) string {
	var list []string
	for _, in := range inputs {
		list = append(list, in.String())
	}
	return strings.Join(list, " ")
}

// value evaluates a source where each input has its value.
func value(r *Rules, source int, values map[string]float32) float64 {
	var planes [][]float32
	for _, in := range r.Program.Inputs() {
		planes = append(planes, []float32{values[in.String()]})
	}
	m := r.Program.NewMachine()
	m.Begin(1, planes)
	return float64(m.Value(source)[0])
}

// A run compiles the limits and models on which its decided conditions, evidence and strengths depend, and no others.
func TestParamsOfARun(t *testing.T) {
	r := compiled(t, trained, landclass.TD1055, "bgrn | bgrn")
	if len(r.Kinds) != 2 || r.Kinds[1].Code != "c" || len(r.Off) != 1 || r.Off[0].Off.EN != "two dates cannot tell" || r.OperatingPoint != 20 {
		t.Errorf("kinds %v, off %v", r.Kinds, r.Off)
	}
	if len(r.Limits) != 2 || len(r.Models) != 1 || r.Models[0].Name != "changed" || len(r.Autos()) != 1 {
		t.Fatalf("limits %v, models %v, autos %v", r.Limits, r.Models, r.Autos())
	}
	green, moved := r.Limits[0], r.Limits[1]
	if green.Param != "limit.green" || green.Lacking != "" || names(r.Program.Needs(green.Source)) != "before.red before.nir" {
		t.Errorf("%+v reads %s", green, names(r.Program.Needs(green.Source)))
	}
	if !green.HighHas("0103") || !green.HighHas("0301") || green.HighHas("0702") || !green.LowHas("0702") || green.LowHas("0103") || green.LowHas("") {
		t.Error("the classes of a limit are wrong")
	}
	if names(r.Program.Needs(moved.Source)) != "change before.red before.nir after.red after.nir" {
		t.Errorf("moved reads %s", names(r.Program.Needs(moved.Source)))
	}
	if got := names(r.Kinds[1].Needs); got != "change" {
		t.Errorf("kind c needs %s: what its limit is found from is not its own", got)
	}
	values := map[string]float32{"before.red": 1, "before.nir": 3, "after.red": 1, "after.nir": 1, "before.green": 1, "before.blue": 1, "after.green": 1, "after.blue": 1}
	s, ok := r.StrengthSource(0)
	if got := value(r, s, values); !ok || got != 1 {
		t.Errorf("strength %g", got)
	}
	if _, ok := r.StrengthSource(1); ok {
		t.Error("a kind without strength has one")
	}
	if source, ok := r.EvidenceSource(0, 0); !ok || r.Program.Needs(source)[0].Name != "change" {
		t.Error("evidence is not where it is said to be")
	}
}

// Without near infrared only what colour needs is compiled, and no plane of near infrared is read.
func TestParamsInColour(t *testing.T) {
	r := compiled(t, strings.Replace(trained, "change * fell", "change", 1), landclass.TD1055, "bgr | bgr")
	if len(r.Limits) != 1 || r.Limits[0].Name != "moved" || len(r.Models) != 1 || r.Models[0].Name != "built" || len(r.Autos()) != 0 {
		t.Fatalf("limits %v, models %v, autos %v", r.Limits, r.Models, r.Autos())
	}
	if got := names(r.Program.Inputs()); strings.Contains(got, "nir") {
		t.Errorf("reads %s", got)
	}
	m := r.Models[0]
	if len(m.Sources[0]) != 2 || len(m.Sources[1]) != 2 || !m.YesHas("0702") || !m.NoHas("0103") || m.NoHas("0702") || m.YesHas("") {
		t.Errorf("%+v", m)
	}
	for d, date := range []string{"before", "after"} {
		if got, want := names(r.Program.Needs(m.Sources[d][1])), strings.ReplaceAll("D.blue D.green D.red D.pantex(15)", "D", date); got != want {
			t.Errorf("feature 2 reads %s, want %s", got, want)
		}
	}
	bound := r.Bind(map[string]float64{m.Params[0]: 0, m.Params[1]: 1, m.Params[2]: 0})
	s, _ := r.StrengthSource(0)
	values := map[string]float32{"after.red": 1, "after.green": 1, "after.blue": 1, "after.pantex(15)": 4}
	if got := value(bound, s, values); got != 0.5 {
		t.Errorf("after binding the model says %g", got)
	}
	if got := value(r, s, values); !math.IsNaN(got) {
		t.Errorf("before binding the model says %g", got)
	}
}

// A raster takes the place of a model of the file: its features are not read, nothing is trained, nobody asks for a survey.
func TestRasterStandsIn(t *testing.T) {
	const text = `
models:
  built: {features: [nir], yes: [建设用地], no: [耕地]}
  changed: {pair: true, features: [before.red - after.red], weights: [0, 1]}
  deep: {pair: true, raster: true}
kinds:
  - {code: a, type: JZ, when: after.p_built - before.p_built > 0.5, rgb: {when: after.red > 1}}
  - {code: b, type: JZ, when: p_changed > 0.5, evidence: [p_deep, after.p_built]}
`
	for _, c := range []struct {
		name    string
		rasters []string
		models  string
		reads   string
		by      Deciding
	}{
		{"none", nil, "built changed", "p_deep before.red after.red after.nir", ByColour},
		{"one", []string{"built"}, "changed", "p_deep before.red before.p_built after.red after.p_built", ByWhen},
		{"all", []string{"changed", "deep", "built"}, "", "p_changed p_deep before.p_built after.p_built", ByWhen},
	} {
		f, err := Parse("f", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		s := scenesOf("bgr | bgr")
		s.Rasters = c.rasters
		r, err := f.Compile("", s)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		var models []string
		for _, m := range r.Models {
			models = append(models, m.Name)
		}
		if got := strings.Join(models, " "); got != c.models {
			t.Errorf("%s: models %s, want %s", c.name, got, c.models)
		}
		if got := names(r.Program.Inputs()); got != c.reads {
			t.Errorf("%s: reads %s, want %s", c.name, got, c.reads)
		}
		if r.Kinds[0].By != c.by {
			t.Errorf("%s: decided by %s", c.name, r.Kinds[0].By)
		}
		if len(f.Models[0].Features) == 0 {
			t.Errorf("%s: the file was changed", c.name)
		}
	}
}

// What is declared as a raster is pixels: all that is found from pixels may depend on it.
func TestRasterIsPixels(t *testing.T) {
	r := compiled(t, `
models:
  deep: {raster: true}
  seen: {pair: true, raster: true}
  sure: {features: [p_deep - exg], yes: [建设用地], no: [耕地]}
indices: {deeper: p_deep * p_deep}
pairs: {rise: after.deeper - before.deeper + p_seen}
limits: {high: {of: p_deep, low: [耕地], high: [建设用地]}, far: {of: rise, method: otsu}}
kinds:
  - {code: a, type: JZ, when: after.nir > 1 and after.p_deep > limit.high and rise > limit.far, rgb: {when: after.p_sure > 0.5 and p_seen > auto}}
`, landclass.TD1055, "bgrn | bgrn bgr")
	if len(r.Limits) != 2 || len(r.Models) != 1 || len(r.Autos()) != 1 || r.Limits[0].Lacking+r.Limits[1].Lacking+r.Models[0].Lacking != "" {
		t.Errorf("limits %+v, models %+v, autos %v", r.Limits, r.Models, r.Autos())
	}
	if got := names(r.Program.Needs(r.Limits[1].Source)); r.Limits[1].Name != "high" || got != "before.p_deep" {
		t.Errorf("high is found from %s", got)
	}
	if got := names(r.Program.Needs(r.Autos()[0].Source)); got != "p_seen" {
		t.Errorf("auto is found from %s", got)
	}
}

// What a run cannot find keeps its default, or is unknown.
func TestLacking(t *testing.T) {
	const text = `
limits:
  green: {of: ndvi, low: [建设用地], high: [耕地], default: 0.25}
  deep: {of: swir1, low: [建设用地], high: [耕地]}
  moved: {of: change, method: kittler}
models:
  built: {features: [nir], yes: [建设用地], no: [耕地]}
kinds:
  - {code: a, type: JZ, when: after.red > limit.green, evidence: [limit.green, limit.deep, after.p_built, limit.moved]}
`
	for _, c := range []struct {
		sys    landclass.System
		scenes string
		want   string // of deep, green, moved, built
		reads  string
	}{
		{"", "bgrns | bgrns", "no survey,no survey,,no survey", "change after.red after.nir"},
		{landclass.TD1055, "bgrns | bgrns", ",,,", "change before.red before.nir before.swir1 after.red after.nir"},
		{landclass.TD1055, "bgr | bgrn", "no bands,no bands,,no bands", "change after.red after.nir"},
		{landclass.TD1055, "bgr bgrn | bgrn", "no bands,,,", "change before.red before.nir after.red after.nir"},
	} {
		r := compiled(t, text, c.sys, c.scenes)
		var got []string
		for _, l := range r.Limits {
			got = append(got, string(l.Lacking))
			if (l.Source < 0) != (l.Lacking != "") {
				t.Errorf("%s: source %d of a limit that lacks %q", l.Name, l.Source, l.Lacking)
			}
		}
		got = append(got, string(r.Models[0].Lacking))
		if strings.Join(got, ",") != c.want {
			t.Errorf("%s: lacking %q, want %q", c.scenes, got, c.want)
		}
		if got := names(r.Program.Inputs()); got != c.reads {
			t.Errorf("%s: reads %s, want %s", c.scenes, got, c.reads)
		}
		for i, want := range []float64{0.25, math.NaN(), math.NaN(), math.NaN()} {
			s, _ := r.EvidenceSource(0, i)
			if got := value(r, s, nil); got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
				t.Errorf("%s: evidence %d is %g, want %g", c.scenes, i, got, want)
			}
		}
	}
}

// Weights that a file gives are bound when it is compiled.
func TestGivenWeights(t *testing.T) {
	r := compiled(t, "models: {m: {pair: true, features: [before.red - after.red], weights: [0.5, 2]}}\n"+
		"kinds:\n  - {code: a, type: JZ, when: p_m > 0.5, evidence: [p_m]}\n", "", "bgr | bgr")
	s, _ := r.EvidenceSource(0, 0)
	got := value(r, s, map[string]float32{"before.red": 3, "after.red": 2})
	if want := 1 / (1 + math.Exp(-2.5)); math.Abs(got-want) > 1e-6 {
		t.Errorf("%g, want %g", got, want)
	}
	if m := r.Models[0]; len(m.Sources[0]) != 1 || m.Sources[1] != nil || m.Lacking != "" {
		t.Errorf("%+v", m)
	}
}

// A model with weights brings no plane of a date on which nothing asks for it.
func TestGivenWeightsOfOneDate(t *testing.T) {
	r := compiled(t, "models: {m: {features: [red], weights: [0.5, 2]}}\n"+
		"kinds:\n  - {code: a, type: JZ, when: after.p_m > 0.5}\n", landclass.TD1055, "bgr | bgr")
	if m := r.Models[0]; m.Sources[0] != nil || len(m.Sources[1]) != 1 || names(r.Program.Inputs()) != "after.red" {
		t.Errorf("%+v reads %s", m, names(r.Program.Inputs()))
	}
}

func TestProblemsOfParams(t *testing.T) {
	const kind = "kinds:\n  - {code: a, type: JZ, when: after.red > 1}\n"
	for _, c := range []struct{ text, want string }{
		{"limits: {G: {of: red, method: otsu}}", `limits.G: the name "G" is not possible`},
		{"limits: {g: {method: otsu}}", "limits.g.of: the value is missing"},
		{"limits: {g: {of: change}}", "say how the limit is found"},
		{"limits: {g: {of: change, method: otzu}}", `1:34: limits.g.method: unknown method "otzu": there are otsu, kittler, outlier`},
		{"limits: {g: {of: ndvi, method: otsu}}", "ndvi of which date?"},
		{"limits: {g: {of: after.ndvi, low: [耕地], high: [林地]}}", "1:18: limits.g.of: there is only one date here: write ndvi without after"},
		{"limits: {g: {of: ndvi, low: [耕地]}}", "give both low and high"},
		{"limits: {g: {of: ndvi, low: [耕地], high: [林地], method: otsu}}", "exclude each other"},
		{"limits: {g: {of: ndvi, low: [耕地], high: [林低]}}", "limits.g.high[0]"},
		{`limits: {g: {of: ndvi, low: [农用地], high: [林地]}}`, "is in both low and high"},
		{"limits: {g: {of: limit.h, method: otsu}, h: {of: change, method: otsu}}", "this depends on limit.h, but limit.g is found from pixels alone"},
		{"limits: {g: {of: 3, method: otsu}}", "reads no pixels"},
		{"limits: {g: {of: change > 1, method: otsu}}", "needs a number"},
		{"limits: {g: {of: change, method: otsu, default: x}}", `limits.g.default: "x" is not a number`},
		{"limits: {g: {of: change, method: otsu, least: 1e99}}", `"1e99" is not a number`},
		{"limits: {g: {of: change, method: otsu, least: 2, most: 1}}", "least 2 is not below most 1"},
		{"limits: {g: {of: change, method: otsu, least: 2, default: 1}}", "default 1 is not between"},
		{"limits: {g: {of: change, methd: otsu}}", `unknown key "methd" (did you mean "method"?)`},
		{"models: {m: {yes: [耕地], no: [林地]}}", "models.m.features: the model has 0 features"},
		{"models: {m: {features: [red, rde], yes: [耕地], no: [林地]}}", "models.m.features[1]: unknown name rde: did you mean red?"},
		{"models: {m: {features: [after.red], yes: [耕地], no: [林地]}}", "write red without after"},
		{"models: {m: {features: [red]}}", "has neither classes nor weights"},
		{"models: {m: {features: [red], yes: [耕地]}}", "give both yes and no"},
		{"models: {m: {features: [red], yes: [耕地], no: [旱地]}}", "is in both yes and no"},
		{"models: {m: {features: [red], weights: [1]}}", "there are 1 weights for 1 features"},
		{"models: {m: {features: [red], weights: [1, x]}}", `models.m.weights[1]: "x" is not a number`},
		{"models: {m: {features: [red], weights: [1, 2], yes: [耕地], no: [林地]}}", "exclude each other"},
		{"models: {m: {pair: true, features: [change], yes: [耕地], no: [林地]}}", "cannot train a model of a pair: give weights"},
		{"models: {m: {pair: maybe, features: [change], weights: [1, 2]}}", "models.m.pair: pair is true or false"},
		{"models: {m: {raster: perhaps}}", "models.m.raster: raster is true or false"},
		{"models: {m: {raster: true, features: [red], weights: [1, 2]}}", "1:22: models.m.raster: the model is read from a raster, and computed from features too: remove one"},
		{"models: {m: {rastr: true}}", `unknown key "rastr" (did you mean "raster"?)`},
		{"models: {M: {raster: true}}", `the name "M" is not possible`},
		{"models: {M: {features: [red], weights: [1, 2]}}", `the name "M" is not possible`},
		{"indices: {p_m: red}\nmodels: {m: {features: [red], weights: [1, 2]}}", "models.m: m: a model cannot be called m: p_m is an index of the file"},
		{"models: {m: {features: [limit.g], weights: [1, 2]}}\nlimits: {g: {of: change, method: otsu}}", "but the model is found from pixels alone"},
		{"pairs: {x: red}", "pairs.x: x: red of which date?"},
		{"pairs: {ndvi: change}", "pairs.ndvi: ndvi: a pair formula cannot be called ndvi"},
		{"operating_point: 101", "1:18: operating_point: the operating point 101 is not between 0 and 100"},
		{"operating_point: high", `"high" is not a number`},
	} {
		_, err := Parse("f", []byte(c.text+"\n"+kind))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s:\n%v\nwant mention of\n%s", c.text, err, c.want)
		}
	}
	for _, c := range []struct{ text, want string }{
		{"strength: after.red > 1", "4:33: kinds[0].strength: this place needs a number"},
		{"strength: limit.g", "unknown limit g"},
		{"rgb: {when: after.red > 1, strength: after.nir}", "kinds[0].rgb.strength: after.nir needs after.nir"},
		{"off: ''", "the reason is missing"},
		{"off: {zh: 无, de: x}", "there are zh and en here, but no de"},
		{"off: [a]", "one value is wanted here, not a list"},
		{"off: 两期影像无法判定", "every kind is off"},
	} {
		_, err := Parse("f", []byte("kinds:\n  - code: a\n    type: JZ\n    when: after.nir > 1\n    "+c.text+"\n"))
		want := c.want[strings.Index(c.want, " ")+1:]
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s:\n%v\nwant mention of\n%s", c.text, err, want)
		}
	}
}

func TestOff(t *testing.T) {
	for text, want := range map[string]Name{
		"off: 季节不同": {ZH: "季节不同", EN: "季节不同"}, "off: {zh: 甲}": {ZH: "甲", EN: "甲"}, "off: {en: b}": {ZH: "b", EN: "b"}, "off: {en: b, zh: 甲}": {ZH: "甲", EN: "b"}, "clean: none": {},
	} {
		f, err := Parse("f", []byte("kinds:\n  - {code: a, type: JZ, when: after.red > 1}\n  - code: b\n    type: JZ\n    when: after.red > 2\n    "+text+"\n"))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if f.Kinds[1].Off != want || f.Kinds[1].IsOff() != (want != Name{}) {
			t.Errorf("%s: %+v", text, f.Kinds[1].Off)
		}
	}
}

// The order of a file's mappings is not that of its names: all lists come sorted.
func TestParamsAreSorted(t *testing.T) {
	f, err := Parse("f", []byte(trained))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range f.Limits {
		got = append(got, l.Name)
	}
	for _, m := range f.Models {
		got = append(got, m.Name)
	}
	if !slices.Equal(got, []string{"green", "moved", "unused", "built", "changed", "fancy"}) {
		t.Error(fmt.Sprint(got))
	}
}
