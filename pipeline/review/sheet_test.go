package review

import (
	"testing"

	"tuban/pipeline/product"
	"tuban/pipeline/register"
)

// sheetOf are the rows of the candidates of the tests under a register with one decision.
func sheetOf(t *testing.T, d register.Decision) []line {
	t.Helper()
	same := func(a, b string) (bool, error) { return a == b, nil }
	reg := &register.Register{Events: []register.Event{{Decision: &d}}}
	out, err := sheet{"later", testCRS, same, reg.State(), nil}.lines(testBase(t))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func shapeOf(t *testing.T, outline, crs string) *register.Shape {
	t.Helper()
	s, err := register.NewShape(box(outline), crs)
	if err != nil {
		t.Fatal(err)
	}
	return &s
}

// An outline that a person drew is shown in the system that it was drawn in; in another the candidate is to be judged anew.
func TestOutlineOfAnotherSystem(t *testing.T) {
	for crs, want := range map[string]string{testCRS: "pass redraw 100 100 40 20", "EPSG:4531": "  100 100 30 20"} {
		d := register.Decision{Version: register.Version{CID: "a", GV: "a1"}, Run: "run", Verdict: register.Pass, By: "甲", Second: "乙", Redrawn: shapeOf(t, "100 100 40 20", crs)}
		rows := sheetOf(t, d)
		if l := rows[0]; len(rows) != 3 || !unmoved(l.geom, box(want[len(want)-13:])) || l.verdict+" "+l.operation+" " != want[:len(want)-13] {
			t.Errorf("%s: %s %s %v, want %s", crs, l.verdict, l.operation, l.geom, want)
		}
	}
}

// A patch that a person added, and that a later run found, is a candidate like any other there, with the outline that the person drew:
// the copy that shows it comes back without a complaint, though it lies where that of the earlier run lay.
func TestAddedAndFound(t *testing.T) {
	dir := t.TempDir()
	w := copyOf(t, 0, judged("", "500 100 30 20", addedAs("")...))
	w.Manifest.Key = "earlier"
	d := w.importTo(t, dir).New[0]
	if again := copyOf(t, 1).importTo(t, dir); len(again.Problems) > 0 {
		t.Error(again.Problems)
	}
	for outline, want := range map[string]string{"110 100 30 20": "redraw", found["a"]: ""} {
		d.CID, d.Redrawn = "a", shapeOf(t, outline, testCRS)
		base := testBase(t)
		row, err := product.NewRow(base[0].Geom, append(columns, "PDJL"), append(candidateValues("a"), "pass"))
		if err != nil {
			t.Fatal(err)
		}
		reg := &register.Register{Events: []register.Event{{Decision: &d}}}
		out, err := sheet{"run", testCRS, func(a, b string) (bool, error) { return a == b, nil }, reg.State(), nil}.lines([]product.Row{row})
		if err != nil || len(out) != 1 || out[0].operation != want || out[0].verdict != "pass" || !unmoved(out[0].geom, box(outline)) {
			t.Errorf("%s: %+v, %v", outline, out, err)
		}
	}
}
