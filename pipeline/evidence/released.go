package evidence

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"tuban/pipeline/product"
	"tuban/pipeline/register"
	"tuban/pipeline/report"
)

// patches are what may get a sheet: what this product's candidates were released as, each piece by itself and also those that no
// candidate shows (split off, or added by a person); and the candidates of which nothing was released, as they were found. rows are
// those of `changes`.
func (m *maker) patches(rows []product.Row) ([]*subject, error) {
	released := m.releases()
	var out []*subject
	for i, r := range rows {
		cid := r.Text("cid")
		if len(released[cid]) == 0 {
			if !m.elsewhere(cid) {
				s := &subject{Row: r, cid: cid, at: i, answers: []string{cid}}
				s.outline = m.otherOutline(r)
				out = append(out, s)
			}
			continue
		}
		for _, x := range released[cid] {
			s, err := m.releasedAs(x)
			if err != nil {
				return nil, err
			}
			if s.redrawn = !orb.Equal(s.Geom, r.Geom); !s.redrawn {
				s.at = i
			}
			out = append(out, s)
		}
		delete(released, cid)
	}
	for _, cid := range sortedKeys(released) {
		for _, x := range released[cid] {
			s, err := m.releasedAs(x)
			if err != nil {
				return nil, err
			}
			s.redrawn = true
			out = append(out, s)
		}
	}
	for _, s := range out {
		if s.redrawn {
			s.at = len(m.drawn)
			s.outline = "本页为下发图形，与监测图斑（changes）不同，未列逐项压占与审批"
			m.drawn = append(m.drawn, s.Geom)
		}
	}
	return out, nil
}

// releases are those of this product that no other has replaced, by candidate.
func (m *maker) releases() map[string][]register.Release {
	out := map[string][]register.Release{}
	if m.o.Register == nil {
		return out
	}
	for _, x := range m.o.Register.Releases() {
		if m.own(x) && m.o.Register.Replaced(x.JCBH) == "" {
			out[x.CID] = append(out[x.CID], x)
		}
	}
	return out
}

// own reports whether a release is of this product: its outline lies in the system of its grid, and what it says is of its imagery.
func (m *maker) own(x register.Release) bool {
	return x.Run == m.p.Manifest.Key && x.Shape.CRS == m.grid.CRS
}

// elsewhere reports whether a candidate was released as part of others: merged with them, or split so that no piece goes on as it.
func (m *maker) elsewhere(cid string) bool {
	if m.o.Register == nil {
		return false
	}
	for _, d := range m.o.Register.About(cid) {
		if current, at := m.o.Register.Current(d.CID); d.CID != cid && at > d.Event && slices.ContainsFunc(current, m.own) {
			return true
		}
	}
	return false
}

// releasedAs is the patch of a release, with its outline and what it said.
func (m *maker) releasedAs(x register.Release) (*subject, error) {
	geom, err := x.Shape.Polygons()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", x.JCBH, err)
	}
	values := maps.Clone(x.Values)
	if values == nil {
		values = map[string]string{}
	}
	values["JCBH"], values["cid"], values["XZQDM"] = x.JCBH, x.CID, x.County
	values["JCMJ"] = strconv.FormatFloat(x.AreaM2, 'f', 2, 64)
	names := sortedKeys(values)
	texts := make([]string, len(names))
	for i, n := range names {
		texts[i] = values[n]
	}
	s := &subject{cid: x.CID, release: x.JCBH, answers: []string{x.CID}}
	for _, d := range m.o.Register.About(x.CID) {
		for _, v := range d.From {
			s.answers = append(s.answers, v.CID)
		}
	}
	s.Row, err = product.NewRow(geom, names, texts)
	return s, err
}

// otherOutline says which other outlines a candidate was released in: those of another product, which its sheet cannot show.
func (m *maker) otherOutline(r product.Row) string {
	if m.o.Register == nil {
		return ""
	}
	current, _ := m.o.Register.Current(r.Text("cid"))
	shape, err := register.NewShape(r.Geom, m.grid.CRS)
	var parts []string
	for _, x := range current {
		if err != nil || x.Shape != shape {
			parts = append(parts, x.JCBH+" 下发面积 "+report.Decimal(x.AreaM2, 2)+" m²")
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "下发图形与本页不同：" + strings.Join(parts, "，")
}

// unknown stands for what a patch does not say: a layer was not part of the run, or, under another outline, was not asked again.
func (s *subject) unknown() string {
	if s.redrawn {
		return dash
	}
	return unloaded
}
