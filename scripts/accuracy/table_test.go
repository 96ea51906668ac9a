package main

import (
	"testing"

	"tuban/classify/accuracy"
)

func TestTableHasAColumnForEachScene(t *testing.T) {
	got := resultTable([]string{"a", "b"}, []result{
		{"|Δ|", []accuracy.Confusion{{TP: 1, FP: 1, FN: 1, TN: 1}, {TN: 4}}},
	}).String()
	want := `| method | a | b | OA | kappa | precision | recall | F1 |
|---|---:|---:|---:|---:|---:|---:|---:|
| \|Δ\| | .500 | – | .750 | .333 | .500 | .500 | .500 |

`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
