package pipeline

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"

	"tuban/classify/object"
	"tuban/raster"
)

// gapKey is what the pixels that are not observed are summed by.
type gapKey struct {
	parcel    int32 // 1-based; 0 for land on no parcel
	undecided uint32
	reason    object.Reason
}

// gapPixels counts pixels. Gap runs cross parcels, so that a kind that the bands cannot decide does not cost a run per
// row and parcel; what lies on each parcel is counted here instead. As JSON it is a list of
// [parcel, reason, kinds as bits, pixels].
type gapPixels map[gapKey]int64

// countGaps counts the gaps among a tile's runs; parcel has the parcel of each pixel of the core.
func countGaps(runs []object.Run, core raster.Window, parcel []int32) gapPixels {
	g := gapPixels{}
	for _, r := range runs {
		if r.Kind != 0 {
			continue
		}
		o := (int(r.Y) - core.Y) * core.W
		row := parcel[o+int(r.X0)-core.X : o+int(r.X1)-core.X]
		for x := 0; x < len(row); {
			x0 := x
			x += leading(row[x:])
			g[gapKey{row[x0], r.Undecided, r.Reason}] += int64(x - x0)
		}
	}
	return g
}

// add adds the counts of a tile.
func (g gapPixels) add(tile gapPixels) {
	for k, n := range tile {
		g[k] += n
	}
}

// matches reports whether the counts are those of the gaps among runs, as far as runs can tell.
func (g gapPixels) matches(runs []object.Run) bool {
	type key struct {
		undecided uint32
		reason    object.Reason
	}
	left := map[key]int64{}
	for k, n := range g {
		left[key{k.undecided, k.reason}] += n
	}
	for _, r := range runs {
		if r.Kind != 0 {
			continue
		}
		if r.Parcel != 0 {
			return false
		}
		left[key{r.Undecided, r.Reason}] -= r.Pixels()
	}
	for _, n := range left {
		if n != 0 {
			return false
		}
	}
	return true
}

// keys returns the keys by parcel, reason and kinds.
func (g gapPixels) keys() []gapKey {
	return slices.SortedFunc(maps.Keys(g), func(a, b gapKey) int {
		return cmp.Or(cmp.Compare(a.parcel, b.parcel), cmp.Compare(a.reason, b.reason), cmp.Compare(a.undecided, b.undecided))
	})
}

func (g gapPixels) MarshalJSON() ([]byte, error) {
	list := make([][4]int64, 0, len(g))
	for _, k := range g.keys() {
		list = append(list, [4]int64{int64(k.parcel), int64(k.reason), int64(k.undecided), g[k]})
	}
	return json.Marshal(list)
}

func (g *gapPixels) UnmarshalJSON(b []byte) error {
	var list [][4]int64
	if err := json.Unmarshal(b, &list); err != nil {
		return err
	}
	*g = make(gapPixels, len(list))
	for _, e := range list {
		if e[0] < 0 || e[0] > math.MaxInt32 || e[1] < 0 || e[1] > int64(object.NotJudgeable) || e[2] < 0 || e[2] > math.MaxUint32 || e[3] < 0 {
			return fmt.Errorf("impossible count of a gap %v", e)
		}
		(*g)[gapKey{int32(e[0]), uint32(e[2]), object.Reason(e[1])}] += e[3]
	}
	return nil
}
