package review

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"tuban/classify/rules"
	"tuban/pipeline"
	"tuban/pipeline/product"
	"tuban/raster/vector"
)

// working is a working copy that came back.
type working struct {
	*info
	// path is its GeoPackage as the register names it.
	path string
	rows []*edited
	// base are the candidates of the product by cid, in its order.
	base  map[string]product.Row
	order []string
	rules *rules.File
}

// edited is a row of the working copy.
type edited struct {
	entry
	product.Row
	cid, gv string
	// touched says that the row is not as it was exported.
	touched bool
	// together counts the rows that it was exported with as one.
	together int
	problems []Problem
}

// complain notes what is wrong with the row.
func (r *edited) complain(code string, args ...any) {
	r.problems = append(r.problems, problem(r.FID, r.cid, code, args...))
}

// locate finds the GeoPackage of a working copy: the argument may be its folder or the file.
func locate(arg string) (string, error) {
	st, err := os.Stat(arg)
	if err != nil {
		return "", pipeline.NewInputError(err)
	}
	path := arg
	if st.IsDir() {
		path = filepath.Join(arg, PackageName)
		if _, err := os.Stat(path); err != nil {
			return "", pipeline.NewInputError(fmt.Errorf("%w: give the folder that tuban review export wrote, or its %s", err, PackageName))
		}
	}
	// SQLite keeps what QGIS has not yet merged beside the file.
	if st, err := os.Stat(path + "-wal"); err == nil && st.Size() > 0 {
		return "", pipeline.NewInputError(fmt.Errorf("%s is open in QGIS: save the layer, close the project, and import again", path))
	}
	return filepath.Abs(path)
}

// open reads a working copy, and the candidates that it was made from: beside it, or in the product given.
func open(ctx context.Context, d pipeline.Drivers, arg, productDir string) (*working, error) {
	path, err := locate(arg)
	if err != nil {
		return nil, err
	}
	w := &working{path: path, base: map[string]product.Row{}}
	if w.info, err = readInfo(ctx, d.Vectors, path); err != nil {
		return nil, err
	}
	if w.rules, err = rules.Parse("the rules in the working copy", []byte(w.Manifest.Rules)); err != nil {
		return nil, pipeline.NewInputError(fmt.Errorf("%s: %w: export again", path, err))
	}
	if err := w.readBase(ctx, d, productDir); err != nil {
		return nil, err
	}
	rows, info, err := product.Read(ctx, d.Vectors, vector.LayerSpec{Source: path, Layer: layerName}, w.Manifest.Grid.CRS)
	if err != nil {
		return nil, err
	}
	for _, f := range editing {
		if !slices.Contains(info.Fields, f.Name) {
			return nil, pipeline.NewInputError(fmt.Errorf("%s, layer %s has no field %s any more: restore it, or export again", path, layerName, f.Name))
		}
	}
	for _, r := range rows {
		e, err := editedRow(r)
		if err != nil {
			return nil, err
		}
		w.rows = append(w.rows, e)
	}
	return w, nil
}

// editedRow reads what was filled in, and whether anything was.
func editedRow(r product.Row) (*edited, error) {
	e := &edited{entry: entryOf(r.Text), Row: r, cid: r.Text("cid"), gv: r.Text("gv"), touched: true}
	if r.Problem == "" && r.Geom != nil {
		state, err := e.state(r.Geom)
		if err != nil {
			return nil, err
		}
		was, n, _ := strings.Cut(r.Text("PDYS"), "/")
		e.touched = state != was
		e.together, _ = strconv.Atoi(n) // 0, as of a row that was not exported, equals no number of rows
	}
	return e, nil
}

// readBase reads the candidates of the product, and makes sure that they are those of the export.
func (w *working) readBase(ctx context.Context, d pipeline.Drivers, productDir string) error {
	from := filepath.Join(filepath.Dir(w.path), BaseName)
	var rows []product.Row
	if _, err := os.Stat(from); err == nil && productDir == "" {
		if rows, _, err = product.Read(ctx, d.Vectors, vector.LayerSpec{Source: from, Layer: "changes"}, ""); err != nil {
			return err
		}
	} else {
		if productDir == "" {
			productDir = w.Product
		}
		from = productDir
		p, err := product.Open(ctx, d, productDir)
		if err != nil {
			return fmt.Errorf("%w: give the product of the working copy with --product, or put its %s back beside it", err, BaseName)
		}
		defer p.Close()
		if rows, _, err = p.Layer(ctx, "changes", ""); err != nil {
			return err
		}
		if p.Manifest.Key != w.Manifest.Key {
			return w.mismatch(from, p.Manifest.Key)
		}
	}
	hash, err := baseHash(rows)
	if err != nil {
		return err
	}
	if hash != w.Base {
		return pipeline.NewInputError(fmt.Errorf("the candidates in %s are not those that %s was made from: restore the file, or export again", from, w.path))
	}
	for _, r := range rows {
		w.base[r.Text("cid")] = r
		if len(w.Counties) == 0 || slices.Contains(w.Counties, r.Text("XZQDM")) {
			w.order = append(w.order, r.Text("cid"))
		}
	}
	return w.still(ctx, d)
}

// still makes sure that the product has not been replaced since the export, where it can be seen.
func (w *working) still(ctx context.Context, d pipeline.Drivers) error {
	if strings.HasPrefix(w.Product, "s3://") && d.Storage == nil {
		return nil
	}
	m, err := d.ReadManifest(ctx, w.Product)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // moved, or on another machine: the copy of its candidates is what counts
	}
	if err != nil {
		return pipeline.NewInputError(err)
	}
	if m.Key != w.Manifest.Key {
		return w.mismatch(w.Product, m.Key)
	}
	return nil
}

func (w *working) mismatch(dir, key string) error {
	return pipeline.NewInputError(fmt.Errorf("%s was made from the product %s, and %s now holds %s: export again with --register, so that nothing is judged that is no longer so", w.path, w.Manifest.Key, dir, key))
}
