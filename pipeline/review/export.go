package review

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"tuban/pipeline"
	"tuban/pipeline/product"
	"tuban/pipeline/register"
	"tuban/raster/vector"
)

// The files of a working copy. The project is written last: what opens in QGIS is whole.
const (
	PackageName = "review.gpkg"
	BaseName    = "product.gpkg"
	ProjectName = "review.qgz"
	layerName   = "review"
	infoName    = "review_info"
)

// ExportOptions say what to take to people.
type ExportOptions struct {
	// Product is the folder of a product, To the folder that gets the working copy, Register that of the register; "" for a
	// copy in which nothing is judged yet.
	Product, To, Register string
	// Counties restricts the copy to candidates whose XZQDM is one of these; none means all.
	Counties []string
	Now      time.Time
}

// Exported says what a working copy has.
type Exported struct {
	Rows, Judged int
	// Unreachable are scenes that the project cannot show, because they lie in object storage.
	Unreachable []string
}

// Export writes a working copy. A folder that holds one is refused: its edits would be lost. What an export left that did not come
// to its end is replaced.
func Export(ctx context.Context, d pipeline.Drivers, o ExportOptions) (*Exported, error) {
	if err := free(ctx, d, o.To); err != nil {
		return nil, err
	}
	p, err := product.Open(ctx, d, o.Product)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	reg := &register.Register{}
	if o.Register != "" {
		if reg, err = register.Open(o.Register); err != nil {
			return nil, err
		}
	}
	rows, has, err := p.Layer(ctx, "changes", "")
	if err != nil {
		return nil, err
	}
	if !has {
		return nil, pipeline.NewInputError(fmt.Errorf("%s has no layer changes: it is no product of tuban run", p.Path(product.PackageName)))
	}
	list, err := sheet{p.Manifest.Key, p.Manifest.Grid.CRS, d.Coordinates.SameCRS, reg.State(), o.Counties}.lines(rows)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.To, 0o755); err != nil {
		return nil, pipeline.NewInputError(err)
	}
	if err := copyFile(p.Path(product.PackageName), filepath.Join(o.To, BaseName)); err != nil {
		return nil, err
	}
	info, err := newInfo(p, rows, reg, o)
	if err != nil {
		return nil, err
	}
	names := columnNames(rows)
	tables := []vector.Table{reviewTable(p.Manifest.Grid.CRS, names, list), info.table()}
	if err := d.Vectors.WriteGeoPackage(ctx, filepath.Join(o.To, PackageName), tables, vector.WriteOptions{Clock: o.Now}); err != nil {
		return nil, err
	}
	out := &Exported{Rows: len(list)}
	for _, l := range list {
		if l.verdict != "" {
			out.Judged++
		}
	}
	out.Unreachable, err = writeProject(ctx, d, p, names, list, o.To)
	return out, err
}

// free makes sure that a folder holds no product, and no working copy that anybody can have judged: without its project, one in
// which no row was touched is what an export left that was interrupted.
func free(ctx context.Context, d pipeline.Drivers, dir string) error {
	for _, name := range []string{ProjectName, pipeline.ManifestName} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return taken(filepath.Join(dir, name))
		}
	}
	path := filepath.Join(dir, PackageName)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	rows, _, err := product.Read(ctx, d.Vectors, vector.LayerSpec{Source: path, Layer: layerName}, "")
	if err != nil {
		return taken(path)
	}
	for _, r := range rows {
		if e, err := editedRow(r); err != nil || e.touched {
			return taken(path)
		}
	}
	return nil
}

func taken(path string) error {
	return pipeline.NewInputError(fmt.Errorf("%s is there already, and what was judged in it would be lost: import it, and choose another folder with --to", path))
}

// line is a row of the working copy.
type line struct {
	entry
	// together counts the rows that are one: the pieces of a split, the members of a merge.
	together int
	geom     orb.MultiPolygon
	values   map[string]string
}

// columnNames are the product's, and the geometry version where a product of an earlier version has none.
func columnNames(rows []product.Row) []string {
	if len(rows) == 0 {
		var names []string
		for _, f := range pipeline.PatchFields() {
			names = append(names, f.Name)
		}
		return withVersion(names)
	}
	return withVersion(slices.Clone(rows[0].Fields()))
}

func withVersion(names []string) []string {
	if !slices.Contains(names, "gv") {
		names = append(names, "gv")
	}
	return names
}

func reviewTable(crs string, names []string, list []line) vector.Table {
	cols := product.Columns(names)
	return vector.Table{
		Name: layerName, Title: "图斑判读", CRS: crs, Geometry: "MultiPolygon", Fields: append(slices.Clone(cols), editing...),
		Rows: func(yield func(vector.Row, error) bool) {
			for _, l := range list {
				row, err := l.row(cols)
				if !yield(row, err) {
					return
				}
			}
		},
	}
}

func (l line) row(cols []vector.Field) (row vector.Row, err error) {
	if row.WKB, err = wkb.Marshal(l.geom); err != nil {
		return row, err
	}
	for _, f := range cols {
		v, err := product.Typed(f, l.values[f.Name])
		if err != nil {
			return row, err
		}
		row.Values = append(row.Values, v)
	}
	state, err := l.state(l.geom)
	for _, s := range append(l.entry.values(), fmt.Sprintf("%s/%d", state, l.together)) {
		if s == "" {
			row.Values = append(row.Values, nil)
		} else {
			row.Values = append(row.Values, s)
		}
	}
	return row, err
}

// copyFile copies the product's GeoPackage: helper layers come from it, and the import compares with it.
func copyFile(from, to string) (err error) {
	b, err := os.Open(from)
	if err != nil {
		return pipeline.NewInputError(err)
	}
	defer b.Close()
	part := to + ".part"
	f, err := os.Create(part)
	if err != nil {
		return pipeline.NewInputError(err)
	}
	_, err = f.ReadFrom(b)
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(fmt.Errorf("copying %s: %w", from, err), os.Remove(part))
	}
	return os.Rename(part, to)
}
