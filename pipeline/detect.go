package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"

	"golang.org/x/sync/errgroup"

	"tuban/classify/object"
	"tuban/pipeline/survey"
	"tuban/raster/vector"
)

// Detect executes a plan: it leaves the product in o.Out, its manifest last. A product of the same key is left alone and
// its manifest returned, unless it has gaps that another try may close; one of another key is refused unless o.Force. After
// an interruption, the same call continues with the tiles that are missing.
func Detect(ctx context.Context, d Drivers, p *Plan, o Options) (*Manifest, error) {
	o = o.withDefaults()
	o.Progress = &oneAtATime{p: o.Progress, account: o.Account}
	if o.Out == "" {
		return nil, badInput("no folder for the product: give `out:` in the run file or --out")
	}
	d = d.fetchingInto(filepath.Join(o.workFolder(), "inputs"))
	if done, err := p.Finished(ctx, d, o); done != nil || err != nil {
		return done, err
	}
	if err := p.protectInputs(o.Out); err != nil {
		return nil, err
	}
	if remote(o.Out) {
		// Before the work, not after it.
		if err := probe(ctx, d, o); err != nil {
			return nil, err
		}
	}
	scratch, err := p.openScratch(o)
	if err != nil {
		return nil, err
	}
	unlock, err := LockFolder(ctx, scratch)
	if err != nil {
		return nil, err
	}
	defer unlock()
	place := o.Out
	if remote(o.Out) {
		place = o.workFolder() // two runs on this machine that put to one address share it
	}
	unlockOut, err := LockFolder(ctx, place)
	if err != nil {
		return nil, err
	}
	defer unlockOut()
	// Who held the lock a moment ago may have finished something.
	if done, err := p.Finished(ctx, d, o); done != nil || err != nil {
		return done, err
	}
	if remote(o.Out) {
		return p.publish(ctx, d, scratch, o)
	}
	return p.detect(ctx, d, scratch, o)
}

// gcPercent is by how much the heap may grow before it is collected, while a run reads: buffers of pixels hold no pointers,
// so that to collect is cheap.
const gcPercent = 10

// frugally calls a step that holds buffers which serve again: there is little to collect, and by default as much memory again
// would be let grow beside them. What decoded pixels take of the memory bound, outside the heap, is not left to it.
func (p *Plan) frugally(memory int64, step func() error) error {
	defer debug.SetGCPercent(debug.SetGCPercent(gcPercent))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(heapLimit(memory - 2*p.CacheBytes)))
	return step()
}

// heapLimit is what of the memory bound is left to Go's heap, in bytes: the native libraries, and the supervisor of this
// process, take the rest, as measured. Below least the collector would do nothing but collect.
func heapLimit(memory int64) int64 {
	const others, least = 264 << 20, 48 << 20
	return max(memory-others, least)
}

// detect makes the product in the folder o.Out on disk, whatever is there.
func (p *Plan) detect(ctx context.Context, d Drivers, scratch string, o Options) (*Manifest, error) {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(heapLimit(o.Memory)))

	r := &result{plan: p}
	var store *survey.Store
	var err error
	if r.past, err = p.readPast(ctx, d); err != nil {
		return nil, err
	}
	if r.vigils, err = p.readWatch(ctx, d); err != nil {
		return nil, err
	}
	if p.Survey != nil {
		if store, r.survey, err = p.stage(ctx, d, scratch, o); err != nil {
			return nil, err
		}
		defer store.Close()
	}
	if r.legal, err = p.stageLayers(ctx, d, scratch, o); err != nil {
		return nil, err
	}
	defer r.legal.Close()
	edges, lost, err := p.edges(ctx, d, scratch, o)
	r.edgeFailures = lost
	if err != nil {
		return nil, err
	}
	defer p.sketch(d.Imagery, o)()
	err = p.frugally(o.Memory, func() (err error) {
		p, r.measured, err = p.measure(ctx, d, store, o)
		return err
	})
	if err != nil {
		return nil, err
	}
	r.plan = p
	r.measured.Edges = edges
	for _, w := range r.measured.warnings() {
		o.Log.Warn(w.EN)
	}
	measured, err := r.measured.hash()
	if err != nil {
		return nil, err
	}
	err = p.frugally(o.Memory, func() (err error) {
		r.scan, err = p.scan(ctx, d, store, filepath.Join(scratch, "scan-"+p.ScanKey+"-"+measured), o)
		return err
	})
	if err != nil {
		return nil, err
	}
	// The tiles are done: what their buffers took is wanted for patches.
	freed := make(chan struct{})
	go func() {
		defer close(freed)
		debug.FreeOSMemory()
	}()
	o.Progress.Stage("join", 0)
	r.joined, err = p.join(r.scan.runs)
	<-freed
	if err != nil {
		return nil, err
	}
	r.scan.runs = nil
	if err := p.describe(ctx, d, store, r, o); err != nil {
		return nil, err
	}
	if err := r.follow(d, o); err != nil {
		return nil, err
	}
	if err := r.triage(); err != nil {
		return nil, err
	}
	if err := r.look(ctx, d, store, o); err != nil {
		return nil, err
	}
	m, err := r.write(ctx, d, o)
	if err != nil {
		return nil, err
	}
	if !m.Complete {
		return m, nil // the tiles that were read are kept for another try at the others
	}
	p.tidy(scratch, o)
	return m, nil
}

