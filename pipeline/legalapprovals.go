package pipeline

import (
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"tuban/pipeline/overlay"
)

// Approval is one approval on a patch, as its layer writes it: what it means for the patch is said by the triage rules.
type Approval struct {
	// Type is that of the catalogue, its zero value where nothing tells; Class what the layer writes of it. Purpose is what the land is
	// for, its sort first.
	Type                                                 overlay.Type
	Class, Feature, Number, Name, Purpose, Date, Expires string
	Source, Version                                      string
	Effect                                               overlay.Effect
	// Area is that of the patch on it in m², whatever else lies there.
	Area float64
	// Sliver says that no connected piece of it is more than a sliver.
	Sliver bool
}

// Cover is the part of a patch that exactly these approvals cover, by their positions in ascending order; Area is in m² with
// two decimals, and those of all covers are the patch's together.
type Cover struct {
	Approvals []int
	Area      float64
}

// Covered is the area in m² of the patch that lies on at least one of the approvals that count.
func (l *Legal) Covered(counts func(i int) bool) float64 {
	sum := 0.0
	for _, c := range l.Covers {
		if slices.ContainsFunc(c.Approvals, counts) {
			sum += c.Area
		}
	}
	return cents(sum)
}

// laid is a part of the patch with the approvals on it, while it is being divided.
type laid struct {
	geom      orb.MultiPolygon
	approvals []int
}

// approvals finds the approvals on p, and divides p by which of them lie where, so that any selection can be measured.
func (d *describer) approvals(p *Patch, store *overlay.Store) error {
	near, err := d.near(store, p.Geom)
	if err != nil || len(near) == 0 {
		return err
	}
	parts := []laid{{geom: p.Geom}}
	var on []*overlay.Feature
	for _, f := range near {
		next, hit, err := d.lay(parts, f.Geom, len(on))
		if err != nil {
			return err
		}
		if hit {
			parts, on = next, append(on, f)
		}
	}
	if len(on) == 0 {
		return nil
	}
	areas := make([]float64, len(parts))
	for i, c := range parts {
		if areas[i], err = d.area(c.geom); err != nil {
			return err
		}
	}
	p.Legal.Approvals = make([]Approval, len(on))
	for i, a := range spread(p.Area, areas) {
		p.Legal.Covers = append(p.Legal.Covers, Cover{parts[i].approvals, a})
	}
	for i, f := range on {
		layer := store.Group.Layers[f.Layer]
		a := Approval{
			Type: f.Type, Class: f.Value(overlay.Class), Feature: f.Value(overlay.ID), Number: f.Value(overlay.Number), Name: f.Value(overlay.Name),
			Purpose: strings.TrimSpace(f.Value(overlay.Sort) + " " + f.Value(overlay.Purpose)), Date: f.Value(overlay.Date), Expires: f.Value(overlay.Expires),
			Source: layer.Spec.Source, Version: layer.Version, Effect: f.Effect,
			Area: p.Legal.Covered(func(k int) bool { return k == i }),
		}
		var own []orb.MultiPolygon
		for _, c := range parts {
			if slices.Contains(c.approvals, i) {
				own = append(own, c.geom)
			}
		}
		real, err := d.realTogether(own, store.Group.Sliver, len(own) == len(parts))
		if err != nil {
			return err
		}
		a.Sliver = !real
		p.Legal.Approvals[i] = a
	}
	return nil
}

// lay divides parts by the approval in position i; hit says that it lies on any.
func (d *describer) lay(parts []laid, approval orb.MultiPolygon, i int) (out []laid, hit bool, err error) {
	for _, c := range parts {
		pieces, rest, err := d.split(c.geom, []orb.MultiPolygon{approval})
		if err != nil {
			return nil, false, err
		}
		for _, piece := range pieces {
			hit = true
			out = append(out, laid{piece.Geom, append(slices.Clone(c.approvals), i)})
		}
		if len(rest) > 0 {
			out = append(out, laid{rest, c.approvals})
		}
	}
	return out, hit, nil
}
