package rollup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"tuban/pipeline"
	"tuban/pipeline/product"
	"tuban/pipeline/register"
	"tuban/raster"
)

// Options say what to sum.
type Options struct {
	// Products are the folders of finished products, such as one per county; Earlier those of the run before.
	Products, Earlier []string
	// Register is the folder of the register, "" without one.
	Register string
	// Targets is the balance to draw up, nil without one.
	Targets *Targets
	// Units says in which units lies what was not observed; without a Source it is known of products as a whole.
	Units Units
}

// Source is a product that was summed.
type Source struct {
	Dir      string    `json:"dir"`
	Name     string    `json:"name"`
	Key      string    `json:"key"`
	Created  time.Time `json:"created"`
	Complete bool      `json:"complete"`
	Patches  int       `json:"patches"`
	// Before and After are the first and last days of the imagery that shows the patches, YYYYMMDD; "" without a patch.
	Before [2]string `json:"before"`
	After  [2]string `json:"after"`
	// Unobserved is where some kind of change could not be decided, by reason; each place once.
	Unobserved []Gap `json:"unobserved"`
}

// Gap is an area that was not observed, for a reason.
type Gap struct {
	Reason string `json:"reason"`
	Name   string `json:"name"`
	Area   Area   `json:"area_m2"`
}

// Summary is the sums of products over units.
type Summary struct {
	Clue       string      `json:"clue"`
	Products   []Source    `json:"products"`
	Root       *Node       `json:"units"`
	Balance    []Balance   `json:"balance,omitempty"`
	Comparison *Comparison `json:"comparison,omitempty"`
	// Register is the hash of the register that verdicts and conclusions are from; Elsewhere counts its current releases of candidates
	// that the products do not have.
	Register  string `json:"register,omitempty"`
	Elsewhere int    `json:"released_elsewhere,omitempty"`
	// Twice counts the candidates that several products have; each counts once, by the first product.
	Twice int   `json:"twice,omitempty"`
	Names Names `json:"names"`

	targets string
	located bool
}

// Summarize sums products.
func Summarize(ctx context.Context, d pipeline.Drivers, o Options) (*Summary, error) {
	rd := &reader{names: Names{}}
	s := &Summary{Clue: pipeline.Clue, Root: &Node{Level: All}, Names: rd.names, located: o.Units.Source != ""}
	now, err := s.read(ctx, d, rd, o.Products, o.Units)
	if err != nil {
		return nil, err
	}
	reg := &register.Register{}
	if o.Register != "" {
		if reg, err = register.OpenExisting(o.Register); err != nil {
			return nil, err
		}
		s.Register = reg.Hash()
	}
	if o.Register != "" || len(now.verdicts) > 0 {
		judge(now.patches, now.verdicts, reg.State())
	}
	var before *gathered
	if len(o.Earlier) > 0 {
		if before, err = (&Summary{}).read(ctx, d, rd, o.Earlier, Units{}); err != nil {
			return nil, err
		}
		off, err := beyond(d.Coordinates, now.grids, before.patches)
		if err != nil {
			return nil, err
		}
		if !now.follows {
			now.gone = track(now.patches, before.patches)
		}
		now.leave(before.patches, off)
	}
	unitNames := map[string]string{}
	if o.Targets != nil {
		for _, u := range o.Targets.Units {
			unitNames[u.Code] = u.Name
		}
	}
	fill(s.Root, now.patches)
	var keys []string
	for _, p := range s.Products {
		keys = append(keys, p.Key)
	}
	done, others := verify(s.Root, now.patches, reg, keys)
	s.Elsewhere = others
	s.Root.finish(unitNames)
	if o.Targets != nil {
		s.targets = o.Targets.Version
		s.Balance = balances(s.Root, o.Targets, suspect(now.patches, o.Targets, done))
	}
	switch {
	case before != nil:
		earlier := &Node{Level: All}
		fill(earlier, before.patches)
		earlier.finish(unitNames)
		s.Comparison = compare(s.Root, earlier, before.patches, now.gone)
	case now.follows:
		s.Comparison = compare(s.Root, nil, nil, now.gone)
	}
	return s, nil
}

// gathered is what was read of some products.
type gathered struct {
	patches []*patch
	// verdicts are earlier ones that still hold, by cid.
	verdicts map[string]string
	gone     map[string]goneCase
	// follows says that the products were made as the continuation of others.
	follows bool
	// grids are those of the products.
	grids []raster.Grid
}

// read reads products, and notes each among the sources, and in the tree what they did not observe.
func (s *Summary) read(ctx context.Context, d pipeline.Drivers, rd *reader, dirs []string, units Units) (*gathered, error) {
	g := &gathered{verdicts: map[string]string{}, gone: map[string]goneCase{}}
	seen := map[string]bool{}
	for _, dir := range dirs {
		if err := s.one(ctx, d, rd, dir, units, g, seen); err != nil {
			return nil, err
		}
	}
	if len(g.patches) == 0 && len(dirs) == 0 {
		return nil, pipeline.NewInputError(errors.New("there is no product to sum: give the folder that `tuban run` left"))
	}
	return g, nil
}

// one reads one product.
func (s *Summary) one(ctx context.Context, d pipeline.Drivers, rd *reader, dir string, units Units, g *gathered, seen map[string]bool) (err error) {
	p, err := product.Open(ctx, d, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	m := p.Manifest
	if slices.ContainsFunc(s.Products, func(o Source) bool { return o.Key == m.Key }) {
		return pipeline.NewInputError(fmt.Errorf("%s is the same product as one before it: give each once", dir))
	}
	list, err := rd.patches(ctx, p)
	if err != nil {
		return err
	}
	src := Source{Dir: dir, Name: m.Name, Key: m.Key, Created: m.Created, Complete: m.Complete, Patches: len(list), Before: rd.before, After: rd.after}
	var missed []gap
	if missed, src.Unobserved, err = gaps(ctx, p); err != nil {
		return err
	}
	if units.Source != "" {
		if err := units.locate(ctx, d, s.Root, missed, m.Grid.CRS); err != nil {
			return err
		}
	}
	s.Products = append(s.Products, src)
	g.grids = append(g.grids, m.Grid)
	for _, q := range list {
		if seen[q.cid] {
			s.Twice++
			continue
		}
		seen[q.cid] = true
		g.patches = append(g.patches, q)
	}
	maps.Copy(g.verdicts, rd.verdicts)
	lost, err := gone(ctx, p)
	maps.Copy(g.gone, lost)
	g.follows = g.follows || len(lost) > 0 || slices.ContainsFunc(list, func(q *patch) bool { return q.values[ByTrack] != "" && q.values[ByTrack] != "new" })
	return err
}

// fill counts the patches in the tree, which is to be finished then. A patch that has no value in a dimension that others have counts as none of it, so that the
// values add up to all.
func fill(root *Node, list []*patch) {
	known := map[Dimension]bool{}
	for _, p := range list {
		for d := range p.values {
			known[d] = true
		}
		known[ByGroup] = known[ByGroup] || p.groups != nil
	}
	for _, p := range list {
		for d := range known {
			if d != ByGroup {
				p.values[d] = cmp.Or(p.values[d], none)
			}
		}
		if known[ByGroup] && p.groups == nil {
			p.groups, p.classes = []amount{{key: none, total: p.area}}, []amount{{key: none, total: p.area}}
		}
		for i, t := range p.tallies() {
			root.at(p.parts[i].place).own.add(t)
		}
	}
}
