package pipeline

import (
	"context"
	"fmt"
	"time"

	"github.com/paulmach/orb"

	"tuban/classify/day"
	"tuban/pipeline/runfile"
	"tuban/raster"
	"tuban/raster/vector"
)

// seams say which origin each pixel of a finished mosaic has.
type seams struct {
	zones []zone
	// origin of each zone, −1 for those that are not on the scene; rest that of the scene's other pixels, −1 without one.
	origin []int32
	rest   int32
}

// fill writes the origin of each pixel of w to dst, −1 where there is none.
func (s *seams) fill(dst []int32, w raster.Window) {
	raster.Fill(dst, s.rest)
	burnZones(dst, w, s.zones, func(i int) (int32, bool) { return s.origin[i], s.origin[i] >= 0 })
}

// openSeams finds the origins of date d, and reads the seam lines of the scenes that have them.
func (p *Plan) openSeams(ctx context.Context, zones *zoneReader, d int) ([]Origin, error) {
	var all []Origin
	list := make([]*seams, len(p.scenes(d)))
	any := false
	for i, s := range p.scenes(d) {
		extent := p.Extents[d][i]
		whole := Origin{Scene: i, Date: s.Date, Sensor: s.Sensor, Name: s.ID, outline: orb.MultiPolygon{{rectangle(extent)}}}
		if i >= len(p.besides[d].entries) || p.besides[d].entries[i].Seams == nil {
			all = append(all, whole)
			continue
		}
		spec := p.besides[d].entries[i].Seams
		what := dateNames[d] + ": seams"
		fields := []string{spec.Date}
		if spec.Sensor != "" {
			fields = append(fields, spec.Sensor)
		}
		layer, err := zones.read(ctx, what, vector.LayerSpec{Source: spec.Source, Layer: spec.Layer, Encoding: spec.Encoding, Fields: fields})
		if err != nil {
			return nil, err
		}
		if layer.polygonal == 0 {
			return nil, badInput("%s: %s: layer %s holds no polygon: give the layer of seam lines with `layer:`, or leave `seams:` out", what, spec.Source, layer.name)
		}
		if b := layer.bounds.Intersect(extent); b.Empty() {
			return nil, disjoint(fmt.Sprintf("%s: the scene %s and the seam lines of %s", what, s.ID, spec.Source), extent, layer.bounds)
		}
		any = true
		list[i] = &seams{zones: layer.zones, rest: -1}
		own, err := list[i].join(p.Grid.Cover(extent), whole, spec, len(all))
		if err != nil {
			return nil, badInput("%s: %w", what, err)
		}
		if err := outlines(own, list[i], len(all), p.Grid, zones.drivers.Geometry()); err != nil {
			return nil, badInput("%s: %s: %w", what, spec.Source, err)
		}
		all = append(all, own...)
		if !s.Date.IsZero() {
			list[i].rest = int32(len(all))
			all = append(all, whole)
		} else if open := list[i].uncovered(p.Grid.Cover(extent)); open > 0.01 {
			p.Warnings = append(p.Warnings, fmt.Sprintf("%.0f %% of the extent of scene %s lie on no seam polygon of %s: where the image has pixels there, they have no date and stay unobserved; declare `date:` for them", 100*open, s.ID, baseOf(spec.Source)))
		}
	}
	if any {
		p.besides[d].seams = list
	}
	if len(all) == 0 {
		return nil, badInput("%s: no seam polygon lies on the scenes within the run's area: check the layer, and the region", dateNames[d])
	}
	return all, nil
}

// join gives the zones on the scene their origins, numbered from first: those of equal date and sensor share one.
func (s *seams) join(cover raster.Window, whole Origin, spec *runfile.Seams, first int) ([]Origin, error) {
	type key struct {
		day    time.Time
		sensor string
	}
	var own []Origin
	known := map[key]int32{}
	s.origin = make([]int32, len(s.zones))
	for i, z := range s.zones {
		s.origin[i] = -1
		if z.window.Intersect(cover).Empty() {
			continue
		}
		on, err := seamDay(z.values[0])
		if err != nil {
			return nil, fmt.Errorf("%s, feature %d: %q in field %s is no date: write it as 2025-08-20 or 20250820", spec.Source, z.fid, z.values[0], spec.Date)
		}
		k := key{on, whole.Sensor}
		if spec.Sensor != "" && z.values[1] != "" {
			k.sensor = z.values[1]
		}
		if _, ok := known[k]; !ok {
			known[k] = int32(first + len(own))
			own = append(own, Origin{
				Scene: whole.Scene, Date: on, Sensor: k.sensor, Name: fmt.Sprintf("%s#%d", whole.Name, z.fid),
				seam: fmt.Sprintf("seam polygon %d of %s", z.fid, baseOf(spec.Source)),
			})
		}
		s.origin[i] = known[k]
	}
	return own, nil
}

// outlines gives the origins, numbered from first, the polygons of their zones as one geometry each.
func outlines(own []Origin, s *seams, first int, g raster.Grid, engine Geometry) error {
	for i, z := range s.zones {
		if s.origin[i] >= 0 {
			o := &own[int(s.origin[i])-first]
			o.outline = append(o.outline, toCRS(g, z.geom)...)
		}
	}
	for i := range own {
		var err error
		if own[i].outline, err = united(engine, own[i].outline); err != nil {
			return fmt.Errorf("%s: %w", own[i].seam, err)
		}
	}
	return nil
}

// coverSamples is the edge of the picture in which the cover of a scene by its seam polygons is estimated.
const coverSamples = 256

// uncovered estimates the share of w on no zone.
func (s *seams) uncovered(w raster.Window) float64 {
	small := raster.Window{W: min(w.W, coverSamples), H: min(w.H, coverSamples)}
	if small.Empty() {
		return 0
	}
	fx, fy := float64(small.W)/float64(w.W), float64(small.H)/float64(w.H)
	on := make([]int32, small.Pixels())
	scaled := make([]zone, len(s.zones))
	for i, z := range s.zones {
		scaled[i] = zone{window: small, geom: mapPoints(z.geom, func(x, y float64) (float64, float64) {
			return (x - float64(w.X)) * fx, (y - float64(w.Y)) * fy
		})}
	}
	burnZones(on, small, scaled, func(i int) (int32, bool) { return 1, s.origin[i] >= 0 })
	open := 0
	for _, v := range on {
		if v == 0 {
			open++
		}
	}
	return float64(open) / float64(len(on))
}

// seamDay reads the day of a seam polygon, such as 2025-08-20, 20250820, 2025/8/20 or 2025/08/20 10:31:07.
func seamDay(s string) (time.Time, error) {
	on, err := day.Parse(s)
	if err == nil && (on.Year() < 1970 || on.Year() > 2100) {
		err = fmt.Errorf("%q is no day of any imagery", s)
	}
	return on, err
}
