package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Predicates of VCMPPS. The ordered ones are false where an operand is NaN.
const (
	unordered = U8(0x03)
	equal     = U8(0x00)
	notEqual  = U8(0x0c)
	less      = U8(0x11)
	lessEq    = U8(0x12)
	moreEq    = U8(0x1d)
	more      = U8(0x1e)
)

// compared is the mask of what holds between left and right.
func compared(predicate U8, left, right Op) reg.VecVirtual {
	v := YMM()
	VCMPPS(predicate, right, left, v)
	return v
}

// finite replaces what is not finite: all bits of the exponent are set.
type finite struct{ exponent, quiet reg.VecVirtual }

func newFinite() finite { return finite{everywhere(0x7f800000), everywhere(nan)} }

// not returns the mask of what is not finite.
func (f finite) not(v reg.VecVirtual) reg.VecVirtual {
	return into(VPCMPEQD, f.exponent, into(VANDPS, f.exponent, v))
}

func (f finite) store(v reg.VecVirtual, bad reg.VecVirtual, to Mem) {
	r := YMM()
	VBLENDVPS(bad, f.quiet, v, r)
	VMOVUPS(r, to)
}

// values are the operations of rules on values.
func values() {
	var f finite
	var c reg.VecVirtual
	two := []param{{"dst", floats}, {"a", floats}, {"b", floats}}

	// operation is one with two rows; constant one with a row and a number; single one with a row.
	operation := func(name string, compute func(a reg.VecVirtual, b Op) reg.VecVirtual) {
		row{
			name: name + "AVX2", doc: "is " + name + " for whole vectors of 8.", lanes: 8, params: two,
			begin: func() { f = newFinite() },
			body: func(at func(string) Mem) {
				v := compute(load(at("a")), at("b"))
				f.store(v, f.not(v), at("dst"))
			},
		}.emit()
	}
	constant := func(name string, compute func(a reg.VecVirtual, c Op) reg.VecVirtual) {
		row{
			name: name + "AVX2", doc: "is " + name + " for whole vectors of 8.", lanes: 8,
			params: []param{{"dst", floats}, {"a", floats}, {"c", float}},
			begin: func() {
				f = newFinite()
				c = scalar("c")
			},
			body: func(at func(string) Mem) {
				v := compute(load(at("a")), c)
				f.store(v, f.not(v), at("dst"))
			},
		}.emit()
	}
	single := func(name string, compute func(a Mem) reg.VecVirtual) {
		row{
			name: name + "AVX2", doc: "is " + name + " for whole vectors of 8.", lanes: 8,
			params: []param{{"dst", floats}, {"a", floats}},
			begin:  func() { f = newFinite() },
			body: func(at func(string) Mem) {
				v := compute(at("a"))
				f.store(v, f.not(v), at("dst"))
			},
		}.emit()
	}

	add := func(a reg.VecVirtual, b Op) reg.VecVirtual { return into(VADDPS, b, a) }
	mul := func(a reg.VecVirtual, b Op) reg.VecVirtual { return into(VMULPS, b, a) }
	div := func(a reg.VecVirtual, b Op) reg.VecVirtual { return into(VDIVPS, b, a) }
	operation("add", add)
	constant("addConst", add)
	operation("sub", func(a reg.VecVirtual, b Op) reg.VecVirtual { return into(VSUBPS, b, a) })
	operation("mul", mul)
	constant("mulConst", mul)
	operation("div", div)
	constant("divConst", div)

	row{
		name: "contrastAVX2", doc: "is contrast for whole vectors of 8.", lanes: 8, params: two,
		begin: func() { f = newFinite() },
		body: func(at func(string) Mem) {
			a, b := load(at("a")), load(at("b"))
			s := into(VADDPS, b, a)
			r := into(VDIVPS, s, into(VSUBPS, b, a))
			f.store(r, into(VORPS, f.not(r), f.not(s)), at("dst"))
		},
	}.emit()

	// VMINPS and VMAXPS give their right operand where one is NaN and where both are zeros. So they are asked both ways
	// round. Or-ed and and-ed bits are those of the lesser and the greater zero; of a NaN and a
	// number, the exponent stays all set when or-ed.
	operation("minimum", func(a reg.VecVirtual, m Op) reg.VecVirtual {
		b := load(m.(Mem))
		return into(VORPS, into(VMINPS, b, a), into(VMINPS, a, b))
	})
	operation("maximum", func(a reg.VecVirtual, m Op) reg.VecVirtual {
		b := load(m.(Mem))
		greatest := into(VANDPS, into(VMAXPS, b, a), into(VMAXPS, a, b))
		return into(VORPS, greatest, compared(unordered, a, b))
	})

	var magnitude reg.VecVirtual
	row{
		name: "absAVX2", doc: "is abs for whole vectors of 8.", lanes: 8,
		params: []param{{"dst", floats}, {"a", floats}},
		begin: func() {
			f = newFinite()
			magnitude = everywhere(0x7fffffff)
		},
		body: func(at func(string) Mem) {
			v := into(VANDPS, at("a"), magnitude)
			f.store(v, f.not(v), at("dst"))
		},
	}.emit()
	single("sqrt", func(a Mem) reg.VecVirtual {
		v := YMM()
		VSQRTPS(a, v)
		return v
	})

	// VMAXPS gives its right operand where that is NaN, and where both are zeros.
	var gain, offset, floor reg.VecVirtual
	row{
		name: "linesAVX2", doc: "is lines for whole vectors of 8.", lanes: 8,
		params: []param{{"dst", floats}, {"gain", float}, {"offset", float}, {"floor", float}},
		begin: func() {
			gain, offset, floor = scalar("gain"), scalar("offset"), scalar("floor")
		},
		body: func(at func(string) Mem) {
			v := into(VADDPS, offset, into(VMULPS, gain, load(at("dst"))))
			VMOVUPS(into(VMAXPS, v, floor), at("dst"))
		},
	}.emit()

	var quiet, yes, no reg.VecVirtual
	row{
		name: "chooseAVX2", doc: "is choose for whole vectors of 8.", lanes: 8,
		params: []param{{"dst", floats}, {"c", bytes}, {"a", floats}, {"b", floats}},
		begin: func() {
			quiet, yes = everywhere(nan), everywhere(2)
			no = into(VXORPS, yes, yes)
		},
		body: func(at func(string) Mem) {
			c, r, s := YMM(), YMM(), YMM()
			VPMOVZXBD(at("c"), c)
			VBLENDVPS(into(VPCMPEQD, yes, c), at("a"), quiet, r)
			VBLENDVPS(into(VPCMPEQD, no, c), at("b"), r, s)
			VMOVUPS(s, at("dst"))
		},
	}.emit()
}
