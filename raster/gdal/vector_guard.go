package gdal

/*
#cgo pkg-config: gdal
#include <stdlib.h>
#include "vector_ogr.h"
*/
import "C"

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"strings"
	"unsafe"

	"github.com/airbusgeo/godal"
)

// The vector side calls OGR itself where godal hides what a survey cannot do without: the feature id, the order and
// width of fields, layer options, and above all the error that ends a reading early, which would otherwise look
// like the end of the layer.

// guard calls f on one thread and returns what GDAL reported of failures during it, by the policy of this package.
func guard(f func()) error { return first(guarded(f)) }

// first is the first of failures with the number of the others, which repeat it feature by feature.
func first(failures []error) error {
	switch n := len(failures); n {
	case 0:
		return nil
	case 1:
		return failures[0]
	default:
		return fmt.Errorf("%w (and %d more)", failures[0], n-1)
	}
}

func guarded(f func()) (failures []error) {
	// GDAL keeps its error handlers per thread.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	log := newBuffer()
	defer log.free()
	func() {
		C.tuban_log_begin(log.c)
		defer C.tuban_log_end()
		f()
	}()
	for text := log.bytes(); len(text) > 0; {
		class := int32(binary.NativeEndian.Uint32(text))
		code := int32(binary.NativeEndian.Uint32(text[4:]))
		n := binary.NativeEndian.Uint32(text[8:])
		message := strings.ToValidUTF8(string(text[12:12+n]), "�")
		text = text[12+n:]
		if err := onMessage(godal.ErrorCategory(class), int(code), message); err != nil {
			failures = append(failures, err)
		}
	}
	return failures
}

// buffer is a growing byte string in C's memory.
type buffer struct{ c *C.tuban_buffer }

func newBuffer() buffer {
	return buffer{(*C.tuban_buffer)(C.calloc(1, C.size_t(unsafe.Sizeof(C.tuban_buffer{}))))}
}

// bytes is the content, valid until the buffer is written or freed.
func (b buffer) bytes() []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(b.c.data)), int(b.c.len))
}

func (b buffer) reset() { b.c.len = 0 }

func (b buffer) free() {
	C.tuban_buffer_free(b.c)
	C.free(unsafe.Pointer(b.c))
}

// withString calls f with s in C's memory.
func withString(s string, f func(*C.char)) {
	p := C.CString(s)
	defer C.free(unsafe.Pointer(p))
	f(p)
}

// withStrings calls f with a NULL-terminated list of strings in C's memory.
func withStrings(items []string, f func(**C.char)) {
	list := (**C.char)(C.calloc(C.size_t(len(items)+1), C.size_t(unsafe.Sizeof((*C.char)(nil)))))
	defer C.free(unsafe.Pointer(list))
	for i, s := range items {
		p := C.CString(s)
		defer C.free(unsafe.Pointer(p))
		unsafe.Slice(list, len(items))[i] = p
	}
	f(list)
}
