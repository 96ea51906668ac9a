package track

import (
	"reflect"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// A verdict holds for the version that was judged, and for one that differs by no more than the tolerance, whatever lies between.
func TestJudged(t *testing.T) {
	one := cells(1)
	g := func(x0, y0, x1, y1 int) orb.MultiPolygon { return one.rect(x0, y0, x1, y1) }
	was := Known{CID: "k", GV: "v2", Kind: "built", Type: "JZ", Geom: g(2, 2, 20, 12), Area: 180, First: "20240101", Published: true}
	judged := Judgement{CID: "k", GV: "v1", Kind: "built", Verdict: "unchanged", Geom: g(2, 2, 20, 12)}
	with := func(change func(j *Judgement)) Judgement {
		j := judged
		change(&j)
		return j
	}
	for _, c := range []struct {
		name    string
		found   orb.MultiPolygon
		gv      string
		kind    string
		list    []Judgement
		verdict string
		hint    string
	}{
		{"never judged", g(2, 2, 20, 12), "v3", "built", nil, "", ""},
		{"as judged", g(2, 2, 20, 12), "v3", "built", []Judgement{judged}, "unchanged", ""},
		{"a pixel aside", g(3, 3, 21, 13), "v3", "built", []Judgement{judged}, "unchanged", ""},
		{"grown", g(2, 2, 30, 12), "v3", "built", []Judgement{judged}, "", "曾判定：伪变化，范围已扩大，须重新判定"},
		{"shrunk", g(2, 2, 11, 12), "v3", "built", []Judgement{judged}, "", "曾判定：伪变化，范围已缩小，须重新判定"},
		{"of another kind", g(2, 2, 20, 12), "v3", "ground", []Judgement{judged}, "", "曾判定：伪变化，变化种类已不同，须重新判定"},
		{"judged again since", g(2, 2, 20, 12), "v3", "built", []Judgement{judged, with(func(j *Judgement) { j.Verdict = "pass" })}, "pass", ""},
		{"judged when it was smaller, though it crept since", g(2, 2, 20, 12), "v3", "built", []Judgement{with(func(j *Judgement) { j.Geom = g(2, 2, 15, 12) })}, "", "曾判定：伪变化，范围已扩大，须重新判定"},
		{"the very version, under another name", g(2, 2, 20, 12), "v1", "built", []Judgement{with(func(j *Judgement) { j.CID, j.Geom = "other", nil })}, "unchanged", ""},
		{"the very version, judged later under another name", g(2, 2, 20, 12), "v3", "built", []Judgement{judged, with(func(j *Judgement) { j.CID, j.GV, j.Verdict = "other", "v3", "pass" })}, "pass", ""},
		{"in another system, not the same since", g(2, 2, 20, 12), "v3", "built", []Judgement{with(func(j *Judgement) { j.Geom = nil })}, "", "曾判定：伪变化，范围已变化，须重新判定"},
	} {
		found := []Found{{GV: c.gv, Kind: c.kind, Type: "JZ", Geom: c.found, Area: planar.Area(c.found), Day: "20250101", Published: true}}
		known := []Known{was}
		fates, _, err := Follow(one, Default(), known, found)
		if err != nil {
			t.Fatal(err)
		}
		if err := Judged(one, Default(), known, found, fates, c.list); err != nil {
			t.Fatal(err)
		}
		if f := fates[0]; f.Verdict != c.verdict || strings.Join(f.Hints, "") != c.hint {
			t.Errorf("%s: %q, hints %q", c.name, f.Verdict, f.Hints)
		}
	}
	// Where nobody knows the judged outline, the runs between must have handed the verdict on.
	was.Verdict = "unchanged"
	found := []Found{{GV: "v3", Kind: "built", Type: "JZ", Geom: was.Geom, Area: was.Area, Day: "20250101", Published: true}}
	fates, _, err := Follow(one, Default(), []Known{was}, found)
	if err == nil {
		err = Judged(one, Default(), []Known{was}, found, fates, []Judgement{with(func(j *Judgement) { j.Geom = nil })})
	}
	if err != nil || fates[0].Verdict != "unchanged" {
		t.Errorf("%+v, %v", fates[0], err)
	}
}

// Without a register the last product's verdicts stay with what is the same; a release stays with whatever the patch became.
func TestCarriedAndIssued(t *testing.T) {
	known, found := five.before(`
		AA.BB.
		AA.BB.
		......`), five.after(`
		CC.DD.
		CC.DD.
		...DD.`)
	for i := range known {
		known[i].Verdict, known[i].Released = "pass", []string{"N" + known[i].CID}
	}
	fates, _, err := Follow(five, Default(), known, found)
	if err != nil {
		t.Fatal(err)
	}
	Carried(known, found, fates)
	Issued(fates, map[string][]string{"cA": {"N2"}, "cX": {"N3"}})
	for i, want := range []Fate{{Relation: Same, Verdict: "pass", Released: []string{"N2", "NcA"}}, {Relation: Grown, Released: []string{"NcB"}}} {
		if f := fates[i]; f.Relation != want.Relation || f.Verdict != want.Verdict || !reflect.DeepEqual(f.Released, want.Released) {
			t.Errorf("%+v, want %+v", f, want)
		}
	}
}

func TestMissed(t *testing.T) {
	for _, c := range []struct {
		name           string
		gone           Reason
		inside, hidden float64
		want           Reason
	}{
		{"seen, and not there", "", 200, 0, NotSeen},
		{"a quarter under cloud", "", 200, 50, NotSeen},
		{"more than half under cloud", "", 200, 101, Unobserved},
		{"off the run", "", 90, 0, Off},
		{"a half off the run, the rest under cloud", "", 100, 100, Unobserved},
		{"not there before the cloud", NotSeen, 200, 200, NotSeen},
		{"hidden last time, seen and not there now", Unobserved, 200, 0, NotSeen},
	} {
		if r := Missed(Default(), Known{Area: 200, Gone: c.gone}, c.inside, c.hidden); r != c.want {
			t.Errorf("%s: %s, want %s", c.name, r, c.want)
		}
	}
}

// What is shown to people is there in Chinese, and never says what only they can say.
func TestWords(t *testing.T) {
	s := Default()
	for _, r := range Relations {
		if s.Word(string(r)) == "" || s.Lapsed[string(r)] == "" {
			t.Errorf("no word for %s", r)
		}
	}
	for _, r := range Reasons {
		if s.Word(string(r)) == "" {
			t.Errorf("no word for %s", r)
		}
	}
	for _, word := range []string{"合法", "违法"} {
		if strings.Contains(string(SettingsText()), word) {
			t.Errorf("the settings say %s", word)
		}
	}
}

// A case goes on through its stages, and comes back.
func TestStages(t *testing.T) {
	for _, c := range []struct {
		was, is string
		gone    Reason
		want    Relation
		hints   []string
	}{
		{"DT", "JZ", "", Grown, []string{"变化类型由 DT 变为 JZ"}},
		{"LT", "DT", "", Grown, []string{"变化类型由 LT 变为 DT"}},
		{"JZ", "DT", "", Same, []string{"变化类型由 JZ 变为 DT"}},
		{"JZ", "04", "", New, nil},
		{"JZ", "JZ", NotSeen, Same, []string{"消失后再次出现"}},
		{"JZ", "JZ", Unobserved, Same, nil},
	} {
		known, found := five.before("AAA AAA"), five.after("BBB BBB")
		known[0].Kind, known[0].Type, known[0].Gone = c.was, c.was, c.gone
		found[0].Kind, found[0].Type = c.is, c.is
		fates, _, err := Follow(five, Default(), known, found)
		if f := fates[0]; err != nil || f.Relation != c.want || !reflect.DeepEqual(f.Hints, c.hints) {
			t.Errorf("%s to %s: %+v, %v", c.was, c.is, f, err)
		}
	}
}
