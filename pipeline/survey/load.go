package survey

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"fmt"
	"hash/crc32"
	"io"
	"os"
)

// load reads the index of a finished stage file.
func load(f *os.File) (*index, error) {
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	broken := fmt.Errorf("%s is not a finished stage file: run again, and the survey is staged anew", f.Name())
	const tail = 12
	if st.Size() < int64(len(magic)+tail) {
		return nil, broken
	}
	head, end := make([]byte, len(magic)), make([]byte, tail)
	if _, err := f.ReadAt(head, 0); err != nil {
		return nil, err
	}
	if _, err := f.ReadAt(end, st.Size()-tail); err != nil {
		return nil, err
	}
	at := int64(binary.LittleEndian.Uint64(end))
	if string(head) != magic || at < int64(len(magic)) || at > st.Size()-tail {
		return nil, broken
	}
	blob := make([]byte, st.Size()-tail-at)
	if _, err := f.ReadAt(blob, at); err != nil {
		return nil, err
	}
	if crc32.Checksum(blob, castagnoli) != binary.LittleEndian.Uint32(end[8:]) {
		return nil, broken
	}
	x := &index{}
	if err := gob.NewDecoder(bytes.NewReader(blob)).Decode(x); err != nil {
		return nil, broken
	}
	return x, nil
}

// verify reads every record of an opened file once and compares it with its checksum: a disk that was full, a machine that
// lost power and a bit that flipped are found before the parcels are used.
func (x *index) verify(f *os.File) error {
	from, to := x.Offset[0], x.Offset[len(x.Offset)-1]
	r := bufio.NewReaderSize(io.NewSectionReader(f, from, to-from), 1<<20)
	var b []byte
	for i := range len(x.Class) {
		n := int(x.Offset[i+1] - x.Offset[i])
		if cap(b) < n {
			b = make([]byte, n)
		}
		if _, err := io.ReadFull(r, b[:n]); err != nil {
			return fmt.Errorf("reading parcel %d of %s: %w", i+1, f.Name(), err)
		}
		if !sound(b[:n]) {
			return damaged(f, int32(i+1))
		}
	}
	return nil
}

// sound reports whether a record is what was written.
func sound(record []byte) bool {
	return len(record) >= sumBytes && binary.LittleEndian.Uint32(record) == crc32.Checksum(record[sumBytes:], castagnoli)
}

func damaged(f *os.File, parcel int32) error {
	return fmt.Errorf("parcel %d of %s is damaged: run again, and the survey is staged anew", parcel, f.Name())
}
