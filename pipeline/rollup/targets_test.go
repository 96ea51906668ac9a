package rollup

import (
	"strings"
	"testing"
)

const someTargets = `
version: "2026"
units:
  - {code: 220122, name: 农安县, cropland: {base: 371200.5 ha, target: 36 万亩}, basic_farmland: {base: 300 亩, target: 15 m2}}
  - {code: "22", cropland: {base: 5 公顷, target: 0}}
`

func TestParseTargets(t *testing.T) {
	got, err := ParseTargets("t.yaml", []byte(someTargets))
	if err != nil {
		t.Fatal(err)
	}
	u := got.Units[0]
	if got.Version != "2026" || u.Code != "220122" || u.Cropland.Base != 371200500000 || u.Cropland.Target != 24000000000 || u.Farmland.Base != 20000000 || u.Farmland.Target != 1500 {
		t.Errorf("%+v: %+v %+v", u, u.Cropland, u.Farmland)
	}
	if v := got.Units[1]; v.Code != "22" || v.Farmland != nil || v.Cropland.Target != 0 || len(got.Reduces) != len(reduces) {
		t.Errorf("%+v", v)
	}
}

func TestTargetMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"units: []":                             "there is no unit",
		"units:\n- {code: 22012}":               `2:10`,
		"units:\n- {code: 2}":                   "is no code of a unit",
		"units:\n- {code: 22}\n- {code: 22}":    "stands twice",
		"unit: ha":                              `did you mean "units"`,
		"reduces: [roads]\nunits: [{code: 22}]": "there is no group",
		"units: [{code: 22, cropland: {base: 5, target: 1 ha}}]":   "has no unit",
		"units: [{code: 22, cropland: {base: 5 里, target: 1 ha}}]": "unknown unit",
		"units: [{code: 22, cropland: {base: -5 ha}}]":             "-5 ha",
	} {
		if _, err := ParseTargets("t.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// FuzzParseTargets: any text is an error, or targets whose codes are those of units and whose areas are not negative.
func FuzzParseTargets(f *testing.F) {
	f.Add([]byte(someTargets))
	f.Add([]byte("units: [{code: 1, cropland: {base: nan ha}}]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := ParseTargets("t.yaml", text)
		if err != nil {
			return
		}
		for _, u := range got.Units {
			for _, g := range []*Goal{u.Cropland, u.Farmland} {
				if g != nil && (g.Base < 0 || g.Target < 0) || len(u.Code) < 2 {
					t.Errorf("%+v: %+v", u, g)
				}
			}
		}
	})
}