// openScratch makes the folder for what a resumed run can use, and one with other rules. It is named by what is observed:
// inputs never mix.
func (p *Plan) openScratch(o Options) (string, error) {
	dir := filepath.Join(o.workFolder(), p.InputKey)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", badInput("%w: choose a folder that can be written, with --out or --scratch", err)
	}
	return dir, nil
}

// tidy removes what a finished product no longer needs. Who names a scratch folder keeps it, so that a run with other rules
// finds the survey, and the tiles as well where the rules look for the same.
func (p *Plan) tidy(scratch string, o Options) {
	if o.Scratch != "" {
		return
	}
	work := o.workFolder()
	if err := errors.Join(os.RemoveAll(scratch), os.RemoveAll(filepath.Join(work, "inputs"))); err != nil {
		o.Log.Warn("removing scratch", "error", err)
	}
	os.Remove(work) // only when nothing else is in it
}

// describe turns groups of runs into patches, in parallel and in order.
func (p *Plan) describe(ctx context.Context, d Drivers, store *survey.Store, r *result, o Options) error {
	o.Progress.Stage("patches", int64(len(r.joined.groups)))
	r.patches = make([]*Patch, len(r.joined.groups))
	next := make(chan int)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(next)
		for i := range r.patches {
			select {
			case next <- i:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	for range o.Workers {
		g.Go(func() error {
			geo, err := d.Coordinates.Geographer(p.Grid.CRS)
			if err != nil {
				return err
			}
			defer geo.Close()
			dr := &describer{plan: p, store: store, legal: r.legal, engine: d.Geometry(), geo: geo}
			for i := range next {
				if r.patches[i], err = dr.describe(r.joined.groups[i]); err != nil {
					return err
				}
				o.Progress.Advance(1)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	geo, err := d.Coordinates.Geographer(p.Grid.CRS)
	if err != nil {
		return err
	}
	defer geo.Close()
	dr := &describer{plan: p, store: store, engine: d.Geometry(), geo: geo}
	if r.gaps, err = dr.describeGaps(r.joined.gaps); err != nil {
		return err
	}
	if r.parcelGaps, err = dr.sumGaps(r.scan.unobserved); err != nil {
		return err
	}
	pixel, err := dr.pixelArea()
	r.examined = cents(float64(r.scan.examined) * pixel)
	return err
}

// The files of a product.
const (
	runsName    = "changes.runs"
	maskName    = "mask.tif"
	packageName = "changes.gpkg"
	shapeName   = "changes.shp"
	reportName  = "report.html"
	mapName     = "map.png"
)

var shapeFiles = []string{shapeName, "changes.shx", "changes.dbf", "changes.prj", "changes.cpg"}

// step writes some of the files of a product: those of an output that the run file asks for by name, or of every run.
type step struct {
	output string
	names  []string
	write  func() error
}

func (s step) run(o Options) error {
	if err := s.write(); err != nil {
		return fmt.Errorf("writing %s: %w", s.names[0], err)
	}
	o.Progress.Advance(1)
	return nil
}

// write leaves the outputs in o.Out and the manifest after them.
func (r *result) write(ctx context.Context, d Drivers, o Options) (*Manifest, error) {
	p := r.plan
	if err := removeProduct(o.Out); err != nil {
		return nil, err
	}
	var names []string
	in := func(name string) string { return filepath.Join(o.Out, name) }
	// The first three do not wait for one another; what the others hold in memory comes one at a time.
	steps := []step{
		{"", []string{runsName}, func() error {
			h := object.Header{Key: p.Key, W: p.Grid.W, H: p.Grid.H, Kinds: len(p.Rules.Kinds)}
			return replaceFile(in(runsName), func(w io.Writer) error {
				return object.Encode(w, h, r.joined.changes, r.joined.gaps)
			})
		}},
		{"", []string{maskName}, func() error {
			return d.Imagery.WriteMask(ctx, in(maskName), p.Grid, r.joined.spans(r.published()))
		}},
		{"", []string{packageName}, func() error {
			return d.Vectors.WriteGeoPackage(ctx, in(packageName), r.tables(), vector.WriteOptions{Clock: o.Clock})
		}},
		{"shp", shapeFiles, func() error {
			return d.Vectors.WriteShapefile(ctx, in(shapeName), r.tables()[0], vector.WriteOptions{Clock: o.Clock})
		}},
		{"report", []string{reportName, mapName}, func() error { return r.writeReport(ctx, d, o) }},
	}
	o.Progress.Stage("write", int64(len(steps)))
	// What every product has is written side by side.
	o.Account.Part(runsName + ", " + maskName + ", " + packageName)
	var g errgroup.Group
	for _, s := range steps {
		if s.output == "" {
			g.Go(func() error { return s.run(o) })
			names = append(names, s.names...)
		}
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for _, s := range steps {
		switch {
		case s.output == "":
			continue
		case p.wants(s.output):
			o.Account.Part(s.names[0])
			if err := s.run(o); err != nil {
				return nil, err
			}
			names = append(names, s.names...)
		default:
			o.Progress.Advance(1)
		}
	}
	o.Account.Part(ManifestName)
	m := r.manifest(o)
	for _, n := range names {
		out, err := describeOutput(o.Out, n)
		if err != nil {
			return nil, err
		}
		m.Outputs = append(m.Outputs, out)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return m, m.write(o.Out)
}

// unreadable is what could not be read of the imagery, by the tiles or for the watch list; both can have met the same.
func (r *result) unreadable() []ReadFailure {
	return gather(slices.Concat(r.scan.failures, r.watchFailures))
}

func (r *result) manifest(o Options) *Manifest {
	p := r.plan
	failures := slices.Concat(p.Skipped, r.edgeFailures, r.unreadable())
	m := &Manifest{
		Name: p.Name, Key: p.Key, Asked: p.Asked, Version: o.Version, Created: o.Clock, Complete: len(failures) == 0 && !r.measured.CloudsPartly,
		Grid: p.Grid, Inputs: p.Sources, Imagery: p.imageryRecord(), Rules: string(p.RulesText), Measured: r.measured, Judging: p.Judging, Survey: r.survey, Tracking: r.tracking(), Watched: r.watchCounts(),
		Counts:     Counts{ByKind: map[string]int{}, ByCategory: map[string]int{}},
		Unobserved: map[string]float64{}, Failures: failures,
	}
	for _, q := range r.patches {
		if q.Dropped != "" {
			m.Counts.Dropped++
			continue
		}
		m.Counts.Published++
		m.Counts.AreaM2 += q.Area
		m.Counts.ByKind[p.Rules.Kinds[q.Kind].Code]++
		for _, c := range q.Categories {
			m.Counts.ByCategory[p.Rules.Categories[c].Code]++
		}
	}
	m.Counts.AreaM2 = cents(m.Counts.AreaM2)
	m.Layers, m.LayerAreas, m.Triage = r.legal.reports, r.layerAreas(), r.triageReport()
	for _, g := range r.gaps {
		m.Unobserved[g.reason.String()] = cents(m.Unobserved[g.reason.String()] + g.area)
	}
	return m
}

func (p *Plan) wants(output string) bool {
	for _, o := range p.Outputs {
		if o == output {
			return true
		}
	}
	return false
}
