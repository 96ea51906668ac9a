package pipeline

import (
	"context"
	"fmt"
	"os"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"tuban/classify/bandmath"
	"tuban/classify/landclass"
	"tuban/classify/object"
	"tuban/classify/rules"
	"tuban/classify/texture"
	"tuban/pipeline/runfile"
	"tuban/raster"
	"tuban/raster/vector"
)

// Plan is everything about a run that is known before a pixel is read. It is a value: `tuban plan` prints it, Detect
// executes it.
type Plan struct {
	Name string
	// Grid is the run's grid; Pixel the ground size of a pixel in metres.
	Grid  raster.Grid
	Pixel object.Metric
	// Scenes of each date, in mosaic order; a scene pair is numbered before·len(after) + after.
	Before, After []raster.Scene
	// Extents are the bounds in the run's CRS of the before and the after scenes.
	Extents [2][]raster.Bounds
	// Region is the run's polygon in pixel coordinates; nil when the whole grid belongs to the run.
	Region orb.MultiPolygon

	Rules     *rules.Rules
	RulesText []byte
	// Survey is nil for a run without one.
	Survey  *SurveyPlan
	Outputs []string

	// Planes are the inputs of the rules' program; Roles the bands they are computed from.
	Planes []Plane
	Roles  []raster.Role
	// CleanHalo and TextureHalo are the pixels that a tile reads beyond its core.
	CleanHalo, TextureHalo int

	// Tile is the edge of a tile, Workers the tiles in work at once, CacheBytes the decoded pixels kept per date.
	Tile, Workers int
	CacheBytes    int64
	// WorkerBytes is what one tile in work occupies.
	WorkerBytes int64

	// Gaps lists what a kind needs and which scenes lack it.
	Gaps []Lack
	// Warnings are what the user should know before starting.
	Warnings []string
	// Sources are the files that the run reads.
	Sources []Source
	// Key names the product: a hash of inputs, rules, settings and version.
	Key string
}

// SurveyPlan is how the survey will be read.
type SurveyPlan struct {
	System landclass.System
	Layer  vector.LayerSpec
	Info   vector.LayerInfo
	// ID and Unit are fields of Layer, "" when the layer lacks them.
	ID, Unit string
}

// Lack says that a scene lacks bands that a kind needs: the kind is not judgeable there.
type Lack struct {
	Kind, Date, Scene string
	Roles             []raster.Role
}

// Plane is one input of the rules' program: a band of a date, or a texture computed from the date's brightness.
type Plane struct {
	Date bandmath.Date
	Role raster.Role
	// Texture is "" for a band.
	Texture texture.Kind
	Size    texture.Size
}

// NewPlan opens what the run file names, far enough to decide how the run will go.
func NewPlan(ctx context.Context, d Drivers, f *runfile.File, o Options) (*Plan, error) {
	o = o.withDefaults()
	if o.Memory < leastMemory {
		return nil, badInput("%d MiB of memory is too little: give at least %d MiB", o.Memory>>20, leastMemory>>20)
	}
	p := &Plan{Name: f.Name, Workers: o.Workers, Outputs: slices.Clone(f.Outputs)}
	var err error
	if p.Before, err = openScenes(ctx, d.Imagery, "before", f.Before); err != nil {
		return nil, err
	}
	if p.After, err = openScenes(ctx, d.Imagery, "after", f.After); err != nil {
		return nil, err
	}
	if len(p.Before)*len(p.After) > 1<<16 {
		return nil, badInput("%d before and %d after scenes make more than 65,536 pairs: split the run by county", len(p.Before), len(p.After))
	}
	if err := p.loadRules(f); err != nil {
		return nil, err
	}
	if err := p.place(ctx, d, f); err != nil {
		return nil, err
	}
	if err := p.needs(); err != nil {
		return nil, err
	}
	p.size(o)
	if p.Key, err = p.key(f, o.Version); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *Plan) loadRules(f *runfile.File) error {
	var sys landclass.System
	if f.Survey != nil {
		var err error
		if sys, err = landclass.ParseSystem(f.Survey.System); err != nil {
			return badInput("survey: %w", err)
		}
		p.Survey = &SurveyPlan{System: sys}
	}
	name := "the default rules"
	p.RulesText = rules.Default()
	if f.Rules != "default" {
		name = f.Rules
		var err error
		if p.RulesText, err = os.ReadFile(f.Rules); err != nil {
			return badInput("rules: %w", err)
		}
	}
	file, err := rules.Parse(name, p.RulesText)
	if err != nil {
		return badInput("%w", err)
	}
	if p.Rules, err = file.Compile(sys); err != nil {
		return badInput("%s: %w", name, err)
	}
	return nil
}

