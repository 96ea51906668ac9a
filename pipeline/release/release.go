package release

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tuban/pipeline"
	"tuban/pipeline/product"
	"tuban/pipeline/redraw"
	"tuban/pipeline/register"
)

// Options say what to release.
type Options struct {
	// Product is the folder of a product, Register that of the register, To the folder that gets the GeoPackage.
	Product, Register, To string
	// Batch is the name of the batch (批次).
	Batch string
	// Year is that of the numbers, YYYY; by default that of the product's latest 后时相.
	Year string
	// SerialWidth is the number of digits of the serial number; 0 means SerialWidth.
	SerialWidth int
	// Counties restricts the release to these codes; none means all.
	Counties []string
	// Units is a layer of counties, or of towns or villages; without a Source, patches are cut as the run did.
	Units Units
	// Land, where it is given, measures what lies below parts of patches; else what depends on that is left out.
	Land redraw.Land
	// DryRun changes nothing and writes nothing.
	DryRun bool
	// Now is the time of the events.
	Now time.Time
}

// Result is what a release did.
type Result struct {
	*Plan
	// Package says what stands in the folder; nil after a dry run, and where nothing was ever released.
	Package *Package
}

// Run releases what passed review. The same call again releases nothing more and leaves the same files.
func Run(ctx context.Context, d pipeline.Drivers, o Options) (*Result, error) {
	p, err := product.Open(ctx, d, o.Product)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	if err := o.complete(); err != nil {
		return nil, err
	}
	if !o.DryRun {
		if err := free(o.To, o.Batch, p.Manifest.Key); err != nil {
			return nil, err
		}
	}
	plans, err := o.planner(ctx, d, p)
	if err != nil {
		return nil, err
	}
	defer plans.cutter.surveyor.Close()
	plan, reg, err := plans.issue(ctx, o.Register)
	if err != nil {
		return nil, err
	}
	if o.DryRun {
		return &Result{Plan: plan}, nil
	}
	pack, err := write(ctx, d, o, p, reg)
	return &Result{plan, pack}, err
}

// issue plans, and appends the releases to the register that they were planned from, unless this is a dry run.
func (p *planner) issue(ctx context.Context, dir string) (plan *Plan, reg *register.Register, err error) {
	if _, err := register.OpenExisting(dir); err != nil {
		return nil, nil, err
	}
	reg, err = register.Update(ctx, dir, p.options.Now, func(reg *register.Register) ([]register.Event, error) {
		var err error
		if plan, err = p.plan(ctx, reg); err != nil || p.options.DryRun {
			return nil, err
		}
		events := make([]register.Event, len(plan.Releases))
		for i := range plan.Releases {
			events[i].Release = &plan.Releases[i]
		}
		return events, nil
	})
	return plan, reg, err
}

// complete checks the options, and sets those that were left out and need no product.
func (o *Options) complete() error {
	if o.SerialWidth == 0 {
		o.SerialWidth = SerialWidth
	}
	o.Batch = strings.TrimSpace(o.Batch)
	switch {
	case o.Batch == "":
		return pipeline.NewInputError(errors.New("give the batch a name with --batch, such as 2025Q3"))
	case strings.ContainsAny(o.Batch, "/\\\n\t"):
		return pipeline.NewInputError(fmt.Errorf("the batch %q has a character that no folder can be called by", o.Batch))
	case o.Year != "" && !isCode(o.Year, 4):
		return pipeline.NewInputError(fmt.Errorf("the year %q has not four digits", o.Year))
	case o.SerialWidth < 1 || o.SerialWidth > 9:
		return pipeline.NewInputError(fmt.Errorf("--serial-width %d: give 1 to 9 digits", o.SerialWidth))
	}
	for _, c := range o.Counties {
		if !isCode(c, 6) {
			return pipeline.NewInputError(fmt.Errorf("--county %q: give the six digits of its code", c))
		}
	}
	return nil
}

// planner reads what every plan needs.
func (o *Options) planner(ctx context.Context, d pipeline.Drivers, p *product.Product) (*planner, error) {
	rows, has, err := p.Layer(ctx, "changes", "")
	if err != nil {
		return nil, err
	}
	if !has {
		return nil, pipeline.NewInputError(fmt.Errorf("%s has no layer changes: it is no product of tuban run", p.Path(product.PackageName)))
	}
	crs := p.Manifest.Grid.CRS
	out := &planner{product: p, rows: rows, cuts: map[int][]piece{}, known: candidates{p.Manifest.Key, crs, map[string]product.Row{}, d.Coordinates.SameCRS}}
	for _, r := range rows {
		out.known.rows[r.Text("cid")] = r
	}
	if o.Year == "" {
		if o.Year, err = latestYear(rows); err != nil {
			return nil, err
		}
	}
	out.options = *o
	var c *counties
	if o.Units.Source != "" {
		c, err = readCounties(ctx, d.Vectors, o.Units, crs)
	} else {
		c, err = readPieces(ctx, p)
	}
	if err != nil {
		return nil, err
	}
	out.cutter, err = cutterOf(d, p, c)
	return out, err
}

// latestYear is the year of the latest 后时相.
func latestYear(rows []product.Row) (string, error) {
	last := ""
	for _, r := range rows {
		last = max(last, r.Text("HSX"))
	}
	if len(rows) == 0 {
		return "0000", nil // nothing will be numbered
	}
	if len(last) < 4 || !isCode(last[:4], 4) {
		return "", pipeline.NewInputError(fmt.Errorf("the product's latest 后时相 is %q: give the year of the numbers with --year", last))
	}
	return last[:4], nil
}

// released are the releases of one batch from one product, and the position of their last event.
func released(reg *register.Register, batch, run string) (list []register.Release, last register.Event) {
	for _, e := range reg.Events {
		if r := e.Release; r != nil && r.Batch == batch && r.Run == run {
			list, last = append(list, *r), e
		}
	}
	return slices.Clip(list), last
}
