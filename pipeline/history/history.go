// Package history reads what a run must know of those before it: the candidates of the last product, and what people decided of them
// and released, from the register. It stands between pipeline, which tracks, and the packages that read what pipeline writes.
package history

import (
	"context"
	"fmt"
	"strings"

	"github.com/paulmach/orb"

	"tuban/pipeline"
	"tuban/pipeline/product"
	"tuban/pipeline/register"
	"tuban/pipeline/track"
)

// Reader is a pipeline.History on products and registers.
type Reader struct{}

// RegisterHash names the content of the register in dir; "" for an empty one.
func (Reader) RegisterHash(dir string) (string, error) {
	r, err := register.Open(dir)
	if err != nil {
		return "", err
	}
	return r.Hash(), nil
}

// Read reads the candidates of the product in the folder earlier and the decisions of the register in the folder of that name, each
// where it is not "". Outlines are in crs.
func (Reader) Read(ctx context.Context, d pipeline.Drivers, earlier, dir, crs string) (*pipeline.Past, error) {
	past := &pipeline.Past{}
	if earlier != "" {
		var err error
		if past.Known, err = known(ctx, d, earlier, crs); err != nil {
			return nil, err
		}
	}
	if dir != "" {
		r, err := register.Open(dir)
		if err != nil {
			return nil, err
		}
		if err := remember(past, r, func(s register.Shape) (orb.MultiPolygon, error) {
			if s.WKB == "" {
				return nil, nil
			}
			if ok, err := d.Coordinates.SameCRS(s.CRS, crs); err != nil || !ok {
				return nil, err
			}
			return s.Polygons()
		}); err != nil {
			return nil, fmt.Errorf("%s: %w", r.Path(), err)
		}
	}
	return past, nil
}

// known reads the layers `changes`, `dropped` and `gone` of a product.
func known(ctx context.Context, d pipeline.Drivers, dir, crs string) (out []track.Known, err error) {
	p, err := product.Open(ctx, d, dir)
	if err != nil {
		return nil, err
	}
	defer func() {
		if closed := p.Close(); err == nil {
			err = closed
		}
	}()
	seen := map[string]string{}
	for _, layer := range []string{"changes", "dropped", "gone"} {
		list, has, err := p.Layer(ctx, layer, crs)
		if err != nil {
			return nil, err
		}
		if !has && layer == "changes" {
			return nil, pipeline.NewInputError(fmt.Errorf("%s: changes.gpkg has no layer changes: the product is damaged, `tuban run --force` makes it anew", dir))
		}
		for _, r := range list {
			k := candidate(r, layer)
			if other, twice := seen[k.CID]; twice || k.CID == "" {
				return nil, pipeline.NewInputError(fmt.Errorf("%s: layer %s, feature %d: the candidate number %q stands in layer %s already: the product is damaged, `tuban run --force` makes it anew", dir, layer, r.FID, k.CID, other))
			}
			seen[k.CID] = layer
			out = append(out, k)
		}
	}
	return out, nil
}

// candidate is a row of a layer. A product of an earlier version knows neither versions nor first days: its candidates are their own
// version, first seen by its after imagery.
func candidate(r product.Row, layer string) track.Known {
	k := track.Known{
		CID: r.Text("cid"), GV: r.Text("gv"), Kind: r.Text("kind"), Type: r.Text("TBLX"), Geom: r.Geom,
		First: r.Text("SCFX"), Last: r.Text("HSX"), Verdict: r.Text("PDJL"), Released: strings.Fields(r.Text("FBBH")),
	}
	if k.GV == "" {
		k.GV = k.CID
	}
	if k.First == "" {
		k.First = k.Last
	}
	switch layer {
	case "gone":
		k.Last, k.Published, k.Gone = r.Text("last"), true, track.Reason(r.Text("reason"))
		k.Area, _ = r.Number("MJ")
	case "dropped":
		// One that was published in an earlier run is no longer called new.
		relation := track.Relation(r.Text("track"))
		k.Published = relation != "" && relation != track.New || len(k.Released) > 0
		k.Area, _ = r.Number("JCMJ")
	default:
		k.Published = true
		k.Area, _ = r.Number("JCMJ")
	}
	return k
}
