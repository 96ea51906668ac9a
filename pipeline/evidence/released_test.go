package evidence

import (
	"testing"

	"tuban/pipeline/register"
	"tuban/pipeline/verification"
)

// A patch goes by the numbers under which it is released now; one that came back under a suppressed category gets no sheet.
func TestReleased(t *testing.T) {
	release := func(cid, jcbh, supersedes string) register.Event {
		return register.Event{Release: &register.Release{Version: register.Version{CID: cid}, JCBH: jcbh, County: jcbh[:6], Supersedes: supersedes}}
	}
	var suppressed verification.Category
	for _, s := range verification.Schemes() {
		for _, c := range s.Categories {
			if verification.Suppressed(c.Levels()...) {
				suppressed = c
			}
		}
	}
	if !suppressed.Suppressed {
		t.Fatal("no category is suppressed: the test means nothing")
	}
	r := &register.Register{Events: []register.Event{
		release("a", "220183202500001", ""), release("a", "220122202500001", ""), release("b", "220183202500002", ""),
		release("b", "220183202500003", "220183202500002"), release("c", "220183202500004", ""),
		{Return: &register.Return{JCBH: "220183202500004", Level1: suppressed.Level1, Level2: suppressed.Level2, Level3: suppressed.Level3}},
	}}
	m := &maker{o: Options{Register: r.State()}}
	for _, c := range []struct{ cid, before, number, former string }{
		{"a", "", "220183202500001、220122202500001", ""},
		{"b", "220183202500003 220183202400009", "220183202500003", "220183202400009"},
		{"d", "220183202400009", "", "220183202400009"},
	} {
		number, former, withheld := m.released(rowOf(t, nil, map[string]string{"cid": c.cid, "FBBH": c.before}))
		if number != c.number || former != c.former || withheld {
			t.Errorf("%s is %s after %s, %v", c.cid, number, former, withheld)
		}
	}
	if _, _, withheld := m.released(rowOf(t, nil, map[string]string{"cid": "c"})); !withheld {
		t.Errorf("a patch returned as %s has a sheet", suppressed.Path())
	}
}
