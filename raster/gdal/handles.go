package gdal

import (
	"fmt"
	"sync"
)

// maxIdleHandles bounds the open files of a Reader that nobody is using: a province has more scenes than a process
// may open files.
const maxIdleHandles = 64

// handle is an open scene, used by one goroutine at a time.
type handle struct {
	scene int
	image
	// toNative carries the run's coordinates to the scene's; nil when the scene lies on the run's grid.
	toNative *transformer
}

func (h *handle) close() {
	h.image.close()
	if h.toNative != nil {
		h.toNative.Close()
	}
}

// handles keeps the handles that wait for their next use.
type handles struct {
	mu     sync.Mutex
	idle   []*handle // the last is the one used last
	closed bool
}

// get returns an idle handle of the scene, else one made by open.
func (p *handles) get(scene int, open func() (*handle, error)) (*handle, error) {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil, fmt.Errorf("the reader is closed")
	}
	for i := len(p.idle) - 1; i >= 0; i-- {
		if h := p.idle[i]; h.scene == scene {
			p.idle = append(p.idle[:i], p.idle[i+1:]...)
			p.mu.Unlock()
			return h, nil
		}
	}
	p.mu.Unlock()
	return open()
}

// put takes a handle back; one that failed is closed, because GDAL may have kept half-decoded state.
func (p *handles) put(h *handle, failed bool) {
	p.mu.Lock()
	if p.closed || failed {
		p.mu.Unlock()
		h.close()
		return
	}
	p.idle = append(p.idle, h)
	var oldest *handle
	if len(p.idle) > maxIdleHandles {
		oldest = p.idle[0]
		p.idle = p.idle[1:]
	}
	p.mu.Unlock()
	if oldest != nil {
		oldest.close()
	}
}

// close closes the idle handles, and each other one as it comes back.
func (p *handles) close() {
	p.mu.Lock()
	idle := p.idle
	p.idle, p.closed = nil, true
	p.mu.Unlock()
	for _, h := range idle {
		h.close()
	}
}
