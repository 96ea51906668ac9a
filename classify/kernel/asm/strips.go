package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// column is the bytes of a strip's column, which is two vectors.
const column = 64

// strips are what works on interleaved rows.
func strips() {
	transpose()
	suffixes()
	slide("slideAVX2", "is slide.", false)
	slide("slideLowerAVX2", "is slideLower.", true)
	row{
		name: "advanceAVX2", doc: "is advance for whole vectors of 8.", lanes: 8,
		params: []param{{"dst", floats}, {"head", floats}, {"row", floats}, {"tail", floats}},
		body: func(at func(string) Mem) {
			h := into(VADDPS, at("row"), load(at("head")))
			VMOVUPS(h, at("head"))
			VMOVUPS(into(VADDPS, h, load(at("tail"))), at("dst"))
		},
	}.emit()
}

// transpose exchanges rows and columns of squares of 8 × 8 elements.
func transpose() {
	declare("transposeAVX2", "transposes squares of 8 × 8 elements, whose rows are a stride and which are a step apart.", "",
		param{"dst", floats}, param{"dstStride", "int"}, param{"dstStep", "int"},
		param{"src", floats}, param{"srcStride", "int"}, param{"srcStep", "int"}, param{"blocks", "int"})
	dst, src := Load(Param("dst").Base(), GP64()), Load(Param("src").Base(), GP64())
	blocks := Load(Param("blocks"), GP64())
	toRow, toStep := elements("dstStride"), elements("dstStep")
	fromRow, fromStep := elements("srcStride"), elements("srcStep")
	to3, from3 := GP64(), GP64()
	LEAQ(Mem{Base: toRow, Index: toRow, Scale: 2}, to3)
	LEAQ(Mem{Base: fromRow, Index: fromRow, Scale: 2}, from3)

	Label("loop")
	TESTQ(blocks, blocks)
	JZ(LabelRef("done"))
	to4, from4 := GP64(), GP64()
	LEAQ(Mem{Base: dst, Index: toRow, Scale: 4}, to4)
	LEAQ(Mem{Base: src, Index: fromRow, Scale: 4}, from4)
	in := eight(src, from4, fromRow, from3)
	out := eight(dst, to4, toRow, to3)
	// Four columns at a time: beside each other lie the rows k and k+4.
	for half := range 2 {
		var pair [4]reg.VecVirtual
		for k := range pair {
			x, y := XMM(), YMM()
			VMOVUPS(in[k].Offset(16*half), x)
			VINSERTF128(U8(1), in[k+4].Offset(16*half), x.AsY(), y)
			pair[k] = y
		}
		a, b := into(VUNPCKLPS, pair[1], pair[0]), into(VUNPCKHPS, pair[1], pair[0])
		c, d := into(VUNPCKLPS, pair[3], pair[2]), into(VUNPCKHPS, pair[3], pair[2])
		VMOVUPS(into(VUNPCKLPD, c, a), out[4*half])
		VMOVUPS(into(VUNPCKHPD, c, a), out[4*half+1])
		VMOVUPS(into(VUNPCKLPD, d, b), out[4*half+2])
		VMOVUPS(into(VUNPCKHPD, d, b), out[4*half+3])
	}
	ADDQ(toStep, dst)
	ADDQ(fromStep, src)
	DECQ(blocks)
	JMP(LabelRef("loop"))
	Label("done")
	VZEROUPPER()
	RET()
}

// eight returns where eight rows lie, of which the fifth is at fourth.
func eight(first, fourth, stride, stride3 reg.Register) [8]Mem {
	var m [8]Mem
	for k, base := range []reg.Register{first, fourth} {
		m[4*k] = Mem{Base: base}
		m[4*k+1] = Mem{Base: base, Index: stride, Scale: 1}
		m[4*k+2] = Mem{Base: base, Index: stride, Scale: 2}
		m[4*k+3] = Mem{Base: base, Index: stride3, Scale: 1}
	}
	return m
}

// elements loads a parameter that counts elements, and returns it in bytes.
func elements(name string) reg.GPVirtual {
	g := GP64()
	Load(Param(name), g)
	SHLQ(U8(2), g)
	return g
}

func suffixes() {
	declare("suffixesAVX2", "is suffixes.", "", param{"dst", floats}, param{"src", floats})
	dst, src := Load(Param("dst").Base(), GP64()), Load(Param("src").Base(), GP64())
	i := Load(Param("dst").Len(), GP64())
	acc := zeros()
	SUBQ(U32(column/4), i)
	Label("loop")
	JL(LabelRef("done"))
	for k, a := range acc {
		VADDPS(Mem{Base: src, Index: i, Scale: 4, Disp: 32 * k}, a, a)
		VMOVUPS(a, Mem{Base: dst, Index: i, Scale: 4, Disp: 32 * k})
	}
	SUBQ(U32(column/4), i)
	JMP(LabelRef("loop"))
	Label("done")
	VZEROUPPER()
	RET()
}

// slide emits Slide, or SlideLower.
func slide(name, doc string, lower bool) {
	params := []param{{"dst", floats}, {"tail", floats}, {"head", floats}, {"skip", "int"}}
	if lower {
		params = append(params, param{"c", float})
	}
	declare(name, doc, "", params...)
	dst, tail := Load(Param("dst").Base(), GP64()), Load(Param("tail").Base(), GP64())
	head, skip := Load(Param("head").Base(), GP64()), Load(Param("skip"), GP64())
	n := Load(Param("dst").Len(), GP64())
	var c reg.VecVirtual
	if lower {
		c = scalar("c")
	}
	acc := zeros()
	add := func() {
		for k, a := range acc {
			VADDPS(Mem{Base: head, Disp: 32 * k}, a, a)
		}
		ADDQ(U32(column), head)
	}
	Label("skipped")
	TESTQ(skip, skip)
	JZ(LabelRef("begin"))
	add()
	DECQ(skip)
	JMP(LabelRef("skipped"))

	Label("begin")
	i := GP64()
	XORQ(i, i)
	JMP(LabelRef("first"))
	Label("loop")
	CMPQ(i, n)
	JGE(LabelRef("done"))
	add()
	Label("first")
	for k, a := range acc {
		at := func(base reg.Register) Mem { return Mem{Base: base, Index: i, Scale: 4, Disp: 32 * k} }
		sum := into(VADDPS, at(tail), a)
		if lower {
			sum = into(VMULPS, c, sum)
			sum = into(VMINPS, at(dst), sum)
		}
		VMOVUPS(sum, at(dst))
	}
	ADDQ(U32(column/4), i)
	JMP(LabelRef("loop"))
	Label("done")
	VZEROUPPER()
	RET()
}

// zeros returns a column of zeros.
func zeros() [2]reg.VecVirtual {
	acc := [2]reg.VecVirtual{YMM(), YMM()}
	for _, a := range acc {
		VXORPS(a, a, a)
	}
	return acc
}
