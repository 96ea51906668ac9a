package collar

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math"

	"tuban/raster"
)

// magic begins an encoded collar.
const magic = "tuban collar 1\n"

// ErrDamaged says that bytes are not what Encode returned.
var ErrDamaged = errors.New("not a whole encoded collar")

// Encode writes a collar as bytes, with a checksum: per row the number of its bounds, and their differences.
func Encode(c *raster.Collar) []byte {
	out := []byte(magic)
	out = binary.AppendUvarint(out, uint64(len(c.Rows)))
	for _, row := range c.Rows {
		out = binary.AppendUvarint(out, uint64(len(row)))
		last := int32(0)
		for _, x := range row {
			out = binary.AppendUvarint(out, uint64(x-last))
			last = x
		}
	}
	sum := sha256.Sum256(out)
	return append(out, sum[:]...)
}

// Decode reads what Encode wrote for an image of w × h pixels; anything else is ErrDamaged.
func Decode(b []byte, w, h int) (*raster.Collar, error) {
	n := len(b) - sha256.Size
	if n < len(magic) || !bytes.HasPrefix(b, []byte(magic)) {
		return nil, ErrDamaged
	}
	if sum := sha256.Sum256(b[:n]); !bytes.Equal(sum[:], b[n:]) {
		return nil, ErrDamaged
	}
	b = b[len(magic):n]
	bad := false
	next := func(limit int) int {
		v, n := binary.Uvarint(b)
		if n <= 0 || v > uint64(limit) {
			bad = true
			return 0
		}
		b = b[n:]
		return int(v)
	}
	if next(math.MaxInt32) != h {
		return nil, ErrDamaged
	}
	c := &raster.Collar{Rows: make([][]int32, h)}
	for y := range c.Rows {
		count := next(len(b))
		if bad || count%2 != 0 {
			return nil, ErrDamaged
		}
		if count == 0 {
			continue
		}
		row, last := make([]int32, count), 0
		for i := range row {
			last += next(w - last)
			row[i] = int32(last)
		}
		c.Rows[y] = row
	}
	if bad || len(b) > 0 {
		return nil, ErrDamaged
	}
	return c, nil
}
