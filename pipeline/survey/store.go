package survey

import (
	"encoding/binary"
	"fmt"
	"os"
	"slices"

	"github.com/paulmach/orb"

	"tuban/raster"
	"tuban/raster/vector"
)

// Store reads staged parcels. Parcels are numbered from 1; it is safe for concurrent use.
type Store struct {
	f *os.File
	x *index
}

// Parcel is one staged parcel: its geometry in the CRS of the run's grid, and the values of the fields staged.
type Parcel struct {
	Index  int32
	Values []string
	Geom   orb.MultiPolygon
}

// Open opens a finished stage file after reading all of it: one that was cut short, or of which a bit has changed, is an
// error, and the survey must be staged again.
func Open(path string) (*Store, error) {
	s, err := open(path)
	if err != nil {
		return nil, err
	}
	if err := s.x.verify(s.f); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// open opens a stage file that was written a moment ago.
func open(path string) (*Store, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	x, err := load(f)
	if err != nil {
		f.Close()
		return nil, err
	}
	return &Store{f, x}, nil
}

// Close releases the stage file.
func (s *Store) Close() error { return s.f.Close() }

// Len returns the number of parcels; the last index is Len.
func (s *Store) Len() int { return len(s.x.Class) }

// Stats says what staging met in all files.
func (s *Store) Stats() Stats { return s.x.Stats }

// Files says what staging met file by file, in the order of Options.Layers.
func (s *Store) Files() []FileStats { return s.x.Files }

// Overlaps lists the files whose parcels lie on the same land, by more than slivers.
func (s *Store) Overlaps() []Overlap { return s.x.Overlaps }

// File returns the position in Files of the file that parcel i came from.
func (s *Store) File(i int32) int {
	for k, f := range s.x.Files {
		if i -= int32(f.Parcels); i <= 0 {
			return k
		}
	}
	return len(s.x.Files) - 1
}

// Classes returns the distinct class codes; Class indexes into it.
func (s *Store) Classes() []string { return s.x.Classes }

// Class returns the position in Classes of the code of parcel i.
func (s *Store) Class(i int32) int { return int(s.x.Class[i-1]) }

// Bounds returns the pixels that parcel i can touch.
func (s *Store) Bounds(i int32) raster.Window {
	b := s.x.Bounds[i-1]
	return raster.Window{X: int(b[0]), Y: int(b[1]), W: int(b[2] - b[0]), H: int(b[3] - b[1])}
}

// Near appends to dst the parcels whose bounds touch w, in ascending order without repetition.
func (s *Store) Near(dst []int32, w raster.Window) []int32 {
	w = w.Intersect(s.x.Grid.Window())
	if w.Empty() {
		return dst
	}
	nx := (s.x.Grid.W + cell - 1) / cell
	from := len(dst)
	for cy := w.Y / cell; cy <= (w.Y+w.H-1)/cell; cy++ {
		for cx := w.X / cell; cx <= (w.X+w.W-1)/cell; cx++ {
			c := cy*nx + cx
			for _, p := range s.x.Parcels[s.x.Start[c]:s.x.Start[c+1]] {
				if !s.Bounds(p).Intersect(w).Empty() {
					dst = append(dst, p)
				}
			}
		}
	}
	slices.Sort(dst[from:])
	return append(dst[:from], slices.Compact(dst[from:])...)
}

// Parcel reads parcel i.
func (s *Store) Parcel(i int32) (Parcel, error) {
	from, to := s.x.Offset[i-1], s.x.Offset[i]
	b := make([]byte, to-from)
	if _, err := s.f.ReadAt(b, from); err != nil {
		return Parcel{}, fmt.Errorf("reading parcel %d of %s: %w", i, s.f.Name(), err)
	}
	if !sound(b) {
		return Parcel{}, damaged(s.f, i)
	}
	b = b[sumBytes:]
	p := Parcel{Index: i, Values: make([]string, len(s.x.Fields))}
	for k := range p.Values {
		n, used := binary.Uvarint(b)
		if used <= 0 || n > uint64(len(b)-used) {
			return Parcel{}, damaged(s.f, i)
		}
		p.Values[k], b = string(b[used:used+int(n)]), b[used+int(n):]
	}
	var err error
	if p.Geom, err = vector.Polygons(b); err != nil {
		return Parcel{}, fmt.Errorf("%w (%w)", damaged(s.f, i), err)
	}
	return p, nil
}

// Value returns the value of a staged field of p; "" when the layer has no such field.
func (s *Store) Value(p Parcel, field string) string {
	if i := slices.Index(s.x.Fields, field); i >= 0 {
		return p.Values[i]
	}
	return ""
}
