package recall

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"tuban/classify/landclass"
	"tuban/pipeline"
	"tuban/raster/spell"
	"tuban/raster/vector"
)

// change is a feature of the annual change layer whose class changed.
type change struct {
	fid      int64
	id       string
	from, to string
	act      string
	// written is the area that the layer gives, in its words.
	written string
	geom    orb.MultiPolygon

	changeType
	// area is its own, covered what releases cover of it, in m².
	area, covered float64
	reason        Reason
}

// held reports whether releases cover enough of the change.
func (c *change) held(overlap float64) bool { return c.area > 0 && c.covered >= overlap*c.area }

// Layer is what was met in the annual change layer.
type Layer struct {
	File   string `json:"file"`
	Name   string `json:"layer"`
	System string `json:"system"`
	// Fields maps what is read to the layer's fields.
	Fields   map[string]string `json:"fields"`
	Features int               `json:"features"`
	// Same counts those whose class did not change, Repaired those whose geometry was repaired, Unusable those that have none that
	// can be used, by reason; Unknown the class codes that the system does not have.
	Same     int            `json:"same_class"`
	Repaired map[string]int `json:"repaired,omitempty"`
	Unusable map[string]int `json:"unusable,omitempty"`
	Unknown  map[string]int `json:"unknown_codes,omitempty"`

	scheme *scheme
}

// LayerOptions say how to read the annual change layer.
type LayerOptions struct {
	File, Layer, Encoding string
	// Fields name the fields of the roles from, to, id, area and act, where they are not called as usual.
	Fields map[string]string
	// System is that of the class codes; "" lets the codes tell, or fails.
	System landclass.System
}

// open finds the fields of the layer.
func (o LayerOptions) open(ctx context.Context, v pipeline.Vectors) (*Layer, vector.LayerSpec, vector.LayerInfo, error) {
	spec := vector.LayerSpec{Source: o.File, Layer: o.Layer, Encoding: o.Encoding}
	info, err := v.DescribeLayer(ctx, spec)
	if err != nil {
		return nil, spec, info, pipeline.NewInputError(err)
	}
	if info.CRS == "" {
		return nil, spec, info, pipeline.NewInputError(fmt.Errorf("%s, layer %s has no coordinate reference system: assign the one it is in (ogr2ogr -a_srs EPSG:n out.gpkg FILE)", o.File, info.Name))
	}
	spec.Layer = info.Name
	l := &Layer{File: o.File, Name: info.Name, Fields: map[string]string{}, Repaired: map[string]int{}, Unusable: map[string]int{}, Unknown: map[string]int{}}
	var roles []string
	for _, r := range rows("roles.csv", rolesCSV, 2) {
		role, names := r[0], strings.Fields(r[1])
		roles = append(roles, role)
		if given := o.Fields[role]; given != "" {
			names = []string{given}
		}
		at := slices.IndexFunc(names, func(n string) bool {
			return slices.ContainsFunc(info.Fields, func(f string) bool { return strings.EqualFold(f, n) })
		})
		switch {
		case at >= 0:
			l.Fields[role] = names[at]
			spec.Fields = append(spec.Fields, names[at])
		case role == "from" || role == "to" || o.Fields[role] != "":
			return nil, spec, info, pipeline.NewInputError(fmt.Errorf("%s, layer %s has no field %s%s: name it with --field %s=NAME; its fields are %s",
				o.File, info.Name, names[0], spell.Hint(names[0], info.Fields), role, strings.Join(info.Fields, ", ")))
		default:
			spec.Fields = append(spec.Fields, "")
		}
	}
	for role := range o.Fields {
		if !slices.Contains(roles, role) {
			return nil, spec, info, pipeline.NewInputError(fmt.Errorf("there is no role %q%s: the roles are %s", role, spell.Hint(role, roles), strings.Join(roles, ", ")))
		}
	}
	return l, spec, info, nil
}

// read reads the features whose class changed, in crs, repaired where they are not valid.
func (o LayerOptions) read(ctx context.Context, d pipeline.Drivers, crs string) ([]*change, *Layer, error) {
	l, spec, _, err := o.open(ctx, d.Vectors)
	if err != nil {
		return nil, nil, err
	}
	engine := d.Geometry()
	var out []*change
	codes := map[string]int64{}
	err = d.Vectors.ReadLayer(ctx, spec, crs, func(f vector.Feature) error {
		l.Features++
		c := &change{fid: f.FID, from: code(f.Values[0]), to: code(f.Values[1]), id: f.Values[2], written: f.Values[3], act: f.Values[4]}
		for _, x := range []string{c.from, c.to} {
			if x != "" {
				codes[x]++
			}
		}
		switch {
		case c.from == c.to:
			l.Same++
			return nil
		case f.Problem != "":
			l.Unusable[f.Problem]++
			return nil
		case len(f.WKB) == 0:
			l.Unusable["without geometry"]++
			return nil
		}
		wkb, reason, err := engine.Repair(f.WKB)
		if err != nil {
			l.Unusable[err.Error()]++
			return nil //nolint:nilerr // it is counted, by its reason
		}
		if c.geom, err = vector.Polygons(wkb); err != nil || len(c.geom) == 0 {
			// Nothing with an area was left of it.
			l.Unusable[cmp.Or(reason, "without area")]++
			return nil //nolint:nilerr // it is counted, by its reason
		}
		if reason != "" {
			l.Repaired[reason]++
		}
		out = append(out, c)
		return ctx.Err()
	})
	if err != nil {
		return nil, nil, pipeline.NewInputError(fmt.Errorf("%s, layer %s: %w", o.File, l.Name, err))
	}
	// In an order that does not depend on the file's: of two changes that have as much of a release, the first counts.
	slices.SortStableFunc(out, func(a, b *change) int {
		p, q := a.geom.Bound().Min, b.geom.Bound().Min
		return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(p[0], q[0]), cmp.Compare(p[1], q[1]), cmp.Compare(a.from+a.to, b.from+b.to))
	})
	return out, l, o.classify(out, l, codes)
}

// classify says of what type each change is, by the code system that was declared or that the codes tell.
func (o LayerOptions) classify(list []*change, l *Layer, codes map[string]int64) error {
	sys := o.System
	if sys == "" {
		sys, _ = landclass.Detect(codes)
	}
	if sys == "" {
		return pipeline.NewInputError(fmt.Errorf("%s: no class code tells the code system: declare it with --system (%s, %s)", o.File, landclass.TD1055, landclass.YDYH))
	}
	if err := sys.Check(codes); err != nil {
		return pipeline.NewInputError(fmt.Errorf("%s: %w", o.File, err))
	}
	l.System = string(sys)
	s, err := newScheme(sys)
	if err != nil {
		return err
	}
	for _, c := range slices.Sorted(maps.Keys(codes)) {
		if _, ok := sys.Lookup(c); !ok {
			l.Unknown[c] = int(codes[c])
		}
	}
	l.scheme = s
	for _, c := range list {
		c.changeType = s.typeOf(c.from, c.to)
	}
	return nil
}

// code is a class code as tables write it.
func code(s string) string { return strings.ToUpper(strings.TrimSpace(s)) }
