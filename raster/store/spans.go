package store

import (
	"cmp"
	"context"
	"slices"

	"golang.org/x/sync/errgroup"
)

// nearby is how many bytes between two places are read with them rather than asked around: as many as come in a small part of
// the time of a request.
const nearby = 64 << 10

// span is one request's part of an object, and where it goes.
type span struct {
	off int64
	dst [][]byte
}

// large makes spans of what is wanted of the buffers, so much of each, where that is at least a block of the cache: it would
// be copied out of the cache and push all else from it. What is left for the cache is kept, as is what is coming there.
func large(bufs [][]byte, offs []int64, filled []int, coming func(from, to int64) bool) (spans []span, kept []int) {
	order := make([]int, 0, len(bufs))
	for i, n := range filled {
		if n > 0 {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(offs[i], offs[j]) })
	kept = slices.Clone(filled)
	for len(order) > 0 {
		// Buffers that lie one behind the other, in as many as a request asks for.
		end := offs[order[0]]
		s, n := span{off: end}, 0
		for _, i := range order {
			gap := offs[i] - end
			if n > 0 && (gap < 0 || gap > nearby || end+gap+int64(filled[i])-s.off > largest) {
				break
			}
			if gap > 0 {
				s.dst = append(s.dst, make([]byte, gap))
			}
			s.dst = append(s.dst, bufs[i][:filled[i]])
			end = offs[i] + int64(filled[i])
			n++
		}
		if end-s.off >= blockSize && !coming(s.off, end) {
			spans = append(spans, s)
			for _, i := range order[:n] {
				kept[i] = 0
			}
		}
		order = order[n:]
	}
	return spans, kept
}

// coming reports whether a part of the bytes [from, to) is in the cache, or on its way there.
func (o *opened) coming(from, to int64) bool {
	o.cache.mu.Lock()
	defer o.cache.mu.Unlock()
	for k := from / blockSize; k <= (to-1)/blockSize; k++ {
		if o.cache.blocks[blockKey{o.a.String(), o.id.version(), k}] != nil {
			return true
		}
	}
	return false
}

// readSpans reads spans while besides runs, each with one request, all at once.
func (o *opened) readSpans(ctx context.Context, spans []span, besides func() error) error {
	var g errgroup.Group
	for _, s := range spans {
		for len(s.dst) > 0 {
			some := s.cut()
			g.Go(func() error { return o.r.readRange(ctx, "reading", o.a, o.id, some.off, some.dst...) })
		}
	}
	return firstError(besides(), g.Wait)
}

// cut takes from s what one request asks for.
func (s *span) cut() span {
	some := span{off: s.off}
	for n := int64(0); len(s.dst) > 0 && n < largest; {
		b := s.dst[0]
		if room := largest - n; int64(len(b)) > room {
			some.dst, s.dst[0] = append(some.dst, b[:room]), b[room:]
			n = largest
		} else {
			some.dst, s.dst = append(some.dst, b), s.dst[1:]
			n += int64(len(b))
		}
		s.off = some.off + n
	}
	return some
}
