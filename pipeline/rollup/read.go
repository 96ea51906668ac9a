package rollup

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"tuban/classify/landclass"
	"tuban/pipeline"
	"tuban/pipeline/product"
)

// leastOutside is from how many m² on a patch counts as lying out of a layer: what is less is the jitter of two outlines.
const leastOutside = Area(10 * 100)

// reader reads the patches of products.
type reader struct {
	names Names
	// real has the layers that a candidate lies in with more than slivers, where the product tells.
	real  map[string]map[string]bool
	tells bool
	// before and after are the first and last days of the imagery of the product that was read last; verdicts are earlier ones that
	// still hold for its candidates, by cid.
	before, after [2]string
	verdicts      map[string]string
}

// patches reads the published patches of a product.
func (rd *reader) patches(ctx context.Context, p *product.Product) ([]*patch, error) {
	rows, has, err := p.Layer(ctx, "changes", "")
	if err != nil {
		return nil, err
	}
	if !has {
		return nil, damaged(p, "it has no layer changes")
	}
	parts, err := rd.parts(ctx, p)
	if err != nil {
		return nil, err
	}
	if err := rd.overlays(ctx, p); err != nil {
		return nil, err
	}
	var sys landclass.System
	if p.Manifest.Survey != nil {
		sys = landclass.System(p.Manifest.Survey.System)
	}
	rd.before, rd.after, rd.verdicts = [2]string{}, [2]string{}, map[string]string{}
	var out []*patch
	for _, r := range rows {
		rd.before, rd.after = stretch(rd.before, r.Text("QSX")), stretch(rd.after, r.Text("HSX"))
		if v := r.Text("PDJL"); v != "" {
			rd.verdicts[r.Text("cid")] = v
		}
		q, err := rd.patch(r, parts[r.Text("cid")], sys)
		if err != nil {
			return nil, damaged(p, err.Error())
		}
		q.middle, q.crs = r.Geom.Bound().Center(), p.Manifest.Grid.CRS
		out = append(out, q)
	}
	return out, nil
}

// stretch is the span of days that has day in it too.
func stretch(span [2]string, day string) [2]string {
	switch {
	case day == "":
		return span
	case span[0] == "":
		return [2]string{day, day}
	}
	return [2]string{min(span[0], day), max(span[1], day)}
}

func damaged(p *product.Product, what string) error {
	return pipeline.NewInputError(fmt.Errorf("%s: %s: `tuban check` says what is wrong with the product, `tuban run --force` makes it anew", p.Dir, what))
}

// parts reads the parts of patches by unit, by cid, the largest first; a product without them has none.
func (rd *reader) parts(ctx context.Context, p *product.Product) (map[string][]part, error) {
	rows, _, err := p.Layer(ctx, "changes_units", "")
	if err != nil {
		return nil, err
	}
	out := map[string][]part{}
	for _, r := range rows {
		x := part{place: units(r), in: map[string]Area{}}
		x.area, _ = area(r, "MJ")
		x.crop, _ = area(r, "GDMJ")
		for _, l := range legalLayers() {
			if a, ok := area(r, l.column); ok {
				x.in[l.column] = a
			}
		}
		out[r.Text("cid")] = append(out[r.Text("cid")], x)
	}
	return out, nil
}

// overlays reads in which layers patches lie with more than slivers.
func (rd *reader) overlays(ctx context.Context, p *product.Product) error {
	rows, has, err := p.Layer(ctx, "overlays", "")
	if err != nil {
		return err
	}
	rd.real, rd.tells = map[string]map[string]bool{}, has
	for _, r := range rows {
		if r.Text("sliver") == "是" || r.Text("in_effect") == "否" {
			continue
		}
		cid := r.Text("cid")
		if rd.real[cid] == nil {
			rd.real[cid] = map[string]bool{}
		}
		rd.real[cid][r.Text("layer")] = true
	}
	return nil
}

// patch takes what sums need out of a row. The unit that the row names comes first among its parts.
func (rd *reader) patch(r product.Row, parts []part, sys landclass.System) (*patch, error) {
	q := &patch{after: r.Text("TBLX"), categories: strings.Fields(r.Text("categories")), values: map[Dimension]string{}}
	q.cid, q.gv = r.Version()
	var ok bool
	if q.area, ok = area(r, "MJ"); !ok || q.cid == "" {
		return nil, fmt.Errorf("patch %q has no area or no cid", q.cid)
	}
	place := units(r)
	if len(parts) == 0 {
		crop, _ := area(r, "GDMJ")
		parts = []part{{place: place, area: q.area, crop: crop}}
	}
	sum := Area(0)
	for _, x := range parts {
		sum += x.area
	}
	if sum != q.area {
		return nil, fmt.Errorf("the parts of patch %s by unit add up to %.2f m², the patch has %.2f", q.cid, sum.M2(), q.area.M2())
	}
	slices.SortStableFunc(parts, func(a, b part) int {
		if mine := cmp.Compare(b.place.shared(place), a.place.shared(place)); mine != 0 {
			return mine
		}
		return cmp.Compare(b.area, a.area)
	})
	q.parts = parts
	rd.value(q, r, ByCategory, "category", "LBMC")
	for i, name := range strings.Split(r.Text("QBLB"), "、") {
		if i < len(q.categories) {
			rd.names.learn(ByAnyCategory, q.categories[i], name)
		}
	}
	rd.value(q, r, ByKind, "kind", "TZ")
	rd.value(q, r, ByTriage, "triage", "SPPP")
	rd.value(q, r, ByTrack, "track", "LSGX")
	q.labels = strings.FieldsFunc(r.Text("TQBQ"), func(c rune) bool { return c == '；' || c == ';' })
	if q.groups = groups(r); q.groups != nil {
		sum := Area(0)
		for _, g := range q.groups {
			sum += g.total
		}
		if sum != q.area {
			return nil, fmt.Errorf("the shares of patch %s add up to %.2f m², the patch has %.2f", q.cid, sum.M2(), q.area.M2())
		}
		q.classes = classes(r, sys, q.area, rd.names)
	}
	for _, l := range legalLayers() {
		a, ok := area(r, l.column)
		if !ok {
			continue
		}
		o := overlaid{legalLayer: l, area: a, real: a > 0}
		switch {
		case l.outside:
			o.real = a >= leastOutside
		case l.flag != "":
			o.real = r.Text(l.flag) == "是"
		case rd.tells && l.code != "adjustable":
			o.real = rd.real[q.cid][l.code]
		}
		q.overlays = append(q.overlays, o)
	}
	return q, nil
}

// value takes a value and its name out of a row, where the product has the column.
func (rd *reader) value(q *patch, r product.Row, d Dimension, column, name string) {
	if !r.Has(column) {
		return
	}
	code := cmp.Or(r.Text(column), none)
	q.values[d] = code
	if code != none {
		rd.names.learn(d, code, r.Text(name))
	}
}

// shared is how many levels two places share.
func (p Place) shared(o Place) (n int) {
	for n < len(p) && n < len(o) && p[n].Code == o[n].Code {
		n++
	}
	return n
}
