package review

import (
	"context"
	"slices"
	"time"

	"tuban/pipeline"
	"tuban/pipeline/redraw"
	"tuban/pipeline/register"
)

// ImportOptions say what to take back.
type ImportOptions struct {
	// Path is a working copy: its folder or its GeoPackage. Register is the folder of the register.
	Path, Register string
	// Product is where the product is, when neither its copy beside Path nor the folder it was exported from can be read.
	Product string
	// Partial takes what is sound and leaves the rest; else nothing is taken while anything is wrong.
	Partial bool
	// Land, where it is given, measures what lies below outlines that people drew; else what depends on that is left out.
	Land redraw.Land
	// DryRun only looks.
	DryRun bool
	Now    time.Time
}

// Imported says what came back.
type Imported struct {
	// Rows counts those of the working copy, Open those that nobody judged yet.
	Rows int `json:"rows"`
	Open int `json:"open"`
	// New are the decisions that the register has not yet; Known counts those that it has.
	New      []register.Decision `json:"new"`
	Known    int                 `json:"known"`
	Problems []Problem           `json:"problems"`
	// Appended says that the new decisions were appended.
	Appended bool `json:"appended"`
}

// Import reads a working copy, checks it, and appends what is new to the register. What is wrong is in the result, not an
// error. The same copy imported again adds nothing.
func Import(ctx context.Context, d pipeline.Drivers, o ImportOptions) (*Imported, error) {
	w, err := open(ctx, d, o.Path, o.Product)
	if err != nil {
		return nil, err
	}
	c := &checker{working: w, engine: d.Geometry(), crs: w.Manifest.Grid.CRS, now: o.Now, measured: map[register.Shape]map[string]string{}}
	if c.source, err = pipeline.HashFile(w.path); err != nil {
		return nil, err
	}
	if c.surveyor, err = pipeline.NewSurveyor(d.Coordinates, c.crs); err != nil {
		return nil, err
	}
	defer c.surveyor.Close()
	x, y, err := d.Coordinates.GroundSize(w.Manifest.Grid)
	if err != nil {
		return nil, err
	}
	c.pixel = x * y
	var out *Imported
	_, err = register.Update(ctx, o.Register, o.Now, func(reg *register.Register) ([]register.Event, error) {
		var err error
		if out, err = c.compare(ctx, reg.State(), o.Land); err != nil || o.DryRun || len(out.Problems) > 0 && !o.Partial {
			return nil, err
		}
		return out.events(), nil
	})
	if err != nil {
		return nil, err
	}
	out.Appended = len(out.New) > 0 && !o.DryRun && (len(out.Problems) == 0 || o.Partial)
	return out, ctx.Err()
}

// events are those of the new decisions.
func (i *Imported) events() []register.Event {
	events := make([]register.Event, len(i.New))
	for k := range i.New {
		events[k].Decision = &i.New[k]
	}
	return events
}

// compare judges the working copy against a state of the register.
func (c *checker) compare(ctx context.Context, state *register.State, land redraw.Land) (*Imported, error) {
	c.state = state
	out := &Imported{Rows: len(c.rows)}
	for _, r := range c.rows {
		r.problems = nil
		if r.verdict == "" {
			out.Open++
		}
	}
	items, missing := c.gather()
	if err := c.measure(ctx, items, land); err != nil {
		return nil, err
	}
	for _, it := range items {
		if it.sound() {
			c.checkConflict(it)
		}
		for _, r := range it.rows {
			out.Problems = append(out.Problems, r.problems...)
		}
		switch {
		case !it.sound() || len(it.decisions) == 0:
		case c.known(it):
			out.Known += len(it.decisions)
		default:
			out.New = append(out.New, it.decisions...)
		}
	}
	out.Problems = append(out.Problems, missing...)
	return out, nil
}

// measure asks what lies below the outlines that people drew; an outline once.
func (c *checker) measure(ctx context.Context, items []*item, land redraw.Land) error {
	if land == nil {
		return nil
	}
	var drawn []register.Decision
	var ask []pipeline.Outline
	for _, it := range items {
		for _, d := range it.decisions {
			if d.Redrawn == nil {
				continue
			}
			drawn = append(drawn, d)
			if _, ok := c.measured[*d.Redrawn]; ok {
				continue
			}
			mp, err := d.Redrawn.Polygons()
			if err != nil {
				return err
			}
			ask = append(ask, redraw.Outline(d.Values, mp))
			c.measured[*d.Redrawn] = nil
		}
	}
	if len(ask) > 0 {
		answers, err := land(ctx, c.Manifest, ask)
		if err != nil {
			return err
		}
		for i, x := range ask {
			shape, err := register.NewShape(x.Geom, c.crs)
			if err != nil {
				return err
			}
			c.measured[shape] = answers[i]
		}
	}
	for _, d := range drawn {
		redraw.Ask(d.Values, c.measured[*d.Redrawn])
	}
	return nil
}

// checkConflict complains where somebody else's decision, made after the export, would be replaced by one that did not know it.
func (c *checker) checkConflict(it *item) {
	if len(it.decisions) == 0 || c.known(it) {
		return
	}
	for _, d := range it.decisions {
		for _, s := range c.about(d) {
			if s.Event >= c.Events && s.Source != c.path {
				it.rows[0].complain("judged_since", s.By, s.Verdict)
				return
			}
		}
	}
}

// about are the decisions that hold about what a decision is about.
func (c *checker) about(d register.Decision) (out []register.Standing) {
	for _, v := range append(slices.Clone(d.From), d.Version) {
		for _, s := range c.state.About(v.CID) {
			if !slices.ContainsFunc(out, func(o register.Standing) bool { return o.Event == s.Event }) {
				out = append(out, s)
			}
		}
	}
	return out
}

// known reports whether the register holds what the item decides.
func (c *checker) known(it *item) bool {
	for _, d := range it.decisions {
		if !slices.ContainsFunc(c.about(d), func(s register.Standing) bool { return same(s.Decision, d) }) {
			return false
		}
	}
	return true
}

// same reports whether a, which is recorded, says what b says, wherever they came from. a may know more of what lies below an
// outline.
func same(a, b register.Decision) bool {
	for f, v := range b.Values {
		if was := a.Values[f]; was != v && (was == "" || !redraw.OfLand(f)) {
			return false
		}
	}
	shape := func(s *register.Shape) register.Shape {
		if s == nil {
			return register.Shape{}
		}
		return *s
	}
	return a.Version == b.Version && a.Kind == b.Kind && a.Verdict == b.Verdict && a.Reason == b.Reason && a.By == b.By &&
		a.Second == b.Second && a.On == b.On && a.Note == b.Note && shape(a.Redrawn) == shape(b.Redrawn) &&
		slices.Equal(a.From, b.From)
}
