package gdal

import (
	"container/list"
	"context"
	"errors"
	"sync"

	"tuban/raster"
)

// chunkKey names a piece of a scene that is always decoded, or always warped, as a whole; or what lies along an edge of it.
type chunkKey struct {
	scene  int
	warped bool
	x, y   int
	edge   edge
}

// chunk is decoded pixels over a window in the file's pixels, or in the run's when the chunk was warped: as the file's
// integers, or as values, one plane per band that the scene has of the roles asked for. It must not be written to once loaded.
type chunk struct {
	integers
	bands  []raster.Band
	planes [][]float32 // nil when integers

	key  chunkKey
	slab []float32
	refs int
	done chan struct{}
	err  error
	lru  *list.Element
	turn int64 // of an edge: when it was put
}

// cache keeps decoded chunks, the most recently used first, within a number of bytes. What several goroutines want
// at once is decoded by one of them. Chunks in use are never dropped, so use may exceed the bound by what the
// readers at work hold. Counting references lets the memory of a dropped chunk serve the next one.
type cache struct {
	mu     sync.Mutex
	limit  int64
	used   int64
	chunks map[chunkKey]*chunk
	// Chunks that nobody holds, most recently used in front; edges, those put last.
	idle *list.List
	// The same of edges of chunks, which have a limit of their own: they are to outlive the rest.
	edgeLimit, edgesUsed int64
	idleEdges            *list.List
	turns                int64
	slabs                slabStore
	closed               bool
}

func newCache(limit int64) *cache {
	return &cache{limit: limit, chunks: map[chunkKey]*chunk{}, idle: list.New(), idleEdges: list.New()}
}

// idles is the list of k while nobody holds it.
func (c *cache) idles(k *chunk) *list.List {
	if k.key.edge != noEdge {
		return c.idleEdges
	}
	return c.idle
}

// count adds n float32 of k to what is used.
func (c *cache) count(k *chunk, n int) {
	if k.key.edge != noEdge {
		c.edgesUsed += 4 * int64(n)
	} else {
		c.used += 4 * int64(n)
	}
}

// oldest returns the list whose last chunk is to be dropped; nil when the limits hold, or nothing is idle.
func (c *cache) oldest() *list.List {
	switch {
	case c.used > c.limit && c.idle.Len() > 0:
		return c.idle
	case c.edgesUsed > c.edgeLimit && c.idleEdges.Len() > 0:
		return c.idleEdges
	}
	return nil
}

// acquire returns the chunk called key, loading it if need be; the caller releases it. load fills a new chunk and
// takes its memory from memory. Errors are not kept: the next one who asks tries again.
func (c *cache) acquire(ctx context.Context, key chunkKey, load func(*chunk) error) (*chunk, error) {
	for {
		c.mu.Lock()
		k, ok := c.chunks[key]
		if !ok {
			k = &chunk{key: key, refs: 1, done: make(chan struct{})}
			c.chunks[key] = k
			c.mu.Unlock()
			return k, c.fill(k, load)
		}
		k.refs++
		if k.lru != nil {
			c.idles(k).Remove(k.lru)
			k.lru = nil
		}
		c.mu.Unlock()
		select {
		case <-k.done:
		case <-ctx.Done():
			c.release(k)
			return nil, ctx.Err()
		}
		if k.err == nil {
			return k, nil
		}
		err := k.err
		c.release(k)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		// Another reader's cancellation is none of ours, nor is what was tried ahead.
		if !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, errAhead) {
			return nil, err
		}
	}
}

// errAhead is the error of chunks that could not be loaded ahead.
var errAhead = errors.New("loading ahead failed")

// claim adds a chunk called key, and does not wait: nil when there is one, or those in use take all that there is. The caller
// passes it to ahead.
func (c *cache) claim(key chunkKey) *chunk {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.chunks[key]; ok || c.used > c.limit {
		return nil
	}
	k := &chunk{key: key, refs: 1, done: make(chan struct{})}
	c.chunks[key] = k
	return k
}

// ahead loads claimed chunks together, and releases them. What fails is for acquire to load again.
func (c *cache) ahead(ks []*chunk, load func() error) error {
	if len(ks) == 0 {
		if load() != nil {
			return errAhead
		}
		return nil
	}
	k := ks[0]
	err := c.fill(k, func(*chunk) error { return c.ahead(ks[1:], load) })
	if err == nil {
		c.release(k)
	}
	return err
}

// has reports whether a chunk called key is there, or being loaded.
func (c *cache) has(key chunkKey) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, ok := c.chunks[key]
	return ok
}

