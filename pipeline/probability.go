package pipeline

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tuban/classify/bandmath"
	"tuban/classify/rules"
	"tuban/pipeline/runfile"
	"tuban/raster"
	"tuban/raster/spell"
)

// Probability is a raster of the run file that stands in the place of a model of the rules.
type Probability struct {
	// Name is how conditions call it: before.p_built, after.p_built, p_changed.
	Name string
	// Date is 0 for a raster of the before date or of the pair, 1 for one of the after date: it goes where that date's
	// imagery goes.
	Date int
	// Scene is the raster, its only band of the role that Name has without its date.
	Scene raster.Scene
}

// Role returns the role of the raster's band. No scene of the run has it.
func (q Probability) Role() raster.Role {
	for r := range q.Scene.Bands {
		return r
	}
	return ""
}

// byRole orders roles as raster.Roles does, and those of probability rasters by name behind them.
func byRole(a, b raster.Role) int {
	place := func(r raster.Role) int {
		if i := slices.Index(raster.Roles, r); i >= 0 {
			return i
		}
		return len(raster.Roles)
	}
	if c := place(a) - place(b); c != 0 {
		return c
	}
	return strings.Compare(string(a), string(b))
}

// standIns returns the names of the models for which the run file gives rasters, or says which of them fit no model.
func standIns(f *runfile.File, file *rules.File) ([]string, error) {
	var models []string
	for _, m := range file.Models {
		models = append(models, m.Name)
	}
	names := slices.Sorted(maps.Keys(f.Probabilities))
	for _, name := range names {
		i := slices.Index(models, name)
		switch {
		case i < 0:
			hint := spell.Hint(name, models)
			if hint == "" {
				hint = fmt.Sprintf(": declare it there, as in `models: {%s: {raster: true}}`", name)
			}
			return nil, badInput("probabilities: the rules have no model %q%s", name, hint)
		case file.Models[i].Pair && f.Probabilities[name].Pair == "":
			return nil, badInput("probabilities: the model %s is of both dates: give one raster, as in `%s: {pair: p.tif}`", name, name)
		case !file.Models[i].Pair && f.Probabilities[name].Pair != "":
			return nil, badInput("probabilities: the model %s is of one date: give a raster for each, as in `%s: {before: p1.tif, after: p2.tif}`", name, name)
		}
	}
	return names, nil
}

// witnesses are bands that are read beside the roles so far where the rules may name none: a probability is believed where a
// scene shows the land. One that all scenes have will do.
func (p *Plan) witnesses() []raster.Role {
	common := p.commonRoles()
	for _, r := range slices.Concat(p.Roles, common) {
		lacks := func(s raster.Scene) bool { return !s.Has(r) }
		if !slices.ContainsFunc(p.Before, lacks) && !slices.ContainsFunc(p.After, lacks) {
			return []raster.Role{r}
		}
	}
	return common
}

// openProbabilities looks at the rasters that the rules read, and makes sure that there is one for each name. The run's grid
// and planes must be known.
func (p *Plan) openProbabilities(ctx context.Context, d Drivers, f *runfile.File) error {
	for _, in := range p.Rules.Program.Inputs() {
		if in.Kind() != bandmath.Raster {
			continue
		}
		model := strings.TrimPrefix(in.Name, "p_")
		entry := f.Probabilities[model]
		if entry == nil {
			example := "{before: p1.tif, after: p2.tif}"
			if in.Date == bandmath.None {
				example = "{pair: p.tif}"
			}
			return badInput("the rules read %s from a raster, but the run file gives none: write `probabilities: {%s: %s}`", in, model, example)
		}
		key, uri, date := "pair", entry.Pair, 0
		switch in.Date {
		case bandmath.Before:
			key, uri = "before", entry.Before
		case bandmath.After:
			key, uri, date = "after", entry.After, 1
		}
		if uri == "" {
			return badInput("the rules read %s, but the run file gives no raster for it: write `%s:` below `probabilities: %s:`", in, key, model)
		}
		s, err := p.openProbability(ctx, d, *entry, uri, raster.Role(in.Name))
		if err != nil {
			return badInput("probabilities: %s: %s: %s: %w", model, key, uri, err)
		}
		p.Probabilities = append(p.Probabilities, Probability{Name: in.String(), Date: date, Scene: s})
	}
	for _, name := range slices.Sorted(maps.Keys(f.Probabilities)) {
		if !slices.ContainsFunc(p.Probabilities, func(q Probability) bool { return q.Role() == raster.Role("p_"+name) }) {
			p.Warnings = append(p.Warnings, fmt.Sprintf("the rasters of the probability %s are not read: no kind of the run uses it", name))
		}
	}
	return nil
}

