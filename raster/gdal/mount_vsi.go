package gdal

/*
#include <stdint.h>
#include <stddef.h>
#include "mount_vsi.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"runtime"
	"runtime/cgo"
	"slices"
	"unsafe"
)

// listener hears the errors that a storage has while one operation of GDAL reads from it. GDAL itself passes on a text at
// most, and often goes on: with an overview less, or with blocks that it takes for absent.
type listener struct {
	// beside are the base names that belong to the file.
	beside []string
	err    error
}

func (l *listener) hear(err error) {
	if l.err == nil {
		l.err = err
	}
}

// listening calls f, which reads uri through GDAL, and returns its error, or the storage's in front of it.
func listening(uri string, beside []string, f func() error) error {
	files, _ := mounted(uri)
	if files == nil {
		return f()
	}
	said := listener{beside: beside}
	h := cgo.NewHandle(&said)
	defer h.Delete()
	// GDAL's reads call back on the thread that asked for them.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	C.tuban_listen(C.uintptr_t(h))
	defer C.tuban_listen(0)
	err := f()
	if said.err != nil {
		return said.err
	}
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	// A driver with threads of its own reads where nobody listens.
	if final := files.Err(uri); final != nil && !errors.Is(err, final) {
		return fmt.Errorf("%w (%w)", final, err)
	}
	return err
}

func listenerOf(h C.uintptr_t) *listener {
	if h == 0 {
		return &listener{}
	}
	return cgo.Handle(h).Value().(*listener)
}

//export tubanSize
func tubanSize(number C.int, ckey *C.char, to C.uintptr_t) C.longlong {
	key := C.GoString(ckey)
	n, err := mountTable()[number].get().Size(key)
	switch {
	case err == nil:
		return C.longlong(n)
	case errors.Is(err, fs.ErrNotExist):
		return -1
	}
	// GDAL tries names that nobody listed; what a storage says of those is no error of the file.
	if l := listenerOf(to); slices.Contains(l.beside, path.Base(key)) {
		l.hear(err)
	}
	return -2
}

//export tubanRead
func tubanRead(number C.int, ckey *C.char, to C.uintptr_t, buf unsafe.Pointer, off, n C.longlong) C.int {
	key := C.GoString(ckey)
	m := mountTable()[number]
	got, err := m.get().ReadAt(key, unsafe.Slice((*byte)(buf), int(n)), int64(off))
	if got == int(n) && (err == nil || errors.Is(err, io.EOF)) {
		return 0
	}
	listenerOf(to).hear(shortRead(m.scheme+key, err))
	return -1
}

//export tubanReadMulti
func tubanReadMulti(number C.int, ckey *C.char, to C.uintptr_t, n C.int, bufs *unsafe.Pointer, offs *C.ulonglong, sizes *C.size_t) C.int {
	key := C.GoString(ckey)
	m := mountTable()[number]
	count := int(n)
	buffers, offsets := make([][]byte, count), make([]int64, count)
	pointers, starts, lengths := unsafe.Slice(bufs, count), unsafe.Slice(offs, count), unsafe.Slice(sizes, count)
	for i := range buffers {
		buffers[i], offsets[i] = unsafe.Slice((*byte)(pointers[i]), int(lengths[i])), int64(starts[i])
	}
	got, err := m.get().ReadAtMulti(key, buffers, offsets)
	full := len(got) == count
	for i := 0; full && i < count; i++ {
		full = got[i] == len(buffers[i])
	}
	if full && (err == nil || errors.Is(err, io.EOF)) {
		return 0
	}
	listenerOf(to).hear(shortRead(m.scheme+key, err))
	return -1
}

// shortRead is the error of a read that did not deliver what was asked for.
func shortRead(uri string, err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return fmt.Errorf("%s is shorter than its storage says, so it has changed: %w", uri, io.ErrUnexpectedEOF)
	}
	return err
}
