package masktiff

import (
	"iter"
	"math"
	"slices"

	"tuban/raster"
)

// level is the mask itself or a reduced copy, and what of it is stored.
type level struct {
	w, h int
	// tiles are those of a row, and rows of them.
	tilesX, tilesY int
	// cols and rows are the pixel of the mask that each column and row shows; nil where it is the pixel itself.
	cols, rows []int32
	// offset and size of each tile in bytes, 0 where it holds nothing.
	offset []uint64
	size   []uint32
}

// levels are the mask and copies of half the size each, until one fits a tile. A copy repeats pixels of the one before,
// those that GDAL takes for its method NEAR.
func levels(w, h int) []level {
	out := []level{newLevel(w, h)}
	for w > tileEdge || h > tileEdge {
		before := out[len(out)-1]
		w, h = max(w/2, 1), max(h/2, 1)
		l := newLevel(w, h)
		l.cols, l.rows = nearest(before.w, w, before.cols), nearest(before.h, h, before.rows)
		out = append(out, l)
	}
	return out
}

func newLevel(w, h int) level {
	l := level{w: w, h: h, tilesX: (w + tileEdge - 1) / tileEdge, tilesY: (h + tileEdge - 1) / tileEdge}
	l.offset, l.size = make([]uint64, l.tilesX*l.tilesY), make([]uint32, l.tilesX*l.tilesY)
	return l
}

func nearest(from, to int, of []int32) []int32 {
	out := make([]int32, to)
	ratio := float64(from) / float64(to)
	for i := range out {
		at := min(int(math.Floor(0.5+float64(i)*ratio)), from-1)
		if of != nil {
			at = int(of[at])
		}
		out[i] = int32(at)
	}
	return out
}

// spans are those of the mask as the level shows them.
func (l *level) spans(of iter.Seq[raster.Span]) iter.Seq[raster.Span] {
	if l.cols == nil {
		return of
	}
	return func(yield func(raster.Span) bool) {
		y := 0
		for s := range of {
			for y < l.h && int(l.rows[y]) < s.Y {
				y++
			}
			if y == l.h {
				return
			}
			if int(l.rows[y]) != s.Y {
				continue
			}
			x0, _ := slices.BinarySearch(l.cols, int32(s.X0))
			x1, _ := slices.BinarySearch(l.cols, int32(s.X1))
			if x0 < x1 && !yield(raster.Span{Y: y, X0: x0, X1: x1, Value: s.Value}) {
				return
			}
		}
	}
}
