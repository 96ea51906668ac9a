package survey

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"slices"

	"tuban/raster"
)

// A stage file is: magic, records, index, the index's offset and CRC-32C. A record is its length-prefixed values and
// geometry. What has no trailer was not finished, and is not opened.
const magic = "tuban-parcels-1\n"

// cell is the edge in pixels of the squares that the index by place consists of.
const cell = 512

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// index is what a Store holds in memory.
type index struct {
	Grid    raster.Grid
	Fields  []string
	Classes []string // the distinct codes
	Class   []uint16 // per parcel, into Classes
	Offset  []int64  // per parcel, of its record; one more for the end
	Bounds  [][4]int32
	// Start and Parcels list the parcels of each cell, cell by cell.
	Start   []uint32
	Parcels []int32
	Stats   Stats
}

// Stats says what staging met.
type Stats struct {
	// Features were read; Empty had no geometry; Outside did not touch the grid; the rest is staged.
	Features, Empty, Outside int64
	// Repaired counts invalid geometries by what was wrong; Lost those of which nothing polygonal was left.
	Repaired map[string]int64
	Lost     int64
	// Codes counts the staged parcels by class code, Unknown those whose code the system does not know.
	Codes, Unknown map[string]int64
}

type writer struct {
	path    string
	f       *os.File
	w       *bufio.Writer
	n       int64
	o       Options
	idx     index
	classes map[string]uint16
	buf     []byte
}

func create(path string, o Options) (*writer, error) {
	f, err := os.Create(path + ".part")
	if err != nil {
		return nil, err
	}
	w := &writer{path: path, f: f, w: bufio.NewWriterSize(f, 1<<20), o: o, classes: map[string]uint16{}}
	w.idx = index{Grid: o.Grid, Fields: o.Layer.Fields, Stats: Stats{
		Repaired: map[string]int64{}, Codes: map[string]int64{}, Unknown: map[string]int64{},
	}}
	_, err = w.w.WriteString(magic)
	w.n = int64(len(magic))
	return w, err
}

// abort removes an unfinished file; after finish it does nothing.
func (w *writer) abort() {
	if w.f != nil {
		w.f.Close()
		os.Remove(w.path + ".part")
	}
}

func (w *writer) add(it *item) error {
	st := &w.idx.Stats
	st.Features++
	if it.reason != "" {
		st.Repaired[it.reason]++
	}
	if len(it.geom) == 0 {
		if it.reason != "" {
			st.Lost++
		} else {
			st.Empty++
		}
		return nil
	}
	bounds := pixelBounds(w.o.Grid, it.shape)
	if bounds.Empty() {
		st.Outside++
		return nil
	}
	code := it.values[0]
	class, ok := w.classes[code]
	if !ok {
		if len(w.idx.Classes) == 1<<16 {
			return fmt.Errorf("the class field %s holds more than 65,536 different values: it is not a land-class code", w.o.Layer.Fields[0])
		}
		class = uint16(len(w.idx.Classes))
		w.classes[code] = class
		w.idx.Classes = append(w.idx.Classes, code)
	}
	st.Codes[code]++
	if !w.o.Known(code) {
		st.Unknown[code]++
	}
	if len(w.idx.Class) == 1<<31-1 {
		return errors.New("more than 2³¹−1 parcels")
	}
	w.buf = w.buf[:0]
	for _, v := range it.values {
		w.buf = binary.AppendUvarint(w.buf, uint64(len(v)))
		w.buf = append(w.buf, v...)
	}
	w.buf = append(w.buf, it.geom...)
	if _, err := w.w.Write(w.buf); err != nil {
		return err
	}
	w.idx.Class = append(w.idx.Class, class)
	w.idx.Offset = append(w.idx.Offset, w.n)
	w.idx.Bounds = append(w.idx.Bounds, [4]int32{int32(bounds.X), int32(bounds.Y), int32(bounds.X + bounds.W), int32(bounds.Y + bounds.H)})
	w.n += int64(len(w.buf))
	return nil
}

func (w *writer) finish() error {
	w.idx.Offset = append(w.idx.Offset, w.n)
	w.idx.place()
	sum := crc32.New(castagnoli)
	if err := gob.NewEncoder(io.MultiWriter(w.w, sum)).Encode(&w.idx); err != nil {
		return err
	}
	tail := binary.LittleEndian.AppendUint64(nil, uint64(w.n))
	tail = binary.LittleEndian.AppendUint32(tail, sum.Sum32())
	if _, err := w.w.Write(tail); err != nil {
		return err
	}
	if err := w.w.Flush(); err != nil {
		return err
	}
	if err := w.f.Sync(); err != nil {
		return err
	}
	if err := w.f.Close(); err != nil {
		return err
	}
	w.f = nil
	return os.Rename(w.path+".part", w.path)
}

// cells returns the range of cells that a parcel's bounds touch.
func cells(b [4]int32) (x0, y0, x1, y1 int) {
	return int(b[0]) / cell, int(b[1]) / cell, (int(b[2]) - 1) / cell, (int(b[3]) - 1) / cell
}

// place sorts the parcels into the cells they touch: count, sum, fill.
func (x *index) place() {
	nx, ny := (x.Grid.W+cell-1)/cell, (x.Grid.H+cell-1)/cell
	x.Start = make([]uint32, nx*ny+1)
	each := func(visit func(c int, p int32)) {
		for p, b := range x.Bounds {
			x0, y0, x1, y1 := cells(b)
			for cy := y0; cy <= y1; cy++ {
				for cx := x0; cx <= x1; cx++ {
					visit(cy*nx+cx, int32(p)+1)
				}
			}
		}
	}
	each(func(c int, _ int32) { x.Start[c+1]++ })
	for c := range nx * ny {
		x.Start[c+1] += x.Start[c]
	}
	x.Parcels = make([]int32, x.Start[nx*ny])
	next := slices.Clone(x.Start)
	each(func(c int, p int32) { x.Parcels[next[c]] = p; next[c]++ })
}

// load reads the index of a finished stage file.
func load(f *os.File) (*index, error) {
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	broken := fmt.Errorf("%s is not a finished stage file: delete it and run again", f.Name())
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
