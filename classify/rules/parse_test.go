package rules

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tuban/classify/landclass"
)

// The rules file of the project's contract with its users.
const example = `indices: {mine: (nir - red) / (nir + red + 0.5)}
kinds:
  - code: built
    name: {zh: 新增建（构）筑物, en: New construction}
    type: JZ                                # 图斑类型, after
    eligible: ["01", "02", 草地]            # survey classes before; left out: everything
    when: before.ndvi > 0.3 and after.ndvi < 0.2 and after.ndwi < 0.1
    clean: majority 3                       # or: open 3, close 3, none
    bridge: 5 m
    min_area: 200 m2                        # or min_pixels: 400
categories:
  - code: cropland_lost
    name: {zh: 耕地非农化, en: Cropland converted}
    kinds: [built]
    where: area("01") >= 100                # m² of the patch on survey class 01
`

func TestParseExample(t *testing.T) {
	f, err := Parse("example.yaml", []byte(example))
	if err != nil {
		t.Fatal(err)
	}
	k := f.Kinds[0]
	want := Kind{
		Code: "built", Name: Name{ZH: "新增建（构）筑物", EN: "New construction"}, Type: "JZ", Eligible: []string{"01", "02", "草地"},
		When: "before.ndvi > 0.3 and after.ndvi < 0.2 and after.ndwi < 0.1", Clean: "majority 3", Bridge: 5, MinArea: 200,
	}
	if fmt.Sprintf("%+v", k) != fmt.Sprintf("%+v", want) {
		t.Errorf("kind\n%+v\nwant\n%+v", k, want)
	}
	if f.Indices["mine"] != "(nir - red) / (nir + red + 0.5)" {
		t.Errorf("indices %v", f.Indices)
	}
	c := f.Categories[0]
	if c.Code != "cropland_lost" || c.Name.EN != "Cropland converted" || !slices.Equal(c.Kinds, []string{"built"}) || c.Where != `area("01") >= 100` {
		t.Errorf("category %+v", c)
	}
	if f.Kind("built") != 0 || f.Kind("other") != -1 {
		t.Error("Kind does not find kinds")
	}
}

// minimal is a file with one kind that has the given lines beside what it must have.
func minimal(lines ...string) []byte {
	text := "kinds:\n  - code: a\n    type: JZ\n    when: after.red > 1\n"
	for _, l := range lines {
		text += "    " + l + "\n"
	}
	return []byte(text)
}

func TestQuantities(t *testing.T) {
	for line, want := range map[string]string{
		"min_area: 200 m2":  "0 200 0",
		"min_area: 200m²":   "0 200 0",
		"min_area: 0.3 亩":   "0 200 0",
		"min_area: 0.3亩":    "0 200 0",
		"min_area: 0.02 ha": "0 200 0",
		"min_area: 0.02 公顷": "0 200 0",
		"min_area: 0":       "0 0 0",
		"min_pixels: 400":   "0 0 400",
		"bridge: 5 m":       "5 200 0",
		"bridge: 2.5m":      "2.5 200 0",
		"bridge: 0":         "0 200 0",
		"bridge: 50 cm":     "0.5 200 0",
		"clean: none":       "0 200 0",
	} {
		f, err := Parse("q", minimal(line))
		if err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		k := f.Kinds[0]
		if got := fmt.Sprint(k.Bridge, k.MinArea, k.MinPixels); got != want {
			t.Errorf("%s: bridge, area, pixels = %s, want %s", line, got, want)
		}
	}
	// Without a minimum the type's minimum mapping unit rules.
	f, err := Parse("q", []byte("kinds:\n  - {code: w, type: sm, when: after.red > 1}\n"))
	if err != nil || f.Kinds[0].MinArea != 600 || f.Kinds[0].Type != "SM" || f.Kinds[0].Name != (Name{ZH: "w", EN: "w"}) {
		t.Errorf("defaults: %+v, %v", f, err)
	}
}

