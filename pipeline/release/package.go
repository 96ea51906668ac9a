package release

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/paulmach/orb/encoding/wkb"

	"tuban/pipeline"
	"tuban/pipeline/product"
	"tuban/pipeline/register"
	"tuban/raster/vector"
)

// The files of a release. The second says that the first is complete, and is written last.
const (
	PackageName  = "released.gpkg"
	ManifestName = "release.json"
	Layer        = "released"
)

// Package describes the files of a release: all that one batch has of one product.
type Package struct {
	Batch string `json:"batch"`
	// Run and Product name the product: its key, and where it was.
	Run     string `json:"run"`
	Product string `json:"product"`
	CRS     string `json:"crs"`
	// Event is the number of the register's event with the last release; Hash that of the line before it.
	Event    int64             `json:"register_event"`
	Prev     string            `json:"register_prev"`
	Released time.Time         `json:"released"`
	Clue     string            `json:"clue"`
	Counties []CountyRelease   `json:"counties"`
	Outputs  []pipeline.Output `json:"outputs"`
}

// CountyRelease sums up what one county got.
type CountyRelease struct {
	XZQDM string `json:"XZQDM"`
	XMC   string `json:"XMC,omitempty"`
	Count int    `json:"count"`
	// Superseded counts those among them that a later one took the place of, whatever batch that is in.
	Superseded int     `json:"superseded,omitempty"`
	AreaM2     float64 `json:"area_m2"`
	First      string  `json:"first"`
	Last       string  `json:"last"`
}

// ReadPackage reads what stands in dir; fs.ErrNotExist when there is no complete release.
func ReadPackage(dir string) (*Package, error) {
	path := filepath.Join(dir, ManifestName)
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	p := &Package{}
	if err := json.Unmarshal(b, p); err != nil {
		return nil, pipeline.NewInputError(fmt.Errorf("%s: %w: delete the folder; the same command makes it again from the register", path, err))
	}
	return p, nil
}

// free makes sure that dir holds nothing else that the release would replace.
func free(dir, batch, run string) error {
	if dir == "" {
		return pipeline.NewInputError(errors.New("give the folder of the release with --to"))
	}
	if _, err := os.Stat(filepath.Join(dir, pipeline.ManifestName)); err == nil {
		return pipeline.NewInputError(fmt.Errorf("%s holds a product: choose another folder with --to", dir))
	}
	p, err := ReadPackage(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case p.Batch != batch || p.Run != run:
		return pipeline.NewInputError(fmt.Errorf("%s holds the batch %s of the product %s: choose another folder with --to", dir, p.Batch, p.Run))
	}
	return nil
}

// write makes the files of the batch from the register. Nothing was released: nothing is written.
func write(ctx context.Context, d pipeline.Drivers, o Options, p *product.Product, reg *register.Register) (*Package, error) {
	list, last := released(reg, o.Batch, p.Manifest.Key)
	if len(list) == 0 {
		return nil, nil
	}
	pack := &Package{
		Batch: o.Batch, Run: p.Manifest.Key, Product: p.Dir, CRS: p.Manifest.Grid.CRS, Event: last.Seq, Prev: last.Prev,
		Released: last.At, Clue: pipeline.Clue, Counties: byCounty(list, reg.State()),
	}
	if err := os.MkdirAll(o.To, 0o755); err != nil {
		return nil, pipeline.NewInputError(err)
	}
	if err := os.Remove(filepath.Join(o.To, ManifestName)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	t, err := table(list, pack.CRS)
	if err != nil {
		return nil, err
	}
	if err := d.Vectors.WriteGeoPackage(ctx, filepath.Join(o.To, PackageName), []vector.Table{t}, vector.WriteOptions{Clock: last.At}); err != nil {
		return nil, err
	}
	out, err := pipeline.DescribeOutput(o.To, PackageName)
	if err != nil {
		return nil, err
	}
	pack.Outputs = []pipeline.Output{out}
	return pack, pack.write(o.To)
}

func byCounty(list []register.Release, state *register.State) []CountyRelease {
	sums := map[string]*CountyRelease{}
	for _, r := range list {
		c := sums[r.County]
		if c == nil {
			c = &CountyRelease{XZQDM: r.County, XMC: r.Values["XMC"], First: r.JCBH}
			sums[r.County] = c
		}
		c.Count++
		c.AreaM2 = pipeline.Cents(c.AreaM2 + r.AreaM2)
		c.Last = r.JCBH
		if state.Replaced(r.JCBH) != "" {
			c.Superseded++
		}
	}
	var out []CountyRelease
	for _, code := range slices.Sorted(maps.Keys(sums)) {
		out = append(out, *sums[code])
	}
	return out
}

// ownFields are what a released patch has beside the columns of a candidate.
var ownFields = []vector.Field{
	{Name: "PARENT", Type: vector.String, Width: 16, Alias: "整斑候选编号（跨县切分时）"},
	{Name: "THBH", Type: vector.String, Alias: "替代的监测编号"},
	{Name: "PC", Type: vector.String, Width: 60, Alias: "发布批次"},
}

// table has a row for each release. Columns that this version of the program does not know are text, behind the others.
func table(list []register.Release, crs string) (vector.Table, error) {
	t := vector.Table{Name: Layer, Title: "下发监测图斑", CRS: crs, Geometry: "MultiPolygon", Fields: append(pipeline.PatchFields(), ownFields...)}
	known := map[string]bool{}
	for _, f := range t.Fields {
		known[f.Name] = true
	}
	unknown := map[string]bool{}
	for _, r := range list {
		for f := range r.Values {
			if !known[f] {
				unknown[f] = true
			}
		}
	}
	for _, f := range slices.Sorted(maps.Keys(unknown)) {
		t.Fields = append(t.Fields, vector.Field{Name: f, Type: vector.String, Width: 254})
	}
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b register.Release) int { return cmp.Compare(a.JCBH, b.JCBH) })
	rows := make([]vector.Row, len(list))
	for i, r := range list {
		var err error
		if rows[i], err = row(t.Fields, r); err != nil {
			return t, fmt.Errorf("%s: %w", r.JCBH, err)
		}
	}
	t.Rows = func(yield func(vector.Row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
	return t, nil
}

func row(fields []vector.Field, r register.Release) (out vector.Row, err error) {
	mp, err := r.Shape.Polygons()
	if err != nil {
		return out, err
	}
	if out.WKB, err = wkb.Marshal(mp); err != nil {
		return out, err
	}
	own := map[string]string{"JCBH": r.JCBH, "PARENT": r.Parent, "THBH": r.Supersedes, "PC": r.Batch}
	for _, f := range fields {
		s, ok := own[f.Name]
		if !ok {
			s = r.Values[f.Name]
		}
		v, err := product.Typed(f, s)
		if err != nil {
			return out, err
		}
		out.Values = append(out.Values, v)
	}
	return out, nil
}

// write puts the manifest in place whole.
func (p *Package) write(dir string) error {
	return pipeline.ReplaceFile(filepath.Join(dir, ManifestName), func(w io.Writer) error {
		b, err := json.MarshalIndent(p, "", "  ")
		if err != nil {
			return err
		}
		_, err = w.Write(append(b, '\n'))
		return err
	})
}
