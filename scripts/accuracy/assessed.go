package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"tuban/classify/accuracy"
	"tuban/pipeline/assess"
)

// assessed is what tuban assess says of a product.
func (p *program) assessed(ctx context.Context, product, reference string, args ...string) (*assess.Report, error) {
	text, err := p.call(ctx, append([]string{"assess", product, "--reference", reference, "--json"}, args...)...)
	if err != nil {
		return nil, err
	}
	var r assess.Report
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, fmt.Errorf("tuban assess %s: %w", product, err)
	}
	if len(r.Warnings) > 0 {
		return nil, fmt.Errorf("tuban assess %s: %s", product, strings.Join(r.Warnings, "; "))
	}
	return &r, nil
}

// confusion is the matrix that measures were derived from.
func confusion(m accuracy.Measures) accuracy.Confusion {
	return accuracy.Confusion{TP: m.TP, FP: m.FP, FN: m.FN, TN: m.TN}
}

// findRow returns the row of a name, with both sides; they are empty where the rows have none.
func findRow(rows []accuracy.ObjectRow, name string) accuracy.ObjectRow {
	row := accuracy.ObjectRow{Name: name}
	for _, r := range rows {
		if r.Name == name {
			row = r
		}
	}
	if row.ReferenceSide == nil {
		row.ReferenceSide = &accuracy.ReferenceSide{}
	}
	if row.PatchSide == nil {
		row.PatchSide = &accuracy.PatchSide{}
	}
	return row
}

// summary is what the manifest of a product says of it as a whole.
type summary struct {
	Grid struct {
		Transform [6]float64
		W, H      int
	} `json:"grid"`
	Counts struct {
		Published int `json:"published"`
	} `json:"counts"`
	Unobserved map[string]float64 `json:"unobserved_m2"`
}

// squareKilometres is the area of the grid, whose CRS is in metres.
func (s summary) squareKilometres() float64 {
	return float64(s.Grid.W) * float64(s.Grid.H) * -s.Grid.Transform[1] * s.Grid.Transform[5] / 1e6
}

func readSummary(product string) (summary, error) {
	var s summary
	text, err := os.ReadFile(filepath.Join(product, "manifest.json"))
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return s, fmt.Errorf("manifest of %s: %w", product, err)
	}
	return s, nil
}

// tally counts hits of so many, over one product or several.
type tally struct{ hits, of int }

func (t *tally) add(hits, of int) { t.hits, t.of = t.hits+hits, t.of+of }

// share is the part that was hit, NaN of none.
func (t tally) share() accuracy.Ratio { return accuracy.Quotient(float64(t.hits), float64(t.of)) }

// String is the share in percent and what it is of: "97.5 (39/40)".
func (t tally) String() string {
	if t.of == 0 {
		return "–"
	}
	return fmt.Sprintf("%s (%d/%d)", percent(t.share()), t.hits, t.of)
}
