package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// packing makes bytes of 32 truth values that are 32-bit lanes in four vectors.
type packing struct{ order reg.VecVirtual }

// newPacking holds the order in which packing within halves of a vector leaves groups of four bytes.
func newPacking() packing {
	g, x, v := GP64(), XMM(), YMM()
	MOVQ(U64(0x0703060205010400), g)
	VMOVQ(g, x)
	VPMOVZXBD(x, v)
	return packing{v}
}

func (p packing) pack(v [4]reg.VecVirtual) reg.VecVirtual {
	low, high := into(VPACKSSDW, v[1], v[0]), into(VPACKSSDW, v[3], v[2])
	mixed := into(VPACKSSWB, high, low)
	r := YMM()
	VPERMD(mixed, p.order, r)
	return r
}

// part is the k-th vector of 8 floats of the 32 at m.
func part(m Mem, k int) Mem { return m.Offset(32 * k) }

// comparisons make truth values of values.
func comparisons() {
	var p packing
	var ones, c reg.VecVirtual
	prepare := func() {
		p = newPacking()
		ones = everywhere(0x01010101)
	}
	// 1 − (holds) + (its opposite holds), where a mask is −1: 2, 0, or 1 where an operand is NaN and neither holds.
	compare := func(name string, holds, opposite U8) {
		row{
			name: name + "AVX2", doc: "is " + name + " for whole vectors of 32.", lanes: 32,
			params: []param{{"dst", bytes}, {"a", floats}, {"b", floats}},
			begin:  prepare,
			body: func(at func(string) Mem) {
				var v [4]reg.VecVirtual
				for k := range v {
					a, b := load(part(at("a"), k)), load(part(at("b"), k))
					v[k] = into(VPSUBD, compared(opposite, a, b), compared(holds, a, b))
				}
				VMOVDQU(into(VPSUBB, p.pack(v), ones), at("dst"))
			},
		}.emit()
	}
	judge := func(name string, holds, opposite U8) {
		row{
			name: name + "AVX2", doc: "is " + name + " for whole vectors of 32.", lanes: 32,
			params: []param{{"dst", bytes}, {"a", floats}, {"c", float}},
			begin: func() {
				prepare()
				c = scalar("c")
			},
			body: func(at func(string) Mem) {
				var v [4]reg.VecVirtual
				for k := range v {
					a := load(part(at("a"), k))
					v[k] = into(VPSUBD, compared(opposite, a, c), compared(holds, a, c))
				}
				VMOVDQU(into(VPSUBB, p.pack(v), ones), at("dst"))
			},
		}.emit()
	}
	compare("less", less, moreEq)
	compare("lessEq", lessEq, more)
	compare("equal", equal, notEqual)
	judge("lessConst", less, moreEq)
	judge("lessEqConst", lessEq, more)
	judge("moreConst", more, lessEq)
	judge("moreEqConst", moreEq, less)
	judge("equalConst", equal, notEqual)

	var twos reg.VecVirtual
	row{
		name: "knownAVX2", doc: "is known for whole vectors of 32.", lanes: 32,
		params: []param{{"dst", bytes}, {"a", floats}},
		begin: func() {
			p = newPacking()
			twos = everywhere(0x02020202)
		},
		body: func(at func(string) Mem) {
			var v [4]reg.VecVirtual
			for k := range v {
				a := load(part(at("a"), k))
				v[k] = compared(unordered, a, a)
			}
			VMOVDQU(into(VANDNPS, twos, p.pack(v)), at("dst"))
		},
	}.emit()
}

// truths are the operations on three-valued conditions, a byte each: 0 false, 1 unknown, 2 true.
func truths() {
	var twos, all, k reg.VecVirtual
	two := []param{{"dst", bytes}, {"a", bytes}, {"b", bytes}}

	row{
		name: "notAVX2", doc: "is not for whole vectors of 32.", lanes: 32,
		params: []param{{"dst", bytes}, {"a", bytes}},
		begin:  func() { twos = everywhere(0x02020202) },
		body: func(at func(string) Mem) {
			VMOVDQU(into(VPSUBB, at("a"), twos), at("dst"))
		},
	}.emit()

	row{
		name: "andAVX2", doc: "is and for whole vectors of 32.", lanes: 32, params: two, result: "bool",
		begin: func() {
			all = YMM()
			VPXOR(all, all, all)
		},
		body: func(at func(string) Mem) {
			r := into(VPMINUB, at("b"), loadBytes(at("a")))
			VPOR(r, all, all)
			VMOVDQU(r, at("dst"))
		},
		finish: func() {
			some := GP8()
			VPTEST(all, all)
			SETNE(some)
			Store(some, ReturnIndex(0))
		},
	}.emit()

	row{
		name: "orAVX2", doc: "is or for whole vectors of 32.", lanes: 32, params: two, result: "bool",
		begin: func() {
			twos, all = everywhere(0x02020202), everywhere(0x02020202)
		},
		body: func(at func(string) Mem) {
			r := into(VPMAXUB, at("b"), loadBytes(at("a")))
			VPMINUB(r, all, all)
			VMOVDQU(r, at("dst"))
		},
		finish: func() {
			some, mask := GP8(), GP32()
			VPMOVMSKB(into(VPCMPEQB, twos, all), mask)
			CMPL(mask, I8(-1))
			SETNE(some)
			Store(some, ReturnIndex(0))
		},
	}.emit()

	row{
		name: "anyNotAVX2", doc: "is anyNot for whole vectors of 32.", lanes: 32,
		params: []param{{"a", bytes}, {"k", "uint8"}}, result: "bool",
		begin: func() {
			g, x := GP32(), XMM()
			k, all = YMM(), YMM()
			MOVBLZX(address("k"), g)
			VMOVD(g, x)
			VPBROADCASTB(x, k)
			VPCMPEQB(all, all, all)
		},
		body: func(at func(string) Mem) {
			VPAND(into(VPCMPEQB, at("a"), k), all, all)
		},
		// Most rows that are mixed are so at their beginning.
		after: func() {
			mask := GP32()
			VPMOVMSKB(all, mask)
			CMPL(mask, I8(-1))
			JNE(LabelRef("found"))
		},
		finish: func() {
			some := GP8()
			XORB(some, some)
			Store(some, ReturnIndex(0))
			VZEROUPPER()
			RET()
			Label("found")
			some = GP8()
			MOVB(U8(1), some)
			Store(some, ReturnIndex(0))
		},
	}.emit()

	row{
		name: "decideAVX2", doc: "is decide for whole vectors of 32.", lanes: 32,
		params: []param{{"dst", bytes}, {"c", bytes}, {"a", bytes}, {"b", bytes}},
		begin: func() {
			twos, all, k = everywhere(0x02020202), everywhere(0x01010101), YMM()
			VPXOR(k, k, k)
		},
		body: func(at func(string) Mem) {
			c, r, s := loadBytes(at("c")), YMM(), YMM()
			VPBLENDVB(into(VPCMPEQB, twos, c), at("a"), all, r)
			VPBLENDVB(into(VPCMPEQB, k, c), at("b"), r, s)
			VMOVDQU(s, at("dst"))
		},
	}.emit()
}

func loadBytes(m Mem) reg.VecVirtual {
	v := YMM()
	VMOVDQU(m, v)
	return v
}
