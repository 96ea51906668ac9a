package pipeline

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"tuban/pipeline/runfile"
	"tuban/raster/vector"
)

// Doctor looks at everything that a run of f needs, one thing after the other, and says of each whether it will do: where
// NewPlan ends at the first mistake, this finds them all. Nothing is left behind but what is fetched from object storage.
func Doctor(ctx context.Context, d Drivers, f *runfile.File, o Options) []Finding {
	o = o.withDefaults()
	e := &examination{ctx: ctx, d: d.fetchingInto(filepath.Join(o.workFolder(), "inputs"))}
	e.imagery("before", f.Before)
	e.imagery("after", f.After)
	if f.Survey != nil {
		e.layers("survey", f.Survey.Source, f.Survey.Layer, f.Survey.Encoding)
	}
	for _, l := range f.Layers {
		e.layers("layers: "+l.Kind, l.Source, l.Layer, l.Encoding)
	}
	if f.Region != nil && f.Region.Source != "" {
		e.layers("region", runfile.Sources{f.Region.Source}, f.Region.Layer, "")
	}
	if f.Watch != nil {
		e.layers("watch", runfile.Sources{f.Watch.Source}, f.Watch.Layer, f.Watch.Encoding)
	}
	e.say(e.rules(f), "rules: %s, triage: %s", f.Rules, f.Triage)
	e.say(probe(ctx, d, o), "out: %s can be written", o.Out)
	if e.wrong > 0 || ctx.Err() != nil {
		return e.findings
	}
	// Each thing for itself will do; do they fit together?
	p, err := NewPlan(ctx, d, f, o)
	if err == nil {
		e.say(nil, "plan: %s, %d + %d scenes, key %s", p.Grid, len(p.Before), len(p.After), p.Key)
		e.say(p.room(o), "disk: enough for the run's scratch")
		if p.Survey != nil || len(p.Layers) > 0 {
			e.staged(p, o)
		}
		e.past(p)
	} else {
		e.say(err, "")
	}
	return e.findings
}

// past reads what was before, and the watch list, as a run does first.
func (e *examination) past(p *Plan) {
	switch past, err := p.readPast(e.ctx, e.d); {
	case err != nil:
		e.say(err, "")
	case past != nil:
		e.say(nil, "earlier runs: %d candidates, %d decisions that hold", len(past.Known), len(past.Judgements))
	}
	vigils, err := p.readWatch(e.ctx, e.d)
	if p.Watch != nil {
		e.say(err, "watch: %d places", len(vigils))
	}
}

// staged reads the survey and the layers, as a run does first, and says what is in them.
func (e *examination) staged(p *Plan, o Options) {
	found, err := p.Estimate(e.ctx, e.d, o)
	if err != nil {
		e.say(err, "")
		return
	}
	if p.Survey != nil {
		e.say(nil, "survey: its classes are of %s", p.Survey.System)
	}
	for _, r := range found.Layers {
		e.say(nil, "layers: %s: %s: %d of %d features count, fields %s", r.Kind, r.Source, r.Used, r.Features, r.Fields)
	}
}

type examination struct {
	ctx      context.Context
	d        Drivers
	findings []Finding
	wrong    int
}

// say notes a fact, or the error that stands against it.
func (e *examination) say(err error, format string, args ...any) {
	if err != nil {
		e.wrong++
		e.findings = append(e.findings, Finding{Text: err.Error()})
		return
	}
	e.findings = append(e.findings, Finding{OK: true, Text: fmt.Sprintf(format, args...)})
}

func (e *examination) imagery(date string, list runfile.Imagery) {
	for _, entry := range list.Scenes {
		one := runfile.Imagery{Scenes: []runfile.Scene{entry}}
		p := new(Plan)
		scenes, err := p.openScenes(e.ctx, e.d, date, one, false)
		if err != nil {
			e.say(err, "")
			continue
		}
		for _, s := range p.Skipped {
			e.say(badInput("%s: %s (a run leaves this scene out, unless --strict)", date, s.Error), "")
		}
		e.say(nil, "%s: %s: %d scenes can be read", date, entry.URI+entry.STAC, len(scenes))
	}
}

func (e *examination) layers(what string, sources runfile.Sources, layer, encoding string) {
	files, err := surveyFiles(e.ctx, e.d, sources)
	if err != nil {
		e.say(badInput("%s: %w", what, err), "")
	}
	for _, file := range files {
		info, err := e.d.Vectors.DescribeLayer(e.ctx, vector.LayerSpec{Source: file, Layer: layer, Encoding: encoding})
		if err != nil {
			err = badInput("%s: %w", what, err)
		}
		e.say(err, "%s: %s: layer %s, %d features, %s", what, file, info.Name, info.Features, info.CRS)
	}
}

func (e *examination) rules(f *runfile.File) error {
	return new(Plan).loadRules(e.ctx, e.d, f)
}

// probeName is written beside a product to see whether it can be.
const probeName = ".tuban.probe"

// probe writes a small object or file where the product will go, and removes it.
func probe(ctx context.Context, d Drivers, o Options) error {
	if o.Out == "" {
		return badInput("out: no folder for the product: give `out:` in the run file or --out")
	}
	if remote(o.Out) {
		s, err := d.storage(o.Out)
		if err != nil {
			return err
		}
		f, err := os.CreateTemp("", "tuban-probe-")
		if err != nil {
			return err
		}
		defer os.Remove(f.Name())
		defer f.Close()
		if err := s.Put(ctx, f.Name(), Below(o.Out, probeName)); err != nil {
			return badInput("out: %w", err)
		}
		return s.Remove(ctx, Below(o.Out, probeName))
	}
	dir := o.Out
	for !isFolder(dir) && dir != filepath.Dir(dir) {
		dir = filepath.Dir(dir) // what is missing a run makes
	}
	f, err := os.CreateTemp(dir, probeName)
	if err != nil {
		return badInput("out: %s cannot be written (%w): choose another folder", dir, err)
	}
	f.Close()
	return os.Remove(f.Name())
}

func isFolder(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.IsDir()
}

// room says whether the disk has space for what the run leaves on its way.
func (p *Plan) room(o Options) error {
	dir := o.workFolder()
	for !isFolder(dir) && dir != filepath.Dir(dir) {
		dir = filepath.Dir(dir)
	}
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return fmt.Errorf("disk: %s: %w", dir, err)
	}
	free, need := int64(st.Bavail)*st.Bsize, p.scratchBytes()
	if free < need {
		return badInput("disk: %s has %d MiB free, the run may need %d MiB: make room, or choose another place with --scratch", dir, free>>20, need>>20)
	}
	return nil
}
