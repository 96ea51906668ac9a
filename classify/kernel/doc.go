// Package kernel holds the element-wise loops over rows of pixels that everything else waits for: sums, arithmetic,
// comparisons, three-valued logic.
//
// Each has a plain loop, and for AVX2 a twin in assembly, taken where the processor has it. Both give the same bits:
// no fused multiply-add, no approximate reciprocal, one rounding to float32 per operation. The build tag purego leaves
// the assembly out.
//
// In all of them dst has the length that counts, and the other rows are at least as long, or they panic. dst may be one
// of the operands; otherwise rows must not overlap.
package kernel

//go:generate go run -C asm . -out ../rows_amd64.s -stubs ../rows_amd64.go -none ../rows_none.go -pkg kernel
