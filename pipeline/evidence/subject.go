package evidence

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"tuban/pipeline"
	"tuban/pipeline/product"
	"tuban/pipeline/withheld"
	"tuban/raster"
)

// subject is a patch that gets a sheet.
type subject struct {
	product.Row
	cid string
	// number is the 监测编号 under which it was released, "" before; former those of the patches that it goes back to.
	number, former string
	// release is the 监测编号 of the release whose outline and values the patch has, "" for those of `changes`; redrawn says that no
	// row there has that outline. at is the patch's position among the rows of `changes`, of one redrawn among the maker's drawn.
	release string
	redrawn bool
	at      int
	// outline says what must be known of the outline, "" where it is the candidate's and no other was released.
	outline string
	// answers are the candidates that it stands for.
	answers []string
	// withheld says that it gets no sheet.
	withheld bool
	// degrees is the geometry in EPSG:4490, zoned in the zone's system of number zone; nil where there is none.
	degrees, zoned orb.MultiPolygon
	zone, epsg     int
	overlays       []product.Row
	approvals      []product.Row
	frame          frame
	// up is the azimuth of the pictures' upward direction.
	up float64
}

// load reads the patches that are asked for, in the order in which they are worked through.
func (m *maker) load(ctx context.Context) error {
	rows, has, err := m.p.Layer(ctx, "changes", "")
	if err != nil {
		return err
	}
	if !has {
		return pipeline.NewInputError(fmt.Errorf("%s has no layer changes: the product is damaged, `tuban check` says how", m.p.Dir))
	}
	if err := m.pick(rows); err != nil {
		return err
	}
	if err := m.transform(ctx); err != nil {
		return err
	}
	slices.SortStableFunc(m.subjects, func(a, b *subject) int { return product.ByPriority(a.Row, b.Row) })
	if m.o.Top > 0 && len(m.subjects) > m.o.Top {
		m.subjects = m.subjects[:m.o.Top]
	}
	return m.context(ctx)
}

// pick finds the patches that are asked for; rows are those of `changes`.
func (m *maker) pick(rows []product.Row) error {
	all, err := m.patches(rows)
	if err != nil {
		return err
	}
	unknown := map[string]bool{}
	for _, cid := range m.o.CIDs {
		unknown[cid] = true
	}
	there := m.o.County == "" || len(rows) == 0
	stays := withheld.By(m.o.Register)
	for _, s := range all {
		s.number, s.former = m.released(s.Row)
		s.withheld = stays(s.Row) == withheld.Suppressed
		s.number = cmp.Or(s.release, s.number)
		named := len(m.o.CIDs) == 0
		for _, cid := range s.answers {
			named = named || slices.Contains(m.o.CIDs, cid)
			delete(unknown, cid)
		}
		here := m.o.County == "" || s.Text("XZQDM") == m.o.County
		there = there || here
		switch {
		case s.withheld:
			m.withheld++
		case named && here:
			m.subjects = append(m.subjects, s)
		}
	}
	if len(unknown) > 0 {
		return pipeline.NewInputError(fmt.Errorf("--cid: %s holds no published patch %s: `changes` lists them", m.p.Dir, sortedKeys(unknown)[0]))
	}
	if !there {
		return pipeline.NewInputError(fmt.Errorf("--county %s: no patch of %s lies there (XZQDM)", m.o.County, m.p.Dir))
	}
	m.allow(all, rows)
	return nil
}

// released is the 监测编号 of a patch, of one released in parts all of them, and those of earlier patches in its place.
func (m *maker) released(r product.Row) (number, former string) {
	own, all := strings.Fields(r.Text("JCBH")), strings.Fields(r.Text("FBBH"))
	if m.o.Register != nil {
		if current, _ := m.o.Register.Current(r.Text("cid")); len(current) > 0 {
			own = own[:0]
			for _, c := range current {
				own = append(own, c.JCBH)
			}
		}
	}
	all = slices.DeleteFunc(all, func(jcbh string) bool { return slices.Contains(own, jcbh) })
	return strings.Join(own, "、"), strings.Join(all, "、")
}

