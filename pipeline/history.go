package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"tuban/pipeline/runfile"
	"tuban/pipeline/track"
)

// History reads what earlier runs found and people decided: products and the register, which are made of what this package writes.
type History interface {
	// RegisterHash names the content of the register in a folder; "" for an empty one.
	RegisterHash(dir string) (string, error)
	// Read reads the candidates of the product in the folder earlier and the decisions of the register, each where it is not "", with
	// their outlines in crs.
	Read(ctx context.Context, d Drivers, earlier, register, crs string) (*Past, error)
}

// Past is what was known before a run.
type Past struct {
	// Known are the candidates of the last product, those that had gone by then among them.
	Known []track.Known
	// Judgements are the decisions of people, in their order; Issued the JCBH of releases, by the identity that was released. Both
	// are nil without a register.
	Judgements []track.Judgement
	Issued     map[string][]string
}

// historySources lists the files that say what was.
func historySources(f *runfile.File) (out []Source) {
	if f.Earlier != "" {
		out = append(out, Source{Role: "earlier", URI: Below(f.Earlier, ManifestName)})
	}
	if f.Watch != nil {
		out = append(out, Source{Role: "watch", URI: f.Watch.Source})
	}
	return out
}

// historyKey is what of the past decides the product.
func historyKey(ctx context.Context, d Drivers, f *runfile.File) ([]string, error) {
	if f.Earlier == "" && f.Register == "" {
		return nil, nil
	}
	settings := sha256.Sum256(track.SettingsText())
	key := []string{hex.EncodeToString(settings[:]), "", ""}
	if f.Earlier != "" {
		m, err := d.ReadManifest(ctx, f.Earlier)
		if isMissing(err) {
			return nil, badInput("earlier: %s holds no finished product: give the folder that the last run left, or leave `earlier` out of the first one", f.Earlier)
		}
		if err != nil {
			return nil, badInput("earlier: %w", err)
		}
		// A product with gaps may be completed under its key.
		key[1] = fmt.Sprint(m.Key, " ", len(m.Failures))
	}
	if f.Register != "" {
		var err error
		if key[2], err = d.History.RegisterHash(f.Register); err != nil {
			return nil, fmt.Errorf("register: %w", err)
		}
	}
	return key, nil
}

// readPast reads what the run file says of the past, before the work: what is damaged is better known now.
func (p *Plan) readPast(ctx context.Context, d Drivers) (*Past, error) {
	if p.Earlier == "" && p.Register == "" {
		return nil, nil
	}
	past, err := d.History.Read(ctx, d, p.Earlier, p.Register, p.Grid.CRS)
	if err != nil {
		return nil, fmt.Errorf("reading earlier candidates: %w", err)
	}
	return past, nil
}
