package gdal

/*
#include <stdlib.h>
#include "mount_vsi.h"
*/
import "C"

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
)

// Files is a storage whose objects GDAL reads as files. Its methods are called from many goroutines at once.
// A key is what follows the scheme of an address; a uri is the whole address.
type Files interface {
	// Size returns the length of an object; it wraps fs.ErrNotExist when there is none.
	Size(key string) (int64, error)
	// ReadAt fills buf from offset off. It is never asked for bytes beyond the object's end, so that a short read is an error.
	ReadAt(key string, buf []byte, off int64) (int, error)
	// ReadAtMulti is ReadAt for several ranges; it returns how much of each was read.
	ReadAtMulti(key string, bufs [][]byte, offs []int64) ([]int, error)
	// Siblings names the objects beside uri that may belong to it: overviews, masks, world files.
	Siblings(uri string) []string
	// Err is the last error that is final for uri, nil when there is none.
	Err(uri string) error
}

// mount is a scheme and the files that it stands for.
type mount struct {
	scheme string
	files  atomic.Pointer[Files]
}

func (m *mount) get() Files { return *m.files.Load() }

// mounts are numbered by their place; there are as many as schemes, and none ever goes.
var (
	mountsMu sync.Mutex
	mounts   atomic.Pointer[[]*mount]
)

// Mount makes addresses that begin with scheme, such as "s3://", readable through f: by Inspect, Reader and Preview, and
// by whatever GDAL looks for beside a file. Called again for a scheme it replaces the files that the scheme stands for,
// also under handles that are open.
//
// GDAL gets no cache of its own here and never lists a folder. An error of f ends the operation that met it, even where
// GDAL would go on without what it could not read, and is found in the operation's error by errors.As.
func Mount(scheme string, f Files) error {
	if !strings.HasSuffix(scheme, "://") || len(scheme) < 4 {
		return fmt.Errorf("mounting %q: a scheme looks like s3://", scheme)
	}
	if f == nil {
		return fmt.Errorf("mounting %s: there are no files", scheme)
	}
	setup()
	mountsMu.Lock()
	defer mountsMu.Unlock()
	all := mountTable()
	for _, m := range all {
		if m.scheme == scheme {
			m.files.Store(&f)
			return nil
		}
	}
	m := &mount{scheme: scheme}
	m.files.Store(&f)
	// GDAL may call as soon as it knows the prefix. A mount that it refused is never called.
	next := append(all[:len(all):len(all)], m)
	mounts.Store(&next)
	ok := false
	withString(scheme, func(p *C.char) { ok = C.tuban_mount(p, C.int(len(all))) != 0 })
	if !ok {
		mounts.Store(&all)
		return fmt.Errorf("mounting %s: GDAL does not accept it", scheme)
	}
	return nil
}

func mountTable() []*mount {
	if p := mounts.Load(); p != nil {
		return *p
	}
	return nil
}

// mounted returns the files that uri belongs to and its key there; nil for a file of the system.
func mounted(uri string) (f Files, key string) {
	for _, m := range mountTable() {
		if key, ok := strings.CutPrefix(uri, m.scheme); ok {
			return m.get(), key
		}
	}
	return nil, ""
}
