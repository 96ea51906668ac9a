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
	flag := C.int(0)
	if plain {
		flag = 1
	}
	from, to := (*C.uint8_t)(unsafe.SliceData(src)), (*C.uint8_t)(unsafe.SliceData(dst))
	return C.tuban_inflate(from, C.size_t(len(src)), to, C.size_t(len(dst)), flag) != 0
}

// inflateByGDAL is inflate by the library that GDAL was built with.
func inflateByGDAL(dst, src []byte) bool {
	from, to, room := unsafe.Pointer(unsafe.SliceData(src)), unsafe.Pointer(unsafe.SliceData(dst)), C.size_t(len(dst))
	return C.tuban_block_inflate(from, C.size_t(len(src)), to, room) == room
}