// An unquoted class code must reach the selector as it is written: as YAML numbers, 01 is 1 and 0603 is 387.
func TestUnquotedCodes(t *testing.T) {
	f, err := Parse("q", minimal("eligible: [01, 0603, 08H2, 1201, 0201K]"))
	if err != nil {
		t.Fatal(err)
	}
	if got := f.Kinds[0].Eligible; !slices.Equal(got, []string{"01", "0603", "08H2", "1201", "0201K"}) {
		t.Errorf("eligible %q", got)
	}
	r, err := f.Compile(landclass.TD1055, Scenes{})
	if err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string]bool{"0103": true, "0603": true, "0301": false, "0201K": true, "0201": false, "": false} {
		if r.Kinds[0].Eligible(code) != want {
			t.Errorf("%s eligible: %v", code, !want)
		}
	}
}

// Each faulty line is reported at its place with a remedy. The first two numbers are line and column.
func TestProblems(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"kinds: [}", `1:8: sequence end token`},
		{"kind: 1\n", `1:1: unknown key "kind" (did you mean "kinds"?)`},
		{"kinds: [{code: a, cod: 3}]\n", `1:19: unknown key "cod" (did you mean "code"?)`},
		{"", `at least one`},
		{"# nothing\n", `at least one`},
		{"- a\n", `1:1: sequence was used where mapping is expected`},
		{"kinds: {a: b}\n", `mapping was used where sequence`},
		{"indices: {a: red, a: blue}\n", `1:19: mapping key "a" already defined`},
		{example + "---\nkinds: []\n", "second YAML document"},
		{strings.Repeat("#", MaxBytes+1), "at most 65536"},
		{string(minimal("min_area: 5")), `5:15: kinds[0].min_area: area "5" has no unit: write "5 m2"`},
		{string(minimal("min_area: 5 acres")), `unknown unit "acres"`},
		{string(minimal("min_area: -5 m2")), "negative"},
		{string(minimal("min_area: many")), "does not begin with a number"},
		{string(minimal("min_area: 1e3 m2")), "unknown unit"},
		{string(minimal("min_area: 99999 ha")), "more than"},
		{string(minimal("bridge: 5")), `write "5 m"`},
		{string(minimal("bridge: 1000 m")), "more than the 100 m"},
		{string(minimal("min_pixels: 2.5")), "whole number"},
		{string(minimal("min_pixels: 3", "min_area: 3 m2")), "5:17: kinds[0].min_pixels: min_area and min_pixels exclude"},
		{string(minimal("clean: majority 4")), "try majority 5"},
		{string(minimal("name: {zh: [x]}")), "not a list"},
		{string(minimal("bridge: {a: b}")), "not a mapping"},
		{string(minimal("eligible: [~]")), "empty"},
		{string(minimal("eligible: [草皮]")), `5:16: kinds[0].eligible[0]: no class of TD/T 1055-2019 is called "草皮" (did you mean "草地"`},
		{string(minimal("evidence: [after.red, after.ndvl]")), `5:27: kinds[0].evidence[1]: `},
		{string(minimal("evidence: [after.red > 1]")), "kinds[0].evidence[0]: "},
		{string(minimal("evidence: [after.red, after.red, after.red, after.red, after.red]")), "at most 4"},
		{"kinds:\n  - {code: a, type: JX, when: after.red > 1}\n", `2:21: kinds[0].type: unknown 图斑类型 "JX": imagery can show JZ`},
		{"kinds:\n  - {code: a, when: after.red > 1}\n", "2:12: kinds[0].type: the 图斑类型 after the change is missing"},
		{"kinds:\n  - {code: a, type: JZ}\n", "2:12: kinds[0].when: the condition is missing"},
		{"kinds:\n  - {code: A b, type: JZ, when: after.red > 1}\n", `code "A b" is not possible`},
		{"kinds:\n  - {type: JZ, when: after.red > 1}\n", `the code is missing`},
		{"kinds:\n  - {code: a, type: JZ, when: after.red}\n", `2:31: kinds[0].when: `},
		{"kinds:\n  - {code: a, type: JZ, when: after.red > 1}\n  - {code: a, type: JZ, when: after.red > 1}\n", `3:12: kinds[1].code: code "a" is used twice`},
		{"indices: {loop: loop + 1}\n" + string(minimal()), `1:17: indices.loop: `},
		{string(minimal()) + "categories: [{code: c, kinds: [b]}]\n", `there is no kind "b"`},
		{string(minimal()) + "categories: [{code: c, where: patch_area}]\n", `5:31: categories[0].where: this is a value, not a condition`},
	} {
		_, err := Parse("f", []byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.80q:\n%v\nwant mention of\n%s", c.text, err, c.want)
		}
	}
}

