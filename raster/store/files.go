package store

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// Files reads objects of S3 for callbacks that carry no context, such as GDAL's: the context is that of Mount, and when
// it ends every read fails. Keys are bucket/key, without the scheme. It is safe for concurrent use.
type Files struct {
	ctx   context.Context // a C callback carries none
	store *Store

	mu      sync.Mutex
	streams map[string]*stream
	folders map[string][]string
	// past counts the reads past the cache that are under way.
	past atomic.Int64
	// ahead bounds the reads ahead; background counts them.
	ahead      chan struct{}
	background sync.WaitGroup
}

// Stats counts what a Store did in S3.
type Stats struct {
	// Requests counts all attempts, Retries those that were not the first.
	Requests, Retries int64
	// Bytes is what bodies brought; Hits are blocks that the cache had.
	Bytes, Hits int64
}

// Mount makes a reader whose reads end with ctx. Cache, limits and what is known of objects are the Store's.
func (s *Store) Mount(ctx context.Context) *Files {
	return &Files{
		ctx: ctx, store: s, streams: map[string]*stream{}, folders: map[string][]string{},
		ahead: make(chan struct{}, aheadAtOnce),
	}
}

// Stats returns what the Store has done so far.
func (f *Files) Stats() Stats {
	f.store.mu.Lock()
	r := f.store.conn
	f.store.mu.Unlock()
	if r == nil {
		return Stats{}
	}
	return Stats{r.count.requests.Load(), r.count.retries.Load(), r.count.bytes.Load(), r.count.hits.Load()}
}

// Err returns the error that the last read of an object ended with, nil if it went well: GDAL passes on a text at best.
func (f *Files) Err(uri string) error { return f.store.memory.lastError(uri) }

// Size returns an object's size, and −1 with an error when it is not there or cannot be had.
func (f *Files) Size(key string) (int64, error) {
	uri := scheme + key
	if f.absent(uri) {
		return -1, &Error{Op: "opening", URI: uri, Kind: KindNotFound}
	}
	_, _, id, err := f.store.pinned(f.ctx, "opening", uri)
	if err != nil {
		return -1, err
	}
	return id.size, nil
}

// ReadAt is io.ReaderAt for the object called key: fewer bytes than asked for only at the end, with io.EOF.
func (f *Files) ReadAt(key string, buf []byte, off int64) (int, error) {
	n, err := f.read(key, [][]byte{buf}, []int64{off}, false)
	return n[0], err
}

// ReadAtMulti fills several buffers from several places at once. It returns how much of each was filled; io.EOF when
// one of them reaches beyond the end. After any other error the buffers are worth nothing.
//
// It is for who knows what is needed, and asks for it once: what is large, or lies beside one another, is read to its place and
// kept nowhere. All else passes through the cache, as what ReadAt reads does, and so does what was read ahead.
func (f *Files) ReadAtMulti(key string, bufs [][]byte, offs []int64) ([]int, error) {
	return f.read(key, bufs, offs, true)
}

// read is ReadAtMulti, through the cache alone unless it may be past it.
func (f *Files) read(key string, bufs [][]byte, offs []int64, past bool) ([]int, error) {
	const op = "reading"
	uri := scheme + key
	filled := make([]int, len(bufs))
	r, a, id, err := f.store.pinned(f.ctx, op, uri)
	if err != nil {
		return filled, err
	}
	short := false
	first, last := int64(-1), int64(-1)
	for i, b := range bufs {
		if offs[i] < 0 {
			return filled, &Error{Op: op, URI: uri, Kind: KindInvalid, Err: errors.New("the offset is negative")}
		}
		n := min(int64(len(b)), max(0, id.size-offs[i]))
		filled[i] = int(n)
		short = short || n < int64(len(b))
		if n > 0 {
			if from := offs[i] / blockSize; first < 0 || from < first {
				first = from
			}
			last = max(last, (offs[i]+n-1)/blockSize)
		}
	}
	o := &opened{f.store.cache, r, a, id}
	var spans []span
	kept, alone := filled, true
	if past {
		// Reading ahead is for who waits: where several read, others work meanwhile, and it would bring some bytes twice.
		alone = f.past.Add(1) == 1
		defer f.past.Add(-1)
		spans, kept = large(bufs, offs, filled, o.coming)
	}
	err = o.readSpans(f.ctx, spans, func() error { return f.readKept(o, bufs, offs, kept) })
	f.store.memory.fail(uri, err)
	if err != nil {
		return make([]int, len(bufs)), err
	}
	if first >= 0 && alone {
		f.readAhead(o, first, last)
	}
	if short {
		return filled, io.EOF
	}
	return filled, nil
}

