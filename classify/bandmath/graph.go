package bandmath

import (
	"encoding/binary"
	"math"
	"slices"

	"tuban/classify/kernel"
)

// op is what a node computes.
type op uint8

const (
	opConst op = iota // value
	opParam           // value; a constant that is not known when compiling
	opInput           // value
	opAdd
	opSub
	opMul
	opDiv
	opContrast // (a − b) / (a + b), what most indices are
	opPow
	opMin
	opMax
	opAbs
	opSqrt
	opLog
	opExp
	opChoose // condition, value, value

	opTruth // condition; the constants
	opLess
	opLessEq
	opMore   // only against what is fixed on the right
	opMoreEq // only against what is fixed on the right
	opEqual
	opKnown
	opNot
	opAll    // two or more conditions, cheapest first
	opAny    // two or more conditions, cheapest first
	opDecide // condition, condition, condition
)

// fixed says that the result is one number for all pixels.
func (o op) fixed() bool { return o == opConst || o == opParam }

func (o op) condition() bool { return o >= opTruth }

func (o op) symmetric() bool {
	switch o {
	case opAdd, opMul, opMin, opMax, opEqual:
		return true
	}
	return false
}

var opNames = map[op]string{
	opAdd: "add", opSub: "sub", opMul: "mul", opDiv: "div", opContrast: "contrast", opPow: "pow", opMin: "min", opMax: "max",
	opAbs: "abs", opSqrt: "sqrt", opLog: "log", opExp: "exp", opChoose: "choose", opLess: "less", opLessEq: "lesseq",
	opMore: "more", opMoreEq: "moreeq", opEqual: "equal", opKnown: "known", opNot: "not", opAll: "all", opAny: "any", opDecide: "decide",
}

// costs are rough relative times per pixel: they order the terms of a conjunction, which matters to speed only.
var costs = map[op]int{
	opAdd: 2, opSub: 2, opMul: 2, opDiv: 4, opContrast: 5, opPow: 120, opMin: 6, opMax: 6, opAbs: 2, opSqrt: 6, opLog: 30, opExp: 30,
	opChoose: 5, opLess: 3, opLessEq: 3, opMore: 3, opMoreEq: 3, opEqual: 4, opKnown: 2, opNot: 1, opAll: 1, opAny: 1, opDecide: 5,
}

// node is one operation. Its operands come before it in the program.
type node struct {
	op     op
	args   []int
	value  float32 // opConst, opParam: the value; opTruth: 0, 1 or 2
	input  int     // opInput, opParam: the position among the inputs or parameters
	cost   int
	height int
	slot   int // where the result is kept for the chunk; -1 when nothing asks for it twice
}

// graph grows nodes, each distinct one once, simplified without changing any result.
type graph struct {
	nodes  []node
	ids    map[string]int
	inputs []Input
	params []string
}

func newGraph() *graph { return &graph{ids: make(map[string]int)} }

// add returns the node of an operation, the existing one when there is one.
func (g *graph) add(o op, value float32, input int, args ...int) int {
	if o.symmetric() && g.after(args[0], args[1]) {
		args[0], args[1] = args[1], args[0]
	}
	key := []byte{byte(o)}
	key = binary.LittleEndian.AppendUint32(key, math.Float32bits(value))
	key = binary.LittleEndian.AppendUint32(key, uint32(input))
	n := node{op: o, args: args, value: value, input: input, cost: costs[o], height: 1}
	for _, a := range args {
		key = binary.LittleEndian.AppendUint32(key, uint32(a))
		n.cost += g.nodes[a].cost
		n.height = max(n.height, g.nodes[a].height+1)
	}
	if id, ok := g.ids[string(key)]; ok {
		return id
	}
	id := len(g.nodes)
	g.nodes = append(g.nodes, n)
	g.ids[string(key)] = id
	return id
}

// after reports whether operand a of a symmetric operation goes behind b: what is fixed goes last.
func (g *graph) after(a, b int) bool {
	if g.isFixed(a) != g.isFixed(b) {
		return g.isFixed(a)
	}
	return a > b
}

func (g *graph) isFixed(id int) bool { return g.nodes[id].op.fixed() }

func (g *graph) isConst(id int) bool { return g.nodes[id].op == opConst }

func (g *graph) constant(v float32) int { return g.add(opConst, kernel.Finite(v), 0) }

func (g *graph) truth(k uint8) int { return g.add(opTruth, float32(k), 0) }

