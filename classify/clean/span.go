package clean

import "encoding/binary"

const eightFired = 0x0202020202020202

// firedSpan returns the first fired column of row and one past the last; eight pixels at a time, as most rows have none.
func firedSpan(row []uint8) span {
	lo := 0
	for ; lo+8 <= len(row) && binary.LittleEndian.Uint64(row[lo:])&eightFired == 0; lo += 8 {
	}
	for ; lo < len(row) && row[lo]&2 == 0; lo++ {
	}
	if lo == len(row) {
		return span{}
	}
	hi := len(row)
	for ; hi-8 >= lo && binary.LittleEndian.Uint64(row[hi-8:])&eightFired == 0; hi -= 8 {
	}
	for ; row[hi-1]&2 == 0; hi-- {
	}
	return span{lo, hi}
}
