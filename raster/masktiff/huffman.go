package masktiff

import (
	"cmp"
	"math/bits"
	"slices"
)

// code is a canonical Huffman code: the length of each symbol's code, 0 where it has none, and its bits as DEFLATE sends
// them, first bit lowest.
type code struct {
	length []uint8
	bits   []uint16
	// work holds the tree.
	order  []int
	weight []uint32
	parent []int
}

// build makes the code of the symbols with a count above 0, of which there must be two at least, with no code longer
// than limit bits. It changes count where the code would be longer: the counts are halved until it is not, which costs a few bits of some thousands.
func (c *code) build(count []uint32, limit int) {
	c.length = grow(c.length, len(count))
	c.bits = grow(c.bits, len(count))
	for !c.lengths(count, limit) {
		for i, n := range count {
			if n > 0 {
				count[i] = n/2 + 1
			}
		}
	}
	c.assign()
}

// lengths finds the optimal lengths, false when one is above limit.
func (c *code) lengths(count []uint32, limit int) bool {
	clear(c.length)
	c.order = c.order[:0]
	for s, n := range count {
		if n > 0 {
			c.order = append(c.order, s)
		}
	}
	slices.SortStableFunc(c.order, func(a, b int) int { return cmp.Compare(count[a], count[b]) })
	n := len(c.order)
	// Leaves 0 … n−1 by weight, then the inner nodes, which arise in the order of their weights: two queues.
	c.weight, c.parent = grow(c.weight, 2*n-1), grow(c.parent, 2*n-1)
	for i, s := range c.order {
		c.weight[i] = count[s]
	}
	leaf, inner := 0, n
	for next := n; next < 2*n-1; next++ {
		var sum uint32
		for range 2 {
			at := inner
			if leaf < n && (inner == next || c.weight[leaf] <= c.weight[inner]) {
				at = leaf
				leaf++
			} else {
				inner++
			}
			sum += c.weight[at]
			c.parent[at] = next
		}
		c.weight[next] = sum
	}
	// From the root down, a node's weight gives way to its depth.
	c.weight[2*n-2] = 0
	for at := 2*n - 3; at >= 0; at-- {
		c.weight[at] = c.weight[c.parent[at]] + 1
		if at < n {
			if c.weight[at] > uint32(limit) {
				return false
			}
			c.length[c.order[at]] = uint8(c.weight[at])
		}
	}
	return true
}

// assign gives each symbol its bits: shorter codes first, then by symbol (RFC 1951, 3.2.2).
func (c *code) assign() {
	var count, next [16]uint16
	for _, l := range c.length {
		count[l]++
	}
	count[0] = 0
	for l := 1; l < len(next); l++ {
		next[l] = (next[l-1] + count[l-1]) << 1
	}
	for s, l := range c.length {
		if l > 0 {
			c.bits[s] = bits.Reverse16(next[l]) >> (16 - l)
			next[l]++
		}
	}
}

// grow returns a slice of n elements, in s's storage when that is large enough.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
