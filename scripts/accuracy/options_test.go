package main

import (
	"io"
	"slices"
	"strings"
	"testing"
)

func TestOptions(t *testing.T) {
	o, err := parseOptions([]string{"-only", "quiet, real", "-seeds", "3,1"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if !o.has(partQuiet) || !o.has(partReal) || o.has(partCounties) || !slices.Equal(o.seeds, []uint64{3, 1}) {
		t.Errorf("%+v", o)
	}
	for _, c := range []struct{ args, want string }{
		{"-only roads", "unknown part"}, {"-seeds 1,1", "twice"}, {"-seeds x", "whole number"}, {"-size 100", "-size 100"}, {"-jobs 0", "-jobs 0"}, {"county", "unknown argument"},
	} {
		if _, err := parseOptions(strings.Fields(c.args), io.Discard); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one that says %s", c.args, err, c.want)
		}
	}
}

// Parts share products; each is made once.
func TestTasksAreDistinct(t *testing.T) {
	w := &workshop{o: options{work: "/w", size: 1000, seeds: []uint64{1, 2}}}
	all := append(w.countyTasks(usual, "summer", "rgb"), w.countyTasks(usual, "summer")...)
	all = append(all, w.countyTasks(ablations[0].variant, "summer")...)
	var got []string
	for _, x := range distinct(all) {
		got = append(got, x.name)
	}
	want := []string{"summer-1-1000 default", "summer-2-1000 default", "rgb-1-1000 default", "rgb-2-1000 default",
		"summer-1-1000 no-normalisation", "summer-2-1000 no-normalisation"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
