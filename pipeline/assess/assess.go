package assess

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"tuban/classify/accuracy"
	"tuban/pipeline"
	"tuban/raster"
)

// Options say what to compare a product with, and how.
type Options struct {
	// Reference is a raster of labels or a layer of polygons; Layer and TypeField are of the latter. Without a TypeField the
	// field `type` is taken where there is one.
	Reference, Layer, TypeField string
	Labels                      Labels
	// Kinds restricts the product to patches of these kinds; none means all.
	Kinds []string
	// PixelsOnly leaves out the comparison of objects with a raster reference.
	PixelsOnly bool
	accuracy.ObjectOptions
}

// Report is what a comparison found.
type Report struct {
	Product   string `json:"product"`
	Key       string `json:"key"`
	Reference string `json:"reference"`
	// Form is "raster" or "polygons".
	Form    string   `json:"reference_form"`
	Kinds   []string `json:"kinds"`
	Overlap float64  `json:"overlap"`
	MinArea float64  `json:"min_area_m2"`
	// Values are those of a raster reference, as declared or recognised.
	Values  *Labels               `json:"values,omitempty"`
	Pixels  Pixels                `json:"pixels"`
	Objects *accuracy.ObjectTable `json:"objects,omitempty"`
	Curve   *accuracy.Curve       `json:"curve"`
	// Warnings are about the product and the reference; Remarks about names that were asked for, or should have been.
	Warnings []string `json:"warnings"`
	Remarks  []string `json:"remarks,omitempty"`
}

// Pixels compares pixel by pixel. What was not observed is counted as not found in All, and left out in Observed.
type Pixels struct {
	Labelled          int64             `json:"labelled"`
	Unobserved        int64             `json:"unobserved"`
	UnobservedShare   accuracy.Ratio    `json:"unobserved_share"`
	UnobservedChanged int64             `json:"unobserved_changed"`
	All               accuracy.Measures `json:"all"`
	Observed          accuracy.Measures `json:"observed"`
}

// Assess compares the product in the folder dir with a reference.
func Assess(ctx context.Context, d Drivers, dir string, o Options) (*Report, error) {
	p, err := open(d, dir)
	if err != nil {
		return nil, err
	}
	chosen, err := p.ordinals(o.Kinds)
	if err != nil {
		return nil, err
	}
	r := &Report{Product: dir, Key: p.manifest.Key, Reference: o.Reference, Kinds: append([]string{}, o.Kinds...), Overlap: o.Overlap, MinArea: o.MinArea, Warnings: []string{}}
	if r.Overlap == 0 {
		r.Overlap = 0.5
	}
	k := &walk{p: p, chosen: chosen}
	if k.extent, err = p.extent(ctx, chosen); err != nil {
		return nil, err
	}
	mask, err := p.maskScene(ctx)
	if err != nil {
		return nil, err
	}
	if k.mask, err = p.Imagery.Open(p.grid, []raster.Scene{mask}, []raster.Role{raster.Mask}, 0); err != nil {
		return nil, badInput(err)
	}
	defer k.mask.Close()

	info, notRaster := p.Imagery.Inspect(ctx, o.Reference)
	if notRaster == nil && o.Layer == "" {
		err = p.againstLabels(ctx, k, info, o, r)
	} else {
		err = p.againstShapes(ctx, k, notRaster, o, r)
	}
	if err != nil {
		return nil, err
	}
	labelled, seen := k.all.Total(), k.seen.Total()
	r.Pixels = Pixels{
		Labelled: labelled, Unobserved: labelled - seen, UnobservedShare: accuracy.Quotient(float64(labelled-seen), float64(labelled)),
		UnobservedChanged: k.hiddenChanges, All: k.all.Measures(), Observed: k.seen.Measures(),
	}
	if labelled == 0 {
		return nil, badInput(fmt.Errorf("%s labels no pixel of the product: check its values and where it lies", o.Reference))
	}
	if !p.manifest.Complete {
		r.Warnings = append(r.Warnings, "the product is not complete: part of the imagery could not be read and counts as unobserved")
	}
	return r, nil
}

// againstLabels compares with a raster.
func (p *product) againstLabels(ctx context.Context, k *walk, info raster.Info, o Options, r *Report) (err error) {
	r.Form = "raster"
	if k.labels, err = p.openLabels(ctx, info, o.Labels); err != nil {
		return err
	}
	defer k.labels.pixels.Close()
	r.Values = &k.labels.labels
	if o.PixelsOnly {
		return eachTile(ctx, p.grid, func(w raster.Window) error { return k.tile(ctx, w) })
	}
	list, err := p.candidates(ctx, o.Kinds, true)
	if err != nil {
		return err
	}
	order := ranking(list)
	slices.Reverse(order) // the last that is burnt has the pixel
	for _, i := range order {
		k.patches = k.patches.add(p.grid, list[i].geom, int32(i+1))
	}
	k.known, k.confirmed = make([]int64, len(list)), make([]int64, len(list))
	if err := eachTile(ctx, p.grid, func(w raster.Window) error { return k.tile(ctx, w) }); err != nil {
		return err
	}
	pixel, err := p.pixelArea()
	if err != nil {
		return err
	}
	objects, err := k.components(pixel)
	if err != nil {
		return err
	}
	patches, err := p.measure(list)
	if err != nil {
		return err
	}
	for i := range patches {
		patches[i].Known, patches[i].True = float64(k.known[i])*pixel, float64(k.confirmed[i])*pixel
	}
	p.compare(r, objects, patches, o)
	return nil
}

