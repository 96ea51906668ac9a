package synth

// The crop calendar of the north-east, in days of the year; fields differ by some days from these. One crop a year:
// the ground is bare to late May, the crop closes its rows in late June, ripens in September, and is harvested from
// late September to mid October. Some fields are ploughed after that.
type calendar struct {
	sprout, closed, ripens, ripe, harvest, last float64
}

var calendars = map[cover]calendar{
	maize: {142, 178, 250, 266, 272, 290},
	soya:  {146, 182, 246, 262, 266, 280},
	rice:  {168, 196, 250, 264, 268, 284},
	plots: {135, 160, 262, 280, 284, 292},
}

// ploughedLater is the share of the fields that are ploughed in the weeks after the harvest.
const ploughedLater = 0.4

// flooded is the day from which rice fields stand under water, until the rice covers it.
const flooded = 128

// The looks of the seasons.
var (
	soil     = look{base: colour{.058, .076, .094, .128}, tex: 'c', fine: .07, fineNIR: .07, broad: .11, broadNIR: .11, rows: .09, rowsNIR: .08}
	straw    = look{base: colour{.078, .104, .126, .182}, tex: 'g', fine: .06, fineNIR: .06, broad: -.06, broadNIR: .08, rows: .09, rowsNIR: .07}
	ripeCrop = look{base: colour{.056, .092, .100, .250}, tex: 'g', fine: .06, fineNIR: .05, broad: -.07, broadNIR: .06, rows: .11, rowsNIR: .06}
	flood    = look{base: colour{.058, .076, .066, .060}, tex: 'g', fine: .03, fineNIR: .03, broad: .06, broadNIR: .08}
	dryGrass = look{base: colour{.072, .098, .108, .185}, tex: 'c', fine: .13, fineNIR: .10, broad: -.12, broadNIR: .12}
	yellow   = look{base: colour{.036, .070, .076, .270}, tex: 't', fine: .32, fineNIR: .28, broad: .12, broadNIR: .10}
	leafless = look{base: colour{.046, .058, .066, .145}, tex: 't', fine: .24, fineNIR: .20, broad: .10, broadNIR: .08}
)

// onDay returns how a look of the ground shows on the day of the year. Crops follow the calendar of their cover; own
// holds the parcel's own numbers in [0, 1), by which fields differ.
func onDay(k look, c cover, day float64, own [4]float64) look {
	if cal, is := calendars[c]; is {
		return cropOnDay(k, c, cal, day, own)
	}
	switch c {
	case forest, belt, orchard, graves:
		return treesOnDay(k, day, own)
	case grass, meadow, ditch, levee, weeds:
		return grassOnDay(k, day, own)
	}
	return k
}

func cropOnDay(k look, c cover, cal calendar, day float64, own [4]float64) look {
	ground := soil
	if c == rice && day >= flooded {
		ground = flood
	}
	day -= 10 * (own[0] - 0.5)
	cut := cal.harvest + own[1]*(cal.last-cal.harvest)
	switch {
	case day < cal.closed:
		return ground.towards(k, (day-cal.sprout)/(cal.closed-cal.sprout))
	case day < cut:
		return k.towards(ripeCrop, (day-cal.ripens)/(cal.ripe-cal.ripens))
	case own[2] < ploughedLater && day > cut+4+24*own[3]:
		return soil
	}
	return straw
}

func treesOnDay(k look, day float64, own [4]float64) look {
	day -= 8 * (own[0] - 0.5)
	if day < 200 {
		return leafless.towards(k, (day-120)/22)
	}
	if day < 282 {
		return k.towards(yellow, (day-256)/22)
	}
	return yellow.towards(leafless, (day-282)/18)
}

func grassOnDay(k look, day float64, own [4]float64) look {
	day -= 12 * (own[0] - 0.5)
	if day < 200 {
		return dryGrass.towards(k, (day-106)/28)
	}
	return k.towards(dryGrass, (day-258)/34)
}

// stuffOnDay is onDay for what is planted in gardens, on edges and in rows.
func stuffOnDay(s stuff, k look, day float64) look {
	own := [4]float64{0.5, 0.5, 0.5, 0.5}
	switch s {
	case verge, bund, garden, sward:
		return grassOnDay(k, day, own)
	case crown, sapling:
		return treesOnDay(k, day, own)
	}
	return k
}

// towards returns the look at the share f of the way from k to m; f is held in [0, 1].
func (k look) towards(m look, f float64) look {
	t := float32(max(0, min(1, f)))
	switch t {
	case 0:
		return k
	case 1:
		return m
	}
	out := k
	if t >= 0.5 {
		out.tex, out.takesTint = m.tex, m.takesTint
	}
	for b := range out.base {
		out.base[b] += t * (m.base[b] - k.base[b])
	}
	for _, v := range []struct {
		dst  *float32
		a, b float32
	}{
		{&out.fine, k.fine, m.fine}, {&out.fineNIR, k.fineNIR, m.fineNIR}, {&out.broad, k.broad, m.broad},
		{&out.broadNIR, k.broadNIR, m.broadNIR}, {&out.rows, k.rows, m.rows}, {&out.rowsNIR, k.rowsNIR, m.rowsNIR},
	} {
		*v.dst = v.a + t*(v.b-v.a)
	}
	return out
}
