package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"tuban/classify/rules"
	"tuban/classify/season"
	"tuban/pipeline/runfile"
	"tuban/raster"
)

// Source is a file that went into a run, as the manifest records it.
type Source struct {
	Role string `json:"role"`
	URI  string `json:"uri"`
	// Bytes is the size, with that of the files that belong to it: all below a folder, else its sidecars.
	Bytes int64 `json:"bytes"`
	// Fingerprint identifies the content: a SHA-256 of what Drivers.fingerprint finds.
	Fingerprint string `json:"fingerprint"`
}

// sourcesAtOnce bounds the inputs that are looked at together: in object storage each look is a round trip or two.
const sourcesAtOnce = 8

// sources lists the run's inputs with their fingerprints.
func (p *Plan) sources(ctx context.Context, d Drivers, f *runfile.File) ([]Source, error) {
	var out []Source
	add := func(role, uri string) { out = append(out, Source{Role: role, URI: uri}) }
	for _, s := range p.Before {
		add("before", s.URI)
	}
	for _, s := range p.After {
		add("after", s.URI)
	}
	out = append(out, p.besideSources()...)
	for _, q := range p.Probabilities {
		add("probability "+q.Name, q.Scene.URI)
	}
	if p.Survey != nil {
		for _, s := range p.Survey.Files {
			add("survey", s.Layer.Source)
		}
	}
	if f.Region != nil && f.Region.Source != "" {
		add("region", f.Region.Source)
	}
	return out, d.fingerprints(ctx, out)
}

// fingerprints fills in size and fingerprint of the sources.
func (d Drivers) fingerprints(ctx context.Context, list []Source) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(sourcesAtOnce)
	for i := range list {
		g.Go(func() error {
			var err error
			s := &list[i]
			if s.Bytes, s.Fingerprint, err = d.fingerprint(ctx, s.URI); err != nil {
				return badInput("%s: %w", s.Role, err)
			}
			return nil
		})
	}
	return g.Wait()
}

// key hashes everything that decides the product: p.InputKey what is observed, and where; p.Key that, what is looked for,
// and what is made of it. Where the product goes and how the work is cut do not count.
func (p *Plan) key(ctx context.Context, d Drivers, f *runfile.File, version string) error {
	var err error
	if p.Sources, err = p.sources(ctx, d, f); err != nil {
		return err
	}
	prints := make([]string, len(p.Sources))
	for i, s := range p.Sources {
		prints[i] = s.Role + " " + s.Fingerprint
	}
	// A product that lacks a scene is not the one for which nobody asked for it.
	var skipped []string
	for _, s := range p.Skipped {
		skipped = append(skipped, baseOf(s.Scene))
	}
	if p.InputKey, err = hashOf(struct {
		Version                         string
		Grid                            raster.Grid
		Region                          *runfile.Region
		Before, After                   []sceneKey
		Survey                          *runfile.Survey
		Normalise, Registration, Clouds string
		Season                          season.Calendar
		Sample                          runfile.Sample
		Sources, Skipped                []string
		Probabilities                   []probabilityKey `json:",omitempty"`
	}{
		version, p.Grid, regionKey(f.Region), p.sceneKeys(0), p.sceneKeys(1), surveyKey(f.Survey),
		f.Normalise, f.Registration, f.Clouds, p.Calendar, f.Sample, prints, skipped, p.probabilityKeys(),
	}); err != nil {
		return err
	}
	// What patches are compared with does not change what is observed: another layer reads no pixel again.
	history, err := historyKey(ctx, d, f)
	if err != nil {
		return err
	}
	if f.Register != "" && history[2] == "" {
		p.Warnings = append(p.Warnings, fmt.Sprintf("register: %s holds no decision yet, so none is carried on: is it the folder that `tuban review import` writes to?", f.Register))
	}
	layers := p.layerSources()
	beside := slices.Concat(layers, historySources(f))
	if err := d.fingerprints(ctx, beside); err != nil {
		return err
	}
	p.Sources = append(p.Sources, beside...)
	made := []any{p.InputKey, p.Name, string(p.RulesText), string(p.TriageText), f.Outputs, history, watchKey(f, beside)}
	p.Key, err = hashOf(append(made, p.layerKeys(beside[:len(layers)])...))
	return err
}

// hashOf names a value by its content.
func hashOf(v any) (string, error) {
	b, err := json.Marshal(v)
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8]), err
}

// scanKey hashes what of the rules decides what a tile leaves: not what a patch is called, how large it must be, across which
// gaps its parts belong together, what it means, or what is off.
func scanKey(f *rules.File) (string, error) {
	type kind struct {
		Code, When, Clean  string
		Eligible, Evidence []string
		Strength           string
		Unnormalised       bool
		RGB                *rules.Colour
	}
	var kinds []kind
	for _, k := range f.Kinds {
		if !k.IsOff() {
			kinds = append(kinds, kind{k.Code, k.When, k.Clean, k.Eligible, k.Evidence, k.Strength, k.Unnormalised, k.RGB})
		}
	}
	return hashOf([]any{f.Indices, f.Pairs, f.Limits, f.Models, kinds})
}

// sceneKey is what of a scene decides its pixels beside the file's content: not where it lies.
type sceneKey struct {
	ID, Date, Bands string
	Native          raster.Grid
	EdgeFill        bool
	Beside          []any
}

// sceneKeys returns those of date d.
func (p *Plan) sceneKeys(d int) []sceneKey {
	scenes := p.scenes(d)
	out := make([]sceneKey, len(scenes))
	for i, s := range scenes {
		var bands string
		for _, r := range raster.Roles {
			if b, ok := s.Bands[r]; ok {
				bands += fmt.Sprintf("%s=%v ", r, b)
			}
		}
		out[i] = sceneKey{s.ID, s.Date.Format("20060102"), bands, s.Native, s.EdgeFill, p.besideKey(d, i)}
	}
	return out
}

// surveyKey is the survey's settings without its place, which its fingerprint stands for.
func surveyKey(s *runfile.Survey) *runfile.Survey {
	if s == nil {
		return nil
	}
	k := *s
	k.Source = nil
	return &k
}

// regionKey is the region's settings without its place.
func regionKey(r *runfile.Region) *runfile.Region {
	if r == nil {
		return nil
	}
	k := *r
	k.Source = ""
	return &k
}
