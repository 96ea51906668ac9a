package gdal

/*
#include <malloc.h>

static void tuban_limit_malloc(void) {
	mallopt(M_ARENA_MAX, 2);
	mallopt(M_MMAP_THRESHOLD, 1 << 20);
}
*/
import "C"

// limitMalloc keeps the C library from holding on to freed memory: by default it has an arena per thread and learns to
// keep what the decoders free, some hundred MiB that no cache size bounds.
func limitMalloc() { C.tuban_limit_malloc() }
