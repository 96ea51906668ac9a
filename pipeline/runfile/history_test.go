package runfile

import (
	"strings"
	"testing"
)

const followed = twoDates + "earlier: ../0801/out\nregister: /data/register\nwatch: {source: cases.gpkg, layer: cases, id: AJBH, name: AJMC, type: LX, due: ZGQX, encoding: GBK}\n"

// What was before, and what is watched, follows the file as all paths do.
func TestHistory(t *testing.T) {
	f, err := Parse("/jobs/0901/run.yaml", []byte(followed), none)
	if err != nil {
		t.Fatal(err)
	}
	if f.Earlier != "/jobs/0801/out" || f.Register != "/data/register" ||
		*f.Watch != (Watch{"/jobs/0901/cases.gpkg", "cases", "GBK", "AJBH", "AJMC", "LX", "ZGQX"}) {
		t.Errorf("%q, %q, %+v", f.Earlier, f.Register, f.Watch)
	}
	if f, err = Parse("s3://bucket/0901/run.yaml", []byte(followed), none); err != nil || f.Earlier != "s3://bucket/0801/out" || f.Watch.Source != "s3://bucket/0901/cases.gpkg" {
		t.Errorf("%+v, %v", f, err)
	}
	if f, err := Parse("/run.yaml", []byte(twoDates), none); err != nil || f.Earlier+f.Register != "" || f.Watch != nil {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestHistoryMistakes(t *testing.T) {
	for _, c := range []struct{ from, text, want string }{
		{"/run.yaml", "watch: {id: AJBH}", "watch: give the source and its field with the identifier"},
		{"/run.yaml", "watch: {source: a.gpkg}", "watch: give the source and its field with the identifier"},
		{"/run.yaml", "watch: {sorce: a.gpkg}", `(did you mean "source"?)`},
		{"/run.yaml", "watch: cases.gpkg", "watch"},
		{"/run.yaml", "register: s3://bucket/register", "register: s3://bucket/register lies in object storage"},
		{"s3://bucket/a/run.yaml", "register: register", "register: s3://bucket/a/register lies in object storage"},
		{"/run.yaml", "erlier: out", `(did you mean "earlier"?)`},
	} {
		if _, err := Parse(c.from, []byte(twoDates+c.text+"\n"), none); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.text, err, c.want)
		}
	}
}
