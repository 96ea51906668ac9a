package rollup

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"tuban/pipeline/register"
	"tuban/pipeline/verification"
)

// settled is a summary of two patches, both released, with these returned categories; "" is none.
func settled(t testing.TB, categories ...string) *Summary {
	t.Helper()
	var list []*patch
	r, err := register.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var events []register.Event
	for i, category := range categories {
		place := placeOf(Unit{"220122", "农安县"}, Unit{}, Unit{})
		list = append(list, &patch{
			cid: fmt.Sprintf("c%d", i), gv: "g", after: "JZ", area: 100000, values: map[Dimension]string{ByCategory: "cropland_lost"},
			parts:  []part{{place: place, area: 100000, crop: 40000}},
			groups: []amount{{"cropland", 40000, true}, {none, 60000, false}},
		})
		jcbh := fmt.Sprintf("2201222026%06d", i+1)
		events = append(events, register.Event{Release: &register.Release{Version: register.Version{CID: list[i].cid, GV: "g"}, JCBH: jcbh, County: "220122", AreaM2: 1000}})
		if level1, level2, ok := strings.Cut(category, "|"); ok {
			events = append(events, register.Event{Return: &register.Return{JCBH: jcbh, Level1: level1, Level2: level2, AreaM2: 500, By: "甲", On: "2026-09-10"}})
		}
	}
	if err := r.Append(time.Unix(0, 0), events, nil); err != nil {
		t.Fatal(err)
	}
	s := &Summary{Root: &Node{Level: All}, Names: Names{}}
	judge(list, nil, r.State())
	fill(s.Root, list)
	done, _ := verify(s.Root, list, r, nil)
	s.Root.finish(nil)
	targets := &Targets{Reduces: reduces, Units: []Target{{Unit: Unit{Code: "220122"}, Cropland: &Goal{Base: 1e6, Target: 9e5}, Farmland: &Goal{Base: 1, Target: 1}}}}
	s.Balance = balances(s.Root, targets, suspect(list, targets, done))
	return s
}

func TestSharesAreOfConclusionsAlone(t *testing.T) {
	for _, c := range []struct {
		categories []string
		share      any
		verified   any // of cropland
		suspected  Area
	}{
		{[]string{"", ""}, nil, nil, 80000},
		{[]string{"设施农用地|", ""}, 1.0, Area(20000), 40000},
		{[]string{"设施农用地|", "伪变化/实地为设施|"}, 0.5, Area(20000), 0},
		{[]string{"其他|JY", ""}, nil, nil, 80000},
	} {
		s := settled(t, c.categories...)
		var share, verified any
		if v, ok := s.Root.Verified.Share(verification.Changed); ok {
			share = v
		}
		b := s.Balance[0]
		if b.Verified != nil {
			verified = *b.Verified
		}
		if share != c.share || verified != c.verified || *b.Suspected != c.suspected {
			t.Errorf("%v: share %v, verified %v, suspected %v; want %v, %v, %v", c.categories, share, verified, *b.Suspected, c.share, c.verified, c.suspected)
		}
		if _, ok := b.Share(); ok != (c.verified != nil) {
			t.Errorf("%v: the balance has a share: %v", c.categories, ok)
		}
		if farm := s.Balance[1]; farm.Suspected != nil || farm.Verified != nil {
			t.Errorf("%v: basic farmland without the layer: %+v", c.categories, farm)
		}
	}
}

// Neither form of a summary says of anything that it is lawful or not, unless a county said so; and what is in no export is in none.
func TestWords(t *testing.T) {
	page := func(s *Summary) string {
		var b, x bytes.Buffer
		if err := s.Book("test").WriteHTML(&b); err != nil {
			t.Fatal(err)
		}
		if err := s.Book("test").WriteXLSX(&x, time.Unix(0, 0)); err != nil {
			t.Fatal(err)
		}
		js, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		return b.String() + string(js)
	}
	if text := page(settled(t, "设施农用地|", "")); strings.Contains(text, "合法") || strings.Contains(text, "违法") {
		t.Error("a summary without such a conclusion says 合法 or 违法")
	}
	if text := page(settled(t, "合法|批文", "")); !strings.Contains(text, "合法") {
		t.Error("the category that a county returned is missing")
	}
	text := page(settled(t, "其他|JY", "其他|SM"))
	for _, word := range []string{"JY", "SM", ">其他<", "0.0%"} {
		if strings.Contains(text, word) {
			t.Errorf("a summary of suppressed conclusions has %q", word)
		}
	}
	if !strings.Contains(text, "2 个已返回图斑的类别不在导出中列出") {
		t.Error("it is not said that conclusions are left out")
	}
}
