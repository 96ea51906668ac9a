package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"tuban/pipeline/overlay"
	"tuban/pipeline/survey"
)

// legalLayers are the staged layers of a run, in the order of the plan's groups. They are safe for concurrent use.
type legalLayers struct {
	stores  []*overlay.Store
	reports []overlay.Report
	// unitNames are the names of administrative units by their codes, of any length.
	unitNames map[string]string
}

// Close releases the stage files.
func (l *legalLayers) Close() error {
	var err error
	for _, s := range l.stores {
		err = errors.Join(err, s.Close())
	}
	return err
}

// stageLayers opens the layers as an earlier start staged them, or stages them. What is wrong with one is an error where it
// would make the layer say something else, and a warning otherwise.
func (p *Plan) stageLayers(ctx context.Context, d Drivers, scratch string, o Options) (_ *legalLayers, err error) {
	out := &legalLayers{unitNames: map[string]string{}}
	defer func() {
		if err != nil {
			out.Close()
		}
	}()
	if len(p.Layers) == 0 {
		return out, nil
	}
	o.Account.Stage("layers")
	o.Progress.Stage("layers", p.layerFeatures())
	geo, err := d.Coordinates.Geographer(p.Grid.CRS)
	if err != nil {
		return nil, err
	}
	defer geo.Close()
	measuring := &describer{geo: geo}
	for _, g := range p.Layers {
		store, err := stageGroup(ctx, d, g, scratch, p, o)
		if err != nil {
			return nil, err
		}
		out.stores = append(out.stores, store)
		reports, err := store.Reports(measuring.area)
		if err != nil {
			return nil, err
		}
		if err := checkLayers(g, reports); err != nil {
			return nil, err
		}
		for _, r := range reports {
			for _, w := range r.Warnings() {
				o.Log.Warn(w)
			}
		}
		out.reports = append(out.reports, reports...)
		if err := out.nameUnits(store); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func stageGroup(ctx context.Context, d Drivers, g overlay.Group, scratch string, p *Plan, o Options) (*overlay.Store, error) {
	key, err := hashOf(g.Settings())
	if err != nil {
		return nil, err
	}
	path := filepath.Join(scratch, "layer-"+g.Kind.Code+"-"+key+".stage")
	store, err := g.Open(path)
	if err == nil {
		return store, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		o.Log.Warn("a layer as an earlier start staged it cannot be used: staging it again", "layer", g.Kind.Code, "error", err)
	}
	return g.Stage(ctx, path, d.Vectors, overlay.StageOptions{
		Grid: p.Grid, Repairer: func() survey.Repairer { return d.Geometry() }, Progress: o.Progress.Advance,
	})
}

// checkLayers refuses a file of which nothing is left that could be compared with a patch, unless it may be so.
func checkLayers(g overlay.Group, reports []overlay.Report) error {
	for i, r := range reports {
		what := fmt.Sprintf("layers: %s: %s: none of the %d features of layer %s", r.Kind, r.Source, r.Features, r.Layer)
		switch lost := r.Empty + r.Lost; {
		case r.Used > 0:
		case r.Features > 0 && lost == r.Features:
			return badInput("%s has a polygon that can be used: repair the file, or give another layer with `layer:`", what)
		case g.Layers[i].Empty:
		case r.Features > 0 && r.Filtered+lost == r.Features:
			return badInput("%s meets the condition of `where:`: check its values, or leave the layer out", what)
		default:
			return badInput("%s touches the run's area, so that every patch would lie outside of it: check the file and its coordinate reference system, or say that it is so with `empty: true`", what)
		}
	}
	return nil
}

// unit is the unit with so many digits that a code names; zero where the code names a larger one.
func (l *legalLayers) unit(code string, digits int) Unit {
	code = unitCode(code, digits)
	return Unit{code, l.unitNames[code]}
}

// nameUnits notes the names of the units in a store; of several with one code, the first that has a name.
func (l *legalLayers) nameUnits(store *overlay.Store) error {
	kind := store.Group.Kind
	if kind.Use != overlay.ForUnits {
		return nil
	}
	for i := range int32(store.Len()) {
		f, err := store.Feature(i + 1)
		if err != nil {
			return err
		}
		if code := f.UnitCode(kind.Digits); code != "" && l.unitNames[code] == "" {
			l.unitNames[code] = f.Value(overlay.Name)
		}
	}
	return nil
}
