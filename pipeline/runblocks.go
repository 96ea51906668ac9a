package pipeline

import (
	"iter"
	"slices"

	"tuban/classify/object"
)

// blockRuns is how many runs a block of memory holds.
const blockRuns = 4096

// runBlocks hold runs in their order, in blocks: a slice that grows is copied again and again, and leaves five times of its final
// size behind. The zero value is empty.
type runBlocks struct {
	n      int
	blocks [][]object.Run
}

// blocksOf holds runs, in their storage.
func blocksOf(runs []object.Run) runBlocks {
	return runBlocks{n: len(runs), blocks: [][]object.Run{runs}}
}

func (b *runBlocks) add(r object.Run) {
	last := len(b.blocks) - 1
	if last < 0 || len(b.blocks[last]) == cap(b.blocks[last]) {
		b.blocks = append(b.blocks, make([]object.Run, 0, blockRuns))
		last++
	}
	b.blocks[last] = append(b.blocks[last], r)
	b.n++
}

// all yields the runs.
func (b *runBlocks) all() iter.Seq[object.Run] {
	return func(yield func(object.Run) bool) {
		for _, block := range b.blocks {
			for _, r := range block {
				if !yield(r) {
					return
				}
			}
		}
	}
}

// take appends the runs to dst, and leaves b empty.
func (b *runBlocks) take(dst []object.Run) []object.Run {
	dst = slices.Grow(dst, b.n)
	for i, block := range b.blocks {
		dst = append(dst, block...)
		b.blocks[i] = nil // for the collector
	}
	*b = runBlocks{}
	return dst
}
