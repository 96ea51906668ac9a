package export

import (
	"context"
	"fmt"
	"iter"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"tuban/pipeline/product"
	"tuban/raster/vector"
)

// origin is the patch of the product that rows of a release come from.
type origin struct {
	geom orb.MultiPolygon
	// area and released are what the product says of the patch, and the release of all its parts, in m².
	area, released float64
	// cut says that the release has nothing but parts of it.
	cut bool
}

// portion is how much of its patch in the product a package has.
type portion int

const (
	intact portion = iota
	// piece: what lies in some counties.
	piece
	// redrawn: another outline.
	redrawn
)

// findOrigins finds the patches of the product behind the release's.
func (s *source) findOrigins(ctx context.Context, p *product.Product) error {
	rows, has, err := p.Layer(ctx, "changes", s.crs)
	if err != nil {
		return err
	}
	if !has {
		return badInput("%s has no layer changes: the product is damaged, `tuban check` says how", p.Dir)
	}
	s.origins = originsOf(s.rows, rows)
	return nil
}

func originsOf(released, patches []product.Row) map[string]*origin {
	out := map[string]*origin{}
	for _, r := range patches {
		area, _ := r.Number("JCMJ")
		out[r.Text("cid")] = &origin{geom: r.Geom, area: area, cut: true}
	}
	for _, r := range released {
		if o := out[r.Text("cid")]; o != nil {
			area, _ := r.Number("JCMJ")
			o.released += area
			o.cut = o.cut && r.Text("PARENT") != ""
		}
	}
	return out
}

// portion is how much of the patch cid the rows have, which are all of a package about it. Parts that do not add up to the
// patch may be those of an outline that was drawn anew.
func (s *source) portion(cid string, rows []product.Row) portion {
	if s.Kind != "release" {
		return intact
	}
	o := s.origins[cid]
	if o == nil {
		return redrawn
	}
	if len(rows) == 1 && o.geom.Equal(rows[0].Geom) {
		return intact
	}
	same := func(a, b float64) bool { return a-b < 0.005 && b-a < 0.005 }
	if !o.cut || !same(o.released, o.area) {
		return redrawn
	}
	sum := 0.0
	for _, r := range rows {
		area, _ := r.Number("JCMJ")
		sum += area
	}
	if same(sum, o.area) {
		return intact
	}
	return piece
}

// portions says of the patches of a package how much of them it has.
func (j *job) portions(p Package) map[string]portion {
	rows := map[string][]product.Row{}
	for _, i := range p.rows {
		cid := j.src.rows[i].Text("cid")
		rows[cid] = append(rows[cid], j.src.rows[i])
	}
	out := map[string]portion{}
	for cid, list := range rows {
		out[cid] = j.src.portion(cid, list)
	}
	return out
}

// related are the tables beside the patches of a package: the rows that speak of them. Of a patch that a release cut, those go along
// that say which county they are about, which is the package's; of one that was drawn anew, none: they are of the outline before.
func (j *job) related(p Package) []vector.Table {
	of := j.portions(p)
	counties := map[[2]string]bool{}
	for _, i := range p.rows {
		counties[[2]string{j.src.rows[i].Text("cid"), j.src.rows[i].Text("XZQDM")}] = true
	}
	var out []vector.Table
	for _, rel := range j.src.related {
		t := vector.Table{Name: rel.name, Title: rel.title, Geometry: rel.geometry, Fields: rel.fields}
		if rel.geometry != "" {
			t.CRS = j.src.crs
		}
		t.Rows = relationRows(rel, func(r product.Row) bool {
			cid, county := r.Text("cid"), r.Text("XZQDM")
			how, mine := of[cid]
			return mine && (how == intact || how == piece && county != "" && counties[[2]string{cid, county}])
		})
		out = append(out, t)
	}
	return out
}

// unrelated says of how many patches of a package no details go along, "" for none.
func (j *job) unrelated(p Package) string {
	n := 0
	for _, how := range j.portions(p) {
		if how != intact {
			n++
		}
	}
	if n == 0 || len(j.src.related) == 0 {
		return ""
	}
	return fmt.Sprintf("本包有 %d 个图斑是整斑的一部分，或边界经人工重划：图层压占、审批匹配、沿革等明细按原整斑记录，未随附", n)
}

func relationRows(rel relation, keep func(product.Row) bool) iter.Seq2[vector.Row, error] {
	return func(yield func(vector.Row, error) bool) {
		for _, r := range rel.rows {
			if !keep(r) {
				continue
			}
			row, err := relationRow(rel, r)
			if !yield(row, err) {
				return
			}
		}
	}
}

func relationRow(rel relation, r product.Row) (out vector.Row, err error) {
	if r.Geom != nil {
		if out.WKB, err = wkb.Marshal(r.Geom); err != nil {
			return out, err
		}
	}
	for _, f := range rel.fields {
		v, err := product.Typed(f, r.Text(f.Name))
		if err != nil {
			return out, fmt.Errorf("layer %s, row %d: %w", rel.name, r.FID, err)
		}
		out.Values = append(out.Values, v)
	}
	return out, nil
}
