package pipeline

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// publish makes the product on disk and puts it into object storage, the manifest last: from the moment the old manifest is
// gone until the new one stands there, the prefix holds no product. What was made but not put is put by the next try.
func (p *Plan) publish(ctx context.Context, d Drivers, scratch string, o Options) (*Manifest, error) {
	local := o
	local.Out = filepath.Join(scratch, "product-"+p.Key)
	local.Scratch = o.workFolder() // the product is not safe before it is put
	if err := os.MkdirAll(local.Out, 0o755); err != nil {
		return nil, err
	}
	m, err := p.Finished(ctx, d, local)
	if err != nil {
		return nil, err
	}
	if m == nil || o.Force {
		if m, err = p.detect(ctx, d, scratch, local); err != nil {
			return nil, err
		}
	}
	if err := p.put(ctx, d, m, local.Out, o); err != nil {
		return nil, fmt.Errorf("the product is finished, but not all of it could be put to %s; the same command tries again: %w", o.Out, err)
	}
	if !m.Complete {
		return m, nil
	}
	if err := os.RemoveAll(local.Out); err != nil {
		return nil, err
	}
	return m, p.tidy(scratch, o)
}

// put replaces the product at o.Out by the one in dir.
func (p *Plan) put(ctx context.Context, d Drivers, m *Manifest, dir string, o Options) error {
	s, err := d.storage(o.Out)
	if err != nil {
		return err
	}
	old, err := d.readManifest(ctx, o.Out)
	if err != nil && !isMissing(err) && !o.Force {
		return err
	}
	if err := s.Remove(ctx, below(o.Out, ManifestName)); err != nil {
		return err
	}
	var names []string
	for _, f := range m.Outputs {
		names = append(names, f.Path)
	}
	if old != nil {
		for _, f := range old.Outputs {
			if slices.Contains(productFiles(), f.Path) && !slices.Contains(names, f.Path) {
				if err := s.Remove(ctx, below(o.Out, f.Path)); err != nil {
					return err
				}
			}
		}
	}
	o.Progress.Stage("put", int64(len(names)+1))
	for _, n := range append(names, ManifestName) {
		if err := s.Put(ctx, filepath.Join(dir, n), below(o.Out, n)); err != nil {
			return err
		}
		o.Progress.Advance(1)
	}
	return nil
}