// place decides the run's grid: where both dates, the survey and the region overlap, on the run's lattice.
func (p *Plan) place(ctx context.Context, d Drivers, f *runfile.File) error {
	lattice, err := runLattice(f, p.Before)
	if err != nil {
		return err
	}
	c := d.Coordinates
	if err := unify(c, lattice.CRS, p.Before); err != nil {
		return err
	}
	if err := unify(c, lattice.CRS, p.After); err != nil {
		return err
	}
	if p.Extents[0], err = extents(c, lattice.CRS, p.Before); err != nil {
		return err
	}
	if p.Extents[1], err = extents(c, lattice.CRS, p.After); err != nil {
		return err
	}
	extent := union(p.Extents[0])
	meet := func(what string, b raster.Bounds) error {
		both := extent.Intersect(b)
		if both.Empty() || both.MinX == both.MaxX || both.MinY == both.MaxY {
			return disjoint(what, extent, b)
		}
		extent = both
		return nil
	}
	if err := meet("the before and the after imagery", union(p.Extents[1])); err != nil {
		return err
	}
	if f.Survey != nil {
		b, err := p.describeSurvey(ctx, d, f.Survey, lattice.CRS)
		if err != nil {
			return err
		}
		if err := meet("the imagery and the survey", b); err != nil {
			return err
		}
	}
	var region orb.MultiPolygon
	if f.Region != nil {
		b, mp, err := readRegion(ctx, d, f.Region, lattice.CRS)
		if err != nil {
			return err
		}
		if err := meet("the imagery (with the survey) and the region", b); err != nil {
			return err
		}
		region = mp
	}
	if p.Grid, err = cut(lattice, extent); err != nil {
		return err
	}
	p.Region = toPixels(p.Grid, region)
	x, y, err := c.GroundSize(p.Grid)
	if err != nil {
		return badInput("%w", err)
	}
	p.Pixel = object.Metric{X: x, Y: y}
	return nil
}

// extraFields of the survey are carried over to the patches where the layer has them.
var extraFields = []string{"DLMC", "ZLDWMC", "TBXHDM", "TBXHMC", "ZZSXDM", "ZZSXMC", "CZCSXM"}

func (p *Plan) describeSurvey(ctx context.Context, d Drivers, s *runfile.Survey, crs string) (raster.Bounds, error) {
	spec := vector.LayerSpec{Source: s.Source, Layer: s.Layer, Encoding: s.Encoding}
	info, err := d.Vectors.DescribeLayer(ctx, spec)
	if err != nil {
		return raster.Bounds{}, badInput("survey: %w", err)
	}
	has := func(field string) bool { return slices.Contains(info.Fields, field) }
	if !has(s.Class) {
		return raster.Bounds{}, badInput("survey: %s: layer %s has no field %s: it has %v", s.Source, info.Name, s.Class, info.Fields)
	}
	if info.CRS == "" {
		return raster.Bounds{}, badInput("survey: %s: layer %s has no coordinate reference system: assign the one it is in (ogr2ogr -a_srs EPSG:n)", s.Source, info.Name)
	}
	spec.Layer = info.Name
	spec.Fields = []string{s.Class}
	optional := func(field string) string {
		if field == "" || !has(field) {
			return ""
		}
		if !slices.Contains(spec.Fields, field) {
			spec.Fields = append(spec.Fields, field)
		}
		return field
	}
	p.Survey.ID, p.Survey.Unit = optional(s.ID), optional(s.Unit)
	for _, field := range extraFields {
		optional(field)
	}
	if p.Survey.Unit == "" {
		p.Warnings = append(p.Warnings, fmt.Sprintf("the survey has no field %s: 行政区代码 (XZQDM) stays empty and totals by unit are left out", s.Unit))
	}
	p.Survey.Layer, p.Survey.Info = spec, info
	b, err := d.Coordinates.TransformBounds(info.CRS, crs, info.Bounds)
	if err != nil {
		return b, badInput("survey: %s: its extent cannot be expressed in the run's coordinate reference system: %w", s.Source, err)
	}
	return b, nil
}

