package export

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tuban/pipeline"
	"tuban/pipeline/release"
)

// Export is a planned export.
type Export struct {
	job
	key string
}

// New reads what o names and plans its export; it writes nothing.
func New(ctx context.Context, d Drivers, o Options) (*Export, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, pipeline.NewInputError(err)
	}
	src, err := open(ctx, d, o)
	if err != nil {
		return nil, err
	}
	o.Batch = cmp.Or(o.Batch, src.Batch)
	omit, err := omitter(o, src)
	if err != nil {
		return nil, err
	}
	e := &Export{job: job{d: d, o: o, src: src, cols: columns(o.Schema, src.fields), fill: fill{src.created, o.Clock}}}
	if e.plan, err = newPlan(src.rows, o, omit); err != nil {
		return nil, err
	}
	content := ""
	if src.Kind != "product" { // a product's key names its content
		path := o.Source
		if src.Kind == "release" {
			path = filepath.Join(o.Source, release.PackageName)
		}
		if content, err = pipeline.HashFile(path); err != nil {
			return nil, err
		}
	}
	e.key, err = e.job.key(content)
	return e, err
}

// Plan says what would be written where.
func (e *Export) Plan() *Plan { return e.plan }

// Write writes the export, its manifest last. A county's folder that an interrupted export finished is kept. What is
// there and is another's, or was changed since, is an error unless Options.Force replaces it.
func (e *Export) Write(ctx context.Context) (*Manifest, error) {
	m := e.manifest()
	if e.o.To != "" {
		old, err := e.earlier()
		if err != nil || old != nil && old.Again {
			return old, err
		}
		unlock, err := pipeline.LockFolder(ctx, e.o.To)
		if err != nil {
			return nil, err
		}
		defer unlock()
		if err := e.makeRoom(old); err != nil {
			return nil, err
		}
		if err := e.writeFolders(ctx, m); err != nil {
			return nil, err
		}
	}
	if e.o.Has(PostGIS) {
		var err error
		if m.Tables, err = e.writeDatabase(ctx); err != nil {
			return nil, err
		}
	}
	if e.o.To == "" {
		return m, nil
	}
	if err := e.writeIndex(m); err != nil {
		return nil, err
	}
	return m, writeJSON(e.manifestPath(), m)
}

func (e *Export) manifest() *Manifest {
	m := &Manifest{
		Key: e.key, Version: e.o.Version, Created: e.o.Clock, Clue: title, Source: e.src.Source, Batch: e.plan.Batch,
		By: e.o.By, Schema: e.o.Schema, Encoding: e.o.Encoding, CRS: e.src.crs, Scheme: e.o.Scheme, Formats: e.o.Formats, Suppressed: e.plan.Suppressed, Superseded: e.plan.Superseded,
	}
	for _, p := range e.plan.Packages {
		m.Count, m.AreaM2 = m.Count+p.Count, pipeline.Cents(m.AreaM2+p.AreaM2)
	}
	return m
}

// earlier returns the manifest of the batch that is there, nil for none; Again is set when it is this export, and all of it is there.
func (e *Export) earlier() (*Manifest, error) {
	old, err := readManifest(e.manifestPath())
	if err != nil && !e.o.Force {
		return nil, err
	}
	if old != nil && !e.o.Force {
		if old.Key != e.key {
			return nil, badInput("%s holds another export of the batch %s: choose another --batch or --to, or replace it with --force", e.o.To, e.plan.Batch)
		}
		if e.whole(old) && !e.o.Has(PostGIS) {
			old.Again = true
		}
	}
	return old, nil
}

// makeRoom takes away the manifest, what the earlier export old had that this one has not, and the folders that one was
// writing when it was killed.
func (e *Export) makeRoom(old *Manifest) error {
	if err := os.RemoveAll(e.manifestPath()); err != nil {
		return err
	}
	there, err := os.ReadDir(e.o.To)
	if err != nil {
		return pipeline.NewInputError(err)
	}
	for _, f := range there {
		if f.IsDir() && strings.HasPrefix(f.Name(), partPrefix) {
			if err := os.RemoveAll(filepath.Join(e.o.To, f.Name())); err != nil {
				return err
			}
		}
	}
	if old == nil {
		return nil
	}
	for _, f := range old.Folders {
		if !slices.ContainsFunc(e.plan.Packages, func(p Package) bool { return p.folder() == f.Dir }) && filepath.IsLocal(f.Dir) {
			if err := os.RemoveAll(filepath.Join(e.o.To, f.Dir)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *Export) manifestPath() string { return filepath.Join(e.o.To, manifestName(e.plan.Batch)) }

// whole reports whether all folders of an earlier export are as they were written.
func (e *Export) whole(m *Manifest) bool {
	for _, f := range m.Folders {
		there, whole, err := readFolder(filepath.Join(e.o.To, f.Dir))
		if err != nil || there == nil || !whole || there.Key != m.Key {
			return false
		}
	}
	return true
}