// againstShapes compares with polygons; notRaster says why the reference is no raster.
func (p *product) againstShapes(ctx context.Context, k *walk, notRaster error, o Options, r *Report) error {
	r.Form = "polygons"
	shapes, off, err := p.readShapes(ctx, o)
	if err != nil {
		if notRaster != nil && rasterName(o.Reference) {
			return badInput(notRaster)
		}
		return err
	}
	if len(shapes) == 0 {
		r.Warnings = append(r.Warnings, "the reference has no object: nothing changed, and every patch is false")
	}
	r.Remarks = p.nameless(shapes, o)
	if off > 0 {
		r.Warnings = append(r.Warnings, fmt.Sprintf("%d objects of the reference lie beyond the product and are left out", off))
	}
	list, err := p.candidates(ctx, o.Kinds, false)
	if err != nil {
		return err
	}
	k.sizes, k.obscured = make([]int64, len(shapes)), make([]int64, len(shapes))
	geoms, candidates := make([]orb.MultiPolygon, len(shapes)), make([]orb.MultiPolygon, len(list))
	for i, s := range shapes {
		geoms[i] = s.geom
		k.shapes = k.shapes.add(p.grid, s.geom, int32(i+1))
	}
	for i, c := range list {
		candidates[i] = c.geom
	}
	if err := eachTile(ctx, p.grid, func(w raster.Window) error { return k.tile(ctx, w) }); err != nil {
		return err
	}
	s, err := pipeline.NewSurveyor(p.Coordinates, p.grid.CRS)
	if err != nil {
		return err
	}
	defer s.Close()
	pieces, covered, err := Overlay(ctx, p.Geometry(), geoms, candidates, ranking(list), s.Area)
	if err != nil {
		return badInput(fmt.Errorf("%s: %w", o.Reference, err))
	}
	objects := make([]accuracy.Object, len(shapes))
	for i, x := range shapes {
		objects[i] = accuracy.Object{Type: x.kind, Pieces: pieces[i]}
		if objects[i].Area, err = s.Area(x.geom); err != nil {
			return badInput(fmt.Errorf("%s: %w", o.Reference, err))
		}
		if k.sizes[i] > 0 {
			objects[i].Hidden = float64(k.obscured[i]) / float64(k.sizes[i])
		}
	}
	patches, err := p.measure(list)
	if err != nil {
		return err
	}
	for i := range patches {
		patches[i].Known, patches[i].True = patches[i].Area, covered[i]
	}
	p.compare(r, objects, patches, o)
	return nil
}

// measure returns the candidates as patches with their areas.
func (p *product) measure(list []candidate) ([]accuracy.Patch, error) {
	s, err := pipeline.NewSurveyor(p.Coordinates, p.grid.CRS)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	out := make([]accuracy.Patch, len(list))
	for i, c := range list {
		out[i] = accuracy.Patch{Published: c.published, Score: c.score, Kind: c.kind, Type: c.landType, Categories: c.categories}
		if out[i].Area, err = s.Area(c.geom); err != nil {
			return nil, badInput(fmt.Errorf("patch %s: %w", c.cid, err))
		}
	}
	return out, nil
}

// compare fills in what objects and patches say of each other.
func (p *product) compare(r *Report, objects []accuracy.Object, patches []accuracy.Patch, o Options) {
	t := accuracy.Objects(objects, patches, o.ObjectOptions)
	r.Objects = &t
	if p.scored {
		r.Curve = accuracy.NewCurve(objects, patches, o.ObjectOptions)
	}
}

// Check refuses options that cannot be meant.
func (o Options) Check() error {
	if math.IsNaN(o.Overlap) || o.Overlap < 0 || o.Overlap > 1 {
		return fmt.Errorf("--overlap %g: give a share above 0, at most 1", o.Overlap)
	}
	if math.IsNaN(o.MinArea) || o.MinArea < 0 {
		return fmt.Errorf("--min-area %g: give an area in m², 0 or more", o.MinArea)
	}
	if !slices.IsSorted(o.Sizes) || len(o.Sizes) > 0 && o.Sizes[0] <= 0 {
		return fmt.Errorf("--sizes %v: give areas in m² above 0, in rising order", o.Sizes)
	}
	for _, v := range o.Labels.Changed {
		if slices.Contains(o.Labels.Unchanged, v) || slices.Contains(o.Labels.Ignored, v) {
			return fmt.Errorf("the value %d means two things: correct --value, --no-value or --ignore", v)
		}
	}
	return nil
}
