package main

import (
	"tuban/classify/accuracy"
)

// resultTable is one set's results: F1 per scene, then overall accuracy, kappa, precision, recall and F1 of all labelled pixels
// together.
func resultTable(scenes []string, results []result) *table {
	if len(scenes) == 1 {
		scenes = nil
	}
	t := &table{head: append(append([]string{"method"}, scenes...), "OA", "kappa", "precision", "recall", "F1")}
	for _, r := range results {
		row := []string{r.method}
		if len(scenes) > 0 {
			for _, c := range r.scenes {
				row = append(row, number(c.Measures().F1))
			}
		}
		m := r.pooled().Measures()
		for _, v := range []accuracy.Ratio{m.OA, m.Kappa, m.Precision, m.Recall, m.F1} {
			row = append(row, number(v))
		}
		t.rows = append(t.rows, row)
	}
	return t
}
