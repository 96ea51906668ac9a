package pipeline

import (
	"slices"

	"tuban/classify/register"
	"tuban/pipeline/picture"
	"tuban/raster"
)

// choose decides which bands are shown.
func (s *Scenery) choose() {
	p := s.plan
	s.Infrared = true
	for d := range s.shown {
		s.shown[d] = pictureRoles(p.scenes(d))
		s.Infrared = s.Infrared && len(s.shown[d]) == 3
		for _, x := range p.scenes(d) {
			s.Infrared = s.Infrared && x.Has(raster.NIR)
		}
		p.Roles = append(p.Roles, s.shown[d]...)
	}
	if s.Infrared {
		p.Roles = append(p.Roles, raster.NIR)
	}
	slices.SortFunc(p.Roles, byRole)
	p.Roles = slices.Compact(p.Roles)
}

// adjust takes over how the run brought the after date to the before one.
func (s *Scenery) adjust(m *Measured) {
	p := s.plan
	if m == nil {
		return
	}
	var measured []PairMeasure
	var pairs []int
	fields := map[int]*register.Field{}
	for _, q := range m.Pairs {
		b, a := originNamed(p.BeforeOrigins, q.Before), originNamed(p.AfterOrigins, q.After)
		if b < 0 || a < 0 {
			continue
		}
		pair := int(p.pair(int32(b), int32(a)))
		measured, pairs = append(measured, q), append(pairs, pair)
		if q.Field != nil {
			fields[pair] = q.Field
		}
	}
	p.adjust = p.adjusting(measured, pairs, fields)
	s.Normalised = len(measured) > 0
	for _, pair := range pairs {
		q := &p.adjust.pairs[pair]
		// A band without a line would vanish from the picture.
		if q.scaling == nil || slices.ContainsFunc(q.scaling, func(x scaling) bool { return x.gain != x.gain }) {
			s.Normalised = false
		}
		q.change = nil
	}
	if s.Normalised {
		return
	}
	for i := range p.adjust.pairs {
		p.adjust.pairs[i].scaling = nil
	}
}

func originNamed(list []Origin, name string) int {
	return slices.IndexFunc(list, func(o Origin) bool { return o.Name == name })
}

// alikeBrightness is how many times brighter one date may be for both to be shown in one range.
const alikeBrightness = 2

// brightness decides the ranges of brightness: one for both dates where their values are of one scale.
func (s *Scenery) brightness(m *Measured) {
	if m == nil {
		m = &Measured{}
	}
	falseColour := []raster.Role{raster.NIR, raster.Red, raster.Green}
	for d, name := range dateNames {
		s.stretch[d] = m.stretchOf(name, s.shown[d])
		s.falseColour[d] = m.stretchOf(name, falseColour)
	}
	if s.Normalised {
		s.Shared = slices.Equal(s.shown[0], s.shown[1])
		if s.Shared {
			s.stretch[1], s.falseColour[1] = s.stretch[0], s.falseColour[0]
		}
		return
	}
	middle := func(d int, r raster.Role) float64 {
		for _, b := range m.Bands {
			if b.Date == dateNames[d] && b.Role == r {
				return b.P50
			}
		}
		return 0
	}
	s.Shared = slices.Equal(s.shown[0], s.shown[1])
	for _, r := range s.plan.Roles {
		b, a := middle(0, r), middle(1, r)
		s.Shared = s.Shared && b > 0 && a > 0 && max(a/b, b/a) <= alikeBrightness
	}
	if s.Shared {
		s.stretch = both(s.stretch)
		s.falseColour = both(s.falseColour)
	}
}

// both is the range that holds those of both dates, for each of them.
func both(s [2]picture.Stretch) [2]picture.Stretch {
	var out picture.Stretch
	for i := range out.Lo {
		out.Lo[i], out.Hi[i] = min(s[0].Lo[i], s[1].Lo[i]), max(s[0].Hi[i], s[1].Hi[i])
	}
	return [2]picture.Stretch{out, out}
}
