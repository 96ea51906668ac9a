package product

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"tuban/pipeline"
	"tuban/raster/vector"
)

// PackageName is the GeoPackage of a product, which holds its layers.
const PackageName = "changes.gpkg"

// Product is a finished product, opened for reading.
type Product struct {
	// Dir is the folder as it was named, on disk or in object storage.
	Dir      string
	Manifest *pipeline.Manifest
	vectors  pipeline.Vectors
	// local is where the files can be opened; temporary says that Close removes it.
	local     string
	temporary bool
}

// Open opens the product in dir, on disk or at s3://bucket/prefix, and fetches the files called names (its GeoPackage, when
// there are none) in the second case. A folder without a manifest holds no product and is an *pipeline.InputError. Nothing is
// compared with its checksum: `tuban check` does that. Close releases what was fetched.
func Open(ctx context.Context, d pipeline.Drivers, dir string, names ...string) (*Product, error) {
	m, err := d.ReadManifest(ctx, dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, pipeline.NewInputError(fmt.Errorf("%s holds no finished product: give the folder that `tuban run` left", dir))
	}
	if err != nil {
		return nil, err
	}
	p := &Product{Dir: dir, Manifest: m, vectors: d.Vectors, local: dir}
	if !strings.HasPrefix(dir, "s3://") {
		return p, nil
	}
	if p.local, err = os.MkdirTemp("", "tuban-product-"); err != nil {
		return nil, err
	}
	p.temporary = true
	if len(names) == 0 {
		names = []string{PackageName}
	}
	for _, name := range names {
		if err := d.Storage.Fetch(ctx, pipeline.Below(dir, name), filepath.Join(p.local, name)); err != nil {
			return nil, errors.Join(fmt.Errorf("fetching %s: %w", pipeline.Below(dir, name), err), p.Close())
		}
	}
	return p, nil
}

// Close removes what Open fetched.
func (p *Product) Close() error {
	if !p.temporary {
		return nil
	}
	return os.RemoveAll(p.local)
}

// Path is where a file of the product can be opened.
func (p *Product) Path(name string) string { return filepath.Join(p.local, name) }

// Layer reads a layer of the product, its rows in the order of the file and its geometry in crs; "" means the product's own.
// A product of an earlier version lacks layers and fields that this one writes: has is false for a layer that is not there,
// and a field that is not there is null in every row.
func (p *Product) Layer(ctx context.Context, name, crs string) (rows []Row, has bool, err error) {
	spec := vector.LayerSpec{Source: p.Path(PackageName), Layer: name}
	info, err := p.vectors.DescribeLayer(ctx, spec)
	if err != nil {
		if there, look := p.hasLayer(ctx, name); look == nil && !there {
			return nil, false, nil
		}
		return nil, false, pipeline.NewInputError(fmt.Errorf("%w: the product is damaged; `tuban check` says how, `tuban run --force` makes it anew", err))
	}
	rows, err = read(ctx, p.vectors, spec, info, crs)
	for _, r := range rows {
		if r.Problem != "" && err == nil {
			err = fmt.Errorf("feature %d: %s", r.FID, r.Problem)
		}
	}
	if err != nil {
		return nil, true, fmt.Errorf("%s, layer %s: %w", spec.Source, name, err)
	}
	return rows, true, nil
}

// hasLayer tells a layer that is not there from a file that cannot be read: every product has the layer `run`.
func (p *Product) hasLayer(ctx context.Context, name string) (bool, error) {
	if _, err := p.vectors.DescribeLayer(ctx, vector.LayerSpec{Source: p.Path(PackageName), Layer: "run"}); err != nil || name == "run" {
		return true, err
	}
	return false, nil
}