// peek returns the chunk called key if it is there, nil otherwise; the caller releases it.
func (c *cache) peek(key chunkKey) *chunk {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.chunks[key]
	if !ok || k.lru == nil { // it is being filled, or in use by another: not worth waiting for
		return nil
	}
	c.idles(k).Remove(k.lru)
	k.lru = nil
	k.refs++
	return k
}

// put adds a chunk that fill fills, unless there is one of that name.
func (c *cache) put(key chunkKey, fill func(*chunk)) {
	c.mu.Lock()
	if _, ok := c.chunks[key]; ok {
		c.mu.Unlock()
		return
	}
	k := &chunk{key: key, refs: 1, done: make(chan struct{})}
	c.chunks[key] = k
	c.mu.Unlock()
	fill(k)
	close(k.done)
	c.release(k)
}

func (c *cache) fill(k *chunk, load func(*chunk) error) error {
	loaded := false
	defer func() {
		if !loaded { // an error, or a panic on its way up: whoever waits must not wait for ever
			c.mu.Lock()
			delete(c.chunks, k.key)
			if k.err == nil {
				k.err = errors.New("loading was interrupted")
			}
			c.mu.Unlock()
			close(k.done)
			c.release(k)
		}
	}()
	if err := load(k); err != nil {
		k.err = err
		return err
	}
	loaded = true
	close(k.done)
	return nil
}

// release gives a chunk back.
func (c *cache) release(k *chunk) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k.refs--; k.refs > 0 {
		return
	}
	if k.err != nil {
		c.count(k, -cap(k.slab))
		c.slabs.put(k.slab)
		k.slab, k.planes, k.integers = nil, nil, integers{}
	} else {
		k.lru = c.rest(k)
		c.trim()
	}
	if c.closed {
		c.empty()
	}
}

// rest puts k among the idle chunks. Edges lie in the order in which they were put there first: they serve the next rows of
// tiles in turn, and one that has just served is no better than the others.
func (c *cache) rest(k *chunk) *list.Element {
	if k.key.edge == noEdge {
		return c.idle.PushFront(k)
	}
	if k.turn == 0 {
		c.turns++
		k.turn = c.turns
	}
	for e := c.idleEdges.Back(); e != nil; e = e.Prev() {
		if e.Value.(*chunk).turn > k.turn {
			return c.idleEdges.InsertAfter(k, e)
		}
	}
	return c.idleEdges.PushFront(k)
}

// memory gives k memory for n bands over w, of unspecified content, dropping older chunks to make room.
func (c *cache) memory(k *chunk, w raster.Window, n int, f form) {
	size := int(w.Pixels())
	need := n * size
	if f != asValues {
		need = f.room(size, n)
	}
	c.mu.Lock()
	c.count(k, need)
	c.trim()
	slab := c.slabs.get(need)
	c.count(k, cap(slab)-need)
	c.mu.Unlock()
	k.slab = slab[:need]
	if f != asValues {
		k.integers = f.within(k.slab, w, n)
		return
	}
	k.Window = w
	k.planes = make([][]float32, n)
	for i := range k.planes {
		k.planes[i] = k.slab[i*size : (i+1)*size : (i+1)*size]
	}
}

// nothing makes k hold no value.
func (k *chunk) nothing() {
	k.void = true
	if k.form == asValues {
		raster.Fill(k.slab, raster.NaN)
	}
}

// values writes the pixels of part to planes over w, one for each band; nil ones are left out.
func (k *chunk) values(planes [][]float32, w, part raster.Window) {
	if k.form != asValues {
		k.integers.values(planes, w, part, k.bands)
		return
	}
	for i, p := range planes {
		if p != nil {
			copyWindow(p, w, k.planes[i], k.Window, part)
		}
	}
}

// trim drops idle chunks, the least recently used first, until the limit holds.
func (c *cache) trim() {
	for from := c.oldest(); from != nil; from = c.oldest() {
		c.drop(from)
	}
}

// drop drops the least recently used chunk of a list.
func (c *cache) drop(from *list.List) {
	k := from.Remove(from.Back()).(*chunk)
	delete(c.chunks, k.key)
	c.count(k, -cap(k.slab))
	c.slabs.put(k.slab)
	k.slab, k.planes, k.integers = nil, nil, integers{}
}

// close gives the memory back, and that of chunks in use when they are released.
func (c *cache) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	c.empty()
}

// empty drops all idle chunks, and spare memory.
func (c *cache) empty() {
	for _, l := range []*list.List{c.idle, c.idleEdges} {
		for l.Len() > 0 {
			c.drop(l)
		}
	}
	c.slabs.free()
}
