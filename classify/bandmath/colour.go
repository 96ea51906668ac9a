package bandmath

import (
	"slices"

	"tuban/raster"
)

// visible are the bands that every finished mosaic has.
var visible = []raster.Role{raster.Red, raster.Green, raster.Blue}

// Visible reports whether the input is a visible band, or a texture, which is computed from them.
func (in Input) Visible() bool { return in.Size != 0 || slices.Contains(visible, raster.Role(in.Name)) }

// colour returns the condition that takes src.Colour where a date lacks what the condition x reads beyond colour.
func (b *builder) colour(src Source, x term, s scope) (term, error) {
	s.text.body = src.Colour
	tree, err := parse(s.text)
	if err != nil {
		return term{}, err
	}
	c, err := b.condition(tree, s, "this place")
	if err != nil {
		return term{}, err
	}
	reads := b.g.reads(c.id)
	if i := slices.IndexFunc(reads, func(in Input) bool { return !in.Visible() }); i >= 0 {
		return term{}, s.text.errorf(0, "%s is beyond colour: this condition is for imagery of red, green and blue alone, and may name these, indices of them, pantex and deviation", reads[i])
	}
	return term{b.g.choose(opDecide, b.lacking(b.g.reads(x.id), reads), c.id, x.id), true, x.size + c.size}, nil
}

// lacking returns the condition that some date has colour but not all the further bands of reads.
// colour is what the other condition reads: its visible bands tell whether a pixel has data.
func (b *builder) lacking(reads, colour []Input) int {
	var probe []string
	for _, in := range slices.Concat(colour, reads) {
		if in.Size == 0 && in.Visible() && !slices.Contains(probe, in.Name) {
			probe = append(probe, in.Name)
		}
	}
	if len(probe) == 0 {
		probe = []string{string(raster.Red)}
	}
	dates := []int{}
	for _, d := range []Date{None, Before, After} {
		var has, seen []int
		for _, in := range reads {
			if in.Date == d && !in.Visible() {
				has = append(has, b.g.known(b.g.input(in)))
			}
		}
		if len(has) == 0 {
			continue
		}
		for _, name := range probe {
			seen = append(seen, b.g.known(b.g.input(Input{Date: d, Name: name})))
		}
		dates = append(dates, b.g.join(opAll, b.g.join(opAny, seen...), b.g.not(b.g.join(opAll, has...))))
	}
	return b.g.join(opAny, dates...)
}

// reads lists the inputs that a node is computed from, in the order in which the graph met them.
func (g *graph) reads(id int) []Input {
	used := make([]bool, id+1)
	used[id] = true
	var list []Input
	for ; id >= 0; id-- {
		if !used[id] {
			continue
		}
		n := g.nodes[id]
		if n.op == opInput {
			list = append(list, g.inputs[n.input])
		}
		for _, a := range n.args {
			used[a] = true
		}
	}
	slices.Reverse(list)
	return list
}
