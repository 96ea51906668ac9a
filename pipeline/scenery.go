package pipeline

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"

	"tuban/pipeline/picture"
	"tuban/pipeline/runfile"
	"tuban/raster"
)

// Scenery is the imagery of a finished product, opened again and shown as its run saw it: the mosaic order, seam lines, cloud
// masks and filled edges of the scenes, the after date in its measured place and, where it was normalised, on the scale of the
// before date.
type Scenery struct {
	plan  *Plan
	dates [2]*dated
	shown [2][]raster.Role
	// Infrared says that every scene has near infrared, so that false colour can be shown.
	Infrared bool
	// Normalised says that after values are shown on the scale of the before date.
	Normalised bool
	// Shared says that both dates are shown in one range of brightness.
	Shared bool
	// Changed lists the scenes whose files are of the recorded size, and yet not the recorded ones: copied, or touched.
	Changed []string

	stretch, falseColour [2]picture.Stretch

	mu       sync.Mutex
	failures []ReadFailure
}

// SceneryOptions says how a Scenery is opened. The zero value reads what the manifest names.
type SceneryOptions struct {
	// Moved names the imagery where the manifest's addresses are no longer right: the scenes of both dates, in the same order.
	Moved *runfile.File
	// Scratch is a folder for what is fetched and found on the way.
	Scratch string
	// Memory bounds the decoded pixels of both dates together, in bytes; 0 means 256 MiB.
	Memory int64
	// Workers says how many readers are in use together; 0 means one.
	Workers  int
	Progress Progress
	Log      *slog.Logger
}

func (o SceneryOptions) withDefaults() SceneryOptions {
	if o.Memory <= 0 {
		o.Memory = 256 << 20
	}
	if o.Workers <= 0 {
		o.Workers = 1
	}
	if o.Progress == nil {
		o.Progress = noProgress{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// OpenScenery opens the imagery that the product of m was made from. A file that is gone, or of another size than the run
// found, is an *InputError that says how to name another place. Close releases what is open.
func (d Drivers) OpenScenery(ctx context.Context, m *Manifest, o SceneryOptions) (*Scenery, error) {
	o = o.withDefaults()
	d = d.fetchingInto(filepath.Join(o.Scratch, "inputs"))
	p := &Plan{Grid: m.Grid, Workers: o.Workers, Tile: largestTile}
	s := &Scenery{plan: p}
	if err := p.recordedScenes(ctx, d, m, o.Moved); err != nil {
		return nil, err
	}
	var err error
	if s.Changed, err = p.compareInputs(ctx, d, m); err != nil {
		return nil, err
	}
	if err := unify(d.Coordinates, p.Grid.CRS, p.Before); err != nil {
		return nil, err
	}
	if err := unify(d.Coordinates, p.Grid.CRS, p.After); err != nil {
		return nil, err
	}
	for i := range p.Extents {
		if p.Extents[i], err = extents(d.Coordinates, p.Grid.CRS, p.scenes(i)); err != nil {
			return nil, err
		}
	}
	if err := p.openOrigins(ctx, d); err != nil {
		return nil, err
	}
	scratch, err := p.openScratch(Options{Scratch: filepath.Join(o.Scratch, m.Key)})
	if err != nil {
		return nil, err
	}
	_, lost, err := p.edges(ctx, d, scratch, Options{Workers: o.Workers, Progress: o.Progress, Log: o.Log})
	if err != nil {
		return nil, err
	}
	s.failures = lost
	s.choose()
	s.adjust(m.Measured)
	s.brightness(m.Measured)
	s.size(o.Memory / 2)
	for i := range s.dates {
		if s.dates[i], err = p.openDate(d.Imagery, i, p.Roles, p.CacheBytes); err != nil {
			return nil, errors.Join(err, s.Close())
		}
		s.dates[i].keepEdges(p.EdgeBytes)
	}
	return s, nil
}

// Tiles cuts the grid into what is read at once, on the storage blocks of the imagery, in the order in which no block is
// decoded twice.
func (s *Scenery) Tiles() []raster.Tile { return swaths(s.plan.tiles(), max(1, s.plan.Swath)) }

// Addresses are the URIs of the scenes of both dates, in mosaic order.
func (s *Scenery) Addresses() (out [2][]string) {
	for d := range out {
		for _, x := range s.plan.scenes(d) {
			out[d] = append(out[d], x.URI)
		}
	}
	return out
}

// Frugally calls a step that reads through readers of s, and keeps the heap within what decoded pixels leave of so many bytes.
func (s *Scenery) Frugally(memory int64, step func() error) error {
	return s.plan.frugally(memory, step)
}

// Decoded is the number of pixels that were decoded so far, those decoded twice counted twice.
func (s *Scenery) Decoded() int64 { return s.dates[0].decoded() + s.dates[1].decoded() }

// Failures lists what could not be read so far: it has no pixels in the pictures.
func (s *Scenery) Failures() []ReadFailure {
	s.mu.Lock()
	defer s.mu.Unlock()
	return gather(slices.Clone(s.failures))
}

// Close closes the files.
func (s *Scenery) Close() error {
	var errs []error
	for _, t := range s.dates {
		if t != nil {
			errs = append(errs, t.Close())
		}
	}
	return errors.Join(errs...)
}
