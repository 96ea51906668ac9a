package rollup

import (
	_ "embed"
	"sync"
)

// Level is a level of administration.
type Level string

// The levels. A code has 2, 4, 6, 9 and 12 digits at them.
const (
	All      Level = "all"
	Province Level = "province"
	City     Level = "city"
	County   Level = "county"
	Town     Level = "town"
	Village  Level = "village"
)

// Levels are those below All, from above.
var Levels = []Level{Province, City, County, Town, Village}

// levelZH is how people call a level.
var levelZH = map[Level]string{All: "合计", Province: "省级", City: "市级", County: "县级", Town: "乡级", Village: "村级"}

// Unit is an administrative unit; the zero Unit is not known.
type Unit struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Place is the units that something lies in, from the province down to the village, as far as they are known.
type Place []Unit

// placeOf is the place with these codes and names of county, town and village; what is above the county follows from its code. A
// unit whose one above is not known is not known either.
func placeOf(county, town, village Unit) Place {
	if len(county.Code) < 6 {
		return nil
	}
	p := Place{{Code: county.Code[:2]}, {Code: county.Code[:4]}, county}
	for _, u := range []Unit{town, village} {
		if u.Code == "" {
			break
		}
		p = append(p, u)
	}
	return p
}

// within reports whether the place lies in the county.
func (p Place) within(county string) bool { return len(p) > 2 && p[2].Code == county }

//go:embed units.csv
var unitsCSV string

// unitNames are the names of units that products do not name.
var unitNames = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for _, row := range table("units.csv", unitsCSV, 2) {
		out[row[0]] = row[1]
	}
	return out
})
