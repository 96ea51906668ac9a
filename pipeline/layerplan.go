package pipeline

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tuban/pipeline/overlay"
	"tuban/pipeline/runfile"
	"tuban/raster/spell"
	"tuban/raster/vector"
)

// openLayers opens the legal layers far enough to know how they will be read. The plan has them in the order of the catalogue,
// one group for each kind.
func (p *Plan) openLayers(ctx context.Context, d Drivers, f *runfile.File) error {
	for _, kind := range overlay.Kinds() {
		g := overlay.Group{Kind: kind}
		for i, entry := range f.Layers {
			if entry.Kind != kind.Code {
				continue
			}
			if b := entry.SliverBounds(); len(g.Layers) == 0 {
				g.Sliver = b
			} else if b != g.Sliver {
				return badInput("layers: entry %d: the entries of %s have different slivers: they are one layer, so give all of them the same `sliver:`", i+1, kind.Code)
			}
			files, err := p.openLayer(ctx, d, kind, entry)
			if err != nil {
				return err
			}
			g.Layers = append(g.Layers, files...)
		}
		if len(g.Layers) > 0 {
			p.Layers = append(p.Layers, g)
		}
	}
	return nil
}

// openLayer describes the files of one entry of the run file.
func (p *Plan) openLayer(ctx context.Context, d Drivers, kind overlay.Kind, entry runfile.Layer) ([]overlay.Layer, error) {
	what := "layers: " + kind.Code
	files, err := surveyFiles(ctx, d, entry.Source)
	if err != nil {
		return nil, badInput("%s: %w", what, err)
	}
	var out []overlay.Layer
	for _, uri := range files {
		l := overlay.Layer{Spec: vector.LayerSpec{Source: uri, Layer: entry.Layer, Encoding: entry.Encoding}, Version: entry.Version, Effect: entry.Effect(), Empty: entry.Empty || kind.Sparse}
		l.Type, _ = kind.TypeOf(entry.Type)
		if l.Info, err = d.Vectors.DescribeLayer(ctx, l.Spec); err != nil {
			return nil, badInput("%s: %w", what, err)
		}
		l.Spec.Layer = l.Info.Name
		bounds, err := placeLayer(what, d.Coordinates, uri, l.Info, p.Grid.CRS)
		switch {
		case err != nil:
			return nil, err
		case bounds.Empty() && !l.Empty:
			return nil, badInput("%s: %s: layer %s holds no feature with a place, so that every patch would lie outside of it: give the right layer with `layer:`, or say that it is so with `empty: true`", what, uri, l.Info.Name)
		case !bounds.Empty() && bounds.Intersect(p.Grid.Bounds(p.Grid.Window())).Empty() && !l.Empty:
			return nil, badInput("%w; where none of it should lie there, say so with `empty: true`", disjoint(fmt.Sprintf("%s: %s and the run's area", what, uri), bounds, p.Grid.Bounds(p.Grid.Window())))
		}
		if l.Mapping, err = kind.Map(l.Info, entry.Fields); err != nil {
			return nil, badInput("%s: %s: %w", what, uri, err)
		}
		if l.Where, err = conditions(kind, entry, l.Info); err != nil {
			return nil, badInput("%s: %s: %w", what, uri, err)
		}
		out = append(out, l)
	}
	return out, nil
}

// conditions are those of the run file, or of the catalogue where the layer has their fields.
func conditions(kind overlay.Kind, entry runfile.Layer, info vector.LayerInfo) ([]overlay.Condition, error) {
	var out []overlay.Condition
	for _, name := range slices.Sorted(maps.Keys(entry.Where)) {
		field, _ := overlay.FieldOf(info, name)
		if field == "" {
			return nil, fmt.Errorf("layer %s has no field %s for `where:`%s: it has %s", info.Name, name, spell.Hint(name, info.Fields), strings.Join(info.Fields, ", "))
		}
		out = append(out, overlay.Condition{Field: field, Values: entry.Where[name]})
	}
	if len(out) > 0 {
		return out, nil
	}
	for _, name := range slices.Sorted(maps.Keys(kind.Where)) {
		if field, _ := overlay.FieldOf(info, name); field != "" {
			out = append(out, overlay.Condition{Field: field, Values: kind.Where[name]})
		}
	}
	return out, nil
}

// loaded reports whether the run was given a layer of the kind: without one, what it would say is not known.
func (p *Plan) loaded(kind string) bool {
	return slices.ContainsFunc(p.Layers, func(g overlay.Group) bool { return g.Kind.Code == kind })
}

// layerFeatures is the number of features that the layers declare, which need not be true.
func (p *Plan) layerFeatures() (n int64) {
	for _, g := range p.Layers {
		for _, l := range g.Layers {
			n += min(max(0, l.Info.Features), 1<<40)
		}
	}
	return n
}

// layerSources lists the files of the layers, as the manifest has them.
func (p *Plan) layerSources() (out []Source) {
	for _, g := range p.Layers {
		for _, l := range g.Layers {
			out = append(out, Source{Role: "layer " + g.Kind.Code, URI: l.Spec.Source})
		}
	}
	return out
}

// layerKeys hands the fingerprints of layerSources to the groups, and returns what decides what they say.
func (p *Plan) layerKeys(sources []Source) (keys []any) {
	for gi := range p.Layers {
		g := &p.Layers[gi]
		for i := range g.Layers {
			g.Layers[i].Print, sources = sources[0].Fingerprint, sources[1:]
		}
		keys = append(keys, g.Settings())
	}
	return keys
}
