package pipeline

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"slices"

	"tuban/classify/mask"
	"tuban/raster"
)

// guessCell is the edge in metres of the cells on which clouds are guessed; those of a run are whole pixels, and no larger.
const guessCell = 2.0

// guessing is how the clouds of a run are guessed where no mask is given: once, before the tiles, on cells of both mosaics, so
// that no tile reads the long reach of a cloud.
type guessing struct {
	// plan reads the bands that are looked at, and brings the after values to the before ones. Pairs whose values are not
	// normalised are not guessed: their pixels are missing.
	plan *Plan
	// step is the edge of a cell in pixels; cells are fixed to the grid.
	step    int
	options mask.Options
	// judged says of the scenes of each date whether they have no mask of their own.
	judged [2][]bool
	// days number the scenes of each date by day: clouds and the shadows they cast are seen on one.
	days [2][]int
	// lines is what decides the guess beside the run's inputs.
	lines [][]float32
}

// guessClouds finds what clouds and their shadows hide in the scenes that come without a mask, or takes it from an earlier start.
// seen are the spots, as the pairs of m were measured from them; guesses are left in p.guess, and in m what was found, or why
// nothing was looked for.
func (p *Plan) guessClouds(ctx context.Context, d Drivers, seen *observed, m *Measured, pairs []int, o Options) error {
	if !p.Clouds {
		return nil
	}
	g, why := p.guessing(seen, m.Pairs, pairs)
	if g == nil {
		if why != everyMask {
			m.CloudsUnseen = why
		}
		return nil
	}
	name, err := hashOf([]any{g.step, g.options, g.judged, g.lines})
	if err != nil {
		return err
	}
	// The folder is named by all that decides the scenes.
	path := filepath.Join(o.workFolder(), p.InputKey, "clouds-"+name)
	found, ok := readGuess(path, p)
	if !ok {
		var whole bool
		if found, whole, err = g.run(ctx, d, o); err != nil {
			return err
		}
		m.CloudsPartly = !whole // another try may read more
		if whole {
			if err := found.keep(path); err != nil {
				return fmt.Errorf("keeping what was found of clouds: %w: make room on that disk, or choose another place with --scratch; the same command then continues", err)
			}
		}
	}
	for date := range p.guess {
		p.guess[date] = &guessed{step: found.Step, scenes: found.Scenes[date]}
	}
	m.Clouds, err = found.stats()
	return err
}

// everyMask is the reason that needs no warning.
const everyMask = "every scene has a mask"

// guessing prepares a guess; nil, and why, where there is none.
func (p *Plan) guessing(seen *observed, measured []PairMeasure, pairs []int) (g *guessing, why string) {
	g = &guessing{}
	any := false
	for date := range g.judged {
		clouds, days := p.besides[date].clouds, map[string]int{}
		for i, s := range p.scenes(date) {
			g.judged[date] = append(g.judged[date], clouds == nil || clouds[i] == nil)
			any = any || g.judged[date][i]
			day := s.Date.Format("20060102")
			if s.Date.IsZero() {
				day = fmt.Sprint("mosaic ", i)
			}
			if _, ok := days[day]; !ok {
				days[day] = len(days)
			}
			g.days[date] = append(g.days[date], days[day])
		}
	}
	if !any {
		return nil, everyMask
	}
	pixel := max(p.Pixel.X, p.Pixel.Y)
	g.step = max(1, int(guessCell/pixel))
	g.options = mask.Options{Pixel: float64(g.step) * pixel, Bright: 1}
	if err := g.options.Check(); err != nil {
		return nil, err.Error()
	}
	if least := 2 * g.options.Halo() * g.step; min(p.Grid.W, p.Grid.H) < least {
		// What is bright as far as one sees is a cloud, if one sees far.
		return nil, fmt.Sprintf("the run is narrower than the %d pixels around which a cloud is looked for", least)
	}
	roles := []raster.Role{raster.Blue, raster.Green, raster.Red, raster.NIR}
	has := func(m PairMeasure, roles []raster.Role) bool {
		return m.State == Normalised && !slices.ContainsFunc(roles, func(r raster.Role) bool { return m.lineOf(r) < 0 })
	}
	usable := false
	for _, m := range measured {
		if has(m, roles[:3]) {
			usable = true
			if !has(m, roles) {
				roles = roles[:3]
			}
		}
	}
	if !p.Normalise {
		return nil, "the values of the dates are compared as they are, as normalise: none asks"
	}
	if !usable {
		return nil, "no pair of scenes has blue, green and red whose values are normalised"
	}
	q := *p
	q.Roles = roles
	q.guess = [2]*guessed{}
	q.adjust = adjustment{refuses: true, pairs: make([]pairAdjustment, len(p.adjust.pairs))}
	for i := range q.adjust.pairs {
		q.adjust.pairs[i].refused = otherScale
	}
	for i, m := range measured {
		if !has(m, roles) {
			continue
		}
		var to pairAdjustment
		for _, r := range roles {
			s := m.scalingOf(r)
			to.scaling = append(to.scaling, s)
			g.lines = append(g.lines, []float32{float32(pairs[i]), s.gain, s.offset, max(0, s.floor)})
		}
		q.adjust.pairs[pairs[i]] = to
	}
	g.plan = &q
	g.options.Dark, g.options.Bright = q.clearRange(seen)
	if err := g.options.Check(); err != nil {
		return nil, err.Error()
	}
	return g, ""
}

// clearRange returns the brightness that one pixel in a hundred of the spots is below, and above, at the date that is the
// clearer one: what clouds veil has a brighter end.
func (p *Plan) clearRange(seen *observed) (dark, bright float64) {
	var values [2][]float64
	for k, q := range seen.pair {
		if q < 0 || p.adjust.pairs[q].refused != alikeEnough {
			continue
		}
		var sum [2]float64
		for i, r := range p.Roles[:3] {
			at := slices.Index(seen.roles, r)
			a := &p.adjust.pairs[q]
			sum[0] += float64(seen.values[0][at][k])
			sum[1] += float64(a.scaling[i].at(seen.values[1][at][k]))
		}
		if s := sum[0] + sum[1]; s-s == 0 {
			values[0], values[1] = append(values[0], sum[0]/3), append(values[1], sum[1]/3)
		}
	}
	dark, bright = 0, math.Inf(1)
	for _, v := range values {
		if len(v) == 0 {
			return 0, 0
		}
		slices.Sort(v)
		n := float64(len(v) - 1)
		if b := v[int(0.99*n)]; b < bright {
			dark, bright = v[int(0.01*n)], b
		}
	}
	return dark, bright
}
