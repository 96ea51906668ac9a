package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"tuban/classify/rules"
)

// ordered reads YAML as variants do.
func ordered(t *testing.T, text string) yaml.MapSlice {
	t.Helper()
	var m yaml.MapSlice
	if err := yaml.UnmarshalWithOptions([]byte(text), &m, yaml.UseOrderedMap()); err != nil {
		t.Fatal(err)
	}
	return m
}

func written(t *testing.T, m yaml.MapSlice) string {
	t.Helper()
	text, err := yaml.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestWithoutTextures(t *testing.T) {
	m := ordered(t, `
indices: {rough: sqrt(pantex(15)) / brightness}
kinds:
  - code: built
    when: after.MBI(40) > 1 or sqrt(after.pantex) > deviation and after.mean(40) > before.msi( 10 )
    evidence: [after.rough, before.pantex(15)]
`)
	remarks, err := withoutTextures(m)
	if err != nil {
		t.Fatal(err)
	}
	want := `indices:
  rough: sqrt((0 * brightness)) / brightness
kinds:
- code: built
  when: (0 * after.brightness) > 1 or sqrt((0 * after.brightness)) > (0 * brightness) and after.mean(40) > (0 * before.brightness)
  evidence:
  - after.rough
  - (0 * before.brightness)
`
	if got := written(t, m); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got, want := strings.Join(remarks, " "), "`pantex` (3) `deviation` (1) `mbi` (1) `msi` (1)"; got != want {
		t.Errorf("remarks %s, want %s", got, want)
	}
}

func TestWithoutTraining(t *testing.T) {
	m := ordered(t, `
limits:
  green: {of: ndvi, low: [建设用地], high: [耕地], default: 0.35}
  greener: {of: ndwi, low: [建设用地], high: [耕地], default: 0.5}
  moved: {of: change, method: otsu}
models:
  built: {features: [exg], yes: [建设用地], no: [耕地]}
  other: {pair: true, features: [change], weights: [1, 2]}
kinds:
  - code: built
    when: before.ndvi > limit.green and after.ndvi < limit.greener and after.p_built - before.p_built > p_other and change > limit.moved
`)
	remarks, err := withoutTraining(m)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := written(t, m), `when: "before.ndvi > 0.35 and after.ndvi < 0.5 and 0.5 - 0.5 > p_other and change > limit.moved"`+"\n"; !strings.HasSuffix(got, want) {
		t.Errorf("got\n%s\nwant at its end\n%s", got, want)
	}
	if want := []string{"`limit.green` = 0.35", "`limit.greener` = 0.5", "`p_built` = 0.5"}; !slices.Equal(remarks, want) {
		t.Errorf("remarks %q, want %q", remarks, want)
	}
}

// A limit that only the survey can give has nothing to be replaced by.
func TestWithoutTrainingWantsDefaults(t *testing.T) {
	m := ordered(t, "limits: {green: {of: ndvi, low: [建设用地], high: [耕地]}}\n")
	if _, err := withoutTraining(m); err == nil || !strings.Contains(err.Error(), "limit.green") {
		t.Errorf("error %v, want one that names limit.green", err)
	}
}

// What the variants make of the default rules are rules, and rules without what they switch off.
func TestVariantsOfTheDefaultRulesAreRules(t *testing.T) {
	for _, survey := range []bool{true, false} {
		for _, a := range ablations {
			if a.rewrite == nil {
				continue
			}
			m := ordered(t, string(rules.Default(survey)))
			remarks, err := a.rewrite(m)
			if err != nil {
				t.Errorf("%s, survey %v: %v", a.what, survey, err)
				continue
			}
			text := []byte(written(t, m))
			if _, err := rules.Parse(a.variant.name, text); err != nil {
				t.Errorf("%s, survey %v: %v", a.what, survey, err)
			}
			again, err := a.rewrite(ordered(t, string(text)))
			if err != nil {
				t.Errorf("%s, survey %v: %v", a.what, survey, err)
			}
			if a.variant.name == "no-textures" && len(again) > 0 {
				t.Errorf("survey %v: textures are left: %q", survey, again)
			}
			t.Logf("%s, survey %v: %q", a.what, survey, remarks)
		}
	}
}
