package release

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"tuban/pipeline"
	"tuban/pipeline/product"
	"tuban/pipeline/redraw"
	"tuban/pipeline/register"
)

// Plan is what a release would do: the releases with the numbers that they get, and what is left and why.
type Plan struct {
	Batch    string             `json:"batch"`
	Run      string             `json:"run"`
	Releases []register.Release `json:"releases"`
	// Already counts candidates that stand in the register as they are; Other those that counties not asked for would get.
	Already int `json:"already_released"`
	Other   int `json:"other_counties,omitempty"`
	// Left are candidates that passed and cannot be released; Orphans 监测编号 that no decision bears any more.
	Left    []Left   `json:"left,omitempty"`
	Orphans []string `json:"orphans,omitempty"`
}

// planner is what every plan of one call needs, whatever the register holds.
type planner struct {
	options Options
	product *product.Product
	rows    []product.Row
	known   candidates
	cutter  cutter
	// cuts remembers pieces by the event that decided on the patch: a plan that is made again cuts nothing again.
	cuts map[int][]piece
}

// plan decides what is released on the state of the register.
func (p *planner) plan(ctx context.Context, reg *register.Register) (*Plan, error) {
	out := &Plan{Batch: p.options.Batch, Run: p.product.Manifest.Key}
	state := reg.State()
	n := &numberer{state: state, year: p.options.Year, width: p.options.SerialWidth, issued: map[string]int{}}
	passed := p.passed(state, out)
	if err := p.cutAll(ctx, passed); err != nil {
		return nil, err
	}
	for _, x := range passed {
		if err := p.number(out, state, n, x, p.cuts[x.Event]); err != nil {
			return nil, err
		}
	}
	out.Orphans = append(out.Orphans, p.orphans(state)...)
	return out, nil
}

// cutAll cuts candidates that were not cut before, and asks what lies below parts.
func (p *planner) cutAll(ctx context.Context, list []candidate) error {
	var parts []map[string]string
	var ask []pipeline.Outline
	for _, x := range list {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, ok := p.cuts[x.Event]; ok {
			continue
		}
		pieces, err := p.cutter.cut(x)
		if err != nil {
			return err
		}
		p.cuts[x.Event] = pieces
		for _, q := range pieces {
			if q.cut {
				parts, ask = append(parts, q.values), append(ask, redraw.Outline(q.values, q.geom))
			}
		}
	}
	if p.options.Land == nil || len(ask) == 0 {
		return nil
	}
	answers, err := p.options.Land(ctx, p.product.Manifest, ask)
	if err != nil {
		return err
	}
	for i, values := range parts {
		redraw.Ask(values, answers[i])
	}
	return nil
}

// passed are the candidates whose decision lets them go, in the order of the product.
func (p *planner) passed(state *register.State, out *Plan) []candidate {
	place := map[string]int{}
	for i, r := range p.rows {
		place[r.Text("cid")] = i - len(p.rows)
	}
	var list []candidate
	for _, d := range state.Decisions() {
		if d.Verdict != register.Pass || p.known.foreign(d.Decision) {
			continue
		}
		x, why, err := p.known.candidate(d)
		if err != nil {
			why = err.Error()
		}
		if why != "" {
			out.Left = append(out.Left, Left{d.CID, why})
			continue
		}
		list = append(list, x)
	}
	slices.SortStableFunc(list, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(place[a.CID], place[b.CID]), cmp.Compare(a.CID, b.CID))
	})
	return list
}

