package gdal

/*
#include "blocks.h"
#include "inflate.h"
*/
import "C"

import "unsafe"

// inflate undoes the zlib stream src to exactly dst, and reports whether it could; plain asks it to use no instruction that
// only some processors have, with the same result. It knows each way to write a stream, and was made for that of imagery.
func inflate(dst, src []byte, plain bool) bool {
	from, n, to, size := stream(dst, src)
	return C.tuban_inflate(from, n, to, size, flag(plain)) != 0
}

// inflateTwo is inflate for two streams, in less time than one after the other takes.
func inflateTwo(dst, src [2][]byte, plain bool) (ok [2]bool) {
	from1, n1, to1, size1 := stream(dst[0], src[0])
	from2, n2, to2, size2 := stream(dst[1], src[1])
	done := C.tuban_inflate_two(from1, n1, to1, size1, from2, n2, to2, size2, flag(plain))
	return [2]bool{done&1 != 0, done&2 != 0}
}

func stream(dst, src []byte) (from *C.uint8_t, n C.size_t, to *C.uint8_t, size C.size_t) {
	return (*C.uint8_t)(unsafe.SliceData(src)), C.size_t(len(src)), (*C.uint8_t)(unsafe.SliceData(dst)), C.size_t(len(dst))
}

func flag(b bool) C.int {
	if b {
		return 1
	}
	return 0
}

// inflateByGDAL is inflate by the library that GDAL was built with.
func inflateByGDAL(dst, src []byte) bool {
	from, to, room := unsafe.Pointer(unsafe.SliceData(src)), unsafe.Pointer(unsafe.SliceData(dst)), C.size_t(len(dst))
	return C.tuban_block_inflate(from, C.size_t(len(src)), to, room) == room
}
