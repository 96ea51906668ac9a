package runfile

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"tuban/raster"
)

// check finds what YAML's types cannot: it points at the line where that helps.
func (f *File) check(text []byte) error {
	for _, part := range []func([]byte) error{f.checkDates, f.checkRegion, f.checkGrid, f.checkSurvey, f.checkLayers, f.checkStorage, f.checkProbabilities, f.checkWatch, f.checkChoices} {
		if err := part(text); err != nil {
			return err
		}
	}
	return nil
}

func (f *File) checkDates(text []byte) error {
	for _, d := range []struct {
		key string
		im  Imagery
	}{{"before", f.Before}, {"after", f.After}} {
		if len(d.im.Scenes) == 0 {
			return at(text, "$", "%s: no scenes: list at least one file, as in `%s: {scenes: [\"image.tif\"], date: 2025-08-20}`", d.key, d.key)
		}
		// The date's own values first: a scene has them too, but not at its place in the text.
		common := Scene{Date: d.im.Date, Bands: d.im.Bands, NoDataAt: d.im.NoDataAt, Cloud: d.im.Cloud, Seams: d.im.Seams}
		if err := common.checkValues(text, "$."+d.key, d.key); err != nil {
			return err
		}
		for i, s := range d.im.Scenes {
			where := fmt.Sprintf("$.%s.scenes[%d]", d.key, i)
			switch {
			case s.URI == "" && s.STAC == "":
				return at(text, where, "%s: scene %d has no path", d.key, i+1)
			case s.URI != "" && s.STAC != "":
				return at(text, where, "%s: scene %d has both uri and stac: give the image, or the STAC items that lead to it", d.key, i+1)
			case s.Asset != "" && s.STAC == "":
				return at(text, where+".asset", "%s: scene %s has an asset but no stac: an asset is chosen from a STAC item", d.key, s.URI)
			case s.Date == "" && s.STAC == "" && s.Seams == nil:
				return at(text, where, "%s: scene %s has no date: add `date: YYYY-MM-DD` to it or to `%s`", d.key, s.URI, d.key)
			}
			if err := s.checkValues(text, where, d.key); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkValues checks what a date and a scene can both say. where is the YAML path, date names the date in messages.
func (s Scene) checkValues(text []byte, where, date string) error {
	if s.Date != "" {
		if _, err := Day(s.Date); err != nil {
			return at(text, where+".date", "%s: %q is not a date: write it as 2025-08-20", date, s.Date)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Bands)) {
		if _, err := raster.ParseRole(name); err != nil {
			return at(text, where+".bands", "%s: %v", date, err)
		}
		if index := s.Bands[name]; index < 1 {
			return at(text, where+".bands", "%s: band %s: %d is not a band number: bands are counted from 1", date, name, index)
		}
	}
	switch s.NoDataAt {
	case "", NoDataEdge, NoDataAnywhere:
	default:
		return at(text, where+".nodata_at", "%s: nodata_at: %q is neither %s nor %s", date, s.NoDataAt, NoDataEdge, NoDataAnywhere)
	}
	if c := s.Cloud; c != nil {
		if err := c.check(); err != nil {
			return at(text, where+".cloud", "%s: cloud: %v", date, err)
		}
	}
	if m := s.Seams; m != nil && (m.Source == "" || m.Date == "") {
		return at(text, where+".seams", "%s: seams: give the source and its field with the date, as in `seams: {source: seams.gpkg, date: RQ}`", date)
	}
	return nil
}

func (f *File) checkRegion(text []byte) error {
	r := f.Region
	if r == nil {
		return nil
	}
	switch {
	case (r.Source == "") == (len(r.BBox) == 0):
		return at(text, "$.region", "region: give either a source or a bbox")
	case r.Source == "" && len(r.BBox) != 4:
		return at(text, "$.region", "region: bbox has %d numbers: give min x, min y, max x, max y", len(r.BBox))
	case r.Source == "" && r.CRS == "":
		return at(text, "$.region", "region: bbox needs its crs, such as EPSG:4530")
	case r.Source == "" && !(r.BBox[0] < r.BBox[2] && r.BBox[1] < r.BBox[3]):
		return at(text, "$.region", "region: bbox is empty: give min x, min y, max x, max y")
	case slices.ContainsFunc(r.BBox, func(v float64) bool { return math.IsInf(v, 0) }):
		return at(text, "$.region", "region: bbox is infinite: leave the region out to run where both dates overlap")
	}
	return nil
}

func (f *File) checkGrid(text []byte) error {
	if g := f.Grid; g != nil && (g.CRS == "" || !(g.Pixel > 0) || math.IsInf(g.Pixel, 1)) {
		return at(text, "$.grid", "grid: give both crs and pixel (> 0, in units of the crs)")
	}
	return nil
}

func (f *File) checkSurvey(text []byte) error {
	s := f.Survey
	switch {
	case s == nil:
	case len(s.Source) == 0 || slices.Contains(s.Source, ""):
		return at(text, "$.survey", "survey: no source")
	case s.Class == "":
		return at(text, "$.survey", "survey: no class: name the field that holds the land-class code, such as DLBM")
	case s.System == "":
		return at(text, "$.survey", "survey: no system: the same code means different land in different systems, so tuban does not guess; declare `system: TD/T 1055-2019` or `system: 用地用海 2023`")
	}
	return nil
}

func (f *File) checkProbabilities(text []byte) error {
	for _, name := range slices.Sorted(maps.Keys(f.Probabilities)) {
		p, where := f.Probabilities[name], "$.probabilities."+name
		if p == nil {
			p = &Probability{}
		}
		switch dated := p.Before != "" || p.After != ""; {
		case !dated && p.Pair == "":
			return at(text, where, "probabilities: %s has no raster: give before and after, or pair", name)
		case dated && p.Pair != "":
			return at(text, where, "probabilities: %s has rasters of the dates and of the pair: give before and after, or pair", name)
		case p.Band < 0:
			return at(text, where+".band", "probabilities: %s: %d is not a band number: bands are counted from 1", name, p.Band)
		case p.Scale != nil && (!(*p.Scale > 0) || math.IsInf(*p.Scale, 1)):
			return at(text, where+".scale", "probabilities: %s: scale %g is not possible: it is what a number of the raster is multiplied by to be from 0 to 1, as 0.01 for percent", name, *p.Scale)
		}
	}
	return nil
}

func (f *File) checkChoices(text []byte) error {
	for _, m := range []struct{ key, value string }{{"normalise", f.Normalise}, {"registration", f.Registration}, {"clouds", f.Clouds}} {
		if m.value != Auto && m.value != None {
			return at(text, "$."+m.key, "%s: there is no choice %q: write auto or none", m.key, m.value)
		}
	}
	if _, err := f.Season.Calendar(); err != nil {
		return at(text, "$.season", "season: %v", err)
	}
	for _, o := range f.Outputs {
		if !slices.Contains(outputs, o) {
			return at(text, "$.outputs", "outputs: unknown output %q: choose among %s", o, strings.Join(outputs, ", "))
		}
	}
	return nil
}
