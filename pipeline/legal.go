package pipeline

import (
	"fmt"
	"math"
	"time"

	"github.com/paulmach/orb"

	"tuban/pipeline/overlay"
	"tuban/raster"
)

// Legal is what the legal layers of a run say about a patch. Areas are in m² with two decimals, as measured from the patch's
// geometry.
type Legal struct {
	// Overlaps are the parts of the patch on features of layers, kind by kind. Those of a kind that are in effect do not lie
	// on one another: of overlapping features the first has the land.
	Overlaps []Overlap
	// Within sums them by kind; a kind that the patch does not touch, or that the run was not given, has none.
	Within map[string]Within
	// Separate is the code of the separate layer (单独图层) with most of the patch, "" for none.
	Separate string
	// Units are the administrative units that the patch lies in, the main one first; together they are the patch.
	Units []UnitPart
	// Approvals are those that lie on the patch, in the order of their layers; Covers tells what they cover together.
	Approvals []Approval
	Covers    []Cover
}

// Overlap is the part of a patch on a feature of a layer.
type Overlap struct {
	Kind overlay.Kind
	// Version and Source are those of the file; Feature, Name, Class and Type of the feature.
	Version, Source, Feature, Name, Class string
	Type                                  overlay.Type
	Effect                                overlay.Effect
	// InEffect says whether it is in effect on the day of the later image.
	InEffect bool
	// Area is that of the part, Net without field ridges, NaN where that is not known or makes no sense.
	Area, Net float64
	// Sliver says that no connected piece of the part is more than a sliver.
	Sliver bool
}

// Within is how much of a patch lies in the layers of a kind that are in effect.
type Within struct {
	Area, Net float64
	// Real says that a piece of it is more than a sliver.
	Real bool
}

// compare fills in what the legal layers say about p.
func (d *describer) compare(p *Patch) error {
	p.Legal.Within = map[string]Within{}
	day := d.plan.AfterOrigins[p.After].Date
	for _, store := range d.legal.stores {
		var err error
		switch store.Group.Kind.Use {
		case overlay.ForOverlay:
			err = d.within(p, store, day)
		case overlay.ForApprovals:
			err = d.approvals(p, store)
		}
		if err != nil {
			return fmt.Errorf("comparing the patch %s with the layer %s: %w", p.CID, store.Group.Kind.Code, err)
		}
	}
	p.Legal.Separate = p.Legal.separate()
	if err := d.units(p); err != nil {
		return fmt.Errorf("dividing the patch %s by administrative units: %w", p.CID, err)
	}
	return nil
}

// near returns the features of a store whose bounds touch those of g.
func (d *describer) near(store *overlay.Store, g orb.MultiPolygon) ([]*overlay.Feature, error) {
	bounds := g.Bound()
	b := raster.EmptyBounds().Extend(bounds.Min[0], bounds.Min[1]).Extend(bounds.Max[0], bounds.Max[1])
	// One pixel more, as for parcels.
	var out []*overlay.Feature
	for _, i := range store.Near(nil, d.plan.Grid.Cover(b).Grow(1)) {
		f, err := store.Feature(i)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// within adds the overlaps of p with one kind of layer. Features in effect take their parts first.
func (d *describer) within(p *Patch, store *overlay.Store, day time.Time) error {
	near, err := d.near(store, p.Geom)
	if err != nil || len(near) == 0 {
		return err
	}
	var features []*overlay.Feature
	inEffect := 0
	for _, now := range []bool{true, false} {
		for _, f := range near {
			if f.Effect.At(day) == now {
				features = append(features, f)
			}
		}
		if now {
			inEffect = len(features)
		}
	}
	pieces, rest, err := d.split(p.Geom, geometries(features))
	if err != nil || len(pieces) == 0 {
		return err
	}
	areas := make([]float64, len(pieces)+1)
	for i, piece := range pieces {
		if areas[i], err = d.area(piece.Geom); err != nil {
			return err
		}
	}
	if areas[len(pieces)], err = d.area(rest); err != nil {
		return err
	}
	rounded := spread(p.Area, areas)
	var sum Within
	var valid []orb.MultiPolygon
	for i, piece := range pieces {
		if rounded == nil || rounded[i] == 0 {
			continue
		}
		f := features[piece.Index]
		layer := store.Group.Layers[f.Layer]
		o := Overlap{
			Kind: store.Group.Kind, Version: layer.Version, Source: layer.Spec.Source, Type: f.Type, Effect: f.Effect, InEffect: piece.Index < inEffect,
			Feature: f.Value(overlay.ID), Name: f.Value(overlay.Name), Class: f.Value(overlay.Class), Area: rounded[i],
		}
		if o.Net, err = d.net(store.Group.Kind, f, piece.Geom, rounded[i]); err != nil {
			return err
		}
		whole := len(pieces) == 1 && len(rest) == 0
		if o.Sliver, err = d.slivers(piece.Geom, store.Group.Sliver, whole); err != nil {
			return err
		}
		p.Legal.Overlaps = append(p.Legal.Overlaps, o)
		if o.InEffect {
			sum.Area, sum.Net = sum.Area+o.Area, sum.Net+o.Net
			sum.Real = sum.Real || !o.Sliver
			valid = append(valid, piece.Geom)
		}
	}
	if len(valid) == 0 {
		return nil
	}
	if !sum.Real && len(valid) > 1 {
		// Each on a feature of its own, they may be more together.
		if sum.Real, err = d.realTogether(valid, store.Group.Sliver, len(rest) == 0 && len(valid) == len(pieces)); err != nil {
			return err
		}
	}
	p.Legal.Within[store.Group.Kind.Code] = Within{cents(sum.Area), cents(sum.Net), sum.Real}
	return nil
}

func geometries(features []*overlay.Feature) []orb.MultiPolygon {
	out := make([]orb.MultiPolygon, len(features))
	for i, f := range features {
		out[i] = f.Geom
	}
	return out
}

// net is the area of a part on the feature without field ridges: by the layer's own coefficient, else by the survey's.
func (d *describer) net(kind overlay.Kind, f *overlay.Feature, part orb.MultiPolygon, area float64) (float64, error) {
	if !kind.Ridges {
		return math.NaN(), nil
	}
	if !math.IsNaN(f.Ridge) {
		return cents(area * (1 - f.Ridge)), nil
	}
	ridges, err := d.ridgesOn(part, area)
	return cents(max(0, area-ridges)), err
}

// separate is the code of the separate layers with the largest area in effect that is no sliver; the lowest code on a tie.
func (l *Legal) separate() (code string) {
	sums := map[string]float64{}
	for _, o := range l.Overlaps {
		if o.Kind.Code == "separate_layer" && o.InEffect && !o.Sliver && o.Type.Code != "" {
			sums[o.Type.Code] += o.Area
		}
	}
	for _, c := range sortedCodes(sums) {
		if code == "" || cents(sums[c]) > cents(sums[code]) {
			code = c
		}
	}
	return code
}
