package survey

import (
	"bufio"
	"context"
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

// A stage file is: magic, records, index, the index's offset and CRC-32C. A record is the CRC-32C of what follows, its
// length-prefixed values and its geometry. What has no trailer was not finished, and what does not have its sums was
// damaged: neither is opened.
const magic = "tuban-parcels-3\n"

// sumBytes is the length of a record's checksum.
const sumBytes = 4

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
	Start    []uint32
	Parcels  []int32
	Stats    Stats
	Files    []FileStats
	Overlaps []Overlap
}

// FileStats says what staging met in one file, and how many parcels came of it. Parcels are numbered file by file.
type FileStats struct {
	Source  string `json:"source"`
	Parcels int    `json:"parcels"`
	Stats   Stats  `json:"stats"`
}

// Stats says what staging met, in a file or in all of them.
type Stats struct {
	// Features were read; Empty had no geometry; Outside did not touch the grid; the rest is staged.
	Features, Empty, Outside int64
	// Filtered were not wanted; see Options.Keep.
	Filtered int64 `json:",omitempty"`
	// Repaired counts geometries by what was wrong with them; Lost those of which nothing polygonal was left.
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
	w.idx = index{Grid: o.Grid, Fields: o.Fields}
	for _, l := range o.Layers {
		w.idx.Files = append(w.idx.Files, FileStats{Source: l.Source, Stats: newStats()})
	}
	_, err = w.w.WriteString(magic)
	w.n = int64(len(magic))
	return w, err
}

func newStats() Stats {
	return Stats{Repaired: map[string]int64{}, Codes: map[string]int64{}, Unknown: map[string]int64{}}
}

// sum adds the files' counts up.
func (x *index) sum() {
	x.Stats = newStats()
	for _, f := range x.Files {
		t, s := &x.Stats, f.Stats
		t.Features, t.Empty, t.Outside, t.Lost = t.Features+s.Features, t.Empty+s.Empty, t.Outside+s.Outside, t.Lost+s.Lost
		t.Filtered += s.Filtered
		for _, m := range []struct{ to, from map[string]int64 }{{t.Repaired, s.Repaired}, {t.Codes, s.Codes}, {t.Unknown, s.Unknown}} {
			for k, n := range m.from {
				m.to[k] += n
			}
		}
	}
}

// abort removes an unfinished file; after finish it does nothing.
func (w *writer) abort() {
	if w.f != nil {
		w.f.Close()
		os.Remove(w.path + ".part")
	}
}

func (w *writer) add(it *item) error {
	file := &w.idx.Files[it.file]
	st := &file.Stats
	st.Features++
	if it.left {
		st.Filtered++
		return nil
	}
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
			return fmt.Errorf("%s: the class field %s holds more than 65,536 different values: it is not a land-class code", w.o.Layers[it.file].Source, w.o.Layers[it.file].Fields[0])
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
		return errors.New("with more than 2³¹−1 parcels: split the run")
	}
	w.buf = append(w.buf[:0], make([]byte, sumBytes)...)
	for _, v := range it.values {
		w.buf = binary.AppendUvarint(w.buf, uint64(len(v)))
		w.buf = append(w.buf, v...)
	}
	w.buf = append(w.buf, it.geom...)
	binary.LittleEndian.PutUint32(w.buf, crc32.Checksum(w.buf[sumBytes:], castagnoli))
	if _, err := w.w.Write(w.buf); err != nil {
		return fmt.Errorf("in %s: %w", w.path, err)
	}
	w.idx.Class = append(w.idx.Class, class)
	w.idx.Offset = append(w.idx.Offset, w.n)
	w.idx.Bounds = append(w.idx.Bounds, [4]int32{int32(bounds.X), int32(bounds.Y), int32(bounds.X + bounds.W), int32(bounds.Y + bounds.H)})
	w.n += int64(len(w.buf))
	file.Parcels++
	return nil
}

func (w *writer) finish(ctx context.Context) error {
	w.idx.Offset = append(w.idx.Offset, w.n)
	w.idx.sum()
	w.idx.place()
	if len(w.idx.Files) > 1 && !w.o.Overlapping {
		if err := w.w.Flush(); err != nil {
			return err
		}
		var err error
		if w.idx.Overlaps, err = (&Store{w.f, &w.idx}).overlaps(ctx); err != nil {
			return err
		}
	}
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
