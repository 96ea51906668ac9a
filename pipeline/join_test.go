package pipeline

import (
	"testing"

	"pgregory.net/rapid"

	"tuban/classify/object"
	"tuban/raster"
)

// drawRuns makes the change runs of a small random picture of three kinds on some parcels.
func drawRuns(t *rapid.T, w, h int) (runs []object.Run, kind []uint8) {
	kind = make([]uint8, w*h)
	parcel := make([]int32, w*h)
	for i := range kind {
		kind[i] = uint8(max(0, rapid.IntRange(-3, 3).Draw(t, "kind")))
		parcel[i] = int32(i % w / 3)
	}
	for y := range h {
		var err error
		if runs, err = object.AppendRow(runs, object.Row{Y: int32(y), Kind: kind[y*w : (y+1)*w], Parcel: parcel[y*w : (y+1)*w]}); err != nil {
			t.Fatal(err)
		}
	}
	return runs, kind
}

const threeKinds = `
kinds:
  - {code: a, type: JZ, when: after.red > 1}
  - {code: b, type: DT, when: after.red > 2, bridge: 4 m}
  - {code: c, type: LT, when: after.red > 3}
`

// The spans of the mask are the pixels of the published patches, in order, and none can be joined with the next.
func TestSpans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 14).Draw(t, "w"), rapid.IntRange(1, 9).Draw(t, "h")
		runs, kind := drawRuns(t, w, h)
		runs = append(runs, object.Run{X1: int32(w), Reason: object.NoData, Undecided: 1})
		p := &Plan{Rules: compile(t, threeKinds, ""), Pixel: object.Metric{X: 2, Y: 2}}
		j, err := p.join(rapid.Permutation(runs).Draw(t, "order"))
		if err != nil {
			t.Fatal(err)
		}
		published := make([]bool, len(j.groups))
		want := make([]uint8, w*h)
		pixels := 0
		for i, group := range j.groups {
			published[i] = rapid.Bool().Draw(t, "published")
			for _, r := range group {
				if r.Kind != group[0].Kind {
					t.Fatalf("patch %d is of kinds %d and %d", i, group[0].Kind, r.Kind)
				}
				for x := r.X0; x < r.X1; x++ {
					if at := int(r.Y)*w + int(x); published[i] {
						want[at] = kind[at]
					}
					pixels++
				}
			}
		}
		for _, k := range kind {
			if k > 0 {
				pixels--
			}
		}
		if pixels != 0 || len(j.gaps) != 1 || len(j.patch) != len(j.changes) {
			t.Fatalf("%d pixels too many in the patches, %d gaps", pixels, len(j.gaps))
		}
		got := make([]uint8, w*h)
		var last raster.Span
		for s := range j.spans(published) {
			if s.X0 >= s.X1 || s.Y < last.Y || s.Y == last.Y && s.X0 < last.X1 {
				t.Fatalf("%+v after %+v", s, last)
			}
			if s.Y == last.Y && s.X0 == last.X1 && s.Value == last.Value && last.X1 > 0 {
				t.Fatalf("%+v continues %+v", s, last)
			}
			for x := s.X0; x < s.X1; x++ {
				got[s.Y*w+x] = s.Value
			}
			last = s
		}
		if string(got) != string(want) {
			t.Fatalf("got  %v\nwant %v", got, want)
		}
		// A reader may stop anywhere.
		for range j.spans(published) {
			break
		}
	})
}

// Gaps of one reason and the same kinds are one area where they touch by an edge, whatever parcels they lie on.
func TestGapComponents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 10).Draw(t, "w"), rapid.IntRange(1, 8).Draw(t, "h")
		type combo struct {
			reason    object.Reason
			undecided uint32
		}
		cell := make([]combo, w*h)
		var runs []object.Run
		for i := range cell {
			cell[i] = combo{rapid.SampledFrom([]object.Reason{object.None, object.NoData, object.Outside}).Draw(t, "reason"), uint32(rapid.IntRange(1, 2).Draw(t, "kinds"))}
			if cell[i].reason == object.None {
				cell[i] = combo{}
				continue
			}
			runs = append(runs, object.Run{
				Y: int32(i / w), X0: int32(i % w), X1: int32(i%w) + 1, Parcel: int32(i % 3), Reason: cell[i].reason, Undecided: cell[i].undecided,
			})
		}
		areas, err := gapComponents(rapid.Permutation(runs).Draw(t, "order"))
		if err != nil {
			t.Fatal(err)
		}
		area := make([]int, w*h)
		for n, a := range areas {
			for _, r := range a.runs {
				for x := r.X0; x < r.X1; x++ {
					at := int(r.Y)*w + int(x)
					if area[at] != 0 || cell[at] != (combo{a.reason, a.undecided}) {
						t.Fatalf("area %d, %+v, has a pixel of %+v", n, a, cell[at])
					}
					area[at] = n + 1
				}
			}
		}
		// Flood fill by hand.
		flooded := make([]int, w*h)
		var flood func(at, n int)
		flood = func(at, n int) {
			flooded[at] = n
			x, y := at%w, at/w
			for _, d := range [4][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
				u, v := x+d[0], y+d[1]
				if u >= 0 && v >= 0 && u < w && v < h && flooded[v*w+u] == 0 && cell[v*w+u] == cell[at] {
					flood(v*w+u, n)
				}
			}
		}
		n := 0
		for at := range cell {
			if cell[at].reason != object.None && flooded[at] == 0 {
				n++
				flood(at, n)
			}
		}
		if n != len(areas) {
			t.Fatalf("%d areas, want %d", len(areas), n)
		}
		same := map[[2]int]bool{}
		for at := range cell {
			same[[2]int{area[at], flooded[at]}] = true
		}
		if len(same) > n+1 {
			t.Fatalf("areas %v, want %v", area, flooded)
		}
	})
}

// More combinations than a label can hold: areas are of a reason, their kinds those of any of its pixels.
func TestGapCombinations(t *testing.T) {
	var runs []object.Run
	for i := range 300 {
		runs = append(runs, object.Run{X0: int32(i), X1: int32(i) + 1, Reason: object.NoData, Undecided: uint32(i + 1)})
	}
	runs = append(runs, object.Run{X0: 300, X1: 301, Reason: object.Outside, Undecided: 8})
	areas, err := gapComponents(runs)
	if err != nil || len(areas) != 2 || areas[0].undecided != 511 || areas[0].runs[0].X1 != 300 || areas[1].undecided != 8 || areas[1].reason != object.Outside {
		t.Errorf("%+v, %v", areas, err)
	}
	if areas, err := gapComponents(nil); len(areas) > 0 || err != nil {
		t.Errorf("%+v, %v", areas, err)
	}
}
