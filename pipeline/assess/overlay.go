package assess

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"tuban/classify/accuracy"
	"tuban/raster/nearby"
)

// Overlay finds how objects and patches cover each other: per object the pieces that patches take of it, per patch how much
// of it lies on objects. Where patches overlap, the one that comes first in order has the piece. Areas are as area measures
// them.
func Overlay(ctx context.Context, engine Geometry, objects, patches []orb.MultiPolygon, order []int, area func(orb.MultiPolygon) (float64, error)) (pieces [][]accuracy.Piece, covered []float64, err error) {
	pieces, covered = make([][]accuracy.Piece, len(objects)), make([]float64, len(patches))
	place := make([]int, len(patches))
	for rank, i := range order {
		place[i] = rank
	}
	near := nearby.New(patches)
	for k, g := range objects {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		list := near.Touching(g)
		slices.SortFunc(list, func(a, b int) int { return cmp.Compare(place[a], place[b]) })
		err := cut(engine, g, list, patches, area, func(i int, a float64) {
			pieces[k] = append(pieces[k], accuracy.Piece{Patch: i, Area: a})
		})
		if err != nil {
			return nil, nil, fmt.Errorf("object %d of the reference: %w", k+1, err)
		}
	}
	near = nearby.New(objects)
	for k, g := range patches {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		list := near.Touching(g)
		slices.Sort(list)
		if err := cut(engine, g, list, objects, area, func(_ int, a float64) { covered[k] += a }); err != nil {
			return nil, nil, fmt.Errorf("patch %d: %w", k+1, err)
		}
	}
	return pieces, covered, nil
}

// cut visits what those of others that list names take of g.
func cut(engine Geometry, g orb.MultiPolygon, list []int, others []orb.MultiPolygon, area func(orb.MultiPolygon) (float64, error), visit func(i int, area float64)) error {
	if len(list) == 0 {
		return nil
	}
	geoms := make([]orb.MultiPolygon, len(list))
	for i, k := range list {
		geoms[i] = others[k]
	}
	parts, _, err := engine.Overlay(g, geoms)
	if err != nil {
		return err
	}
	for _, part := range parts {
		a, err := area(part.Geom)
		if err != nil {
			return err
		}
		visit(list[part.Index], a)
	}
	return nil
}

// ranking is the order in which candidates take pieces: published ones and those with a high score first.
func ranking(list []candidate) []int {
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	score := func(c candidate) float64 {
		if math.IsNaN(c.score) {
			return -1
		}
		return c.score
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if list[a].published != list[b].published {
			if list[a].published {
				return -1
			}
			return 1
		}
		return cmp.Compare(score(list[b]), score(list[a]))
	})
	return order
}
