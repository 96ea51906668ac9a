package object

import (
	"math"
	"reflect"
	"testing"
)

func TestAppendRow(t *testing.T) {
	got, err := AppendRow(nil, Row{
		Y: 7, X: 100,
		Kind:     []uint8{0, 1, 1, 1, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2},
		Parcel:   []int32{9, 5, 5, 6, 6, 6, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 0},
		Pair:     []uint16{0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
		Evidence: [NEvidence][]float32{1: {9, .0004, .0005, -.0005, nan, 1, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, -2}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []Run{
		{Y: 7, X0: 101, X1: 103, Kind: 1, Parcel: 5, Sums: [NEvidence]int64{1: 1}},
		{Y: 7, X0: 103, X1: 104, Kind: 1, Parcel: 6, Sums: [NEvidence]int64{1: -1}},
		{Y: 7, X0: 104, X1: 105, Kind: 2, Parcel: 6, Missing: [NEvidence]int32{1: 1}},
		{Y: 7, X0: 105, X1: 106, Kind: 2, Parcel: 6, Pair: 3, Sums: [NEvidence]int64{1: 1000}},
		{Y: 7, X0: 117, X1: 118, Kind: 2, Sums: [NEvidence]int64{1: -2000}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestEvidenceThatDoesNotFit(t *testing.T) {
	inf := float32(math.Inf(1))
	before := []Run{{X1: 1, Kind: 1}}
	for _, values := range [][]float32{{1e30, 0}, {inf, 0}, {-inf, 0}, {0, -1e30}, {4e15, 4e15, 4e15}, {-4e15, -4e15, -4e15}} {
		kind := make([]uint8, len(values))
		for i := range kind {
			kind[i] = 1
		}
		got, err := AppendRow(before, Row{Y: 1, Kind: kind, Evidence: [NEvidence][]float32{values}})
		if err == nil || len(got) != len(before) {
			t.Errorf("%v: got %v, %v; want an error and the runs unchanged", values, got, err)
		}
	}
}

func TestAppendRowPanicsOnSlicesOfDifferentLength(t *testing.T) {
	for _, r := range []Row{
		{Kind: []uint8{1}, Parcel: []int32{}},
		{Kind: []uint8{1}, Pair: []uint16{0, 0}},
		{Kind: []uint8{1}, Evidence: [NEvidence][]float32{3: {}}},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%+v: no panic", r)
				}
			}()
			_, _ = AppendRow(nil, r)
		}()
	}
}

func TestReasonsHaveNames(t *testing.T) {
	seen := map[string]bool{}
	for r := None; r < reasons; r++ {
		if r.String() == "" || r.ZH() == "" || seen[r.String()] || seen[r.ZH()] {
			t.Errorf("reason %d: %q, %q", r, r.String(), r.ZH())
		}
		seen[r.String()], seen[r.ZH()] = true, true
	}
	if Reason(200).String() != "unknown" || Reason(200).ZH() != "未知" {
		t.Error("a reason outside the list has a name")
	}
}
