package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The types that parameters have.
const (
	floats = "[]float32"
	bytes  = "[]uint8"
	float  = "float32"
)

// param is a parameter of a function.
type param struct{ name, kind string }

// unroll is how many registers an iteration fills while there is so much left: enough that the counting does not count.
const unroll = 4

// row is a function over rows as long as the first parameter, which must be a multiple of lanes.
// Each vector is loaded before it is stored, so the first parameter may be an operand too.
type row struct {
	name, doc string
	params    []param
	lanes     int
	result    string // the type of what finish stores as the result; "" for none
	// body emits what is done with one vector; at says where that lies in a row.
	body func(at func(name string) Mem)
	// begin, when there is one, emits what comes before the loops; after what ends each iteration; finish what comes behind.
	begin, after, finish func()
}

// emitted lists what there is, as Go declares it.
var emitted []string

func (r row) emit() {
	declare(r.name, r.doc, r.result, r.params...)

	base := map[string]reg.Register{}
	size := map[string]int{}
	for _, p := range r.params {
		switch p.kind {
		case floats:
			size[p.name] = 4
		case bytes:
			size[p.name] = 1
		default:
			continue
		}
		base[p.name] = Load(Param(p.name).Base(), GP64())
	}
	n := Load(Param(r.params[0].name).Len(), GP64())
	if r.begin != nil {
		r.begin()
	}
	i := GP64()
	XORQ(i, i)
	registers := 1 // that a step of lanes fills
	for _, s := range size {
		registers = max(registers, r.lanes*s/32)
	}
	for _, vectors := range slices.Compact([]int{unroll / registers, 1}) {
		step := vectors * r.lanes
		loop, done := fmt.Sprintf("loop%d", vectors), fmt.Sprintf("done%d", vectors)
		end := GP64()
		MOVQ(n, end)
		SUBQ(U32(uint32(step)), end)
		Label(loop)
		CMPQ(i, end)
		JG(LabelRef(done))
		for k := range vectors {
			r.body(func(name string) Mem {
				s := size[name]
				return Mem{Base: base[name], Index: i, Scale: uint8(s), Disp: k * r.lanes * s}
			})
		}
		if r.after != nil {
			r.after()
		}
		ADDQ(U32(uint32(step)), i)
		JMP(LabelRef(loop))
		Label(done)
	}
	if r.finish != nil {
		r.finish()
	}
	VZEROUPPER()
	RET()
}

// declare begins a function.
func declare(name, doc, result string, params ...param) {
	var list []string
	for _, p := range params {
		list = append(list, p.name+" "+p.kind)
	}
	signature := strings.TrimSpace("(" + strings.Join(list, ", ") + ") " + result)
	emitted = append(emitted, name+signature)
	TEXT(name, attr.NOSPLIT, "func"+signature)
	Pragma("noescape")
	Doc(name + " " + doc)
}

// scalar broadcasts a float32 parameter to all lanes.
func scalar(name string) reg.VecVirtual {
	v := YMM()
	VBROADCASTSS(address(name), v)
	return v
}

// address is where a parameter that is no row lies.
func address(name string) Mem {
	p, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return p.Addr
}

// everywhere broadcasts 32 bits to all lanes.
func everywhere(bits uint32) reg.VecVirtual {
	g, x, v := GP32(), XMM(), YMM()
	MOVL(U32(bits), g)
	VMOVD(g, x)
	VPBROADCASTD(x, v)
	return v
}

// load returns a row's vector in a register.
func load(m Mem) reg.VecVirtual {
	v := YMM()
	VMOVUPS(m, v)
	return v
}

// into applies an instruction of two operands (in Go's order: the right operand of the operation first).
func into(instruction func(...Op), right, left Op) reg.VecVirtual {
	v := YMM()
	instruction(right, left, v)
	return v
}
