package rollup

import (
	"fmt"
	"math"
	"strconv"

	"tuban/pipeline"
	"tuban/raster/ellipsoid"
)

// Area is an area in hundredths of m², as products have it: sums of it are exact.
type Area int64

// NewArea is an area given in m².
func NewArea(m2 float64) Area { return Area(math.Round(m2 * 100)) }

// M2 is the area in m².
func (a Area) M2() float64 { return float64(a) / 100 }

// Mu is the area in 亩.
func (a Area) Mu() float64 { return ellipsoid.Mu(a.M2()) }

// MarshalJSON writes m² with two decimals.
func (a Area) MarshalJSON() ([]byte, error) {
	return []byte(strconv.FormatFloat(a.M2(), 'f', 2, 64)), nil
}

// UnmarshalJSON reads m².
func (a *Area) UnmarshalJSON(b []byte) error {
	v, err := strconv.ParseFloat(string(b), 64)
	if err != nil {
		return fmt.Errorf("an area: %w", err)
	}
	*a = NewArea(v)
	return nil
}

// spread divides total in the proportion of the weights, so that the parts add up to it; evenly where no weight is above 0.
func spread(total Area, weights []Area) []Area {
	out := make([]Area, len(weights))
	if len(weights) == 1 {
		out[0] = total // most patches lie in one unit
		return out
	}
	parts := map[string]float64{}
	for i, w := range weights {
		if w > 0 {
			parts[strconv.Itoa(i)] = float64(w)
		}
	}
	if len(parts) == 0 {
		for i := range weights {
			parts[strconv.Itoa(i)] = 1
		}
	}
	for _, s := range pipeline.Apportion(total.M2(), parts) {
		i, _ := strconv.Atoi(s.Code) // a key from above
		out[i] = NewArea(s.Area)
	}
	return out
}

// amount is what a patch has of one class.
type amount struct {
	key   string
	total Area
	crop  bool
}

// divide puts the amounts of a patch on its parts, so that every part gets as much as it is large, and all parts together get each
// amount. Of cropland it is known how much lies on each part; the rest goes by how large the parts are. The amounts must add up to the
// parts. The result has a row per part and a column per amount.
func divide(parts []part, amounts []amount) [][]Area {
	room, crop, out := make([]Area, len(parts)), make([]Area, len(parts)), make([][]Area, len(parts))
	for i, p := range parts {
		room[i], crop[i], out[i] = p.area, min(p.crop, p.area), make([]Area, len(amounts))
	}
	give := func(k int, weights []Area) {
		left := amounts[k].total
		for i, a := range spread(left, weights) {
			a = min(a, room[i])
			out[i][k] += a
			room[i] -= a
			left -= a
		}
		for i := range room {
			a := min(left, room[i]) // cents that had no room where the proportion wanted them
			out[i][k] += a
			room[i] -= a
			left -= a
		}
	}
	for k, a := range amounts {
		if a.crop {
			give(k, crop)
			for i := range crop {
				crop[i] = max(0, crop[i]-out[i][k])
			}
		}
	}
	for k, a := range amounts {
		if !a.crop {
			give(k, append([]Area(nil), room...))
		}
	}
	return out
}
