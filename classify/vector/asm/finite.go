package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Predicates of VCMPPS.
const (
	unordered = 3
	ordered   = 7
	notGE     = 9 // or unordered
	notLE     = 6 // or unordered
)

// finite are rows of which elements are missing.
func finite() {
	var one reg.VecVirtual
	// difference emits (a − b)² and where it is finite.
	difference := func(at func(string) Mem) (square, is reg.VecVirtual) {
		d := into(VSUBPS, at("b"), load(at("a")))
		square = into(VMULPS, d, d)
		is = into(VSUBPS, square, square) // zero, or NaN
		VCMPPS(U8(ordered), is, is, is)
		return square, is
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
			missing, few := YMM(), YMM()
			VCMPPS(U8(unordered), d, mean, missing)
			VCMPPS(U8(notGE), least, n, few)
			lower, r := into(VMINPS, mean, d), YMM()
			VBLENDVPS(into(VORPS, few, missing), quiet, lower, r)
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
			is := YMM()
			VCMPPS(U8(notLE), limit, into(VANDNPS, at("a"), sign), is)
			VORPS(is, beyond, beyond)
		},
		finish: func() {
			bits := GP32()
			VMOVMSKPS(beyond, bits)
			Store(bits, ReturnIndex(0))
		},
	}.emit()
}
