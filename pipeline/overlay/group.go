package overlay

import (
	"context"
	"slices"

	"tuban/pipeline/survey"
	"tuban/raster"
	"tuban/raster/vector"
)

// Layer is one file of a legal layer, and how it is read.
type Layer struct {
	Spec    vector.LayerSpec // its Fields are those of Stage
	Info    vector.LayerInfo
	Mapping Mapping
	// Where keeps the features that meet every condition.
	Where []Condition
	// Type is that of every feature; its zero value leaves it to the field of the class.
	Type    Type
	Version string
	// Effect is that of features without days of their own.
	Effect Effect
	// Empty says that it is no mistake when nothing of the layer touches the run's area.
	Empty bool
	// Print is the fingerprint of the file.
	Print string
}

// Condition keeps the features whose field, by the layer's own name, has one of the values.
type Condition struct {
	Field  string
	Values []string
}

// Group is all files of one kind of layer: they are one layer, in which the earlier file counts first.
type Group struct {
	Kind   Kind
	Layers []Layer
	// Sliver bounds the pieces that count for nothing.
	Sliver Sliver
}

// Settings are what decides what staging the group makes of its files, to be hashed with the files' fingerprints.
func (g Group) Settings() any {
	type layer struct {
		Layer, Encoding, Version, Print string
		Mapping                         Mapping
		Where                           []Condition
		Type                            Type
		Effect                          Effect
	}
	var layers []layer
	for _, l := range g.Layers {
		layers = append(layers, layer{l.Spec.Layer, l.Spec.Encoding, l.Version, l.Print, l.Mapping, l.Where, l.Type, l.Effect})
	}
	return []any{CatalogueVersion(), g.Kind.Code, g.Sliver, layers}
}

// StageOptions say how a group is staged; see survey.Options.
type StageOptions struct {
	Grid     raster.Grid
	Repairer func() survey.Repairer
	Progress func(n int64)
}

// Stage reads the files of the group once and writes what touches the grid to the stage file at path.
func (g Group) Stage(ctx context.Context, path string, src survey.Source, o StageOptions) (*Store, error) {
	conditions := 0
	for _, l := range g.Layers {
		conditions = max(conditions, len(l.Where))
	}
	// Staged parcels have a class first; a layer's features are told apart by their roles alone.
	so := survey.Options{
		What: "the layer " + g.Kind.Code, Fields: []string{""}, Grid: o.Grid, Overlapping: true,
		Known: func(string) bool { return true }, Repairer: o.Repairer, Progress: o.Progress,
		Keep: func(file int, values []string) bool { return g.Layers[file].keeps(values[1+len(Roles):]) },
	}
	for _, r := range Roles {
		so.Fields = append(so.Fields, string(r))
	}
	for range conditions {
		so.Fields = append(so.Fields, "where")
	}
	for _, l := range g.Layers {
		spec := l.Spec
		spec.Fields = append([]string{""}, l.Mapping.columns()...)
		for i := range conditions {
			field := ""
			if i < len(l.Where) {
				field = l.Where[i].Field
			}
			spec.Fields = append(spec.Fields, field)
		}
		so.Layers = append(so.Layers, spec)
	}
	s, err := survey.Stage(ctx, path, src, so)
	if err != nil {
		return nil, err
	}
	return g.store(s), nil
}

// Open opens what Stage left at path; fs.ErrNotExist when there is nothing.
func (g Group) Open(path string) (*Store, error) {
	s, err := survey.Open(path)
	if err != nil {
		return nil, err
	}
	return g.store(s), nil
}

// keeps reports whether a feature with these values of the conditions' fields is kept.
func (l Layer) keeps(values []string) bool {
	for i, c := range l.Where {
		if !slices.Contains(c.Values, values[i]) {
			return false
		}
	}
	return true
}
