package store

import (
	"container/list"
	"context"
	"sync"
)

// blockSize is the grain of the cache: a read of less costs this much.
const blockSize = 1 << 20

// blockKey names a block of one version of an object.
type blockKey struct {
	uri     string
	version string
	index   int64
}

// block is a piece of an object. Its data may be read once done is closed and err is nil, while it is held.
type block struct {
	key  blockKey
	data []byte
	done chan struct{}
	err  error
	refs int
	idle *list.Element
}

// blockCache keeps blocks, the most recently used first, within a number of bytes that counts the blocks in flight and
// in use. What several readers want at once is read by one of them.
type blockCache struct {
	mu     sync.Mutex
	limit  int64
	used   int64
	blocks map[blockKey]*block
	idle   *list.List // blocks that nobody holds, most recently used in front
	freed  chan struct{}
}

func newBlockCache(limit int64) *blockCache {
	return &blockCache{limit: limit, blocks: map[blockKey]*block{}, idle: list.New(), freed: make(chan struct{})}
}

// batch is how many blocks a reader may hold at once: two readers always fit, so that none waits for ever.
func (c *blockCache) batch() int64 { return min(64, c.limit/blockSize/2) }

// hold gives the caller all blocks of a batch, to release. Those in mine (positions in keys) are not there yet, and
// the caller owes each a call to settle. When there is no room it waits until others release, or returns nothing
// if patient is false. Nothing is held while it waits.
func (c *blockCache) hold(ctx context.Context, keys []blockKey, size func(i int) int, patient bool) (held []*block, mine []int, err error) {
	for {
		c.mu.Lock()
		held, mine = held[:0], mine[:0]
		var need int64
		for i, k := range keys {
			b := c.blocks[k]
			if b == nil {
				need += int64(size(i))
				mine = append(mine, i)
			} else if b.refs++; b.idle != nil {
				c.idle.Remove(b.idle)
				b.idle = nil
			}
			held = append(held, b)
		}
		spare, room := c.trim(need)
		if room {
			for _, i := range mine {
				b := &block{key: keys[i], refs: 1, done: make(chan struct{})}
				if n := size(i); len(spare) > 0 && cap(spare[0]) >= n {
					b.data, spare = spare[0][:n], spare[1:]
				} else {
					b.data = make([]byte, n)
				}
				c.blocks[b.key], held[i] = b, b
			}
			c.used += need
			c.mu.Unlock()
			return held, mine, nil
		}
		freed := c.freed
		for _, b := range held {
			if b != nil {
				c.drop(b)
			}
		}
		c.mu.Unlock()
		if !patient {
			return nil, nil, nil
		}
		select {
		case <-freed:
		case <-ctx.Done():
			return nil, nil, context.Cause(ctx)
		}
	}
}

// trim drops idle blocks, the least recently used first, until need bytes fit, and returns their memory.
func (c *blockCache) trim(need int64) (spare [][]byte, room bool) {
	for c.used+need > c.limit && c.idle.Len() > 0 {
		b := c.idle.Remove(c.idle.Back()).(*block)
		delete(c.blocks, b.key)
		c.used -= int64(len(b.data))
		spare = append(spare, b.data)
	}
	return spare, c.used+need <= c.limit
}

// settle says that a block's data is there, or why it is not; such a block is not kept.
func (c *blockCache) settle(b *block, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b.err = err
	if err != nil {
		delete(c.blocks, b.key)
		c.used -= int64(len(b.data))
		c.wake()
	}
	close(b.done)
}

// release gives blocks back.
func (c *blockCache) release(held []*block) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, b := range held {
		c.drop(b)
	}
	c.wake()
}

func (c *blockCache) drop(b *block) {
	if b.refs--; b.refs == 0 && b.err == nil {
		b.idle = c.idle.PushFront(b)
	}
}

func (c *blockCache) wake() {
	close(c.freed)
	c.freed = make(chan struct{})
}
