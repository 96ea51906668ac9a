package masktiff

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"iter"

	"tuban/raster"
)

// File is what a mask is written to: from its beginning, then the header again when the tiles are known.
type File interface {
	io.Writer
	io.WriterAt
}

// Write writes a mask of w × h bytes as a sparse COG with reduced copies: spans are sorted by row and column and apart,
// and are asked for once for each copy; what no span covers is 0, and tiles without a value take no room. place says
// where the mask lies (PlaceTags). Equal spans give equal bytes.
//
// Errors: a span out of order or out of the mask, and those of the file, of which then nothing is valid.
func Write(f File, w, h int, place []Tag, spans iter.Seq[raster.Span]) error {
	if w <= 0 || h <= 0 {
		return fmt.Errorf("a mask of %d × %d pixels", w, h)
	}
	if err := check(w, h, spans); err != nil {
		return err
	}
	all := levels(w, h)
	head := header(all, place)
	out := &tileWriter{w: bufio.NewWriterSize(f, 1<<18), at: uint64(len(head))}
	if _, err := out.w.Write(head); err != nil {
		return err
	}
	// The smallest copy is what a viewer asks for first, so it comes first.
	for i := len(all) - 1; i >= 0; i-- {
		if err := out.level(&all[i], all[i].spans(spans)); err != nil {
			return err
		}
	}
	if err := out.w.Flush(); err != nil {
		return err
	}
	_, err := f.WriteAt(header(all, place), 0)
	return err
}

func check(w, h int, spans iter.Seq[raster.Span]) error {
	var last raster.Span
	for s := range spans {
		if s.Y < 0 || s.Y >= h || s.X0 < 0 || s.X1 > w || s.X0 >= s.X1 {
			return fmt.Errorf("span %v lies outside of the grid of %d × %d pixels", s, w, h)
		}
		if s.Y < last.Y || s.Y == last.Y && s.X0 < last.X1 {
			return fmt.Errorf("span %v comes after %v: spans must be sorted and apart", s, last)
		}
		last = s
	}
	return nil
}

// tileWriter appends tiles to a file that is at bytes long.
type tileWriter struct {
	w       *bufio.Writer
	at      uint64
	encoder encoder
	// tiles holds the pieces of one row of tiles.
	tiles [][]piece
}

// level writes what a level stores, one row of tiles after the other.
func (t *tileWriter) level(l *level, spans iter.Seq[raster.Span]) error {
	t.tiles = grow(t.tiles, l.tilesX)
	row := 0
	for s := range spans {
		if s.Y/tileEdge != row {
			if err := t.flush(l, row); err != nil {
				return err
			}
			row = s.Y / tileEdge
		}
		if s.Value == 0 {
			continue
		}
		for x := s.X0; x < s.X1; {
			i := x / tileEdge
			from, end := i*tileEdge, min(s.X1, (i+1)*tileEdge)
			t.tiles[i] = append(t.tiles[i], piece{uint16(s.Y % tileEdge), uint16(x - from), uint16(end - from), s.Value})
			x = end
		}
	}
	return t.flush(l, row)
}

func (t *tileWriter) flush(l *level, row int) error {
	for i, pieces := range t.tiles {
		if len(pieces) == 0 {
			continue
		}
		stream := t.encoder.tile(pieces)
		t.tiles[i] = pieces[:0]
		l.offset[row*l.tilesX+i], l.size[row*l.tilesX+i] = t.at+4, uint32(len(stream))
		var size [4]byte
		binary.LittleEndian.PutUint32(size[:], uint32(len(stream)))
		for _, b := range [][]byte{size[:], stream, stream[len(stream)-4:]} {
			if _, err := t.w.Write(b); err != nil {
				return err
			}
			t.at += uint64(len(b))
		}
	}
	return nil
}
