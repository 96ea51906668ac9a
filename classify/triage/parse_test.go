package triage

import (
	"strings"
	"testing"

	"tuban/classify/landclass"
	"tuban/classify/ruletext"
)

func TestDefault(t *testing.T) {
	for _, sys := range append([]landclass.System{""}, landclass.Systems...) {
		r := must(t, sys)
		for _, s := range States {
			if r.States[s].ZH == "" || len([]rune(r.States[s].ZH)) > 30 {
				t.Errorf("%s is called %q", s, r.States[s].ZH)
			}
		}
	}
	// These are verdicts of people. The text holds every word that can stand with a patch.
	for _, word := range []string{"合法", "违法", "违建"} {
		if strings.Contains(string(Default()), word) {
			t.Errorf("the rules say %s", word)
		}
	}
}

// changed is the default with one text in the place of another.
func changed(old, new string) string {
	text := string(Default())
	if !strings.Contains(text, old) {
		panic(old)
	}
	return strings.Replace(text, old, new, 1)
}

func TestProblems(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"approvals: [}", `1:12: sequence end token`},
		{"approval: 1\n", `1:1: unknown key "approval" (did you mean "approvals"?)`},
		{"indices: {}\n", `1:1: unknown key "indices"`},
		{"", "version: the version is missing"},
		{"", "order: the order is missing"},
		{"", "states: the words of matched are missing"},
		{strings.Repeat("#", MaxBytes+1), "at most 65536"},
		{changed("matched: 0.95", "matched: 95"), "coverage.matched: a share above 0 and up to 1"},
		{changed("partial: 0.05", "partial: 0.99"), "partial 0.99 is more than matched 0.95"},
		{changed("rest: 10 m2", "rest: 10"), `write "10 m2"`},
		{changed("code: supply", "code: conversion"), `code "conversion" is used twice`},
		{changed("code: supply", "code: 供地"), `code "供地" is not possible`},
		{changed("after: [unused]", "after: [unusual]"), `unknown 图斑类型 "unusual"`},
		{changed("after: [unused]", "after: [unusual]"), "or write a group: construction, "},
		{changed(`where: share("林地") >= 0.5`, `where: share("森林地") >= 0.5`), `no class of TD/T 1055-2019 is called "森林地"`},
		{changed(`layer_share("decided")`, `layer_share("decide")`), `there is no layer "decide" (did you mean "decided"?)`},
		{changed(`layer_share("decided") >= 0.8`, `layer_share("decided")`), "this is a value, not a condition"},
		{changed("of: score", "of: score > 5"), "this is a condition, not a value"},
		{changed("of: score", "of: scores"), `unknown name "scores" (did you mean "score"?)`},
		{changed("{of: score}", "{of: score, first: last}"), `"last" is neither most nor least`},
		{changed("of: patch_area, name: 面积, unit: 亩", "of: patch_area, name: 面积, unit: 顷"), `there is no unit "顷"`},
		{changed("- years: 4", "- years: four"), `"four" is not a whole number`},
		{changed("- years: 4", "- years: 400"), "more than the 100 allowed"},
		{changed("      - years: 2\n", "      - years: 2\n      - years: 3\n"), "this line is never reached"},
		{changed("counts: false", "counts: no"), `"no" is neither true nor false`},
		{changed("未匹配审批数据", strings.Repeat("长", 31)), "states.unmatched: the words have 31 characters, at most 30"},
		{changed("  inside: {zh", "  within: {zh"), "marks.within: there is no within here"},
		{changed("  inside: {zh", "  within: {zh"), "the words of inside are missing"},
	} {
		_, err := Parse("f", []byte(c.text), landclass.TD1055)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v\nwant mention of\n%s", err, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(Default())
	f.Add([]byte("version: 1\norder: [{of: 0/0}]\n"))
	f.Add([]byte("approvals: [{code: a, valid: [{}]}]\n"))
	f.Add([]byte("a: &a [*a]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := Parse("fuzz", text, "")
		if err != nil {
			if _, ok := err.(ruletext.Problems); !ok {
				t.Fatalf("error of type %T", err)
			}
			return
		}
		facts := building
		facts.Layers = map[string]float64{"basic_farmland": 5}
		var list []Approval
		for _, a := range r.Approvals {
			list = append(list, Approval{Kind: a.Code, Date: "2024-01-01", Area: 10})
		}
		if _, err := r.Match(facts, interval, nil, list, func(l []int) (float64, error) { return float64(10 * len(l)), nil }); err != nil {
			t.Fatal(err)
		}
		s, err := r.Severity(facts)
		if err != nil {
			t.Fatal(err)
		}
		r.Why(s)
		if _, err := r.Labels(facts); err != nil {
			t.Fatal(err)
		}
	})
}
