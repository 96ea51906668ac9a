package clean

import "fmt"

// Scratch holds the rows that Apply needs beside the mask, to be reused from tile to tile.
// The zero value is ready; it must not be shared by goroutines.
type Scratch struct {
	ring  []uint8  // the last Size rows of the input as 0 and 1
	spans []span   // where those rows have fired pixels
	cols  []uint16 // fired pixels of each column within the ring
	bits  bitmap
}

// span is the columns [lo, hi) outside which a row is empty.
type span struct{ lo, hi int }

// Apply cleans the row-major w × h mask in place. Bytes are Kleene: 2 is fired, all else is not; the result is 0 or 2.
// Pixels outside the mask take no part: majority counts them neither way, erosion and dilation look only at what is inside.
// So a result is that of the whole grid where the mask holds Halo pixels around it or ends where the grid ends.
// s may be nil. Apply panics when the mask does not have w·h bytes.
func (o Ops) Apply(mask []uint8, w, h int, s *Scratch) {
	if w < 0 || h < 0 || len(mask) != w*h {
		panic(fmt.Sprintf("clean: mask of %d bytes for %d × %d pixels", len(mask), w, h))
	}
	if len(mask) == 0 {
		return
	}
	if s == nil {
		s = new(Scratch)
	}
	if len(o) == 0 {
		for i, v := range mask {
			mask[i] = v & 2
		}
	}
	packed := false
	for i, op := range o {
		r := op.Size / 2
		if op.Verb != Majority && !packed {
			s.bits.reset(w, h)
			s.bits.pack(mask)
			packed = true
		}
		switch op.Verb {
		case Majority:
			s.majority(mask, w, h, r)
		case Open:
			s.bits.erode(r)
			s.bits.dilate(r)
		case Close:
			s.bits.dilate(r)
			s.bits.erode(r)
		default:
			panic(fmt.Sprintf("clean: unknown step %q", op.Verb))
		}
		if packed && (i == len(o)-1 || o[i+1].Verb == Majority) {
			s.bits.unpack(mask)
			packed = false
		}
	}
}
