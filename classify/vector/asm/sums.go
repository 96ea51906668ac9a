package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// nan is the one NaN that results carry, as in package vector.
const nan = 0x7fc00000

// sums are the rows of running box sums.
func sums() {
	row{
		name: "sumAVX2", doc: "is sum for whole vectors of 8.", lanes: 8,
		params: []param{{"dst", floats}, {"a", floats}, {"b", floats}},
		body: func(at func(string) Mem) {
			VMOVUPS(into(VADDPS, at("b"), load(at("a"))), at("dst"))
		},
	}.emit()

	row{
		name: "squaresAVX2", doc: "is squares for whole vectors of 8.", lanes: 8,
		params: []param{{"dst", floats}, {"a", floats}, {"b", floats}},
		body: func(at func(string) Mem) {
			d := into(VSUBPS, at("b"), load(at("a")))
			VMOVUPS(into(VMULPS, d, d), at("dst"))
		},
	}.emit()

	// VMINPS gives its right operand where one is NaN and where both are zeros. So it is asked both ways round: or-ed,
	// the answers are −0 where one of the zeros is, and are replaced where an operand is NaN.
	var c, quiet reg.VecVirtual
	row{
		name: "lowerAVX2", doc: "is lower for whole vectors of 8.", lanes: 8,
		params: []param{{"dst", floats}, {"a", floats}, {"c", float}},
		begin: func() {
			c = scalar("c")
			quiet = everywhere(nan)
		},
		body: func(at func(string) Mem) {
			p := into(VMULPS, at("a"), c)
			d := load(at("dst"))
			least := into(VORPS, into(VMINPS, p, d), into(VMINPS, d, p))
			r := YMM()
			VBLENDVPS(compared(unordered, d, p), quiet, least, r)
			VMOVUPS(r, at("dst"))
		},
	}.emit()
}
