package object

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
)

// A run file is
//
//	"TUBANRUN"  magic
//	byte        version, 3
//	uvarint     length of the key, then the key
//	uvarint     width, height, number of kinds, number of runs
//	…           the runs
//	4 bytes     CRC-32C (Castagnoli) of everything before, little endian
const (
	runFileMagic   = "TUBANRUN"
	runFileVersion = 3
	maxKey         = 4096
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Header says what the runs of a run file belong to.
type Header struct {
	// Key names inputs, rules, measurements and version, so that runs of different settings never mix; at most 4096 bytes.
	Key string
	// W, H is the run's grid in pixels; every run lies in it.
	W, H int
	// Kinds is the number of kinds of the rules, at most 255; no run has a higher one.
	Kinds int
}

func (h Header) check() error {
	switch {
	case len(h.Key) > maxKey:
		return fmt.Errorf("key of %d bytes: at most %d", len(h.Key), maxKey)
	case h.W < 0 || h.W > math.MaxInt32 || h.H < 0 || h.H > math.MaxInt32:
		return fmt.Errorf("grid of %d × %d pixels", h.W, h.H)
	case h.Kinds < 0 || h.Kinds > math.MaxUint8:
		return fmt.Errorf("%d kinds: at most %d", h.Kinds, math.MaxUint8)
	}
	return nil
}

// holds returns why r cannot belong to the header's grid and kinds, nil when it can.
func (h Header) holds(r *Run) error {
	if err := r.check(); err != nil {
		return err
	}
	if int(r.X1) > h.W || int(r.Y) >= h.H {
		return fmt.Errorf("run at row %d, columns [%d, %d) lies outside the grid of %d × %d", r.Y, r.X0, r.X1, h.W, h.H)
	}
	if int(r.Kind) > h.Kinds {
		return fmt.Errorf("run at row %d, column %d is of kind %d of %d", r.Y, r.X0, r.Kind, h.Kinds)
	}
	return nil
}

// Encode writes runs, one list after the other, as a run file: the same header and runs give the same bytes. Their order is kept;
// sorted runs are the smallest. A run outside the header's grid or kinds is an error.
func Encode(w io.Writer, h Header, lists ...[]Run) error {
	if err := h.check(); err != nil {
		return fmt.Errorf("writing run file: %w", err)
	}
	const flushAt = 1 << 16
	buf := make([]byte, 0, flushAt+maxRunBytes+maxKey)
	buf = append(append(buf, runFileMagic...), runFileVersion)
	buf = binary.AppendUvarint(buf, uint64(len(h.Key)))
	buf = append(buf, h.Key...)
	n := 0
	for _, runs := range lists {
		n += len(runs)
	}
	for _, v := range [...]int{h.W, h.H, h.Kinds, n} {
		buf = binary.AppendUvarint(buf, uint64(v))
	}
	var sum uint32
	flush := func() error {
		sum = crc32.Update(sum, castagnoli, buf)
		_, err := w.Write(buf)
		buf = buf[:0]
		return err
	}
	prev := &Run{}
	for _, runs := range lists {
		for i := range runs {
			if err := h.holds(&runs[i]); err != nil {
				return fmt.Errorf("writing run file: %w", err)
			}
			buf = appendRun(buf, prev, &runs[i])
			prev = &runs[i]
			if len(buf) >= flushAt {
				if err := flush(); err != nil {
					return fmt.Errorf("writing run file: %w", err)
				}
			}
		}
	}
	err := flush()
	if err == nil {
		_, err = w.Write(binary.LittleEndian.AppendUint32(nil, sum))
	}
	if err != nil {
		return fmt.Errorf("writing run file: %w", err)
	}
	return nil
}

// Decode reads a run file of at most limit runs; a limit of 0 or less means any number. Whatever is wrong with the
// file is an error that names the offset in bytes; memory follows what was read, not what the file promises.
func Decode(r io.Reader, limit int) (Header, []Run, error) {
	d := decoder{r: bufio.NewReaderSize(r, 1<<16)}
	h, runs, err := d.file(limit)
	if err == nil {
		return h, runs, nil
	}
	if d.ioErr != nil {
		err = d.ioErr
	}
	return Header{}, nil, fmt.Errorf("reading run file at byte %d: %w", d.offset, err)
}

// decoder reads through r, counting and checking what it takes.
type decoder struct {
	r      *bufio.Reader
	offset int64
	sum    uint32
	ioErr  error // what stopped the reader, other than its end
}

// peek returns the next n bytes, fewer when there are no more.
func (d *decoder) peek(n int) []byte {
	b, err := d.r.Peek(n)
	if err != nil && err != io.EOF {
		d.ioErr = err
	}
	return b
}

// take steps over the first n bytes of b, which peek returned.
func (d *decoder) take(b []byte, n int) {
	d.sum = crc32.Update(d.sum, castagnoli, b[:n])
	d.offset += int64(n)
	_, _ = d.r.Discard(n) // these bytes are buffered: it cannot fail
}

func (d *decoder) uvarint(limit uint64, what string) (uint64, error) {
	b := d.peek(binary.MaxVarintLen64)
	c := cursor{b: b}
	v := c.uvarint(limit)
	if c.err != nil {
		return 0, fmt.Errorf("%s: truncated or out of range", what)
	}
	d.take(b, c.at)
	return v, nil
}

func (d *decoder) file(limit int) (h Header, runs []Run, err error) {
	count, err := d.header(&h)
	if err != nil {
		return h, nil, err
	}
	if limit > 0 && count > uint64(limit) {
		return h, nil, fmt.Errorf("%d runs: more than the limit of %d", count, limit)
	}
	runs = make([]Run, 0, min(count, 4096))
	prev := &Run{}
	for range count {
		b := d.peek(maxRunBytes)
		run, n, err := decodeRun(b, prev)
		if err == nil {
			err = h.holds(&run)
		}
		if err != nil {
			return h, nil, err
		}
		d.take(b, n)
		runs = append(runs, run)
		prev = &runs[len(runs)-1]
	}
	want := d.sum
	b := d.peek(5)
	switch {
	case len(b) < 4:
		return h, nil, errors.New("truncated: the checksum is missing")
	case binary.LittleEndian.Uint32(b) != want:
		return h, nil, errors.New("checksum differs: the file is damaged")
	case len(b) > 4:
		d.offset += 4
		return h, nil, errors.New("bytes after the end")
	case d.ioErr != nil:
		return h, nil, d.ioErr
	}
	return h, runs, nil
}

// header reads up to the number of runs.
func (d *decoder) header(h *Header) (count uint64, err error) {
	b := d.peek(len(runFileMagic) + 1)
	if len(b) <= len(runFileMagic) || string(b[:len(runFileMagic)]) != runFileMagic {
		return 0, errors.New("not a run file")
	}
	if v := b[len(runFileMagic)]; v != runFileVersion {
		return 0, fmt.Errorf("version %d of the run file: this program reads version %d", v, runFileVersion)
	}
	d.take(b, len(b))
	size, err := d.uvarint(maxKey, "length of the key")
	if err != nil {
		return 0, err
	}
	b = d.peek(int(size))
	if len(b) < int(size) {
		return 0, errors.New("truncated in the key")
	}
	h.Key = string(b)
	d.take(b, len(b))
	for _, f := range []struct {
		what  string
		limit uint64
		to    *int
	}{
		{"width", math.MaxInt32, &h.W}, {"height", math.MaxInt32, &h.H}, {"number of kinds", math.MaxUint8, &h.Kinds},
	} {
		v, err := d.uvarint(f.limit, f.what)
		if err != nil {
			return 0, err
		}
		*f.to = int(v)
	}
	return d.uvarint(math.MaxInt32, "number of runs")
}
