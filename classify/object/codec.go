package object

import (
	"encoding/binary"
	"errors"
	"math"
)

// A run is written as its difference from the run before it (at first the zero Run):
//
//	varint   row − row before
//	varint   first column − (end of the run before in the same row, else 0)
//	uvarint  columns
//	byte     which of the attributes differ from those before, whether there are sums, and whether pixels lack evidence
//	…        those attributes, as uvarints, the sums as varints, and the missing pixels as uvarints
//
// Neighbours are alike, so most runs take 4 to 6 bytes.
const (
	newParcel = 1 << iota
	newUndecided
	newPair
	newKind
	newReason
	hasSums
	hasMissing
	knownFlags = 1<<iota - 1
)

// maxRunBytes is more than the longest encoding of one run: three varints of coordinates, a byte, five attributes,
// the sums and the missing pixels.
const maxRunBytes = (3+5+2*NEvidence)*binary.MaxVarintLen64 + 1

// appendRun appends the encoding of r, which follows prev.
func appendRun(dst []byte, prev, r *Run) []byte {
	column := int64(r.X0)
	if r.Y == prev.Y {
		column -= int64(prev.X1)
	}
	dst = binary.AppendVarint(dst, int64(r.Y)-int64(prev.Y))
	dst = binary.AppendVarint(dst, column)
	dst = binary.AppendUvarint(dst, uint64(r.Pixels()))
	at := len(dst)
	dst = append(dst, 0)
	attribute := func(flag byte, now, before uint64) {
		if now != before {
			dst[at] |= flag
			dst = binary.AppendUvarint(dst, now)
		}
	}
	attribute(newParcel, uint64(r.Parcel), uint64(prev.Parcel))
	attribute(newUndecided, uint64(r.Undecided), uint64(prev.Undecided))
	attribute(newPair, uint64(r.Pair), uint64(prev.Pair))
	attribute(newKind, uint64(r.Kind), uint64(prev.Kind))
	attribute(newReason, uint64(r.Reason), uint64(prev.Reason))
	if r.Sums != ([NEvidence]int64{}) {
		dst[at] |= hasSums
		for _, s := range r.Sums {
			dst = binary.AppendVarint(dst, s)
		}
	}
	if r.Missing != ([NEvidence]int32{}) {
		dst[at] |= hasMissing
		for _, n := range r.Missing {
			dst = binary.AppendUvarint(dst, uint64(n))
		}
	}
	return dst
}

var errTruncated = errors.New("ends in the middle of a run")

// decodeRun reads the run that follows prev from the start of b and returns how many bytes it took.
func decodeRun(b []byte, prev *Run) (Run, int, error) {
	c := cursor{b: b}
	dy, column, pixels := c.varint(), c.varint(), c.uvarint(math.MaxInt32)
	flags := c.byte()
	if c.err != nil {
		return Run{}, c.at, c.err
	}
	if flags&^knownFlags != 0 {
		return Run{}, c.at, errors.New("unknown flags of a run")
	}
	if dy < -math.MaxInt32 || dy > math.MaxInt32 || column < -math.MaxInt32 || column > math.MaxInt32 {
		return Run{}, c.at, errors.New("run outside every grid")
	}
	y, x0 := int64(prev.Y)+dy, column
	if dy == 0 {
		x0 += int64(prev.X1)
	}
	x1 := x0 + int64(pixels)
	if y < 0 || y > math.MaxInt32 || x0 < 0 || x1 > math.MaxInt32 {
		return Run{}, c.at, errors.New("run outside every grid")
	}
	r := *prev
	r.Y, r.X0, r.X1 = int32(y), int32(x0), int32(x1)
	attribute := func(flag byte, before uint64, limit uint64) uint64 {
		if flags&flag == 0 {
			return before
		}
		return c.uvarint(limit)
	}
	r.Parcel = int32(attribute(newParcel, uint64(r.Parcel), math.MaxInt32))
	r.Undecided = uint32(attribute(newUndecided, uint64(r.Undecided), math.MaxUint32))
	r.Pair = uint16(attribute(newPair, uint64(r.Pair), math.MaxUint16))
	r.Kind = uint8(attribute(newKind, uint64(r.Kind), math.MaxUint8))
	r.Reason = Reason(attribute(newReason, uint64(r.Reason), uint64(reasons)-1))
	r.Sums = [NEvidence]int64{}
	if flags&hasSums != 0 {
		for i := range r.Sums {
			r.Sums[i] = c.varint()
		}
	}
	r.Missing = [NEvidence]int32{}
	if flags&hasMissing != 0 {
		for i := range r.Missing {
			r.Missing[i] = int32(c.uvarint(math.MaxInt32))
		}
	}
	if c.err != nil {
		return Run{}, c.at, c.err
	}
	return r, c.at, r.check()
}

// cursor reads numbers from b; after the first error it returns zeros.
type cursor struct {
	b   []byte
	at  int
	err error
}

func (c *cursor) byte() byte {
	if c.err != nil {
		return 0
	}
	if c.at >= len(c.b) {
		c.err = errTruncated
		return 0
	}
	c.at++
	return c.b[c.at-1]
}

func (c *cursor) uvarint(limit uint64) uint64 {
	if c.err != nil {
		return 0
	}
	v, n := binary.Uvarint(c.b[c.at:])
	if c.advance(n); c.err == nil && v > limit {
		c.err = errors.New("number out of range")
	}
	if c.err != nil {
		return 0
	}
	return v
}

func (c *cursor) varint() int64 {
	if c.err != nil {
		return 0
	}
	v, n := binary.Varint(c.b[c.at:])
	if c.advance(n); c.err != nil {
		return 0
	}
	return v
}

// advance steps over a number of n bytes; n as encoding/binary returns it.
func (c *cursor) advance(n int) {
	switch {
	case n > 0:
		c.at += n
	case n == 0:
		c.err = errTruncated
	default:
		c.err = errors.New("number out of range")
	}
}
