package main

import (
	"math"
	"testing"

	"tuban/classify/accuracy"
)

func TestNumber(t *testing.T) {
	for v, want := range map[accuracy.Ratio]string{0.25: ".250", 1: "1.000", -0.0614: "−.061", 0: ".000", 10.5: "10.500"} {
		if got := number(v); got != want {
			t.Errorf("%v: %s, want %s", float64(v), got, want)
		}
	}
}

func TestPercent(t *testing.T) {
	for v, want := range map[accuracy.Ratio]string{0.25: "25.0", 1: "100.0", 0: "0.0", 0.0004: "0.0"} {
		if got := percent(v); got != want {
			t.Errorf("%v: %s, want %s", float64(v), got, want)
		}
	}
	if got := percent(accuracy.Quotient(0, 0)); got != "–" {
		t.Errorf("undefined: %s", got)
	}
}

func TestVersusShowsTheDifference(t *testing.T) {
	for _, c := range []struct {
		got, usual float64
		want       string
	}{
		{92.5, 95, "x (−2.5)"}, {97, 95, "x (+2.0)"}, {95, 95, "x (±0)"}, {95.01, 95, "x (±0)"}, {math.NaN(), 95, "x"}, {95, math.NaN(), "x"},
	} {
		if got := versus("x", c.got, c.usual, 1); got != c.want {
			t.Errorf("%v after %v: %s, want %s", c.got, c.usual, got, c.want)
		}
	}
}

func TestTable(t *testing.T) {
	x := table{head: []string{"a|b", "c"}}
	x.add("1", "2")
	if got, want := x.String(), "| a\\|b | c |\n|---|---:|\n| 1 | 2 |\n\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	defer func() {
		if recover() == nil {
			t.Error("a row that is too short was written")
		}
	}()
	x.add("1")
	_ = x.String()
}
