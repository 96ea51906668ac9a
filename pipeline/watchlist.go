package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"tuban/classify/day"
	"tuban/pipeline/overlay"
	"tuban/pipeline/runfile"
	"tuban/raster/spell"
	"tuban/raster/vector"
)

// watched is a place that is judged in every run.
type watched struct {
	id, name, typ string
	// due is zero where no day was given.
	due time.Time
	// geom is in the run's CRS; nil where the layer has none that can be used.
	geom orb.MultiPolygon
}

// openWatch finds the layer of the watch list and its fields.
func (p *Plan) openWatch(ctx context.Context, d Drivers, w *runfile.Watch) error {
	if w == nil {
		return nil
	}
	spec := vector.LayerSpec{Source: w.Source, Layer: w.Layer, Encoding: w.Encoding}
	info, err := d.Vectors.DescribeLayer(ctx, spec)
	if err != nil {
		return badInput("watch: %w", err)
	}
	if _, err := placeLayer("watch", d.Coordinates, w.Source, info, p.Grid.CRS); err != nil {
		return err
	}
	spec.Layer = info.Name
	for _, field := range []string{w.ID, w.Title, w.Type, w.Due} {
		name, _ := overlay.FieldOf(info, field)
		if field != "" && name == "" {
			return badInput("watch: %s: layer %s has no field %s%s: it has %s", w.Source, info.Name, field, spell.Hint(field, info.Fields), strings.Join(info.Fields, ", "))
		}
		spec.Fields = append(spec.Fields, name)
	}
	p.Watch = &spec
	return nil
}

// readWatch reads the watch list. A place without a geometry stays on the list: it was forgotten by somebody else already.
func (p *Plan) readWatch(ctx context.Context, d Drivers) ([]vigil, error) {
	if p.Watch == nil {
		return nil, nil
	}
	w := *p.Watch
	engine := d.Geometry()
	var out []vigil
	at := map[string]int64{}
	err := d.Vectors.ReadLayer(ctx, w, p.Grid.CRS, func(f vector.Feature) error {
		x := watched{id: cmp.Or(f.Values[0], strconv.FormatInt(f.FID, 10)), name: f.Values[1], typ: f.Values[2]}
		if other, twice := at[x.id]; twice {
			return fmt.Errorf("%s: features %d and %d are both called %s: give each place an identifier of its own", w.Source, other, f.FID, x.id)
		}
		at[x.id] = f.FID
		var err error
		if x.due, err = day.Parse(f.Values[3]); err != nil {
			return fmt.Errorf("%s: feature %d: %s is %q, which is no day: write it as 2025-08-20", w.Source, f.FID, w.Fields[3], f.Values[3])
		}
		if len(f.WKB) > 0 {
			repaired, _, err := engine.Repair(f.WKB)
			if err != nil {
				return fmt.Errorf("%s: feature %d: %w", w.Source, f.FID, err)
			}
			if len(repaired) > 0 {
				if x.geom, err = vector.Polygons(repaired); err != nil {
					return fmt.Errorf("%s: feature %d: %w", w.Source, f.FID, err)
				}
			}
		}
		out = append(out, vigil{watched: x})
		return nil
	})
	if err != nil {
		return nil, badInput("watch: %w", err)
	}
	return out, nil
}
