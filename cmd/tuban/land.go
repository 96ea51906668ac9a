package main

import (
	"context"

	"tuban/pipeline"
	"tuban/pipeline/redraw"
)

// landUsage explains the flag --run of verbs that meet outlines the run did not find.
const landUsage = "the run `FILE` that made the product: shares, layers, units and approvals below new outlines are measured by it; without it they are left out"

// land measures outlines by the run of a run file, and shows how far it is; nil without one.
func land(path string, p *progress) redraw.Land {
	if path == "" {
		return nil
	}
	return func(ctx context.Context, m *pipeline.Manifest, list []pipeline.Outline) ([]map[string]string, error) {
		var f runFlags
		file, d, err := f.open(ctx, path)
		if err != nil {
			return nil, err
		}
		o := f.options()
		o.Progress, o.Log = p, p.logger()
		plan, err := pipeline.NewPlan(ctx, d, file, o)
		if err != nil {
			return nil, err
		}
		return pipeline.Remeasure(ctx, d, plan, o, m, list)
	}
}
