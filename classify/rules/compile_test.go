package rules

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tuban/classify/bandmath"
	"tuban/classify/landclass"
)

func compileDefault(t *testing.T, sys landclass.System) *Rules {
	t.Helper()
	f, err := Parse(DefaultName, Default(true))
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Compile(sys, Scenes{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestDefaultFitsEverySystem(t *testing.T) {
	for _, sys := range []landclass.System{landclass.TD1055, landclass.YDYH, ""} {
		r := compileDefault(t, sys)
		if len(r.Kinds) != 7 || len(r.Categories) != 4 {
			t.Errorf("%q: %d kinds, %d categories", sys, len(r.Kinds), len(r.Categories))
		}
		for _, k := range r.Kinds {
			if k.Name.ZH == "" || k.Name.EN == "" || k.MinArea == 0 {
				t.Errorf("%s: %+v", k.Code, k.Kind)
			}
		}
	}
}

// What the default rules call one pixel of a plain landscape. Reflectance as blue, green, red, nir; the standard deviation of
// the texture as a part of brightness.
func TestDefaultKindsOnPlainPixels(t *testing.T) {
	r := compileDefault(t, landclass.TD1055)
	type pixel struct{ blue, green, red, nir, texture float32 }
	crop := pixel{0.03, 0.06, 0.04, 0.45, 0.1}
	trees := pixel{0.02, 0.04, 0.03, 0.40, 0.2}
	roof := pixel{0.24, 0.25, 0.27, 0.30, 0.3}
	blueRoof := pixel{0.35, 0.30, 0.22, 0.28, 0.05}
	ploughed := pixel{0.05, 0.07, 0.09, 0.13, 0.05}
	dug := pixel{0.12, 0.17, 0.23, 0.29, 0.05}
	pond := pixel{0.06, 0.07, 0.05, 0.03, 0.02}
	meadow := pixel{0.05, 0.085, 0.065, 0.30, 0.1}
	for _, c := range []struct {
		name          string
		before, after pixel
		harvest       bool   // crops grow on the before day alone
		want          string // kinds that fire, in file order
	}{
		{"a crop stays", crop, crop, false, ""},
		// Lost greenness is what all kinds that take plants away share; the first in the file wins.
		{"a crop becomes a roof", crop, roof, false, "built vegetation_lost"},
		{"a crop becomes a smooth blue roof", crop, blueRoof, false, "built vegetation_lost"},
		{"a field is ploughed", crop, ploughed, false, "vegetation_lost"},
		{"a field is dug up", crop, dug, false, "ground vegetation_lost"},
		{"a field becomes a pond", crop, pond, false, "water"},
		{"a roof stays", roof, blueRoof, false, ""},
		{"a pond stays", pond, pond, false, ""},
		{"a building site turns green", dug, crop, false, "regreened"},
		{"grassland is ploughed", meadow, ploughed, false, "grass_lost vegetation_lost"},
		// Bare soil under felled trees, which were darker than any crop, is much brighter than they were.
		{"woodland becomes soil", trees, ploughed, false, "trees_lost ground vegetation_lost"},
		// After the harvest bare soil is no evidence; roofs, dug earth, water and felled trees are.
		{"a field is harvested and ploughed", crop, ploughed, true, ""},
		{"grassland dries", meadow, ploughed, true, ""},
		{"a crop becomes a roof after the harvest", crop, roof, true, "built"},
		{"a field is dug up after the harvest", crop, dug, true, "ground"},
		{"a field becomes a pond after the harvest", crop, pond, true, "water"},
		{"woodland becomes soil after the harvest", trees, ploughed, true, "trees_lost ground"},
	} {
		class := map[pixel]string{crop: "0103", trees: "0301", roof: "0702", pond: "1104", dug: "0602", meadow: "0401"}[c.before]
		for _, scale := range []float32{1, 100, 10000} { // reflectance, percent, digital numbers
			inputs := make([][]float32, len(r.Program.Inputs()))
			for i, in := range r.Program.Inputs() {
				p := c.before
				if in.Date == bandmath.After {
					p = c.after
				}
				brightness := (p.blue + p.green + p.red) / 3
				v, ok := map[string]float32{"blue": p.blue, "green": p.green, "red": p.red, "nir": p.nir}[in.Name]
				if v *= scale; !ok {
					sd := p.texture * brightness * scale
					v = sd * sd
				}
				if in.Kind() == bandmath.State {
					v = 1
					if c.harvest && in.Date == bandmath.After {
						v = 0
					}
				}
				inputs[i] = []float32{v}
			}
			m := r.Program.NewMachine()
			m.Begin(1, inputs)
			var fired []string
			for k := range r.Kinds {
				if m.Condition(k)[0] == 2 && r.Kinds[k].Eligible(class) {
					fired = append(fired, r.Kinds[k].Code)
				}
			}
			if got := strings.Join(fired, " "); got != c.want {
				t.Errorf("%s, scale %g: %q, want %q", c.name, scale, got, c.want)
			}
			for k := range r.Kinds {
				for i := range r.Kinds[k].Evidence {
					s, ok := r.EvidenceSource(k, i)
					if !ok || math.IsNaN(float64(m.Value(s)[0])) {
						t.Errorf("%s: evidence %d of %s is missing", c.name, i, r.Kinds[k].Code)
					}
				}
			}
		}
	}
}

func TestDefaultCategories(t *testing.T) {
	for _, c := range []struct {
		kind    string
		area    float64
		classes map[string]float64
		want    string
	}{
		{"built", 1000, map[string]float64{"0103": 900, "1006": 100}, "cropland_lost suspected_illegal_building"},
		{"built", 1000, map[string]float64{"0103": 50, "0702": 950}, "change_on_construction"},
		{"built", 1000, map[string]float64{"1202": 1000}, "change_on_construction"},
		{"built", 1000, map[string]float64{"0301": 1000}, "suspected_illegal_building forest_lost"},
		{"built", 1000, nil, ""},
		{"built", 1000, map[string]float64{"9999": 500}, "suspected_illegal_building"},
		{"ground", 1000, map[string]float64{"0101": 100}, "cropland_lost"},
		{"ground", 1000, map[string]float64{"0101": 99.99}, ""},
		{"trees_lost", 1000, map[string]float64{"0301": 600}, "forest_lost"},
		{"trees_lost", 1000, map[string]float64{"0101": 600}, ""},
		{"water", 300, map[string]float64{"0601": 200, "0101": 100}, "cropland_lost change_on_construction"},
	} {
		if got := categories(t, compileDefault(t, landclass.TD1055), c.kind, c.area, c.classes); got != c.want {
			t.Errorf("%s %v: %q, want %q", c.kind, c.classes, got, c.want)
		}
		if got := categories(t, compileDefault(t, ""), c.kind, c.area, c.classes); got != "" {
			t.Errorf("without a survey: %q", got)
		}
	}
	// 0601 is a farm road in the other system, and no construction land.
	r := compileDefault(t, landclass.YDYH)
	if got := categories(t, r, "built", 300, map[string]float64{"0601": 300}); got != "suspected_illegal_building" {
		t.Errorf("用地用海 0601: %q", got)
	}
	if got := categories(t, r, "built", 300, map[string]float64{"0602": 300}); got != "change_on_construction" {
		t.Errorf("用地用海 0602: %q", got)
	}
}

func categories(t *testing.T, r *Rules, kind string, area float64, classes map[string]float64) string {
	t.Helper()
	at, err := r.Match(Facts{Kind: kind, Area: area, Classes: classes})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, i := range at {
		out = append(out, r.Categories[i].Code)
	}
	return strings.Join(out, " ")
}

func TestEligibility(t *testing.T) {
	f, err := Parse("example.yaml", []byte(example))
	if err != nil {
		t.Fatal(err)
	}
	with, err := f.Compile(landclass.TD1055, Scenes{})
	if err != nil {
		t.Fatal(err)
	}
	without, err := f.Compile("", Scenes{})
	if err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string]bool{"0101": true, "0201K": true, "0404": true, "0402": false, "0601": false, "": false, "01XX": true} {
		if with.Kinds[0].Eligible(code) != want {
			t.Errorf("%q eligible: %v", code, !want)
		}
		if !without.Kinds[0].Eligible(code) {
			t.Errorf("%q is not eligible without a survey", code)
		}
	}
	if with.Kinds[0].Everywhere() || !without.Kinds[0].Everywhere() {
		t.Error("Everywhere")
	}
	if got := with.Kinds[0].Clean.String(); got != "majority 3" {
		t.Errorf("clean %q", got)
	}
}

// A selector that only one system knows passes Parse and is refused with the other.
func TestSelectorsFollowTheSystem(t *testing.T) {
	f, err := Parse("f", minimal("eligible: [05H1]"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Compile(landclass.TD1055, Scenes{}); err != nil {
		t.Error(err)
	}
	_, err = f.Compile(landclass.YDYH, Scenes{})
	if p, ok := err.(Problems); !ok || p[0].Line != 5 || !strings.Contains(p[0].Message, "商业服务业设施用地 in TD/T 1055-2019") {
		t.Errorf("%v", err)
	}
	if p := Check("f", minimal("eligible: [05H1]"), landclass.YDYH); len(p) != 1 {
		t.Errorf("Check: %v", p)
	}
}

func TestSourcesOfTheProgram(t *testing.T) {
	f := &File{Kinds: []Kind{
		{Code: "a", Type: "JZ", When: "after.red > 1", Evidence: []string{"after.red", "after.nir"}},
		{Code: "b", Type: "SM", When: "after.nir < before.nir"},
		{Code: "c", Type: "DT", When: "after.green > 1", Evidence: []string{"before.blue"}},
	}}
	r, err := f.Compile("", Scenes{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		kind, i, source int
		ok              bool
	}{{0, 0, 3, true}, {0, 1, 4, true}, {0, 2, 0, false}, {1, 0, 0, false}, {2, 0, 5, true}, {3, 0, 0, false}, {-1, 0, 0, false}} {
		if s, ok := r.EvidenceSource(c.kind, c.i); ok != c.ok || s != c.source {
			t.Errorf("EvidenceSource(%d, %d) = %d, %v", c.kind, c.i, s, ok)
		}
	}
	if got := r.Program.Needs(5); len(got) != 1 || got[0] != (bandmath.Input{Date: bandmath.Before, Name: "blue"}) {
		t.Errorf("source 5 needs %v", got)
	}
	// A File made by hand is checked as well, only without places.
	f.Kinds[0].Type = "??"
	if _, err := f.Compile("", Scenes{}); err == nil || !strings.Contains(err.Error(), "rules: kinds[0].type") {
		t.Errorf("%v", err)
	}
}

func TestWhere(t *testing.T) {
	facts := Facts{Kind: "a", Area: 1000, Classes: map[string]float64{"0101": 300, "0601": 500, "0602C": 100}}
	for where, want := range map[string]bool{
		`area("01") >= 300`:                         true,
		`area("01") > 300`:                          false,
		`area("建设用地") == 600`:                       true,
		`share("06") >= 0.6`:                        true,
		`uncovered == 100`:                          true,
		`patch_area == 1000`:                        true,
		`not (patch_area < 5)`:                      true,
		`area("01") > 1000 or share("农用地") > 0.2`:   true,
		`area("01") / area("02") > 1`:               true, // +Inf
		`area("02") / area("02") > 1`:               false,
		`(area("01") > 1 ? 2 : 3) == 2`:             true,
		`-area("01") < 0 && !(uncovered > 500)`:     true,
		`area("01") + area("06") + uncovered > 999`: true,
	} {
		c, err := compileCategory(Category{Code: "c", Where: where}, landclass.TD1055)
		if err != nil {
			t.Errorf("%s: %v", where, err)
			continue
		}
		if got, err := c.Match(facts); err != nil || got != want {
			t.Errorf("%s = %v, %v", where, got, err)
		}
		facts.Kind = "b"
		c.Kinds = []string{"a"}
		if got, _ := c.Match(facts); got {
			t.Errorf("%s matches another kind", where)
		}
		facts.Kind = "a"
	}
	c, err := compileCategory(Category{Where: "patch_area > 5"}, "")
	if err != nil || c.NeedsSurvey {
		t.Fatalf("%+v, %v", c, err)
	}
	if got, _ := c.Match(facts); !got {
		t.Error("a condition that needs no survey does not match without one")
	}
	if got, _ := c.Match(Facts{Area: 1, Classes: nil}); got {
		t.Error("5 > 5")
	}
}

func TestWhereErrors(t *testing.T) {
	for where, want := range map[string]string{
		`area("01") >=`:                          "unexpected token EOF",
		`areas("01") > 1`:                        `did you mean "area"`,
		`area(01) > 1`:                           "in quotes",
		`area("01", "02") > 1`:                   "in quotes",
		`area(patch_area) > 1`:                   "in quotes",
		`area > 1`:                               "mismatched types",
		`area("草皮") > 1`:                         "草地",
		`area("01")`:                             "value, not a condition",
		`map(1..9, # > 1)`:                       "",
		`len("a") > 1`:                           "",
		`"a" matches "a"`:                        "not part of the language",
		`patch_area in [1, 2]`:                   "not part of the language",
		`patch_area.x > 1`:                       "",
		`let x = 1; x > 2`:                       "",
		`"01" > 1`:                               "mismatched types",
		`2 ** 3 > patch_area`:                    "not part of the language",
		`true; true`:                             "",
		strings.Repeat("(", 5000):                "at most 4096",
		strings.Repeat("true or ", 300) + "true": "256",
	} {
		_, err := compileCategory(Category{Where: where}, landclass.TD1055)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: %v, want mention of %q", where, err, want)
		}
	}
}

// Splitting a class's area over more codes of that class never changes what matches, and the classes of a patch add up.
func TestWhereAddsUp(t *testing.T) {
	var codes []string
	for _, c := range landclass.TD1055.Classes() {
		if c.Group != "" {
			codes = append(codes, c.Code)
		}
	}
	sum, err := compileCategory(Category{Where: `area("农用地") + area("建设用地") + area("未利用地") + uncovered == patch_area`}, landclass.TD1055)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		f := Facts{Classes: map[string]float64{}}
		for _, code := range rapid.SliceOfN(rapid.SampledFrom(codes), 0, 6).Draw(t, "codes") {
			f.Classes[code] = float64(rapid.IntRange(0, 1<<20).Draw(t, "m²")) / 4
		}
		for _, a := range f.Classes {
			f.Area += a
		}
		f.Area += float64(rapid.IntRange(0, 1<<20).Draw(t, "uncovered")) / 4
		if ok, err := sum.Match(f); !ok || err != nil {
			t.Fatalf("%+v: %v, %v", f, ok, err)
		}
	})
}

func FuzzWhere(f *testing.F) {
	for _, s := range []string{`area("01") >= 100`, `share("建设用地") + share("1202") > .5`, `not (uncovered < 5 ? true : false)`, `1..2`, `{}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := compileCategory(Category{Where: text}, landclass.TD1055)
		if err != nil {
			return
		}
		facts := Facts{Area: 100, Classes: map[string]float64{"0101": 30, "0601": 50}}
		first, err := c.Match(facts)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if again, _ := c.Match(facts); again != first {
			t.Fatalf("%q: %v, then %v", text, first, again)
		}
	})
}

func TestProgramIsSharedAcrossKinds(t *testing.T) {
	r := compileDefault(t, landclass.TD1055)
	var names []string
	for _, in := range r.Program.Inputs() {
		names = append(names, in.String())
	}
	slices.Sort(names)
	if got := len(slices.Compact(slices.Clone(names))); got != len(names) {
		t.Errorf("an input is read twice: %v", names)
	}
}