// readRegion returns the region's bounds in crs, and its polygons when it is a layer.
func readRegion(ctx context.Context, d Drivers, r *runfile.Region, crs string) (raster.Bounds, orb.MultiPolygon, error) {
	if r.Source == "" {
		b, err := d.Coordinates.TransformBounds(r.CRS, crs, raster.Bounds{MinX: r.BBox[0], MinY: r.BBox[1], MaxX: r.BBox[2], MaxY: r.BBox[3]})
		if err != nil {
			return b, nil, badInput("region: %w", err)
		}
		return b, nil, nil
	}
	var all orb.MultiPolygon
	bounds := raster.EmptyBounds()
	engine := d.Geometry()
	spec := vector.LayerSpec{Source: r.Source, Layer: r.Layer}
	err := d.Vectors.ReadLayer(ctx, spec, crs, func(f vector.Feature) error {
		if len(f.WKB) == 0 {
			return nil
		}
		out, _, err := engine.Repair(f.WKB)
		if err != nil || len(out) == 0 {
			return err
		}
		g, err := wkb.Unmarshal(out)
		if err != nil {
			return err
		}
		switch g := g.(type) {
		case orb.Polygon:
			all = append(all, g)
		case orb.MultiPolygon:
			all = append(all, g...)
		}
		return nil
	})
	if err != nil {
		return bounds, nil, badInput("region: %w", err)
	}
	for _, poly := range all {
		for _, q := range poly[0] {
			bounds = bounds.Extend(q[0], q[1])
		}
	}
	if bounds.Empty() {
		return bounds, nil, badInput("region: %s holds no polygon", r.Source)
	}
	return bounds, all, nil
}

// toPixels converts CRS coordinates to pixel coordinates of the grid.
func toPixels(g raster.Grid, mp orb.MultiPolygon) orb.MultiPolygon {
	return mapPoints(mp, func(x, y float64) (float64, float64) { return g.Pixel(x, y) })
}

// toCRS converts pixel coordinates of the grid to CRS coordinates, and turns rings round where the rows run downwards,
// so that exteriors stay counter-clockwise.
func toCRS(g raster.Grid, mp orb.MultiPolygon) orb.MultiPolygon {
	out := mapPoints(mp, g.Point)
	if g.Transform[1]*g.Transform[5]-g.Transform[2]*g.Transform[4] < 0 {
		for _, p := range out {
			for _, r := range p {
				slices.Reverse(r)
			}
		}
	}
	return out
}

func mapPoints(mp orb.MultiPolygon, f func(x, y float64) (float64, float64)) orb.MultiPolygon {
	if mp == nil {
		return nil
	}
	out := make(orb.MultiPolygon, len(mp))
	for i, p := range mp {
		out[i] = make(orb.Polygon, len(p))
		for j, r := range p {
			out[i][j] = make(orb.Ring, len(r))
			for k, q := range r {
				x, y := f(q[0], q[1])
				out[i][j][k] = orb.Point{x, y}
			}
		}
	}
	return out
}
