package pipeline

import "runtime/debug"

// gcPercent is by how much the heap may grow before it is collected, while a run reads: buffers of pixels hold no pointers,
// so that to collect is cheap.
const gcPercent = 10

// frugally calls a step that holds buffers which serve again: there is little to collect, and by default as much memory again
// would be let grow beside them. What decoded pixels take of the memory bound, outside the heap, is not left to it.
func (p *Plan) frugally(memory int64, step func() error) error {
	defer debug.SetGCPercent(debug.SetGCPercent(gcPercent))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(heapLimit(memory - 2*p.CacheBytes)))
	return step()
}

// heapLimit is what of the memory bound is left to Go's heap, in bytes: the native libraries, and the supervisor of this
// process, take the rest, as measured. Below least the collector would do nothing but collect.
func heapLimit(memory int64) int64 {
	const others, least = 264 << 20, 48 << 20
	return max(memory-others, least)
}