// transform gives the subjects their geometry in degrees and in their zone.
func (m *maker) transform(ctx context.Context) error {
	drawn, err := m.drawnLayer(ctx)
	if err != nil {
		return err
	}
	defer os.Remove(drawn.Source)
	read := func(crs string, give func(*subject, orb.MultiPolygon)) error {
		rows, _, err := m.p.Layer(ctx, "changes", crs)
		if err != nil {
			return err
		}
		var outlines []product.Row
		if len(m.drawn) > 0 {
			if outlines, _, err = product.Read(ctx, m.d.Vectors, drawn, crs); err != nil {
				return err
			}
		}
		for _, s := range m.subjects {
			if s.redrawn {
				give(s, outlines[s.at].Geom)
				continue
			}
			if s.at >= len(rows) || rows[s.at].Text("cid") != s.cid {
				return fmt.Errorf("%s changed while it was read", m.p.Path(product.PackageName))
			}
			give(s, rows[s.at].Geom)
		}
		return nil
	}
	if err := read("EPSG:4490", func(s *subject, g orb.MultiPolygon) { s.degrees = g }); err != nil {
		return err
	}
	zones := map[int]bool{}
	for _, s := range m.subjects {
		if lon, ok := s.Number("LON"); ok {
			if zone, epsg, ok := zoneOf(lon); ok {
				s.zone, s.epsg = zone, epsg
				zones[epsg] = true
			}
		}
	}
	for _, epsg := range sortedKeys(zones) {
		err := read(fmt.Sprintf("EPSG:%d", epsg), func(s *subject, g orb.MultiPolygon) {
			if s.epsg == epsg {
				s.zoned = g
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// context gives the subjects what other layers say of them, and their place in the imagery.
func (m *maker) context(ctx context.Context) error {
	by := map[string]*subject{}
	for _, s := range m.subjects {
		if !s.redrawn { // of another outline the layers say other things
			by[s.cid] = s
		}
	}
	for _, layer := range []struct {
		name string
		give func(*subject, product.Row)
	}{
		{"overlays", func(s *subject, r product.Row) { s.overlays = append(s.overlays, r) }},
		{"approvals", func(s *subject, r product.Row) { s.approvals = append(s.approvals, r) }},
	} {
		rows, _, err := m.p.Layer(ctx, layer.name, "")
		if err != nil {
			return err
		}
		for _, r := range rows {
			if s := by[r.Text("cid")]; s != nil {
				layer.give(s, r)
			}
		}
	}
	scenes, _, err := m.p.Layer(ctx, "scenes", "")
	if err != nil {
		return err
	}
	for _, r := range scenes {
		m.sensors[r.Text("date")+" "+r.Text("id")] = r.Text("sensor")
	}
	geo, err := m.d.Coordinates.Geographer(m.grid.CRS)
	if err != nil {
		return pipeline.NewInputError(err)
	}
	defer geo.Close()
	for _, s := range m.subjects {
		b := pixelBound(m.grid, s.Geom)
		s.frame = frameOf(b, m.pixel[0], m.pixel[1], m.grid.Window())
		if s.frame.Empty() {
			return fmt.Errorf("patch %s lies outside the product's grid: the product or the register is damaged, `tuban check` says how", s.cid)
		}
		c := b.Center()
		if s.up, err = upwards(geo, m.grid, c[0], c[1]); err != nil {
			return pipeline.NewInputError(err)
		}
	}
	return nil
}

// pixelBound is the bounds of a geometry in pixels of the grid.
func pixelBound(g raster.Grid, mp orb.MultiPolygon) orb.Bound {
	b := orb.Bound{Min: orb.Point{1, 1}, Max: orb.Point{-1, -1}}
	for _, p := range mp {
		for _, r := range p {
			for _, q := range r {
				x, y := g.Pixel(q[0], q[1])
				if b.IsEmpty() {
					b = orb.Bound{Min: orb.Point{x, y}, Max: orb.Point{x, y}}
				}
				b = b.Extend(orb.Point{x, y})
			}
		}
	}
	return b
}
