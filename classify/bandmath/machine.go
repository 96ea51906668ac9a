package bandmath

import (
	"fmt"

	"tuban/classify/kernel"
	"tuban/raster"
)

// Chunk is the most pixels that a machine takes at once: few enough that the planes and results of a rule stay in the
// caches next to the core, many enough that the work between loops does not count.
const Chunk = 1024

// Machine evaluates a program. It holds all memory that evaluation needs and is for one goroutine at a time.
type Machine struct {
	p      *Program
	n      int
	inputs [][]float32
	chunk  uint64 // number of the chunk: what was computed in another is stale

	values     store[float32]
	conditions store[uint8]
}

// store is buffers of one type.
type store[T float32 | uint8] struct {
	kept    [][]T    // by slot
	chunk   []uint64 // by slot: the chunk that kept holds
	scratch [][]T    // by level
}

func newStore[T float32 | uint8](slots, levels int) store[T] {
	all := make([]T, (slots+levels)*Chunk)
	buffers := make([][]T, slots+levels)
	for i := range buffers {
		buffers[i] = all[i*Chunk : (i+1)*Chunk : (i+1)*Chunk]
	}
	return store[T]{kept: buffers[:slots], chunk: make([]uint64, slots), scratch: buffers[slots:]}
}

// at returns where a result goes, n long: its slot, or the scratch of a level.
func (s *store[T]) at(slot, level, n int) []T {
	if slot >= 0 {
		return s.kept[slot][:n]
	}
	return s.scratch[level][:n]
}

// NewMachine returns a machine with all its memory; nothing is allocated later.
func (p *Program) NewMachine() *Machine {
	return &Machine{
		p:          p,
		inputs:     make([][]float32, len(p.inputs)),
		values:     newStore[float32](p.slots.values, p.slots.scratch),
		conditions: newStore[uint8](p.slots.conditions, p.slots.scratch),
	}
}

// Begin gives the machine the next n ≤ Chunk pixels: one slice per input, in the order of Program.Inputs, of at least
// n values. The slices are read until the next Begin. It panics when the inputs are not those of the program.
func (m *Machine) Begin(n int, inputs [][]float32) {
	if n < 0 || n > Chunk || len(inputs) != len(m.inputs) {
		panic(fmt.Sprintf("bandmath: %d pixels of %d inputs, want at most %d of %d", n, len(inputs), Chunk, len(m.inputs)))
	}
	for i, in := range inputs {
		m.inputs[i] = in[:n:len(in)] // panics when in is shorter than n, whatever its capacity
	}
	m.n = n
	m.chunk++
}

// Condition returns the truth of a condition source for each pixel: 0 false, 1 unknown, 2 true.
// The slice is valid until the next Begin and must not be written. It panics when the source is a value.
func (m *Machine) Condition(source int) []uint8 {
	if !m.p.sources[source].Condition {
		panic("bandmath: " + m.p.sources[source].Name + " is a value, not a condition")
	}
	return m.condition(m.p.roots[source], 0)
}

// Value returns the value of a value source for each pixel, NaN where it has none.
// The slice is valid until the next Begin and must not be written: it may be an input itself.
// It panics when the source is a condition.
func (m *Machine) Value(source int) []float32 {
	if m.p.sources[source].Condition {
		panic("bandmath: " + m.p.sources[source].Name + " is a condition, not a value")
	}
	return m.value(m.p.roots[source], 0)
}

// value evaluates a value node. What has no slot lies in the scratch of the level or above; lower levels are kept.
func (m *Machine) value(id, level int) []float32 {
	n := &m.p.nodes[id]
	if n.op == opInput {
		return m.inputs[n.input]
	}
	dst := m.values.at(n.slot, level, m.n)
	if n.slot >= 0 {
		if m.values.chunk[n.slot] == m.chunk {
			return dst
		}
		m.values.chunk[n.slot] = m.chunk
	}
	switch n.op {
	case opConst, opParam:
		raster.Fill(dst, n.value)
	case opChoose:
		m.choose(dst, n, level)
	default:
		a := m.value(n.args[0], level)
		if len(n.args) == 1 {
			compute(n.op, dst, a, nil)
			break
		}
		if c := &m.p.nodes[n.args[1]]; c.op.fixed() && computeConst(n.op, dst, a, c.value) {
			break
		}
		compute(n.op, dst, a, m.value(n.args[1], level+1))
	}
	return dst
}

// choose evaluates only the sides that some pixel takes.
func (m *Machine) choose(dst []float32, n *node, level int) {
	c := m.condition(n.args[0], level)
	switch {
	case !kernel.AnyNot(c, isTrue):
		copy(dst, m.value(n.args[1], level+1))
	case !kernel.AnyNot(c, isFalse):
		copy(dst, m.value(n.args[2], level+1))
	default:
		kernel.Choose(dst, c, m.value(n.args[1], level+1), m.value(n.args[2], level+2))
	}
}

// condition evaluates a condition node, as value does a value node.
func (m *Machine) condition(id, level int) []uint8 {
	n := &m.p.nodes[id]
	dst := m.conditions.at(n.slot, level, m.n)
	if n.slot >= 0 {
		if m.conditions.chunk[n.slot] == m.chunk {
			return dst
		}
		m.conditions.chunk[n.slot] = m.chunk
	}
	switch n.op {
	case opTruth:
		raster.Fill(dst, uint8(n.value))
	case opKnown:
		kernel.Known(dst, m.value(n.args[0], level))
	case opNot:
		kernel.Not(dst, m.condition(n.args[0], level))
	case opAll:
		m.join(dst, n.args, level, isFalse, kernel.And)
	case opAny:
		m.join(dst, n.args, level, isTrue, kernel.Or)
	case opDecide:
		m.decide(dst, n, level)
	default:
		a := m.value(n.args[0], level)
		if c := &m.p.nodes[n.args[1]]; c.op.fixed() {
			judge(n.op, dst, a, c.value)
			break
		}
		compare(n.op, dst, a, m.value(n.args[1], level+1))
	}
	return dst
}

// join evaluates terms until all pixels are settled, which is what the last term can no longer change.
func (m *Machine) join(dst []uint8, terms []int, level int, settled uint8, merge func(dst, a, b []uint8) bool) {
	first := m.condition(terms[0], level)
	if !kernel.AnyNot(first, settled) {
		copy(dst, first)
		return
	}
	open := merge(dst, first, m.condition(terms[1], level+1))
	for _, t := range terms[2:] {
		if !open {
			return
		}
		open = merge(dst, dst, m.condition(t, level+1))
	}
}

func (m *Machine) decide(dst []uint8, n *node, level int) {
	c := m.condition(n.args[0], level)
	switch {
	case !kernel.AnyNot(c, isTrue):
		copy(dst, m.condition(n.args[1], level+1))
	case !kernel.AnyNot(c, isFalse):
		copy(dst, m.condition(n.args[2], level+1))
	default:
		kernel.Decide(dst, c, m.condition(n.args[1], level+1), m.condition(n.args[2], level+2))
	}
}
