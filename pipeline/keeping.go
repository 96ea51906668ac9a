package pipeline

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"

	"tuban/raster"
)

// keeping is Imagery that remembers what the spots of a run show. Its pixels are measured in rounds, as read, in their
// place, in the units of the other date; each needs the same ones, which are decoded once. What is not kept is read.
type keeping struct {
	Imagery
	grid raster.Grid
	// room is how many bytes may be held in memory; what is more goes to a file in dir, which has no name.
	room int64
	dir  string

	mu     sync.Mutex
	scenes map[string]*keptScene
	file   *os.File
	end    int64
	failed error // the file takes no more
}

// keptScene is what is kept of one scene, read by one set of bands.
type keptScene struct {
	spots []keptSpot
	done  bool
}

// keptSpot is what is kept of a scene around a spot, which it shows all or a part of.
type keptSpot struct {
	raster.Window
	spot   int // its number
	pieces []keptPiece
	// whole says that every pixel has a value.
	whole bool
}

// keptPiece is a part of a spot that lies in one cell of the scene's lattice, packed: in memory, or in the file at offset.
type keptPiece struct {
	raster.Window
	packing packing
	data    []byte
	offset  int64
	size    int
}

func newKeeping(im Imagery, g raster.Grid, dir string, room int64) *keeping {
	return &keeping{Imagery: im, grid: g, dir: dir, room: room, scenes: map[string]*keptScene{}}
}

// forget gives back what is kept, when nobody reads any more.
func (k *keeping) forget() {
	clear(k.scenes)
	if k.file != nil {
		k.file.Close() // it was read, and goes
	}
}

// Open opens scenes; those that are kept are read from what is kept.
func (k *keeping) Open(g raster.Grid, scenes []raster.Scene, roles []raster.Role, cacheBytes int64) (Pixels, error) {
	px, err := k.Imagery.Open(g, scenes, roles, cacheBytes)
	if err != nil || g != k.grid {
		return px, err
	}
	out := &spotPixels{Pixels: px, keeping: k}
	for _, s := range scenes {
		var key strings.Builder
		fmt.Fprint(&key, s.URI, " ", s.Nearest, s.EdgeFill, s.Alpha)
		has := make([]bool, len(roles))
		for i, r := range roles {
			if b, ok := s.Bands[r]; ok {
				has[i] = true
				fmt.Fprint(&key, " ", r, b)
			}
		}
		kept := k.scenes[key.String()]
		if kept == nil {
			kept = &keptScene{}
			k.scenes[key.String()] = kept
		}
		out.scenes, out.has = append(out.scenes, kept), append(out.has, has)
	}
	return out, nil
}

// spotPixels are Pixels some of which are kept.
type spotPixels struct {
	Pixels
	keeping *keeping
	scenes  []*keptScene
	has     [][]bool // by scene, the roles of which it has a band
}

// Read is that of Pixels.
func (p *spotPixels) Read(ctx context.Context, scene int, w raster.Window, dst [][]float32) error {
	inside := p.Footprint(scene).Intersect(w)
	if !inside.Empty() {
		for i := range p.scenes[scene].spots {
			if s := &p.scenes[scene].spots[i]; s.Contains(inside) {
				if err := p.load(s, p.has[scene], w, inside, dst); err == nil {
					return ctx.Err()
				}
				break
			}
		}
	}
	return p.Pixels.Read(ctx, scene, w, dst)
}

var packs = sync.Pool{New: func() any { return new([]byte) }}

// load fills dst, over w, with what is kept of a spot of a scene that has a band for some of the roles.
func (p *spotPixels) load(s *keptSpot, has []bool, w, inside raster.Window, dst [][]float32) error {
	for i, plane := range dst {
		if !has[i] || inside != w {
			raster.Fill(plane, raster.NaN)
		}
	}
	buffer := packs.Get().(*[]byte)
	defer packs.Put(buffer)
	for _, piece := range s.pieces {
		part := piece.Intersect(inside)
		if part.Empty() {
			continue
		}
		data := piece.data
		if data == nil {
			*buffer = grow(*buffer, piece.size)
			data = *buffer
			if _, err := p.keeping.file.ReadAt(data, piece.offset); err != nil {
				return err
			}
		}
		k := 0
		for i, plane := range dst {
			if has[i] {
				piece.packing.unpack(plane, w, data, piece.Window, k, part)
				k++
			}
		}
	}
	return nil
}

// put keeps packed bytes, which are copied, and returns where; false where there is no room.
func (k *keeping) put(packed []byte) (p keptPiece, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if n := int64(len(packed)); n <= k.room {
		k.room -= n
		return keptPiece{data: append([]byte(nil), packed...)}, true
	}
	k.room = 0
	if k.file == nil && k.failed == nil {
		if k.file, k.failed = os.CreateTemp(k.dir, "spots-*"); k.failed == nil {
			k.failed = os.Remove(k.file.Name()) // it lasts as long as it is open
		}
	}
	if k.failed != nil {
		return p, false
	}
	p.offset, p.size = k.end, len(packed)
	if _, k.failed = k.file.WriteAt(packed, p.offset); k.failed != nil {
		return p, false
	}
	k.end += int64(len(packed))
	return p, true
}
