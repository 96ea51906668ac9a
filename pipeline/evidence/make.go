package evidence

import (
	"context"
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/paulmach/orb"
	"golang.org/x/sync/errgroup"

	"tuban/pipeline"
	"tuban/pipeline/picture"
	"tuban/pipeline/product"
	"tuban/raster"
)

// Result says what Make did.
type Result struct {
	// Sheets were asked for, Made of them now; the others were there. Printed were made as PDF.
	Sheets, Made, Printed int
	// Withheld patches get no sheet, because a county returned them under a category that does not leave the office.
	Withheld int
	// Tiles were read, in so many Passes; Decoded pixels of the files.
	Tiles, Passes int
	// Peak is how many bytes pictures in the making take together, Hash how many bytes of inputs had to be hashed.
	Peak, Hash int64
	Decoded    int64
	// Failures are parts of the imagery that could not be read, and are hatched in the pictures.
	Failures []pipeline.ReadFailure
	Index    string
}

// maker makes sheets of one product.
type maker struct {
	d       pipeline.Drivers
	p       *product.Product
	o       Options
	grid    raster.Grid
	pixel   [2]float64
	scenery *pipeline.Scenery
	// infrared says that pictures in false colour are made too.
	infrared bool
	look     string
	scratch  string
	sensors  map[string]string
	subjects []*subject
	// allowed are the sheets that may stand in the folder, known the candidates of which no others may.
	allowed, known map[string]bool
	// drawn are the outlines of released patches that `changes` does not have.
	drawn      []orb.MultiPolygon
	inputList  inputList
	listDigest Digest
	unhashed   int64
	withheld   int
	bound      []string
	todo       []*order
	// lost says that imagery was lost before any picture was begun: any sheet may lack some of it.
	lost bool
	// stamps are those of the sheets as they are in the folder; mu guards them while sheets are made.
	stamps map[*subject]string
	mu     sync.Mutex
}

// order is a sheet to be made.
type order struct {
	*subject
	text  sheet
	stamp string
}

