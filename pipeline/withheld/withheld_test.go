package withheld

import (
	"testing"
	"time"

	"tuban/pipeline/product"
	"tuban/pipeline/register"
)

func row(t *testing.T, values map[string]string) product.Row {
	t.Helper()
	var names, texts []string
	for name, text := range values {
		names, texts = append(names, name), append(texts, text)
	}
	r, err := product.NewRow(nil, names, texts)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestWhatDoesNotLeave: what was returned under a suppressed category, by the latest word on any number that the patch has to do
// with; what has a newer number.
func TestWhatDoesNotLeave(t *testing.T) {
	reg, err := register.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var events []register.Event
	released := func(jcbh, cid, supersedes string) {
		events = append(events, register.Event{Release: &register.Release{JCBH: jcbh, Supersedes: supersedes, Version: register.Version{CID: cid}}})
	}
	back := func(jcbh, level2 string) {
		events = append(events, register.Event{Return: &register.Return{JCBH: jcbh, Level1: "其他", Level2: level2}})
	}
	released("1", "a", "")
	released("2", "b", "")
	released("3", "c", "")
	released("5", "e", "")
	released("6", "e", "5")
	released("7", "g", "")
	released("8", "g", "7")
	released("9", "g", "8")
	released("10", "h", "")
	released("11", "h", "10")
	released("12", "k", "")
	released("13", "l", "")
	released("14", "k", "12 13")
	back("13", "JY")
	back("1", "JY")
	back("2", "SM")
	back("2", "农村土坟")
	back("3", "农村土坟")
	back("3", "sm")
	back("7", "JY")
	back("9", "农村土坟")
	back("11", "JY")
	if err := reg.Append(time.Unix(0, 0), events, nil); err != nil {
		t.Fatal(err)
	}
	leaves := By(reg.State())
	for _, c := range []struct {
		what                    string
		jcbh, former, candidate string
		want                    Reason
	}{
		{"its own number", "1", "", "", Suppressed},
		{"corrected by a later return", "2", "", "", ""},
		{"confirmed by a later return", "3", "", "", Suppressed},
		{"never released", "", "", "z", ""},
		{"not in the register", "4", "", "", ""},
		{"replaced", "5", "", "", Superseded},
		{"the newest number", "6", "", "", ""},
		{"a candidate with the newest number", "", "", "e", ""},
		{"a candidate of a product, whose rows have no number", "", "", "a", Suppressed},
		{"a number of an earlier patch", "", "4 1", "", Suppressed},
		{"a number that is replaced by one of an earlier patch", "", "10", "", Suppressed},
		{"the first it replaces, two steps away", "9", "", "", Suppressed},
		{"the same by the candidate", "", "", "g", Suppressed},
		{"merged from one that was suppressed", "14", "", "", Suppressed},
		{"a candidate that was merged from it", "", "", "k", Suppressed},
		{"merged with it, under its own number", "12", "", "", Superseded},
		{"replaced by a suppressed one", "10", "", "", Suppressed},
	} {
		r := row(t, map[string]string{"JCBH": c.jcbh, "FBBH": c.former, "cid": c.candidate})
		if got := leaves(r); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
		if got := By(nil)(r); got != "" {
			t.Errorf("%s, without a register: %q", c.what, got)
		}
	}
	for field, text := range map[string]string{"HCLB2": "JY", "核查类别二级": "SM", "HCLB": "其他/JY", "核查类别": "其他｜ＳＭ"} {
		if got := By(nil)(row(t, map[string]string{field: text})); got != Suppressed {
			t.Errorf("a patch whose %s is %s: %q", field, text, got)
		}
	}
}