// openProbability inspects one raster, refuses what cannot be a probability on the run's grid, and describes its band.
func (p *Plan) openProbability(ctx context.Context, d Drivers, entry runfile.Probability, uri string, role raster.Role) (raster.Scene, error) {
	var s raster.Scene
	info, err := d.Imagery.Inspect(ctx, uri)
	switch {
	case err != nil && isMissing(err):
		return s, fmt.Errorf("%w: check the path in the run file", err)
	case err != nil:
		return s, err
	}
	if err := declareCRS(d.Coordinates, &info, entry.CRS); err != nil {
		return s, err
	}
	if err := unplaced(info); err != nil {
		return s, err
	}
	index := entry.Band
	switch {
	case index == 0 && len(info.Bands) != 1:
		return s, fmt.Errorf("the raster has %d bands: say which is the probability, as in `band: 1`", len(info.Bands))
	case index > len(info.Bands):
		return s, fmt.Errorf("there is no band %d: the raster has %d", index, len(info.Bands))
	}
	b := info.Bands[max(index, 1)-1]
	band := raster.Band{Index: max(index, 1), Scale: b.Scale, Offset: b.Offset}
	switch {
	case entry.Scale != nil:
		band.Scale, band.Offset = *entry.Scale, 0
	case b.Scale == 1 && b.Offset == 0 && !strings.HasPrefix(info.DataType, "Float"):
		return s, fmt.Errorf("the raster holds whole numbers (%s): say what a probability of 1 is by `scale`: 0.01 for percent, 0.0039216 for 0 to 255, 1 where there are 0 and 1 alone", info.DataType)
	}
	if b.NoData != nil {
		band.NoData, band.HasNoData = *b.NoData, true
	}
	if entry.NoData != nil {
		band.NoData, band.HasNoData = *entry.NoData, true
	}
	s = raster.Scene{
		ID: string(role) + " of " + baseOf(uri), URI: uri, Native: info.Native, Bands: map[raster.Role]raster.Band{role: band},
		BlockW: info.BlockW, BlockH: info.BlockH, DataType: info.DataType, Bytes: info.Bytes,
	}
	if info.Alpha != band.Index {
		s.Alpha = info.Alpha
	}
	return s, p.placeProbability(d, &s)
}

// placeProbability makes sure that a raster lies on the run's grid, and warns where it ends early.
func (p *Plan) placeProbability(d Drivers, s *raster.Scene) error {
	list := []raster.Scene{*s}
	if err := unify(d.Coordinates, p.Grid.CRS, list); err != nil {
		return err
	}
	*s = list[0]
	bounds, err := extents(d.Coordinates, p.Grid.CRS, list)
	if err != nil {
		return err
	}
	whole := p.Grid.Bounds(p.Grid.Window())
	both := bounds[0].Intersect(whole)
	if both.Empty() || both.MinX == both.MaxX || both.MinY == both.MaxY {
		return disjoint("the raster and the run", bounds[0], whole)
	}
	if share := float64(p.Grid.Cover(both).Intersect(p.Grid.Window()).Pixels()) / float64(p.Grid.Pixels()); share < 0.99 {
		p.Warnings = append(p.Warnings, fmt.Sprintf("%s covers %.0f %% of the run: beyond it, what needs it is not judgeable", s.ID, 100*share))
	}
	return nil
}

// probabilityKey is what of a raster decides its pixels beside the file's content.
type probabilityKey struct {
	Name   string
	Band   raster.Band
	Alpha  int
	Native raster.Grid
}

// probabilityKeys returns those of the run's rasters.
func (p *Plan) probabilityKeys() []probabilityKey {
	var out []probabilityKey
	for _, q := range p.Probabilities {
		out = append(out, probabilityKey{q.Name, q.Scene.Bands[q.Role()], q.Scene.Alpha, q.Scene.Native})
	}
	return out
}
