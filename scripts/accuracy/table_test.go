package main

import (
	"strings"
	"testing"

	"tuban/classify/accuracy"
)

func TestTableHasAColumnForEachScene(t *testing.T) {
	var out strings.Builder
	err := writeTable(&out, "towns", []string{"a", "b"}, []result{
		{"|Δ|", []accuracy.Confusion{{TP: 1, FP: 1, FN: 1, TN: 1}, {TN: 4}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `## towns

| method | a | b | OA | kappa | precision | recall | F1 |
|---|---:|---:|---:|---:|---:|---:|---:|
| \|Δ\| | .500 | – | .750 | .333 | .500 | .500 | .500 |

`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[accuracy.Ratio]string{0.25: ".250", 1: "1.000", -0.0614: "−.061", 0: ".000", 10.5: "10.500"} {
		if got := number(v); got != want {
			t.Errorf("%v: %s, want %s", float64(v), got, want)
		}
	}
}
