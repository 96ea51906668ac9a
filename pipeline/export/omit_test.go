package export

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tuban/pipeline"
	"tuban/pipeline/product"
	"tuban/pipeline/register"
	"tuban/pipeline/withheld"
)

// TestReleasedPatchesNeedTheRegister: what was released does not leave before the register that released it was asked, or declined.
func TestReleasedPatchesNeedTheRegister(t *testing.T) {
	written := func(jcbh, level2 string) string {
		dir := t.TempDir()
		reg, err := register.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := reg.Append(time.Unix(0, 0), []register.Event{
			{Release: &register.Release{JCBH: jcbh, Version: register.Version{CID: "c"}}},
			{Return: &register.Return{JCBH: jcbh, Level1: "其他", Level2: level2}},
		}, nil); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	number := usual(t, 1, "220122").Text("JCBH")
	its, another := written(number, "JY"), written("22018320250000001", "JY")
	fresh, sent := map[string]string{"cid": "d"}, map[string]string{"cid": "c", "JCBH": number}
	again := map[string]string{"cid": "d", "FBBH": number}
	for _, c := range []struct {
		what  string
		kind  string
		layer string
		row   map[string]string
		o     Options
		want  withheld.Reason
		says  string
	}{
		{"a product without history", "product", "changes", fresh, Options{}, "", ""},
		{"a product after a release", "product", "changes", again, Options{}, "", "--no-register"},
		{"the same with the register", "product", "changes", again, Options{Register: its}, withheld.Suppressed, ""},
		{"the candidate itself", "product", "changes", map[string]string{"cid": "c"}, Options{Register: its}, withheld.Suppressed, ""},
		{"a release", "release", "released", sent, Options{}, "", "--register"},
		{"a release's file", "file", "released", sent, Options{}, "", "--register"},
		{"declined", "release", "released", sent, Options{NoRegister: true}, "", ""},
		{"its register", "release", "released", sent, Options{Register: its}, withheld.Suppressed, ""},
		{"another register", "release", "released", sent, Options{Register: another}, "", "does not know " + number},
		{"no register there", "release", "released", sent, Options{Register: filepath.Join(its, "none")}, "", "holds no register"},
		{"no register there, for a product", "product", "changes", fresh, Options{Register: t.TempDir()}, "", "holds no register"},
	} {
		s := &source{Source: Source{Kind: c.kind, Layer: c.layer, Path: "here"}, rows: []product.Row{patch(t, 1, c.row)}}
		omit, err := omitter(c.o, s)
		if c.says != "" {
			var input *pipeline.InputError
			if err == nil || !errors.As(err, &input) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s: %v, want an error about %s", c.what, err, c.says)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.what, err)
		} else if got := omit(s.rows[0]); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
	if _, err := (Options{To: "x", Register: its, NoRegister: true}).withDefaults(); err == nil {
		t.Error("a register was given and declined")
	}
}
