//go:build !purego

package kernel

import "golang.org/x/sys/cpu"

var hasAVX2 = cpu.X86.HasAVX2

// wide returns how many of n elements the assembly takes: whole vectors, none where the processor lacks AVX2.
// The plain loop takes the rest.
func wide(n, lanes int) int {
	if !hasAVX2 {
		return 0
	}
	return n &^ (lanes - 1)
}
