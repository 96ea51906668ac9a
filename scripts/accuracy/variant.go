package main

import (
	"fmt"
	"os"
	"slices"

	"github.com/goccy/go-yaml"
)

// variant is a way of running a pair that is not the default.
type variant struct {
	name string // names the product's folder
	// set are keys of the run file that it says otherwise.
	set yaml.MapSlice
	// noSurvey leaves the survey out.
	noSurvey bool
	// rewrite changes the default rules, those with or without survey as the run has one; nil leaves them. It says in words what it
	// did, one remark for each change; without a remark there was nothing to change, and the run would be the default one.
	rewrite func(rules yaml.MapSlice) (remarks []string, err error)
}

// runFile is the text of the run file at path as the variant has it. rules is the file of the rewritten rules, "" without.
func (v variant) runFile(path, rules string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var run yaml.MapSlice
	if err := yaml.UnmarshalWithOptions(text, &run, yaml.UseOrderedMap()); err != nil {
		return nil, fmt.Errorf("run file %s: %w", path, err)
	}
	// The product's folder is named when it is run, and its report is not read.
	run = without(run, "out", "outputs")
	if v.noSurvey {
		run = without(run, "survey")
	}
	set := append(yaml.MapSlice{{Key: "outputs", Value: []string{"gpkg"}}}, v.set...)
	if rules != "" {
		set = append(set, yaml.MapItem{Key: "rules", Value: rules})
	}
	for _, item := range set {
		run = append(without(run, item.Key.(string)), item)
	}
	return yaml.Marshal(run)
}

// without is the mapping without keys.
func without(m yaml.MapSlice, keys ...string) yaml.MapSlice {
	return slices.DeleteFunc(slices.Clone(m), func(item yaml.MapItem) bool {
		key, ok := item.Key.(string)
		return ok && slices.Contains(keys, key)
	})
}

// value is that of a key, nil where the mapping has none.
func value(m yaml.MapSlice, key string) any {
	for _, item := range m {
		if item.Key == key {
			return item.Value
		}
	}
	return nil
}

// rewriteTexts applies f to every text in v, in its order, and returns v so changed; keys stay.
func rewriteTexts(v any, f func(string) string) any {
	switch v := v.(type) {
	case string:
		return f(v)
	case []any:
		for i := range v {
			v[i] = rewriteTexts(v[i], f)
		}
	case yaml.MapSlice:
		for i := range v {
			v[i].Value = rewriteTexts(v[i].Value, f)
		}
	}
	return v
}
