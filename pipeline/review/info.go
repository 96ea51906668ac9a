package review

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/paulmach/orb/encoding/wkb"

	"tuban/pipeline"
	"tuban/pipeline/product"
	"tuban/pipeline/register"
	"tuban/raster/vector"
)

// info is what a working copy says of itself, so that it can be read wherever it was carried.
type info struct {
	// ID names the working copy; Product is the folder that it was made from, Manifest that product's.
	ID, Product string
	Manifest    *pipeline.Manifest
	// Base hashes the candidates of the product: who and where they are.
	Base string
	// Events counts those of the register at the export.
	Events int
	// Counties are those that the copy was restricted to.
	Counties []string
}

func newInfo(p *product.Product, rows []product.Row, reg *register.Register, o ExportOptions) (*info, error) {
	base, err := baseHash(rows)
	if err != nil {
		return nil, err
	}
	dir, err := filepath.Abs(p.Dir)
	if err != nil || strings.HasPrefix(p.Dir, "s3://") {
		dir = p.Dir
	}
	to, err := filepath.Abs(o.To)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{p.Manifest.Key, reg.Hash(), to, o.Now.String()}, "\x00")))
	return &info{
		ID: hex.EncodeToString(sum[:8]), Product: dir, Manifest: p.Manifest, Base: base,
		Events: len(reg.Events), Counties: o.Counties,
	}, nil
}

// baseHash hashes the identities and outlines of candidates, in their order.
func baseHash(rows []product.Row) (string, error) {
	h := sha256.New()
	for _, r := range rows {
		cid, gv := r.Version()
		b, err := wkb.Marshal(r.Geom)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "%s\x00%s\x00%d\x00", cid, gv, len(b))
		h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func (x *info) table() vector.Table {
	pairs := func() ([][2]string, error) {
		m, err := json.Marshal(x.Manifest)
		return [][2]string{
			{"format", "1"}, {"id", x.ID}, {"product", x.Product}, {"manifest", string(m)}, {"base", x.Base},
			{"register_events", strconv.Itoa(x.Events)}, {"counties", strings.Join(x.Counties, " ")},
		}, err
	}
	return vector.Table{
		Name: infoName, Title: "工作副本信息（勿改）",
		Fields: []vector.Field{{Name: "name", Type: vector.String, Alias: "名称"}, {Name: "value", Type: vector.String, Alias: "值"}},
		Rows: func(yield func(vector.Row, error) bool) {
			list, err := pairs()
			for _, p := range list {
				if !yield(vector.Row{Values: []any{p[0], p[1]}}, err) {
					return
				}
			}
		},
	}
}

// readInfo reads what the working copy at path says of itself.
func readInfo(ctx context.Context, v pipeline.Vectors, path string) (*info, error) {
	rows, _, err := product.Read(ctx, v, vector.LayerSpec{Source: path, Layer: infoName}, "")
	if err != nil {
		return nil, pipeline.NewInputError(fmt.Errorf("%s is no working copy of tuban review export: %w", path, err))
	}
	pairs := map[string]string{}
	for _, r := range rows {
		pairs[r.Text("name")] = r.Text("value")
	}
	x := &info{ID: pairs["id"], Product: pairs["product"], Base: pairs["base"], Counties: strings.Fields(pairs["counties"]), Manifest: &pipeline.Manifest{}}
	errs := []error{json.Unmarshal([]byte(pairs["manifest"]), x.Manifest)}
	x.Events, err = strconv.Atoi(pairs["register_events"])
	errs = append(errs, err)
	if pairs["format"] != "1" {
		errs = append(errs, fmt.Errorf("its format is %q, this version reads 1", pairs["format"]))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, pipeline.NewInputError(fmt.Errorf("%s, layer %s: %w: export again", path, infoName, err))
	}
	return x, nil
}
