package store

// aheadAtOnce is how many reads ahead may run at once.
const aheadAtOnce = 2

// stream is where the readers of an object are, in blocks.
type stream struct {
	// next follows the last block read; ahead follows the last one read ahead.
	next, ahead int64
	// steps counts the reads that went on where the one before ended.
	steps int
}

// advance notes a read of the blocks first…last and returns which blocks to read ahead, [from, to), within most
// blocks. The window doubles with each step, so that a short run of reads wastes little.
func (s *stream) advance(first, last, blocks, most int64) (from, to int64) {
	switch {
	case s.next > 0 && (first == s.next || first == s.next-1) && last >= s.next:
		s.steps++
	case s.next > 0 && first == s.next-1: // again the last block: no step, and no end of the run
		return 0, 0
	default:
		s.steps, s.ahead = 0, 0
	}
	s.next = last + 1
	if s.steps < 2 {
		return 0, 0
	}
	window := min(most, int64(1)<<min(s.steps-1, 16))
	from = max(s.next, s.ahead)
	to = min(s.next+window, blocks)
	if to-from < (window+1)/2 && to < blocks || from >= to {
		return 0, 0 // enough is on its way; fewer, larger requests are better
	}
	s.ahead = to
	return from, to
}

// readAhead reads what a sequential reader is going to want, in the background, when there is room. It ends with the
// context; an error is left for the reader who meets it.
func (f *Files) readAhead(o *opened, first, last int64) {
	blocks := (o.id.size + blockSize - 1) / blockSize
	most := min(largest/blockSize, o.cache.limit/blockSize/4)
	f.mu.Lock()
	uri := o.a.String()
	s := f.streams[uri]
	if s == nil {
		s = &stream{}
		f.streams[uri] = s
	}
	from, to := s.advance(first, last, blocks, most)
	f.mu.Unlock()
	if from >= to || f.ctx.Err() != nil {
		return
	}
	select {
	case f.ahead <- struct{}{}:
	default:
		return
	}
	var part []int64
	for k := from; k < to; k++ {
		part = append(part, k)
	}
	held, mine, _ := o.cache.hold(f.ctx, o.keys(part), func(i int) int { return o.size(part[i]) }, false)
	f.background.Go(func() {
		defer func() { <-f.ahead }()
		_ = o.read(f.ctx, held, mine)
		o.cache.release(held)
	})
}
