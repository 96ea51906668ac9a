package survey

import (
	"context"
	"fmt"
	"math"
	"runtime"

	"github.com/paulmach/orb"
	"golang.org/x/sync/errgroup"

	"tuban/raster"
	"tuban/raster/vector"
)

// Source reads the features of a vector layer, in the CRS asked for.
type Source interface {
	ReadLayer(ctx context.Context, s vector.LayerSpec, crs string, visit func(vector.Feature) error) error
}

// Repairer makes a polygon valid and says what was wrong with it; reason is "" when nothing was, and out is nil when
// nothing polygonal is left. It serves one goroutine.
type Repairer interface {
	Repair(wkb []byte) (out []byte, reason string, err error)
}

// Options say what to stage.
type Options struct {
	// What is called by its name in errors; by default the survey.
	What string
	// Layers are read one behind the other in this order, each in its own system. The Fields of each are those of Fields
	// under the names that they have there, "" for one that it lacks.
	Layers []vector.LayerSpec
	// Fields are the values staged with each parcel; the first is the class.
	Fields []string
	Grid   raster.Grid
	// Known reports whether a class code exists in the declared code system; codes that do not are counted, not dropped.
	Known func(code string) bool
	// Keep, when set, says which features are staged, by the values of Fields in a file of Layers; the others are counted. It is
	// called concurrently.
	Keep func(file int, values []string) bool
	// Overlapping says that features may lie on each other, so that Overlaps are of no interest.
	Overlapping bool
	// Repairer makes one engine per worker.
	Repairer func() Repairer
	// Progress, when set, is told the number of features read since the last call.
	Progress func(n int64)
}

// batchSize features travel together: enough to keep the workers from waiting on each other.
const batchSize = 256

type item struct {
	geom   []byte
	values []string
	file   int
	fid    int64
	reason string
	shape  orb.MultiPolygon
	// left says that Options.Keep does not want it.
	left bool
}

type batch struct {
	items []item
	done  chan struct{}
}

// Stage reads the layers once and writes the stage file at path. The order of the parcels is that of the layers and of the
// features in them, so their indices are the same at every run.
func Stage(outer context.Context, path string, src Source, o Options) (*Store, error) {
	if o.Progress == nil {
		o.Progress = func(int64) {}
	}
	if o.What == "" {
		o.What = "the survey"
	}
	w, err := create(path, o)
	if err != nil {
		return nil, err
	}
	defer w.abort()
	workers := max(1, runtime.GOMAXPROCS(0))
	work, order := make(chan *batch, workers), make(chan *batch, 2*workers)
	g, ctx := errgroup.WithContext(outer)
	g.Go(func() error {
		defer close(order)
		defer close(work)
		return read(ctx, src, o, work, order)
	})
	for range workers {
		g.Go(func() error {
			engine := o.Repairer()
			for b := range work {
				for i := range b.items {
					if err := b.items[i].repair(engine, o); err != nil {
						return err
					}
				}
				close(b.done)
			}
			return nil
		})
	}
	g.Go(func() error {
		for b := range order {
			select {
			case <-b.done:
			case <-ctx.Done():
				return ctx.Err()
			}
			for i := range b.items {
				if err := w.add(&b.items[i]); err != nil {
					return err
				}
			}
			o.Progress(int64(len(b.items)))
		}
		return nil
	})
	if err := g.Wait(); err != nil {
		return nil, fmt.Errorf("staging %s %w", o.What, err)
	}
	if err := w.finish(outer); err != nil {
		return nil, fmt.Errorf("staging %s in %s: %w", o.What, path, err)
	}
	return open(path)
}

// read sends every batch first to order, then to work, so that order holds them as they were read.
func read(ctx context.Context, src Source, o Options, work, order chan<- *batch) error {
	b := &batch{done: make(chan struct{})}
	send := func() error {
		for _, to := range []chan<- *batch{order, work} {
			select {
			case to <- b:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		b = &batch{done: make(chan struct{})}
		return nil
	}
	for file, layer := range o.Layers {
		err := src.ReadLayer(ctx, layer, o.Grid.CRS, func(f vector.Feature) error {
			b.items = append(b.items, item{
				geom: append([]byte(nil), f.WKB...), file: file, fid: f.FID, reason: f.Problem, values: append([]string(nil), f.Values...),
			})
			if len(b.items) == batchSize {
				return send()
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("%s: %w", layer.Source, err)
		}
	}
	return send()
}

func (it *item) repair(engine Repairer, o Options) error {
	if o.Keep != nil && !o.Keep(it.file, it.values) {
		it.left, it.reason = true, ""
		return nil
	}
	if len(it.geom) == 0 {
		return nil
	}
	out, reason, err := engine.Repair(it.geom)
	if err != nil {
		// One parcel that cannot be mended costs that parcel, counted and reported, not the run.
		out, reason = nil, "cannot be repaired"
	}
	it.reason = reason
	if len(out) == 0 {
		it.geom = nil
		return nil
	}
	it.shape, err = vector.Polygons(out)
	if err != nil {
		return fmt.Errorf("%s: feature %d: %w", o.Layers[it.file].Source, it.fid, err)
	}
	it.geom = out
	return nil
}

// pixelBounds returns the pixels that the shape can touch, clipped to the grid.
func pixelBounds(g raster.Grid, mp orb.MultiPolygon) raster.Window {
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, p := range mp {
		for _, r := range p {
			for _, q := range r {
				x, y := g.Pixel(q[0], q[1])
				x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
			}
		}
	}
	clamp := func(v float64, n int) int { return int(max(-1, min(v, float64(n)+1))) }
	w := raster.Window{X: clamp(math.Floor(x0), g.W), Y: clamp(math.Floor(y0), g.H)}
	w.W, w.H = clamp(math.Ceil(x1), g.W)-w.X, clamp(math.Ceil(y1), g.H)-w.Y
	return w.Intersect(g.Window())
}
