package pipeline

import (
	"errors"
	"strings"
	"testing"

	"tuban/classify/object"
)

// Gaps that tiles cut up count as what they are when fused; the changes beside them are not called speckle.
func TestRunListFusesGaps(t *testing.T) {
	const rows, limit = 8, 20
	list := newRunList(&Plan{Rules: compile(t, threeKinds, "")}, runShare*runBytes*limit)
	for x := range int32(100) {
		var runs []object.Run
		if x%20 == 0 {
			runs = append(runs, object.Run{X0: x, X1: x + 1, Kind: 1})
		}
		for y := range int32(rows) {
			runs = append(runs, object.Run{Y: y, X0: x, X1: x + 1, Undecided: 4, Reason: object.NotJudgeable})
		}
		if err := list.add(runs); err != nil {
			t.Fatalf("tile %d: %v", x, err)
		}
		if list.gaps.n > 2*limit {
			t.Fatalf("%d gaps wait", list.gaps.n)
		}
	}
	if runs, err := list.take(); err != nil || len(runs) != 5+rows {
		t.Errorf("%d runs, %v", len(runs), err)
	}
}

// The error names what there is too much of, and what to do.
func TestRunListErrors(t *testing.T) {
	change := func(x int32) object.Run { return object.Run{X0: x, X1: x + 1, Kind: 1} }
	gap := func(reason object.Reason, kinds uint32) func(int32) object.Run {
		return func(x int32) object.Run { return object.Run{Y: 1, X0: x, X1: x + 1, Undecided: kinds, Reason: reason} }
	}
	for _, c := range []struct {
		name          string
		changes, gaps int
		gap           func(int32) object.Run
		want          []string
	}{
		{"fits", 10, 10, gap(object.NoData, 1), nil},
		{"changes", 21, 0, nil, []string{"fire in 21 ", "speckled", "clean more", "--memory"}},
		{"more changes than gaps", 12, 10, gap(object.NoData, 1), []string{"fire in 12 ", "speckled"}},
		{"not judgeable", 2, 30, gap(object.NotJudgeable, 2), []string{"in 30 ", "30 of them are not-judgeable", "kind b", "--memory"}},
		{"no data", 0, 30, gap(object.NoData, 1), []string{"no-data", "region:"}},
		{"cloud", 0, 30, gap(object.Cloud, 1), []string{"cloud", "clearer"}},
		{"unreadable", 0, 30, gap(object.Unreadable, 1), []string{"unreadable", "mend"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			list := newRunList(&Plan{Rules: compile(t, threeKinds, "")}, runShare*runBytes*20)
			var runs []object.Run
			for i := range c.changes {
				runs = append(runs, change(int32(2*i)))
			}
			for i := range c.gaps {
				runs = append(runs, c.gap(int32(2*i)))
			}
			err := list.add(runs)
			if c.want == nil {
				if all, last := list.take(); err != nil || last != nil || len(all) != len(runs) {
					t.Errorf("%d runs, %v, %v", len(all), err, last)
				}
				return
			}
			var input *InputError
			if !errors.As(err, &input) {
				t.Fatal(err)
			}
			for _, w := range c.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("%v: no %q", err, w)
				}
			}
			if c.gaps > c.changes && strings.Contains(err.Error(), "speckle") {
				t.Error(err)
			}
		})
	}
}
