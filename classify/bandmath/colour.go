package bandmath

import (
	"slices"

	"tuban/raster"
)

// visible are the bands that every finished mosaic has.
var visible = []raster.Role{raster.Red, raster.Green, raster.Blue}

// Visible reports whether colour suffices for the input: it is a visible band, a texture, which is computed from these,
// a state, change, which is told from the bands that there are, or a probability raster, which needs no band of the scene.
func (in Input) Visible() bool {
	return in.Kind() != Band || slices.Contains(visible, raster.Role(in.Name))
}

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
	reads, _ := b.g.reads(c.id)
	if i := slices.IndexFunc(reads, func(in Input) bool { return !in.Visible() }); i >= 0 {
		return term{}, s.text.errorf(0, "%s is beyond colour: this condition is for imagery of red, green and blue alone, and may name these, indices and textures of them, growing, snow and change", reads[i])
	}
	whole, _ := b.g.reads(x.id)
	return term{b.g.choose(opDecide, b.lacking(whole, reads), c.id, x.id), true, x.size + c.size}, nil
}

// lacking returns the condition that some date has colour but not all the further bands of reads.
// colour is what the other condition reads: its visible bands tell whether a pixel has data.
func (b *builder) lacking(reads, colour []Input) int {
	var probe []string
	for _, in := range slices.Concat(colour, reads) {
		if in.Kind() == Band && in.Visible() && !slices.Contains(probe, in.Name) {
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

// reads lists the inputs and the parameters that a node is computed from, in the order in which the graph met them.
func (g *graph) reads(id int) (list []Input, params []string) {
	used := make([]bool, id+1)
	used[id] = true
	for ; id >= 0; id-- {
		if !used[id] {
			continue
		}
		n := g.nodes[id]
		switch n.op {
		case opInput:
			list = append(list, g.inputs[n.input])
		case opParam:
			params = append(params, g.params[n.input])
		}
		for _, a := range n.args {
			used[a] = true
		}
	}
	slices.Reverse(list)
	slices.Reverse(params)
	return list, params
}
