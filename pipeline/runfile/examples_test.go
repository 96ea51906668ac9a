package runfile

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var fenced = regexp.MustCompile("(?s)```yaml\n(.*?)```")

// What the documents show is accepted as it is shown; parts of a run file are completed with the least that one needs.
func TestDocumentedExamples(t *testing.T) {
	for _, doc := range []string{"runfile.md", "imagery.md"} {
		text, err := os.ReadFile(filepath.Join("../../docs", doc))
		if err != nil {
			t.Fatal(err)
		}
		blocks := fenced.FindAllStringSubmatch(string(text), -1)
		if doc == "runfile.md" && len(blocks) < 6 {
			t.Errorf("%s has %d examples: have they moved?", doc, len(blocks))
		}
		for _, m := range blocks {
			block := "\n" + m[1]
			for key, scenes := range map[string]string{"before": "[a.tif], date: 2024-08-14", "after": "[b.tif], date: 2025-08-20"} {
				if !strings.Contains(block, "\n"+key+":") {
					block += key + ": {scenes: " + scenes + "}\n"
				}
			}
			if _, err := Parse(doc, []byte(block), lookup); err != nil {
				t.Error(err)
			}
		}
	}
}

// Every line that a template offers behind a # can be used: without the mark it is accepted too.
func TestTemplates(t *testing.T) {
	offered := regexp.MustCompile(`(?m)^( *)# ((?:- \{)?(?:nodata_at|crs|cloud|stac|storage|ca|profile|encoding|grid): .*)$`)
	for _, name := range []string{"county.yaml", "mosaic.yaml"} {
		text, err := os.ReadFile(filepath.Join("../../examples", name))
		if err != nil {
			t.Fatal(err)
		}
		f, err := Parse(name, text, lookup)
		if err != nil {
			t.Fatal(err)
		}
		if len(f.Before.Scenes) == 0 || f.Survey == nil {
			t.Errorf("%s: %+v", name, f)
		}
		n := 0
		for _, m := range offered.FindAllStringSubmatchIndex(string(text), -1) {
			line := string(text[m[4]:m[5]])
			n++
			used := string(text[:m[3]]) + line + string(text[m[1]:])
			if _, err := Parse(name, []byte(used), lookup); err != nil {
				t.Errorf("%s with %s: %v", name, line, err)
			}
		}
		if n < 2 {
			t.Errorf("%s offers %d lines: has their form changed?", name, n)
		}
	}
}
