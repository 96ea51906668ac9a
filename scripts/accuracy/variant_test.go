package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/goccy/go-yaml"

	"tuban/pipeline/runfile"
)

const pairRun = `# A comment.
before: {scenes: [before.tif], sensor: GF-2, date: 2024-07-18}
after: {scenes: [after.tif], bands: {blue: 1}, date: 2025-08-26}
survey: {source: survey.gpkg, layer: DLTB, class: DLBM, system: TD/T 1055-2019}
rules: default
outputs: [gpkg, shp, report]
out: out/
`

func TestRunFileOfAVariant(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run.yaml")
	if err := os.WriteFile(path, []byte(pairRun), 0o644); err != nil {
		t.Fatal(err)
	}
	dates := `before:
  scenes:
  - before.tif
  sensor: GF-2
  date: "2024-07-18"
after:
  scenes:
  - after.tif
  bands:
    blue: 1
  date: "2025-08-26"
`
	survey := "survey:\n  source: survey.gpkg\n  layer: DLTB\n  class: DLBM\n  system: TD/T 1055-2019\n"
	for _, c := range []struct {
		v           variant
		rules, want string
	}{
		{variant{}, "", dates + survey + "rules: default\noutputs:\n- gpkg\n"},
		{variant{noSurvey: true}, "", dates + "rules: default\noutputs:\n- gpkg\n"},
		{variant{set: yaml.MapSlice{{Key: "normalise", Value: "none"}}}, "my.yaml", dates + survey + "outputs:\n- gpkg\nnormalise: none\nrules: my.yaml\n"},
	} {
		got, err := c.v.runFile(path, c.rules)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != c.want {
			t.Errorf("got\n%s\nwant\n%s", got, c.want)
		}
	}
}

// Every variant leaves a run file that tuban reads.
func TestVariantsAreRunFiles(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "run.yaml")
	if err := os.WriteFile(path, []byte(pairRun), 0o644); err != nil {
		t.Fatal(err)
	}
	all := append(variantsOf(ablations), quietVariants...)
	for seed := range samplingSeeds {
		all = append(all, seeded(seed))
	}
	names := map[string]bool{}
	for _, v := range all {
		text, err := v.runFile(path, "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := runfile.Parse(path, text, nil); err != nil {
			t.Errorf("%s: %v", v.name, err)
		}
		if names[v.name] {
			t.Errorf("two variants are called %s: they would share a product", v.name)
		}
		names[v.name] = true
	}
}
