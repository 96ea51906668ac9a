package object

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
)

// A journal is a sequence of records:
//
//	4 bytes  length of the payload, little endian
//	4 bytes  CRC-32C of the payload, little endian
//	…        payload: byte version, uvarint tile, uvarint length of the note, the note, uvarint number of runs, the runs
const (
	journalVersion = 2
	maxRecord      = 1 << 30
)

// Record is what one finished tile leaves in the journal.
type Record struct {
	Tile int    // index of the tile, 0 or above
	Runs []Run  // in any order
	Note string // what else a resumed scan has to know of the tile, in the caller's own form
}

// AppendRecord writes rec in one call of w.Write, so that a process that dies leaves at most one incomplete record, at
// the end. A record above 1 GiB, a negative tile and an impossible run are errors.
func AppendRecord(w io.Writer, rec Record) error {
	if rec.Tile < 0 {
		return fmt.Errorf("writing journal: tile %d", rec.Tile)
	}
	buf := make([]byte, 8, 8+32+len(rec.Note)+8*len(rec.Runs))
	buf = append(buf, journalVersion)
	buf = binary.AppendUvarint(buf, uint64(rec.Tile))
	buf = binary.AppendUvarint(buf, uint64(len(rec.Note)))
	buf = append(buf, rec.Note...)
	buf = binary.AppendUvarint(buf, uint64(len(rec.Runs)))
	prev := &Run{}
	for i := range rec.Runs {
		if err := rec.Runs[i].check(); err != nil {
			return fmt.Errorf("writing journal of tile %d: %w", rec.Tile, err)
		}
		buf = appendRun(buf, prev, &rec.Runs[i])
		prev = &rec.Runs[i]
	}
	payload := buf[8:]
	if len(payload) > maxRecord {
		return fmt.Errorf("writing journal of tile %d: %d bytes: use smaller tiles", rec.Tile, len(payload))
	}
	binary.LittleEndian.PutUint32(buf, uint32(len(payload)))
	binary.LittleEndian.PutUint32(buf[4:], crc32.Checksum(payload, castagnoli))
	if _, err := w.Write(buf); err != nil {
		return fmt.Errorf("writing journal of tile %d: %w", rec.Tile, err)
	}
	return nil
}

// ReadJournal calls visit for each whole record in order, and stops without an error at the end or at the first record
// that is cut off or damaged. good is the offset behind the last record visited: cut the journal there before
// appending. A reader that fails, and an error of visit, end it with that error. The record is the visitor's to keep.
func ReadJournal(r io.Reader, visit func(Record) error) (good int64, err error) {
	var payload bytes.Buffer
	for {
		var head [8]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return good, unlessEnd(err)
		}
		size, sum := binary.LittleEndian.Uint32(head[:]), binary.LittleEndian.Uint32(head[4:])
		if size > maxRecord {
			return good, nil
		}
		payload.Reset()
		// The buffer grows with what is there, not with what a damaged length promises.
		if _, err := io.CopyN(&payload, r, int64(size)); err != nil {
			return good, unlessEnd(err)
		}
		if crc32.Checksum(payload.Bytes(), castagnoli) != sum {
			return good, nil
		}
		rec, err := decodeRecord(payload.Bytes())
		if err != nil {
			return good, nil //nolint:nilerr // a damaged record is where a crash cut the journal off, not a failure
		}
		if err := visit(rec); err != nil {
			return good, err
		}
		good += int64(len(head)) + int64(size)
	}
}

func unlessEnd(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return fmt.Errorf("reading journal: %w", err)
}

func decodeRecord(b []byte) (Record, error) {
	c := cursor{b: b}
	if v := c.byte(); c.err == nil && v != journalVersion {
		return Record{}, fmt.Errorf("version %d", v)
	}
	tile := c.uvarint(math.MaxInt64)
	note := int(c.uvarint(maxRecord))
	if c.err != nil {
		return Record{}, c.err
	}
	if note > len(b)-c.at {
		return Record{}, errTruncated
	}
	rec := Record{Tile: int(tile), Note: string(b[c.at : c.at+note])}
	c.at += note
	count := c.uvarint(math.MaxInt32)
	if c.err != nil {
		return Record{}, c.err
	}
	// A run takes at least four bytes, which bounds what is allocated by what was read.
	if count > uint64(len(b)-c.at)/4 {
		return Record{}, errTruncated
	}
	rec.Runs = make([]Run, 0, count)
	prev := &Run{}
	for range count {
		run, n, err := decodeRun(b[c.at:], prev)
		if err != nil {
			return Record{}, err
		}
		c.at += n
		rec.Runs = append(rec.Runs, run)
		prev = &rec.Runs[len(rec.Runs)-1]
	}
	if c.at != len(b) {
		return Record{}, errors.New("bytes after the last run")
	}
	return rec, nil
}
