package pipeline

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"tuban/classify/object"
	"tuban/raster/vector"
)

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

func (p *Plan) wants(output string) bool {
	for _, o := range p.Outputs {
		if o == output {
			return true
		}
	}
	return false
}
