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
	if m == nil {
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
	p.tidy(scratch, o)
	return m, nil
}

// put replaces the product at o.Out by the one in dir.
func (p *Plan) put(ctx context.Context, d Drivers, m *Manifest, dir string, o Options) error {
	s, err := d.storage(o.Out)
	if err != nil {
		return err
	}
	if err := s.Remove(ctx, Below(o.Out, ManifestName)); err != nil {
		return err
	}
	var names []string
	for _, f := range m.Outputs {
		names = append(names, f.Path)
	}
	// What an earlier product had and this one has not.
	for _, n := range productFiles() {
		if !slices.Contains(names, n) {
			if err := s.Remove(ctx, Below(o.Out, n)); err != nil {
				return err
			}
		}
	}
	o.Progress.Stage("put", int64(len(names)+1))
	for _, n := range append(names, ManifestName) {
		o.Account.Part(n)
		if err := s.Put(ctx, filepath.Join(dir, n), Below(o.Out, n)); err != nil {
			return err
		}
		o.Progress.Advance(1)
	}
	return nil
}