// readKept fills the buffers, so much of each, through the cache.
func (f *Files) readKept(o *opened, bufs [][]byte, offs []int64, filled []int) error {
	var want []int64
	for i, n := range filled {
		for k := offs[i] / blockSize; n > 0 && k <= (offs[i]+int64(n)-1)/blockSize; k++ {
			want = append(want, k)
		}
	}
	slices.Sort(want)
	want = slices.Compact(want)
	for part := range slices.Chunk(want, int(o.cache.batch())) {
		if err := f.readBlocks(o, part, bufs, offs, filled); err != nil {
			return err
		}
	}
	return nil
}

// readBlocks copies what the buffers want of some blocks.
func (f *Files) readBlocks(o *opened, part []int64, bufs [][]byte, offs []int64, filled []int) error {
	held, err := o.load(f.ctx, part)
	if err != nil {
		return err
	}
	defer o.cache.release(held)
	for j, b := range held {
		start := part[j] * blockSize
		end := start + int64(len(b.data))
		for i, buf := range bufs {
			from, to := max(start, offs[i]), min(end, offs[i]+int64(filled[i]))
			if from < to {
				copy(buf[from-offs[i]:to-offs[i]], b.data[from-start:])
			}
		}
	}
	return nil
}

// opened is one version of an object and where its blocks are kept.
type opened struct {
	cache *blockCache
	r     *remote
	a     address
	id    identity
}

func (o *opened) keys(part []int64) []blockKey {
	keys := make([]blockKey, len(part))
	for i, k := range part {
		keys[i] = blockKey{o.a.String(), o.id.version(), k}
	}
	return keys
}

// size is a block's: the last one is shorter.
func (o *opened) size(index int64) int { return int(min(blockSize, o.id.size-index*blockSize)) }

// load returns the blocks with their data, for the caller to release.
func (o *opened) load(ctx context.Context, part []int64) ([]*block, error) {
	keys := o.keys(part)
	for {
		held, mine, err := o.cache.hold(ctx, keys, func(i int) int { return o.size(part[i]) }, true)
		if err != nil {
			return nil, err
		}
		o.r.count.hits.Add(int64(len(held) - len(mine)))
		err = o.read(ctx, held, mine)
		for _, b := range held {
			if err != nil {
				break
			}
			select {
			case <-b.done:
				err = b.err
			case <-ctx.Done():
				err = context.Cause(ctx)
			}
		}
		if err == nil {
			return held, nil
		}
		o.cache.release(held)
		// Another reader's cancellation is none of ours.
		if ctx.Err() != nil || !isCancelled(err) {
			return nil, err
		}
	}
}

// read reads the blocks at the positions mine: adjacent ones with one request, all requests at once.
func (o *opened) read(ctx context.Context, held []*block, mine []int) error {
	if len(mine) == 0 {
		return nil
	}
	var g errgroup.Group
	for len(mine) > 0 {
		n := 1
		for n < len(mine) && n < largest/blockSize && held[mine[n]].key.index == held[mine[n-1]].key.index+1 {
			n++
		}
		run := make([]*block, n)
		for i, at := range mine[:n] {
			run[i] = held[at]
		}
		mine = mine[n:]
		if len(mine) == 0 { // the last one needs no goroutine
			return firstError(o.readRun(ctx, run), g.Wait)
		}
		g.Go(func() error { return o.readRun(ctx, run) })
	}
	return nil
}

func firstError(err error, others func() error) error {
	if e := others(); e != nil {
		return e
	}
	return err
}

// readRun reads adjacent blocks with one request.
func (o *opened) readRun(ctx context.Context, run []*block) (err error) {
	finished := false
	defer func() {
		if !finished { // a panic on its way up: whoever waits must not wait for ever
			err = errors.New("reading was interrupted")
		}
		for _, b := range run {
			o.cache.settle(b, err)
		}
	}()
	dst := make([][]byte, len(run))
	for i, b := range run {
		dst[i] = b.data
	}
	err = o.r.readRange(ctx, "reading", o.a, o.id, run[0].key.index*blockSize, dst...)
	finished = true
	return err
}