// number gives the pieces of a candidate their numbers, but for those that are released as they are. A decision that is older
// than the release was carried out by it: what the candidate's outline became since is no reason to release it again.
func (p *planner) number(out *Plan, state *register.State, n *numberer, x candidate, pieces []piece) error {
	current, at := state.Current(x.CID)
	for _, c := range current {
		if !slices.ContainsFunc(pieces, func(q piece) bool { return q.county == c.County }) {
			out.Orphans = append(out.Orphans, c.JCBH)
		}
	}
	if at > x.Event && !p.unfinished(current, pieces) {
		out.Already++
		return nil
	}
	already := false
	for _, q := range pieces {
		if len(p.options.Counties) > 0 && !slices.Contains(p.options.Counties, q.county) {
			out.Other++
			continue
		}
		r, err := p.release(x, q)
		if err != nil {
			return err
		}
		old := slices.IndexFunc(current, func(c register.Release) bool { return c.County == q.county })
		if old >= 0 && current[old].Shape == r.Shape {
			already = true
			continue
		}
		if old >= 0 {
			r.Supersedes = current[old].JCBH
		} else {
			r.Supersedes = ancestor(state, x.earlier, q.county)
		}
		if r.JCBH, err = n.next(q.county); err != nil {
			return err
		}
		r.Values["JCBH"] = r.JCBH
		out.Releases = append(out.Releases, r)
	}
	if already {
		out.Already++
	}
	return nil
}

// unfinished reports whether a county that is asked for has not got its piece of a patch of which others have theirs.
func (p *planner) unfinished(current []register.Release, pieces []piece) bool {
	if len(p.options.Counties) == 0 && len(pieces) == len(current) {
		return false
	}
	return slices.ContainsFunc(pieces, func(q piece) bool {
		return !slices.ContainsFunc(current, func(c register.Release) bool { return c.County == q.county })
	})
}

// ancestor is the current 监测编号 in a county among those under which ancestors of a candidate were released.
func ancestor(state *register.State, earlier []string, county string) string {
	for _, jcbh := range earlier {
		for next := state.Replaced(jcbh); next != ""; next = state.Replaced(jcbh) {
			jcbh = next
		}
		if r, ok := state.Released(jcbh); ok && r.County == county {
			return jcbh
		}
	}
	return ""
}

func (p *planner) release(x candidate, q piece) (register.Release, error) {
	r := register.Release{
		Version: x.Version, Run: p.product.Manifest.Key, County: q.county, Batch: p.options.Batch, AreaM2: q.area,
		Values: map[string]string{},
	}
	if q.cut {
		r.Parent = x.CID
	}
	for k, v := range q.values {
		r.Values[k] = v
	}
	r.Values["cid"], r.Values["XZQDM"] = x.CID, q.county
	if q.name != "" {
		r.Values["XMC"] = q.name
	}
	var err error
	r.Shape, err = register.NewShape(q.geom, p.product.Manifest.Grid.CRS)
	return r, err
}

// orphans are current releases of this product's candidates whose decision no longer lets them go. Nothing takes them back by
// itself: a person tells the county.
func (p *planner) orphans(state *register.State) []string {
	passed := map[string]bool{}
	for _, d := range state.Decisions() {
		passed[d.CID] = passed[d.CID] || d.Verdict == register.Pass
	}
	var out []string
	for _, r := range state.Releases() {
		_, here := p.known.rows[r.CID]
		if here && !passed[r.CID] && state.Replaced(r.JCBH) == "" {
			out = append(out, r.JCBH)
		}
	}
	return out
}

// cutterOf makes a cutter for the product.
func cutterOf(d pipeline.Drivers, p *product.Product, c *counties) (cutter, error) {
	s, err := pipeline.NewSurveyor(d.Coordinates, p.Manifest.Grid.CRS)
	if err != nil {
		return cutter{}, err
	}
	g := p.Manifest.Grid
	x, y, err := d.Coordinates.GroundSize(g)
	if err != nil {
		s.Close()
		return cutter{}, fmt.Errorf("the size of a pixel on the ground: %w", err)
	}
	side := orb.Point{g.Transform[1], g.Transform[5]}
	return cutter{d.Geometry(), s, c, (x/abs(side[0]) + y/abs(side[1])) / 2}, nil
}

func abs(v float64) float64 { return max(v, -v) }
