package synth

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
)

// names are the DLMC of the codes in use (TD/T 1055-2019).
var names = map[string]string{
	"0101": "水田", "0103": "旱地", "0201": "果园", "0301": "乔木林地", "0307": "其他林地", "0401": "天然牧草地",
	"0404": "其他草地", "0601": "工业用地", "0702": "农村宅基地", "0810": "公园与绿地", "08H2": "科教文卫用地",
	"09": "特殊用地", "1003": "公路用地", "1004": "城镇村道路用地", "1006": "农村道路", "1101": "河流水面",
	"1104": "坑塘水面", "1104A": "养殖坑塘", "1106": "内陆滩涂", "1107": "沟渠", "1109": "水工建筑用地",
	"1202": "设施农用地",
}

// mistaken is what a survey takes each class for when it is wrong: an interpreter's slip, a use that changed since, or
// the neighbour's code. Roads, rivers and ditches are not taken for anything else.
var mistaken = map[string][]string{
	"0101": {"0103", "0401", "1104A"}, "0103": {"0101", "0201", "0404", "0702", "1202"}, "0201": {"0103", "0301"},
	"0301": {"0307", "0404", "0103"}, "0307": {"0301", "0103"}, "0401": {"0404", "0103"}, "0404": {"0103", "0301", "0702"},
	"0601": {"0702", "1202", "0103"}, "0702": {"0103", "0404", "0601"}, "0810": {"0702"}, "08H2": {"0702"}, "09": {"0103", "0301"},
	"1104": {"0101", "1106", "0103"}, "1104A": {"1104", "0101"}, "1202": {"0103", "0702"},
}

// mislabel makes the survey's class of some parcels wrong.
func (l *layout) mislabel() {
	share := l.cond.Survey.WrongLabels
	if share <= 0 {
		return
	}
	d := newDice(l.seed, partLabels)
	for _, p := range l.parcels {
		if to := mistaken[p.code]; len(to) > 0 && d.chance(share) {
			p.wrong = to[d.IntN(len(to))]
		}
	}
}

// class is the class that the survey gives the parcel.
func (p *parcel) class() string {
	if p.wrong != "" {
		return p.wrong
	}
	if p.adjustable {
		return p.code + "K"
	}
	return p.code
}

func (p *parcel) name() string {
	code, adjustable := strings.CutSuffix(p.class(), "K")
	if adjustable {
		return "可调整" + names[code]
	}
	return names[code]
}

// survey turns the plan's parcels into the survey's.
func (c *County) survey(l *layout, b bend) {
	l.mislabel()
	b = b.beside(newDice(l.seed, partLabels<<8), l.cond.Survey.Offset*c.opt.Pixel)
	l.settleDistricts(c.opt.Divided)
	if c.opt.Divided {
		l.adjust()
	}
	c.parcels = make([]Parcel, 0, len(l.parcels))
	for i, p := range l.parcels {
		c.parcels = append(c.parcels, Parcel{
			ID:       fmt.Sprintf("220183211%09d", i+1),
			Code:     p.class(),
			Name:     p.name(),
			Ground:   p.code,
			Unit:     p.unit() + "0000000",
			UnitName: p.villageName(),
			Ring:     c.polygon(b, p.out, p.holes...),
			Ridge:    ridge(p.class(), ownNumbers(c.opt.Seed, i)[3]),
		})
	}
}

// polygon bends rings of the plan and takes them to the CRS, closed, the outer one counterclockwise there.
func (c *County) polygon(b bend, out ring, holes ...ring) orb.Polygon {
	var poly orb.Polygon
	for i, r := range append([]ring{out}, holes...) {
		var o orb.Ring
		for _, p := range b.ring(r) {
			x, y := c.grid.Point(p[0]/c.opt.Pixel, p[1]/c.opt.Pixel)
			o = append(o, orb.Point{x, y})
		}
		o = append(o, o[0])
		if (o.Orientation() == orb.CCW) != (i == 0) {
			o.Reverse()
		}
		poly = append(poly, o)
	}
	return poly
}

// planarArea returns the area of p in its CRS, holes subtracted.
func planarArea(p orb.Polygon) float64 {
	var s float64
	for _, r := range p {
		// Counted from the first vertex, the products stay small enough to keep the last digits.
		o := r[0]
		for i := range r[:len(r)-1] {
			a, b := sub(r[i], o), sub(r[i+1], o)
			s += a[0]*b[1] - b[0]*a[1]
		}
	}
	return math.Abs(s) / 2
}

// numeral writes 1…999 in Chinese.
func numeral(n int) string {
	digits := []rune("零一二三四五六七八九")
	switch {
	case n < 10:
		return string(digits[n])
	case n < 20 && n%10 == 0:
		return "十"
	case n < 20:
		return "十" + string(digits[n%10])
	case n < 100 && n%10 == 0:
		return string(digits[n/10]) + "十"
	case n < 100:
		return string(digits[n/10]) + "十" + string(digits[n%10])
	}
	return string(digits[n/100%10]) + "百" + string(digits[n/10%10]) + "十" + string(digits[n%10])
}

// locator finds the parcel at a place of the plan.
type locator struct {
	parcels []*parcel
	cells   map[[2]int][]int
}

const locatorCell = 100

func newLocator(parcels []*parcel) *locator {
	lo := &locator{parcels, map[[2]int][]int{}}
	for i, p := range parcels {
		b := p.out.bounds()
		for y := int(b.y0 / locatorCell); y <= int(b.y1/locatorCell); y++ {
			for x := int(b.x0 / locatorCell); x <= int(b.x1/locatorCell); x++ {
				lo.cells[[2]int{x, y}] = append(lo.cells[[2]int{x, y}], i)
			}
		}
	}
	return lo
}

// at returns the parcel that holds p, nil outside the county.
func (lo *locator) at(p pt) *parcel {
	for _, i := range lo.cells[[2]int{int(math.Floor(p[0] / locatorCell)), int(math.Floor(p[1] / locatorCell))}] {
		if lo.parcels[i].holds(p) {
			return lo.parcels[i]
		}
	}
	return nil
}

// byWeight returns the indices 0…n−1 in a random order in which heavier ones tend to come first
// (Efraimidis and Spirakis 2006).
func byWeight(d dice, n int, weight func(int) float64) []int {
	type draw struct {
		i int
		k float64
	}
	draws := make([]draw, n)
	for i := range draws {
		draws[i] = draw{i, math.Pow(d.Float64(), 1/max(1e-9, weight(i)))}
	}
	slices.SortStableFunc(draws, func(a, b draw) int { return cmp.Compare(b.k, a.k) })
	out := make([]int, n)
	for i, w := range draws {
		out[i] = w.i
	}
	return out
}
