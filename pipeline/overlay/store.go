package overlay

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"

	"github.com/paulmach/orb"

	"tuban/pipeline/survey"
	"tuban/raster"
)

// Store reads the staged features of a group. Features are numbered from 1, file by file; it is safe for concurrent use.
type Store struct {
	Group  Group
	staged *survey.Store

	mu     sync.Mutex
	cached map[int32]*Feature
	points int
}

// cachedPoints bounds the corners of the features that are kept, of 16 bytes each: a red line of a county has a hundred thousand,
// and every patch near it asks for it. A feature that has more is kept alone.
const cachedPoints = 1 << 20

func (g Group) store(s *survey.Store) *Store {
	return &Store{Group: g, staged: s, cached: map[int32]*Feature{}}
}

// Close releases the stage file.
func (s *Store) Close() error { return s.staged.Close() }

// Len returns the number of features; the last index is Len.
func (s *Store) Len() int { return s.staged.Len() }

// Near appends to dst the features whose bounds touch w, in ascending order.
func (s *Store) Near(dst []int32, w raster.Window) []int32 { return s.staged.Near(dst, w) }

// Feature is a feature of a layer with what its fields say.
type Feature struct {
	Index int32
	// Layer is the position of its file in the group.
	Layer int
	Geom  orb.MultiPolygon
	// Values are as the layer writes them, in the order of Roles.
	Values []string
	Effect Effect
	// Type is the feature's, its zero value where nothing tells.
	Type Type
	// Ridge is the share of field ridges (田坎), NaN where the layer does not say.
	Ridge float64
}

// Value returns what the layer writes in the field of a role; "" without one.
func (f *Feature) Value(r Role) string {
	for i, role := range Roles {
		if role == r {
			return f.Values[i]
		}
	}
	return ""
}

// UnitCode is the code of a feature of units: the leading digits of its code that the kind has; "" when there are fewer.
func (f *Feature) UnitCode(digits int) string {
	c := f.Value(Code)
	if len(c) < digits || strings.Trim(c[:digits], "0123456789") != "" {
		return ""
	}
	return c[:digits]
}

// Feature reads feature i. What it returns is shared: not to be changed.
func (s *Store) Feature(i int32) (*Feature, error) {
	s.mu.Lock()
	f := s.cached[i]
	s.mu.Unlock()
	if f != nil {
		return f, nil
	}
	f, err := s.read(i)
	if err != nil {
		return nil, err
	}
	n := corners(f.Geom)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.points+n > cachedPoints {
		clear(s.cached)
		s.points = 0
	}
	if _, there := s.cached[i]; !there {
		s.cached[i], s.points = f, s.points+n
	}
	return f, nil
}

func (s *Store) read(i int32) (*Feature, error) {
	p, err := s.staged.Parcel(i)
	if err != nil {
		return nil, fmt.Errorf("the layer %s: %w", s.Group.Kind.Code, err)
	}
	f := &Feature{Index: i, Layer: s.staged.File(i), Geom: p.Geom, Values: p.Values[1 : 1+len(Roles)]}
	l := s.Group.Layers[f.Layer]
	f.Effect, f.Type, f.Ridge = l.Effect.narrowed(f.Value(Since), f.Value(Until)), l.Type, f.ridge()
	if f.Type.Code == "" {
		f.Type, _ = s.Group.Kind.TypeOf(f.Value(Class))
	}
	return f, nil
}

// ridge is the coefficient of the feature, or the area of its ridges as a share of its own.
func (f *Feature) ridge() float64 {
	if k, err := strconv.ParseFloat(f.Value(Ridge), 64); err == nil && k >= 0 && k < 1 {
		return k
	}
	ridges, err := strconv.ParseFloat(f.Value(RidgeArea), 64)
	all, wrong := strconv.ParseFloat(f.Value(Area), 64)
	if err == nil && wrong == nil && ridges >= 0 && ridges < all {
		return ridges / all
	}
	return math.NaN()
}

func corners(mp orb.MultiPolygon) (n int) {
	for _, p := range mp {
		for _, r := range p {
			n += len(r)
		}
	}
	return n
}
