package pipeline

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime/debug"

	"tuban/pipeline/survey"
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
