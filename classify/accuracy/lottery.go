package accuracy

import (
	"cmp"
	"container/heap"
	"slices"
)

// Lottery draws a simple random sample without replacement from each stratum of a map that is seen pixel by pixel, in any
// order: every pixel has a ticket, a hash of the seed and its number, and the lowest tickets of a stratum win. So the
// sample does not depend on tiles, and a larger one contains the smaller.
type Lottery struct {
	seed   uint64
	most   int
	strata []stratumDraw
}

// Winner is a drawn pixel.
type Winner struct {
	Pixel  uint64 // its number
	Ticket uint64
}

type stratumDraw struct {
	size int64
	// held has the highest ticket first, so that most pixels are passed over by one comparison.
	held winners
}

// NewLottery prepares a draw of at most most pixels from each of the strata.
func NewLottery(seed uint64, strata, most int) *Lottery {
	return &Lottery{seed: seed, most: most, strata: make([]stratumDraw, strata)}
}

// See counts the pixel in its stratum and lets it take part. A pixel must be seen once.
func (l *Lottery) See(stratum int, pixel uint64) {
	s := &l.strata[stratum]
	s.size++
	w := Winner{pixel, ticket(l.seed, pixel)}
	if len(s.held) < l.most {
		heap.Push(&s.held, w)
	} else if l.most > 0 && before(w, s.held[0]) {
		s.held[0] = w
		heap.Fix(&s.held, 0)
	}
}

// Size is the number of pixels seen of a stratum.
func (l *Lottery) Size(stratum int) int64 { return l.strata[stratum].size }

// Draw returns the n pixels of a stratum with the lowest tickets, lowest first.
func (l *Lottery) Draw(stratum, n int) []Winner {
	list := slices.Clone(l.strata[stratum].held)
	slices.SortFunc(list, func(a, b Winner) int { return cmp.Or(cmp.Compare(a.Ticket, b.Ticket), cmp.Compare(a.Pixel, b.Pixel)) })
	return list[:min(n, len(list))]
}

// ticket mixes seed and pixel (the finaliser of SplitMix64; Steele, Lea and Flood 2014), twice, so that neighbouring seeds
// do not draw neighbouring pixels.
func ticket(seed, pixel uint64) uint64 { return mix(mix(seed+0x9e3779b97f4a7c15) ^ mix(pixel)) }

func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func before(a, b Winner) bool {
	if a.Ticket != b.Ticket {
		return a.Ticket < b.Ticket
	}
	return a.Pixel < b.Pixel
}

// winners is a heap with the highest ticket first.
type winners []Winner

func (w winners) Len() int           { return len(w) }
func (w winners) Less(i, j int) bool { return before(w[j], w[i]) }
func (w winners) Swap(i, j int)      { w[i], w[j] = w[j], w[i] }
func (w *winners) Push(x any)        { *w = append(*w, x.(Winner)) }
func (w *winners) Pop() any {
	last := (*w)[len(*w)-1]
	*w = (*w)[:len(*w)-1]
	return last
}
