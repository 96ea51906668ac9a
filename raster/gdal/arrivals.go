package gdal

import (
	"errors"
	"io"
)

// arrivals are the storage blocks of one read from a mounted storage. Each question to it is a round trip, so that blocks are
// asked for together, and those that lie beside one another can come with one answer.
type arrivals struct {
	// places are all of them, of which so many were asked for; here are those that came last, of which so many were taken.
	places       []place
	here         [][]byte
	asked, taken int
	memory       []byte
	offsets      []int64
}

// arrivalBytes bounds the bytes that are asked for together, but for one block that is larger: what the storage brings with one
// answer. Tests ask for less.
var arrivalBytes = 8 << 20

// arrivalBlocks bounds their number.
const arrivalBlocks = 256

var arrivalsIdle idle[arrivals]

// plan finds the blocks that b reads for ns, in that order.
func (a *arrivals) plan(b *blockFile, ns []*integers, index []int) error {
	a.places, a.here, a.asked, a.taken = a.places[:0], a.here[:0], 0, 0
	return b.each(ns, index, func(_ *integers, bx, by, i int) error {
		at, err := b.find(index[i], bx, by)
		a.places = append(a.places, at)
		return err
	})
}

// outOfReach is an error of the storage, which says nothing of the file: another way to read it meets the same.
type outOfReach struct{ error }

func (e outOfReach) Unwrap() error { return e.error }

// spent reports whether the next block is still to be asked for.
func (a *arrivals) spent() bool { return a.taken == len(a.here) }

// next returns the next block as stored, which may be used until more are asked for.
func (a *arrivals) next() []byte {
	p := a.here[a.taken]
	a.taken++
	return p
}

// ask reads as many of the next blocks as may come together, past GDAL, which would copy those that lie beside one another.
func (a *arrivals) ask(b *blockFile) error {
	end, err := b.far.Size(b.key)
	if err != nil {
		return outOfReach{err}
	}
	places := a.places[a.asked:]
	n, bytes := 0, 0
	for n < min(len(places), arrivalBlocks) && (n == 0 || bytes+places[n].stored <= arrivalBytes) {
		if at := places[n]; at.offset > uint64(end) || uint64(at.stored) > uint64(end)-at.offset {
			return at.short()
		}
		bytes += places[n].stored
		n++
	}
	places = places[:n]
	a.memory = sized(a.memory, bytes)
	a.here, a.offsets, a.taken = a.here[:0], a.offsets[:0], 0
	rest := a.memory
	for _, at := range places {
		a.here, a.offsets = append(a.here, rest[:at.stored:at.stored]), append(a.offsets, int64(at.offset))
		rest = rest[at.stored:]
	}
	got, err := b.far.ReadAtMulti(b.key, a.here, a.offsets)
	if err != nil && !errors.Is(err, io.EOF) {
		return outOfReach{err}
	}
	for i, at := range places {
		if got[i] < at.stored {
			return outOfReach{shortRead(b.uri, err)}
		}
	}
	a.asked += n
	return nil
}
