package release

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

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
	own, settled := p.own(state), map[string]bool{}
	for _, x := range passed {
		taken := p.taken(state, x, own)
		for _, c := range taken {
			settled[c.JCBH] = true
		}
		if err := p.number(out, state, n, x, taken); err != nil {
			return nil, err
		}
	}
	for _, jcbh := range p.orphans(state, own, settled) {
		out.orphan(jcbh)
	}
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
		_, at := state.Current(d.CID)
		x, why, err := p.known.candidate(d, at > d.Event)
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
// than the release was carried out by it: what the candidate's outline became since is no reason to release it again. taken are the
// releases of what the candidate became: each is settled, as its own, as one that a new number takes the place of, or as an orphan.
func (p *planner) number(out *Plan, state *register.State, n *numberer, x candidate, taken []register.Release) error {
	pieces := p.cuts[x.Event]
	current, at := state.Current(x.CID)
	carried := at > x.Event && !p.unfinished(current, pieces)
	for _, c := range taken {
		stays := carried && c.CID != x.CID
		if stays || !slices.ContainsFunc(pieces, func(q piece) bool { return q.county == c.County }) {
			out.orphan(c.JCBH)
		}
	}
	if carried {
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
		var old []string
		for _, c := range taken {
			if c.County == q.county {
				old = append(old, c.JCBH)
			}
		}
		if len(old) == 1 && slices.ContainsFunc(current, func(c register.Release) bool { return c.JCBH == old[0] && c.Shape == r.Shape }) {
			already = true
			continue
		}
		r.Supersedes = strings.Join(old, " ")
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

// orphan notes a number once.
func (p *Plan) orphan(jcbh string) {
	if !slices.Contains(p.Orphans, jcbh) {
		p.Orphans = append(p.Orphans, jcbh)
	}
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
	redraw.Measure(r.Values, q.area)
	if q.name != "" {
		r.Values["XMC"] = q.name
	}
	var err error
	r.Shape, err = register.NewShape(q.geom, p.product.Manifest.Grid.CRS)
	return r, err
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
