package runfile

import (
	"strings"
	"testing"
)

// FuzzParse: no text breaks the parser, and a file that it accepts is one that its own checks accept, with every path
// resolved and every date a day.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		sample, least(""), least("grid: {crs: EPSG:4530, pixel: 0.5}"), least("region: {bbox: [0, 0, 1, 1], crs: EPSG:4530}"),
		"before: &b {scenes: [{uri: a, bands: {red: 1}}], date: 20240814}\nafter: *b", "a: &a [*a]", "{{{", "? [a]\n: b", "- ${DATA}",
		"before:\n  scenes:\n  - |\n    0603\n", "\ufeff%YAML 1.2\n---\nname: !!binary aGk=", "<<: {name: x}",
		"before: {scenes: [{stac: s3://bucket/i.json, asset: a}]}\nafter: {scenes: [b], seams: {source: s, date: RQ}, cloud: \"{dir}/{stem}\"}",
		least("storage: {endpoint: http://x, path_style: true, requests: 1, timeout: 1s, ca: c.pem}"), "before：{", least("probabilities: {built: &p {before: p.tif, scale: 0.01}, deep: *p, x: ~}"), "out: s3://bucket/../x",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := Parse("/jobs/run.yaml", text, lookup)
		if err != nil {
			if file != nil || err.Error() == "" {
				t.Fatalf("%+v, %v", file, err)
			}
			return
		}
		if err := file.check(nil); err != nil {
			t.Fatalf("accepted, but: %v", err)
		}
		if file.Name == "" || file.Rules == "" || len(file.Outputs) == 0 {
			t.Fatalf("without defaults: %+v", file)
		}
		for _, s := range append(file.Before.Scenes, file.After.Scenes...) {
			if _, err := Day(s.Date); err != nil && (s.Date != "" || s.STAC == "" && s.Seams == nil) || (s.URI == "") == (s.STAC == "") {
				t.Fatalf("scene %+v: %v", s, err)
			}
		}
		for _, a := range file.addresses() {
			if again, err := join("/elsewhere/run.yaml", *a.uri); err != nil || again != *a.uri && !strings.HasPrefix(*a.uri, "/") {
				t.Fatalf("%s is not resolved: %s, %v", a.at, *a.uri, err)
			}
		}
	})
}
