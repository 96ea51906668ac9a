package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
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
}
