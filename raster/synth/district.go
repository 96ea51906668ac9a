package synth

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// District is an administrative unit: the land of the parcels whose unit code begins with its own.
type District struct {
	Code     string // 6 digits for a county, 9 for a town, 12 for a village
	Name     string
	Polygons orb.MultiPolygon
}

// district is where a parcel lies. Units are counted from 0, villages within their town.
type district struct{ county, town, village int }

// The codes of the counties. Towns from 900 on are those of places that are no town.
var countyCodes = [2]string{"220183", "220182"}

func (d district) unit() string {
	return fmt.Sprintf("%s%03d%03d", countyCodes[d.county], 900+d.town, 201+d.village)
}

// settleDistricts says in which district each parcel lies: by the nearest village, as the middle of the parcel has it.
func (l *layout) settleDistricts(divided bool) {
	centres, where := l.villages, []district(nil)
	if divided {
		centres, where = l.seats()
	}
	if len(centres) == 0 {
		centres = []pt{{l.w / 2, l.h / 2}}
	}
	for _, p := range l.parcels {
		m := p.out.middle()
		v := 0
		for k := range centres {
			if dist(m, centres[k]) < dist(m, centres[v]) {
				v = k
			}
		}
		if p.district = (district{town: v / 20, village: v % 20}); divided {
			p.district = where[v]
		}
	}
}

// seats are the village seats of a divided county: a west and an east county of two towns each, of six villages each.
func (l *layout) seats() (centres []pt, where []district) {
	const cols, rows = 6, 4
	d := newDice(l.seed, partDistricts)
	count := map[[2]int]int{}
	for i := range cols {
		for j := range rows {
			at := [2]int{2 * i / cols, 2 * j / rows}
			centres = append(centres, pt{
				l.w * (float64(i) + 0.5 + d.between(-0.2, 0.2)) / cols, l.h * (float64(j) + 0.5 + d.between(-0.2, 0.2)) / rows,
			})
			where = append(where, district{county: at[0], town: at[1], village: count[at]})
			count[at]++
		}
	}
	return centres, where
}

// villageName is unique in a county that is not divided, and within its town in one that is.
func (d district) villageName() string {
	return fmt.Sprintf("演示%s村", numeral(20*d.town+d.village+1))
}

// adjust makes some orchards, woods and ponds adjustable to cropland.
func (l *layout) adjust() {
	d := newDice(l.seed, partDistricts<<8)
	for _, p := range l.parcels {
		switch p.code {
		case "0201", "0307", "1104":
			p.adjustable = d.chance(0.6)
		case "0301":
			p.adjustable = p.cover == forest && d.chance(0.25)
		}
	}
}

// ridge is the share of a parcel's cropland that ridges take. On the plain it is a few hundredths, and nothing in paddies.
func ridge(code string, own float64) float64 {
	if !strings.HasPrefix(code, "01") || code == "0101" || own < 0.25 {
		return 0
	}
	return math.Round((0.01+0.09*own)*1e4) / 1e4
}

// Districts dissolves the survey into the counties, then the towns, then the villages, each level a partition of the land.
func (c *County) Districts() (out []District) {
	for _, digits := range [3]int{6, 9, 12} {
		members, names := map[string][]orb.Polygon{}, map[string]string{}
		for _, p := range c.parcels {
			code := p.Unit[:digits]
			members[code] = append(members[code], p.Ring)
			names[code] = p.UnitName
		}
		for _, code := range slices.Sorted(maps.Keys(members)) {
			out = append(out, District{Code: code, Name: districtName(code, names[code]), Polygons: dissolve(members[code])})
		}
	}
	return out
}

func districtName(code, village string) string {
	switch len(code) {
	case 6:
		return "演示" + map[string]string{countyCodes[0]: "西", countyCodes[1]: "东"}[code] + "县"
	case 9:
		town, _ := strconv.Atoi(code[6:])
		return "演示" + numeral(town-900+1) + "镇"
	}
	return village
}
