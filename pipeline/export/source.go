package export

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tuban/pipeline"
	"tuban/pipeline/product"
	"tuban/pipeline/release"
	"tuban/raster/vector"
)

// source is what an export is made of, read whole: a few hundred thousand rows at most.
type source struct {
	Source
	crs    string
	fields []vector.Field
	rows   []product.Row
	// lonlat is the geometry of rows once more, on WGS 84; nil when no format asks for it.
	lonlat []product.Row
	// related are further tables about the same candidates, which have a field cid.
	related []relation
	// origins are the patches of the product behind a release, by candidate.
	origins map[string]*origin
	created time.Time
}

// Source names what an export was made of.
type Source struct {
	// Kind is product, release or file.
	Kind string `json:"kind"`
	Path string `json:"path"`
	Name string `json:"name,omitempty"`
	// Key is that of the product; Batch that of the release.
	Key   string `json:"key,omitempty"`
	Batch string `json:"batch,omitempty"`
	Layer string `json:"layer"`
	// Complete is false when part of the product's imagery could not be read.
	Complete bool `json:"complete"`
}

// relation is a table beside the patches.
type relation struct {
	name, title, geometry string
	fields                []vector.Field
	rows                  []product.Row
}

// relations are the tables that go with patches, with what people see as their titles.
var relations = []struct{ name, title string }{
	{"changes_units", "疑似变化图斑（按行政区划分，勿与整斑相加）"},
	{"overlays", "图层压占明细"},
	{"approvals", "审批匹配明细"},
	{"lineage", "变化沿革"},
}

// open reads what o names.
func open(ctx context.Context, d Drivers, o Options) (*source, error) {
	_, err := os.Stat(filepath.Join(o.Source, release.PackageName))
	released := err == nil
	if o.Product != "" && !released {
		return nil, badInput("%s is no release: only one goes with the tables of a product (--product)", o.Source)
	}
	if strings.EqualFold(filepath.Ext(o.Source), ".gpkg") {
		s := &source{Source: Source{Kind: "file", Path: o.Source, Layer: o.Layer, Complete: true}, created: o.Clock}
		return s, s.read(ctx, d, o, o.Source, o.Source)
	}
	if released {
		return openRelease(ctx, d, o)
	}
	p, err := product.Open(ctx, d.Drivers, o.Source)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	m := p.Manifest
	s := &source{Source: Source{Kind: "product", Path: o.Source, Name: m.Name, Key: m.Key, Layer: "changes", Complete: m.Complete}, created: m.Created}
	if err := s.read(ctx, d, o, p.Path(product.PackageName), o.Source); err != nil {
		return nil, err
	}
	return s, s.readRelated(ctx, d, p)
}

// openRelease reads the folder that `tuban release` left.
func openRelease(ctx context.Context, d Drivers, o Options) (*source, error) {
	m, err := release.ReadPackage(o.Source)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, badInput("%s holds a release that was not finished: the same `tuban release` finishes it", o.Source)
	}
	if err != nil {
		return nil, err
	}
	for _, c := range m.Counties {
		if c.Superseded > 0 && o.Register == "" {
			return nil, badInput("%s: %d patches of %s have newer numbers since: give the register, which names them, with --register", o.Source, c.Superseded, c.XZQDM)
		}
	}
	s := &source{Source: Source{Kind: "release", Path: o.Source, Key: m.Run, Batch: m.Batch, Layer: release.Layer, Complete: true}, created: m.Released}
	path := filepath.Join(o.Source, release.PackageName)
	if err := s.read(ctx, d, o, path, path); err != nil || o.Product == "" {
		return s, err
	}
	p, err := product.Open(ctx, d.Drivers, o.Product)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	if p.Manifest.Key != m.Run {
		return nil, badInput("%s is the product %s, the release in %s is of %s: give that one with --product", o.Product, p.Manifest.Key, o.Source, m.Run)
	}
	if err := s.findOrigins(ctx, p); err != nil {
		return nil, err
	}
	return s, s.readRelated(ctx, d, p)
}

// read reads the patches at path, which messages call name.
func (s *source) read(ctx context.Context, d Drivers, o Options, path, name string) error {
	spec := vector.LayerSpec{Source: path, Layer: s.Layer}
	fields, err := d.Writers.LayerFields(ctx, spec)
	if err != nil {
		return pipeline.NewInputError(err)
	}
	s.fields = fields
	var info vector.LayerInfo
	if s.rows, info, err = product.Read(ctx, d.Vectors, spec, o.CRS); err != nil {
		return err
	}
	s.Layer = info.Name
	if s.crs = o.CRS; s.crs == "" {
		s.crs = info.CRS
	}
	if s.crs == "" {
		return badInput("layer %s of %s has no coordinate reference system: assign one to it, e.g. with ogr2ogr -a_srs EPSG:4490", info.Name, name)
	}
	for _, r := range s.rows {
		if r.Problem != "" {
			return badInput("%s, layer %s, feature %d: %s", name, info.Name, r.FID, r.Problem)
		}
	}
	if len(s.rows) > 0 && !s.rows[0].Has("XZQDM") {
		return badInput("layer %s of %s has no field XZQDM: give a layer of patches, such as changes of a product or released of a release", info.Name, name)
	}
	if o.Has(GeoJSON) || o.Has(KML) || o.Has(STAC) {
		s.lonlat, _, err = product.Read(ctx, d.Vectors, spec, "EPSG:4326")
	}
	return err
}

// readRelated reads the tables beside the patches that the product has.
func (s *source) readRelated(ctx context.Context, d Drivers, p *product.Product) error {
	for _, r := range relations {
		rows, has, err := p.Layer(ctx, r.name, s.crs)
		if err != nil {
			return err
		}
		if !has || len(rows) == 0 {
			continue
		}
		fields, err := d.Writers.LayerFields(ctx, vector.LayerSpec{Source: p.Path(product.PackageName), Layer: r.name})
		if err != nil {
			return fmt.Errorf("layer %s: %w", r.name, err)
		}
		rel := relation{name: r.name, title: r.title, fields: fields, rows: rows}
		for _, row := range rows {
			if row.Geom != nil {
				rel.geometry = "MultiPolygon"
			}
		}
		s.related = append(s.related, rel)
	}
	return nil
}