func (g *graph) input(in Input) int {
	i := slices.Index(g.inputs, in)
	if i < 0 {
		i = len(g.inputs)
		g.inputs = append(g.inputs, in)
	}
	return g.add(opInput, 0, i)
}

// arith returns the node of a value operation, computed at once when all operands are constants.
func (g *graph) arith(o op, args ...int) int {
	folded := true
	for _, a := range args {
		folded = folded && g.isConst(a)
	}
	if folded {
		var operands [2][]float32
		for i, a := range args {
			operands[i] = []float32{g.nodes[a].value}
		}
		var out [1]float32
		compute(o, out[:], operands[0], operands[1])
		return g.constant(out[0])
	}
	if o == opDiv {
		n, d := g.nodes[args[0]], g.nodes[args[1]]
		if n.op == opSub && d.op == opAdd && (slices.Equal(n.args, d.args) || n.args[0] == d.args[1] && n.args[1] == d.args[0]) {
			return g.add(opContrast, 0, 0, n.args[0], n.args[1])
		}
	}
	return g.add(o, 0, 0, args...)
}

// power writes the powers that people write as what they mean.
func (g *graph) power(x, y int) int {
	if g.isConst(y) {
		switch g.nodes[y].value {
		case 0.5:
			return g.arith(opSqrt, x)
		case 2:
			return g.arith(opMul, x, x)
		case 3:
			return g.arith(opMul, g.arith(opMul, x, x), x)
		}
	}
	return g.arith(opPow, x, y)
}

// compare returns the node of "a o b" for o = opLess, opLessEq, opMore, opMoreEq, opEqual. What is fixed goes to
// the right; where nothing is, only less and lesseq are left.
func (g *graph) compare(o op, a, b int) int {
	mirror := map[op]op{opLess: opMore, opLessEq: opMoreEq, opMore: opLess, opMoreEq: opLessEq, opEqual: opEqual}
	if g.isConst(a) && g.isConst(b) {
		var out [1]uint8
		judge(o, out[:], []float32{g.nodes[a].value}, g.nodes[b].value)
		return g.truth(out[0])
	}
	if !g.isFixed(b) && (g.isFixed(a) || o == opMore || o == opMoreEq) {
		o, a, b = mirror[o], b, a
	}
	return g.add(o, 0, 0, a, b)
}

func (g *graph) known(x int) int {
	if n := g.nodes[x]; n.op == opConst {
		if n.value == n.value {
			return g.truth(isTrue)
		}
		return g.truth(isFalse)
	}
	return g.add(opKnown, 0, 0, x)
}

func (g *graph) not(c int) int {
	switch n := g.nodes[c]; n.op {
	case opTruth:
		return g.truth(isTrue - uint8(n.value))
	case opNot:
		return n.args[0]
	}
	return g.add(opNot, 0, 0, c)
}

// join returns the conjunction (opAll) or disjunction (opAny) of terms: nested ones of its kind dissolved, duplicates
// and constants removed, cheapest first.
func (g *graph) join(o op, terms ...int) int {
	neutral, absorbing := isTrue, isFalse
	if o == opAny {
		neutral, absorbing = isFalse, isTrue
	}
	var flat []int
	for _, t := range terms {
		switch n := g.nodes[t]; {
		case n.op == o:
			flat = append(flat, n.args...)
		case n.op == opTruth && n.value == float32(absorbing):
			return t
		case n.op == opTruth && n.value == float32(neutral):
		default:
			flat = append(flat, t)
		}
	}
	slices.SortFunc(flat, func(a, b int) int {
		if d := g.nodes[a].cost - g.nodes[b].cost; d != 0 {
			return d
		}
		return a - b
	})
	flat = slices.Compact(flat)
	switch len(flat) {
	case 0:
		return g.truth(neutral)
	case 1:
		return flat[0]
	}
	return g.add(o, 0, 0, flat...)
}

// choose returns "c ? a : b", of values (opChoose) or conditions (opDecide).
func (g *graph) choose(o op, c, a, b int) int {
	if n := g.nodes[c]; n.op == opTruth {
		switch uint8(n.value) {
		case isTrue:
			return a
		case isFalse:
			return b
		case unknown:
			if o == opChoose {
				return g.constant(nan)
			}
			return g.truth(unknown)
		}
	}
	return g.add(o, 0, 0, c, a, b)
}