func TestAllProblemsAtOnce(t *testing.T) {
	text := `indices:
  loop: loop + 1
kinds:
  - code: a
    type: JX
    eligible: [01, 0109]
    when: after.red > 1
    clean: majority 4
    bridge: 5
  - code: a
    when: {a: b}
categories:
  - code: c
    kinds: [b]
    where: areas("01") > 1
`
	p := Check("f", []byte(text), landclass.TD1055)
	var places []string
	for _, q := range p {
		places = append(places, fmt.Sprintf("%d %s", q.Line, q.Path))
	}
	want := []string{"2 indices.loop", "5 kinds[0].type", "6 kinds[0].eligible[1]", "8 kinds[0].clean", "9 kinds[0].bridge", "10 kinds[1].code",
		"10 kinds[1].type", "11 kinds[1].when", "14 categories[0].kinds[0]", "15 categories[0].where"}
	if !slices.Equal(places, want) {
		t.Errorf("places\n%s\nwant\n%s", strings.Join(places, "\n"), strings.Join(want, "\n"))
	}
}

func TestExcerptPointsBehindChinese(t *testing.T) {
	_, err := Parse("f", []byte("kinds:\n  - {code: a, name: {zh: 林地}, type: JX, when: after.red > 1}\n"))
	want := "    2 |   - {code: a, name: {zh: 林地}, type: JX, when: after.red > 1}\n" +
		"      | " + strings.Repeat(" ", 36+2) + "^"
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v\nwant\n%s", err, want)
	}
}

func TestAnchorsAndBlockText(t *testing.T) {
	f, err := Parse("f", []byte(`kinds:
  - code: a
    type: &type JZ
    when: &cond >
      after.red > 1
      and after.nir < 2
  - code: b
    type: *type
    when: *cond
`))
	if err != nil {
		t.Fatal(err)
	}
	if a, b := f.Kinds[0], f.Kinds[1]; a.When != "after.red > 1 and after.nir < 2" || a.When != b.When || b.Type != "JZ" {
		t.Errorf("%+v\n%+v", a, b)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(example))
	f.Add(Default(true))
	f.Add(minimal("eligible: [01]", "evidence: [after.ndvi]"))
	f.Add([]byte("a: &a [*a]"))
	f.Add([]byte("kinds:\n - &k {code: a}\n - {<<: *k}\n"))
	f.Add([]byte("? [a]\n: !!binary x\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := Parse("fuzz", text)
		if err != nil {
			if _, ok := err.(Problems); !ok {
				t.Fatalf("error of type %T", err)
			}
			return
		}
		// A sound file works without a survey, whatever its selectors mean.
		rules, err := file.Compile("", Scenes{})
		if err != nil {
			t.Fatalf("parsed, but does not compile: %v", err)
		}
		if _, err := rules.Match(Facts{Kind: file.Kinds[0].Code, Area: 10, Classes: map[string]float64{"0101": 5}}); err != nil {
			t.Fatal(err)
		}
	})
}
