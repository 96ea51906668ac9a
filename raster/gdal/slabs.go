package gdal

import (
	"slices"
	"syscall"
	"unsafe"
)

// slabStore keeps the memory of dropped chunks for the next ones. It does not come from Go's heap: there, what a reader keeps counts
// when the collector decides how much garbage may lie beside it; and memory that was dropped and not yet taken again is
// collected, returned to the system and cleared anew, page by page. The zero value is ready; not safe for concurrent use.
type slabStore struct{ spare [][]float32 }

// mostWaste is how many times larger than what is asked for a slab may be. Blocks that an image's edge cuts off take whole ones.
const mostWaste = 4

// get returns a slab of n elements, of unspecified content and perhaps more capacity. New memory takes the place of what is spare,
// so that there is never more than was needed at once.
func (s *slabStore) get(n int) []float32 {
	best := -1
	for i, slab := range s.spare {
		if c := cap(slab); c >= n && c < mostWaste*n && (best < 0 || c < cap(s.spare[best])) {
			best = i
		}
	}
	if best >= 0 {
		slab := s.spare[best]
		s.spare = slices.Delete(s.spare, best, best+1)
		return slab[:n]
	}
	given := 0
	for replaced := 0; given < len(s.spare) && replaced < n; given++ {
		replaced += cap(s.spare[given])
		unmap(s.spare[given])
	}
	s.spare = slices.Delete(s.spare, 0, given)
	return mapped(n)
}

// put takes back a slab from get, or nil. Nobody may use it any more.
func (s *slabStore) put(slab []float32) {
	if cap(slab) > 0 {
		s.spare = append(s.spare, slab)
	}
}

// free returns what is spare to the system.
func (s *slabStore) free() {
	for _, slab := range s.spare {
		unmap(slab)
	}
	s.spare = nil
}

// mapped returns memory for n elements from the system, all pages at once; from Go's heap where the system has none to give.
func mapped(n int) []float32 {
	b, err := syscall.Mmap(-1, 0, 4*n, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE|syscall.MAP_POPULATE)
	if err != nil {
		return make([]float32, n)
	}
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(b))), n)
}

// unmap undoes mapped. Package syscall knows what it mapped, and leaves other memory to the collector.
func unmap(slab []float32) {
	_ = syscall.Munmap(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(slab))), 4*cap(slab)))
}
