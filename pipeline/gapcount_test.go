package pipeline

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tuban/classify/object"
	"tuban/raster"
)

// gapPicture is a grid of which each pixel is seen (zero) or not, on parcels.
type gapPicture struct {
	grid raster.Grid
	cell []gapKey
}

func drawGaps(t *rapid.T) gapPicture {
	p := gapPicture{grid: raster.Grid{W: rapid.IntRange(1, 23).Draw(t, "w"), H: rapid.IntRange(1, 11).Draw(t, "h")}}
	keys := rapid.SampledFrom([]gapKey{
		{}, {}, {undecided: 1, reason: object.NotJudgeable}, {undecided: 1, reason: object.NoData},
		{undecided: 1<<31 | 2, reason: object.NotJudgeable}, {undecided: 3, reason: object.Outside},
	})
	for range p.grid.Pixels() {
		k := keys.Draw(t, "gap")
		if n := len(p.cell); n > 0 && rapid.Bool().Draw(t, "longer") {
			k = p.cell[n-1]
		}
		k.parcel = int32(rapid.IntRange(0, 3).Draw(t, "parcel"))
		p.cell = append(p.cell, k)
	}
	return p
}

// tile returns what a scan of the core would: the gap runs, and the parcel of each pixel.
func (p gapPicture) tile(core raster.Window) (runs []object.Run, parcel []int32) {
	s := &tileScanner{tile: &tile{core: core, area: core}, gapped: true, undecided: make([]uint32, core.Pixels())}
	for d := range s.from {
		s.from[d] = make([]int32, core.Pixels())
	}
	for y := range core.H {
		for x := range core.W {
			k, at := p.cell[(core.Y+y)*p.grid.W+core.X+x], y*core.W+x
			parcel = append(parcel, k.parcel)
			s.undecided[at] = k.undecided
			switch k.reason {
			case object.Outside:
				s.from[0][at] = fromOutside
			case object.NoData:
				s.from[1][at] = fromNoData
			}
		}
	}
	return s.gaps(nil), parcel
}

// The counts are those of the pixels, whatever the tiles are and by way of a journal, and the runs are those of the whole.
func TestGapCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawGaps(t)
		want := gapPixels{}
		for _, k := range p.cell {
			if k.undecided != 0 {
				want[k]++
			}
		}
		whole, _ := p.tile(p.grid.Window())
		tiles := raster.Tiles(p.grid, rapid.IntRange(1, 24).Draw(t, "tile"), 0)
		var journal bytes.Buffer
		for _, tile := range rapid.Permutation(tiles).Draw(t, "order") {
			runs, parcel := p.tile(tile.Core)
			note, err := json.Marshal(tileNote{Gaps: countGaps(runs, tile.Core, parcel)})
			if err != nil {
				t.Fatal(err)
			}
			if err := object.AppendRecord(&journal, object.Record{Tile: tile.Index, Runs: runs, Note: string(note)}); err != nil {
				t.Fatal(err)
			}
		}
		got, list := gapPixels{}, &runList{limit: len(whole)}
		if _, err := object.ReadJournal(&journal, func(r object.Record) error {
			var note tileNote
			if err := json.Unmarshal([]byte(r.Note), &note); err != nil {
				return err
			}
			if !note.Gaps.matches(r.Runs) {
				t.Fatalf("%v are not the gaps of %v", note.Gaps, r.Runs)
			}
			if len(r.Runs) > 0 && note.Gaps.matches(r.Runs[1:]) {
				t.Fatalf("%v are the gaps of %v", note.Gaps, r.Runs[1:])
			}
			got.add(note.Gaps)
			for _, run := range r.Runs {
				list.gaps.add(run)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if !maps.Equal(got, want) {
			t.Fatalf("got  %v\nwant %v", got, want)
		}
		// Fused, they are as few as without tiles.
		runs, err := list.take()
		if err != nil || !slices.Equal(fused(t, runs), whole) {
			t.Fatalf("got  %v, %v\nwant %v", runs, err, whole)
		}
	})
}

func TestGapPixelsJSON(t *testing.T) {
	g := gapPixels{{2, 1, object.NoData}: 5, {0, 1<<32 - 1, object.NotJudgeable}: 1 << 40, {2, 3, object.Outside}: 7}
	b, err := json.Marshal(g)
	if want := `[[0,6,4294967295,1099511627776],[2,1,3,7],[2,2,1,5]]`; err != nil || string(b) != want {
		t.Errorf("got  %s, %v\nwant %s", b, err, want)
	}
	for _, bad := range []string{`[[-1,2,1,1]]`, `[[0,7,1,1]]`, `[[0,2,4294967296,1]]`, `[[0,2,1,-1]]`, `{}`} {
		if err := json.Unmarshal([]byte(bad), &g); err == nil {
			t.Errorf("%s was read as %v", bad, g)
		}
	}
}
