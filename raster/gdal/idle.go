package gdal

import "sync"

// idle keeps things that wait for their next use, as many as were in use at once. A sync.Pool forgets them at each collection, of
// which there is one every few tiles, and memory of some MiB is then taken from the system and cleared anew. Its zero value is ready.
type idle[T any] struct {
	mu    sync.Mutex
	spare []*T
}

// get returns a thing that waits, else a new one.
func (p *idle[T]) get() *T {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.spare) - 1
	if n < 0 {
		return new(T)
	}
	x := p.spare[n]
	p.spare[n] = nil
	p.spare = p.spare[:n]
	return x
}

// put takes a thing back.
func (p *idle[T]) put(x *T) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.spare = append(p.spare, x)
}

// forget leaves those that wait to the collector.
func (p *idle[T]) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.spare = nil
}