// Make leaves a sheet for each patch of p that o asks for, and their index. Sheets that are there already, of the same product
// and with the same content, are left alone; after an interruption the same call continues.
func Make(ctx context.Context, d pipeline.Drivers, p *product.Product, o Options) (*Result, error) {
	o = o.withDefaults()
	m := &maker{d: d, p: p, o: o, grid: p.Manifest.Grid, sensors: map[string]string{}, stamps: map[*subject]string{}}
	if o.DryRun {
		defer func() { os.RemoveAll(m.scratch) }()
	}
	if err := m.open(ctx); err != nil {
		return nil, err
	}
	defer m.scenery.Close()
	if err := m.inputs(ctx, m.scenery); err != nil {
		return nil, err
	}
	if err := m.choose(); err != nil {
		return nil, err
	}
	passes := m.schedule()
	r := &Result{Sheets: len(m.subjects), Made: len(m.todo), Passes: len(passes), Hash: m.unhashed, Withheld: m.withheld}
	for _, p := range passes {
		r.Tiles += len(p.tiles)
		r.Peak = max(r.Peak, p.peak)
	}
	if o.DryRun {
		return r, nil
	}
	if err := m.sweep(); err != nil {
		return nil, err
	}
	m.o.Progress.Stage("sheets", int64(len(m.todo)))
	err := m.scenery.Frugally(o.Memory, func() error {
		for _, p := range passes {
			if err := m.run(ctx, p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	r.Decoded, r.Failures = m.scenery.Decoded(), m.scenery.Failures()
	if o.PDF {
		if r.Printed, err = m.print(ctx); err != nil {
			return nil, err
		}
	}
	r.Index = filepath.Join(o.To, indexName)
	return r, m.writeIndex(r.Failures)
}

// open reads the product and opens its imagery.
func (m *maker) open(ctx context.Context) error {
	if err := m.folder(); err != nil {
		return err
	}
	var err error
	if m.pixel[0], m.pixel[1], err = m.d.Coordinates.GroundSize(m.grid); err != nil {
		return pipeline.NewInputError(err)
	}
	if err := m.load(ctx); err != nil {
		return err
	}
	m.scenery, err = m.d.OpenScenery(ctx, m.p.Manifest, pipeline.SceneryOptions{
		Moved: m.o.Moved, Scratch: m.scratch, Workers: m.o.Workers, Memory: m.o.free() / 2, Progress: m.o.Progress, Log: m.o.Log,
	})
	if err != nil {
		return err
	}
	m.lost = len(m.scenery.Failures()) > 0
	m.infrared = m.scenery.Infrared && !m.o.NaturalOnly
	m.look = lookOf(m.scenery, m.infrared)
	return nil
}

// choose finds the sheets that are still to be made.
func (m *maker) choose() error {
	for _, s := range m.subjects {
		text := m.describe(s)
		stamp, err := m.stampOfSheet(s, text)
		if err != nil {
			return err
		}
		m.stamps[s] = stamp
		if !hasStamp(m.path(s), stamp) {
			m.todo = append(m.todo, &order{s, text, stamp})
		}
	}
	return nil
}

// schedule plans how the imagery is read. Pictures in the making get a quarter of the free memory.
func (m *maker) schedule() []pass {
	frames := make([]frame, len(m.todo))
	for i, s := range m.todo {
		frames[i] = s.frame
	}
	return schedule(frames, m.infrared, m.scenery.Tiles(), m.o.free()/4)
}

// run reads the tiles of a pass, and makes each sheet when its pictures are whole.
func (m *maker) run(ctx context.Context, p pass) error {
	cuts := p.cuts()
	var mu sync.Mutex
	making := map[int]*chip{}
	// A picture takes memory from its first piece to its last.
	chipOf := func(i int) *chip {
		mu.Lock()
		defer mu.Unlock()
		if making[i] == nil {
			making[i] = newChip(m.todo[i].frame, m.infrared, cuts[i])
		}
		return making[i]
	}
	queue := make(chan work)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(queue)
		for _, t := range p.tiles {
			select {
			case queue <- t:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	done := make(chan int)
	for range m.o.Workers {
		g.Go(func() error {
			r := m.scenery.Reader()
			for t := range queue {
				for _, c := range t.pieces {
					if err := r.Read(ctx, c.Window); err != nil {
						return err
					}
					chip := chipOf(c.frame)
					if !chip.take(r, c.Window) {
						continue
					}
					mu.Lock()
					delete(making, c.frame)
					mu.Unlock()
					if err := m.finish(m.todo[c.frame], chip); err != nil {
						return err
					}
					select {
					case done <- c.frame:
					case <-ctx.Done():
						return ctx.Err()
					}
				}
			}
			return nil
		})
	}
	g.Go(func() error {
		for range cuts {
			select {
			case <-done:
				m.o.Progress.Advance(1)
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	return g.Wait()
}

// gapped ends the stamp of a sheet that lacks imagery because it could not be read. No call asks for such a stamp, so that each
// tries again.
const gapped = "-gaps"

// finish writes the sheet of a patch.
func (m *maker) finish(s *order, c *chip) error {
	stamp := s.stamp
	if m.lost || c.lost {
		stamp += gapped
	}
	m.mu.Lock()
	m.stamps[s.subject] = stamp
	m.mu.Unlock()
	b, err := m.render(s.subject, s.text, stamp, c.finish())
	if err != nil {
		return fmt.Errorf("sheet of %s: %w", s.cid, err)
	}
	path := m.path(s.subject)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return pipeline.NewInputError(err)
	}
	// A PDF of what the sheet was before says something else under its name.
	if err := remove(m.pdf(s.subject)); err != nil {
		return err
	}
	return put(path, b)
}

// colour is that of the patch's kind on the map of the product.
func (m *maker) colour(s *subject) color.RGBA {
	kind := s.Text("kind")
	return picture.Palette(slices.IndexFunc(m.p.Manifest.Judging, func(j pipeline.Judging) bool { return j.Kind == kind }))
}
