package object

import (
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

func TestLabelPictures(t *testing.T) {
	for _, c := range []struct {
		name, picture string
		want          int
	}{
		{"corners do not connect", `
			#.#
			.#.
			#.#`, 5},
		{"a spiral is one", `
			#######
			......#
			#####.#
			#...#.#
			#.###.#
			#.....#
			#######`, 1},
		{"kinds are apart", `
			##22
			#222
			##22`, 2},
		{"a comb joined at its foot", `
			#.#.#.#
			#######`, 1},
		{"a row between", `
			###
			...
			###`, 2},
	} {
		if _, n := Label(draw(c.picture).runs(t)); n != c.want {
			t.Errorf("%s: %d components, want %d", c.name, n, c.want)
		}
	}
}

func TestLabelAgreesWithFloodFill(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := scenes().Draw(t, "scene") // with parcels, pairs and gaps, which must not matter
		runs, err := Fuse(s.scan(t, s.w, s.h, 0))
		if err != nil {
			t.Fatal(err)
		}
		label, n := Label(runs)
		var changes []Run
		var of []int32
		for i, r := range runs {
			if (label[i] < 0) != (r.Kind == 0) {
				t.Fatalf("%v has label %d", r, label[i])
			}
			if r.Kind != 0 {
				changes, of = append(changes, r), append(of, label[i])
			}
		}
		want, wantN := s.flood()
		if got := s.spread(changes, of); n != wantN || !reflect.DeepEqual(got, want) {
			t.Fatalf("%d components, want %d\ngot  %v\nwant %v", n, wantN, got, want)
		}
	})
}

func TestLabelPanicsOnUnsortedRuns(t *testing.T) {
	for _, runs := range [][]Run{
		{{Y: 1, X1: 1, Kind: 1}, {Y: 0, X1: 1, Kind: 1}},
		{{X0: 5, X1: 6, Kind: 1}, {X0: 1, X1: 2, Kind: 1}},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%v: no panic", runs)
				}
			}()
			Label(runs)
		}()
	}
}

func TestGather(t *testing.T) {
	runs := []Run{{Y: 0, X1: 1}, {Y: 1, X1: 1}, {Y: 2, X1: 1}, {Y: 3, X1: 1}}
	got := Gather(runs, []int32{1, -1, 0, 1}, 3)
	want := "[[{2 0 1}] [{0 0 1} {3 0 1}] []]"
	var short [][]struct{ Y, X0, X1 int32 }
	for _, g := range got {
		s := []struct{ Y, X0, X1 int32 }{}
		for _, r := range g {
			s = append(s, struct{ Y, X0, X1 int32 }{r.Y, r.X0, r.X1})
		}
		short = append(short, s)
	}
	if fmt.Sprint(short) != want {
		t.Errorf("got %v, want %v", short, want)
	}
}
