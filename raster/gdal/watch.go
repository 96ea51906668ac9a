package gdal

import (
	"sync/atomic"

	"tuban/raster"
)

// Op is one call into GDAL that touches the content of a file, and so may crash, hang or run out of memory.
type Op struct {
	What string // open, inspect, decode, preview, warp; survey for a layer
	URI  string
	// Window is in pixels of the file; empty for open, inspect and survey.
	Window raster.Window
}

// Watcher is told of every Op before and after, from many goroutines at once; the Ops of one goroutine overlap only by Beside.
type Watcher interface {
	// Enter is called before op; the token goes to Leave. An error means that op is known to harm the process: it is
	// not done, and fails with this error.
	Enter(op Op) (token int, err error)
	// Beside is Enter for what is done together with the Op that the goroutine is in, where nothing has to be waited for. Where
	// it is not ok, each is done by itself.
	Beside(op Op) (token int, ok bool)
	Leave(token int)
}

var watcher atomic.Pointer[Watcher]

// Watch makes w the watcher of this process; nil ends watching. Ops that are under way report to the watcher that they
// began with.
func Watch(w Watcher) {
	if w == nil {
		watcher.Store(nil)
		return
	}
	watcher.Store(&w)
}

// beside calls f, the whole of op and of the one that it is called in; errAhead where they are to be done one after the other.
func beside(op Op, f func() error) error {
	if w := watcher.Load(); w != nil {
		token, ok := (*w).Beside(op)
		if !ok {
			return errAhead
		}
		defer (*w).Leave(token)
	}
	return f()
}

// leaf calls f, the whole of op, for a file and the names of those beside it. Leaves are never nested.
func leaf(op Op, beside []string, f func() error) error {
	if w := watcher.Load(); w != nil {
		token, err := (*w).Enter(op)
		if err != nil {
			return err
		}
		defer (*w).Leave(token)
	}
	return listening(op.URI, beside, f)
}
