package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// More predicates of VCMPPS. The negative ones are true where an operand is NaN.
const (
	ordered   = U8(0x07)
	notLessEq = U8(0x16)
	notMoreEq = U8(0x19)
)

// missing are rows of which elements are missing.
func missing() {
	var one reg.VecVirtual
	// difference emits (a − b)² and where it is finite.
	difference := func(at func(string) Mem) (square, is reg.VecVirtual) {
		d := into(VSUBPS, at("b"), load(at("a")))
		square = into(VMULPS, d, d)
		zero := into(VSUBPS, square, square) // or NaN
		return square, compared(ordered, zero, zero)
	}
	row{
		name: "finiteSquaresAVX2", doc: "is finiteSquares for whole vectors of 8.", lanes: 8,
		params: []param{{"dst", floats}, {"a", floats}, {"b", floats}},
		body: func(at func(string) Mem) {
			square, is := difference(at)
			VMOVUPS(into(VANDPS, is, square), at("dst"))
		},
	}.emit()

	row{
		name: "finitePairsAVX2", doc: "is finitePairs for whole vectors of 8.", lanes: 8,
		params: []param{{"dst", floats}, {"a", floats}, {"b", floats}},
		begin:  func() { one = everywhere(math.Float32bits(1)) },
		body: func(at func(string) Mem) {
			_, is := difference(at)
			VMOVUPS(into(VANDPS, is, one), at("dst"))
		},
	}.emit()

	// No mean that counts is −0, so that VMINPS is the least of two numbers; where one is NaN, the result is.
	var least, quiet reg.VecVirtual
	row{
		name: "lowerMeansAVX2", doc: "is lowerMeans for whole vectors of 8.", lanes: 8,
		params: []param{{"dst", floats}, {"sums", floats}, {"counts", floats}, {"least", float}},
		begin: func() {
			one, quiet, least = everywhere(math.Float32bits(1)), everywhere(nan), scalar("least")
		},
		body: func(at func(string) Mem) {
			n, d := load(at("counts")), load(at("dst"))
			mean := into(VMULPS, at("sums"), into(VDIVPS, n, one))
			none := into(VORPS, compared(unordered, d, mean), compared(notMoreEq, n, least))
			r := YMM()
			VBLENDVPS(none, quiet, into(VMINPS, mean, d), r)
			VMOVUPS(r, at("dst"))
		},
	}.emit()

	var limit, sign, beyond reg.VecVirtual
	row{
		name: "beyondAVX2", doc: "returns a bit for each lane in which an element of whole vectors of 8 is not within ±limit.", lanes: 8,
		params: []param{{"a", floats}, {"limit", float}},
		result: "uint32",
		begin: func() {
			limit, sign, beyond = scalar("limit"), everywhere(1<<31), YMM()
			VXORPS(beyond, beyond, beyond)
		},
		body: func(at func(string) Mem) {
			VORPS(compared(notLessEq, into(VANDNPS, at("a"), sign), limit), beyond, beyond)
		},
		finish: func() {
			bits := GP32()
			VMOVMSKPS(beyond, bits)
			Store(bits, ReturnIndex(0))
		},
	}.emit()
}
