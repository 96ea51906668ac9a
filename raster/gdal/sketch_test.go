package gdal

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"tuban/raster"
)

// pictured are files whose pictures are drawn from sums.
var pictured = map[string]file{
	"together":                {w: 700, h: 530, bands: 4, dataType: "UInt16", options: []string{"TILED=YES", "BLOCKXSIZE=128", "BLOCKYSIZE=128", "COMPRESS=DEFLATE"}},
	"together, no data":       {w: 700, h: 530, bands: 4, dataType: "UInt16", noData: number(0), options: []string{"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=256"}},
	"apart, no data":          {w: 701, h: 531, bands: 3, dataType: "Byte", noData: number(7), options: []string{"INTERLEAVE=BAND", "TILED=YES", "BLOCKXSIZE=128", "BLOCKYSIZE=128"}},
	"signed strips, mask":     {w: 700, h: 530, bands: 2, dataType: "Int16", mask: true},
	"signed, no data":         {w: 700, h: 530, bands: 2, dataType: "Int16", noData: number(-9), options: []string{"TILED=YES"}},
	"alpha":                   {w: 700, h: 530, bands: 3, dataType: "Byte", alpha: true, options: []string{"TILED=YES"}},
	"one band, apart":         {w: 700, h: 530, bands: 1, dataType: "UInt16", noData: number(3)},
	"brought to other values": {w: 700, h: 530, bands: 4, dataType: "UInt16", scale: [2]float64{0.5, -3}, options: []string{"TILED=YES"}},
}

// The sums of integers are the averages of values, whatever part of a file is drawn, however much reduced.
func TestSketchAverages(t *testing.T) {
	ctx := context.Background()
	random := rand.New(rand.NewPCG(5, 1))
	for name, f := range pictured {
		path, _, _ := f.write(t)
		scene := sceneOf(t, path, f.bands)
		g := nextZone
		s, err := newPlaced(g, scene, ReaderOptions{Roles: testRoles, Resampling: "bilinear"})
		if err != nil {
			t.Fatal(err)
		}
		file, err := s.open()
		if err != nil {
			t.Fatal(err)
		}
		for range 12 {
			fx, fy := 1+random.IntN(40), 2+random.IntN(20)
			x, y := random.IntN(f.w), random.IntN(f.h)
			w := whole(raster.Window{X: x, Y: y, W: 1 + random.IntN(f.w-x), H: 1 + random.IntN(f.h-y)}, fx, fy).Intersect(s.Native.Window())
			got, _, err := s.reduced(ctx, &file, w, fx, fy, nil)
			if err != nil {
				t.Fatal(err)
			}
			want := borrow(got.Window, len(s.bands))
			if err := s.averageParts(ctx, &file, w, fx, fy, want); err != nil {
				t.Fatal(err)
			}
			if f.scale != ([2]float64{}) { // scaled after the sum, not before
				for i, p := range want.Planes {
					for j, v := range p {
						if near(float64(got.Planes[i][j]), float64(v), 1e-3) {
							p[j] = got.Planes[i][j]
						}
					}
				}
			}
			if err := same(got.Planes, want.Planes); err != nil {
				t.Errorf("%s, %v by %d × %d: %v", name, w, fx, fy, err)
			}
		}
		file.close()
	}
}

// A picture is the same whoever decoded its scene before, in which bands, and how much of it; where all of it was, nothing is
// decoded again.
func TestSketches(t *testing.T) {
	ctx := context.Background()
	view := raster.Grid{CRS: "EPSG:32651", Transform: [6]float64{utm[0] - 90, 63, 0, utm[3] + 50, 0, -63}, W: 113, H: 86}
	away := nextZone
	away.W, away.H = 100, 86
	away.Transform[1], away.Transform[5] = 70, -70
	for name, f := range pictured {
		path, _, _ := f.write(t)
		s := sceneOf(t, path, f.bands)
		roles := testRoles[:max(1, f.bands-1)]
		for at, g := range map[string]raster.Grid{"same system": view, "another": away} {
			strips := []raster.Grid{g.Crop(raster.Window{W: g.W, H: 40}), g.Crop(raster.Window{Y: 40, W: g.W, H: g.H - 40})}
			draw := func(k *Sketches) (out [][]float32, decoded int) {
				d := watch(t, "")
				for _, strip := range strips {
					p, err := k.Preview(ctx, s, strip, roles)
					if err != nil {
						t.Fatal(err)
					}
					out = append(out, p...)
				}
				return out, d.seen["preview"]
			}
			want, whole := draw(nil)
			for _, c := range []struct {
				bands, read int // of the file's, and rows
				saved       bool
			}{{0, 0, false}, {f.bands, 530, true}, {len(roles), 530, true}, {f.bands, 300, true}, {1, 530, len(roles) == 1}} {
				k := new(Sketches)
				if k.Begin(g, []raster.Scene{s}, roles, 1<<20) == 0 {
					t.Fatal(name, at, "no sketch")
				}
				if c.bands > 0 {
					part := s.Native
					if c.read < f.h-1 { // of its chunks, those at the border are not whole
						part = part.Crop(raster.Window{X: 37, Y: 21, W: f.w - 50, H: c.read})
					}
					r, err := NewReader(part, []raster.Scene{s}, ReaderOptions{Roles: testRoles[:c.bands], Sketches: k})
					if err != nil {
						t.Fatal(err)
					}
					readAll(t, r, 0, part, 90)
					r.Close()
				}
				got, decoded := draw(k)
				if err := same(got, want); err != nil {
					t.Errorf("%s, %s, %+v: %v", name, at, c, err)
				}
				// What is hidden could be hidden in the other bands alone.
				hidden := (f.mask || f.alpha || f.noData != nil) && c.bands > len(roles)
				switch {
				case hidden:
				case c.saved && c.read >= f.h-1 && decoded > 0, c.saved && decoded >= whole, decoded > whole:
					t.Errorf("%s, %s, %+v: %d parts decoded, %d without sketches", name, at, c, decoded, whole)
				}
				other := []raster.Role{testRoles[max(1, f.bands)-1]}
				p, err := k.Preview(ctx, s, g, other)
				if err != nil {
					t.Fatal(err)
				}
				q, err := Preview(ctx, s, g, other)
				if err != nil {
					t.Fatal(err)
				}
				if err := same(p, q); err != nil {
					t.Errorf("%s, %s, %+v, another band: %v", name, at, c, err)
				}
				if again, n := draw(k); n != 0 || same(again, want) != nil {
					t.Errorf("%s, %s, %+v: drawn again, %d parts decoded", name, at, c, n)
				}
			}
		}
	}
}

// A pixel that only bands beside the picture's say nothing of is shown; one that no band says anything of needs no other
// decoding.
func TestSketchOfOtherBands(t *testing.T) {
	ctx := context.Background()
	for _, shared := range []bool{false, true} {
		f := file{w: 256, h: 256, bands: 2, dataType: "UInt16", options: []string{"TILED=YES"}}
		path, _, _ := f.write(t)
		ds := openToWrite(t, path)
		if err := ds.SetNoData(300, policy); err != nil {
			t.Fatal(err)
		}
		for b, band := range ds.Bands() {
			v := make([]uint16, f.w*f.h)
			for i := range v {
				v[i] = uint16(i%7 + 1)
				if i%3 == 0 && (b == 1 || shared) {
					v[i] = 300
				}
			}
			if err := band.Write(0, 0, v, f.w, f.h, policy); err != nil {
				t.Fatal(err)
			}
		}
		if err := ds.Close(policy); err != nil {
			t.Fatal(err)
		}
		s := sceneOf(t, path, 2)
		g := s.Native
		g.W, g.H = 32, 32
		g.Transform[1], g.Transform[5] = 80, -80
		want, err := Preview(ctx, s, g, testRoles[:1])
		if err != nil {
			t.Fatal(err)
		}
		k := new(Sketches)
		k.Begin(g, []raster.Scene{s}, testRoles[:1], 1<<20)
		r, err := NewReader(s.Native, []raster.Scene{s}, ReaderOptions{Roles: testRoles[:2], Sketches: k})
		if err != nil {
			t.Fatal(err)
		}
		readAll(t, r, 0, s.Native, 100)
		r.Close()
		d := watch(t, "")
		got, err := k.Preview(ctx, s, g, testRoles[:1])
		if err != nil {
			t.Fatal(err)
		}
		if err := same(got, want); err != nil || d.seen["preview"] > 0 == shared {
			t.Errorf("shared %v: %v; %d parts decoded", shared, err, d.seen["preview"])
		}
	}
}

// What does not fit into the memory is not sketched, nor what is drawn without decoding.
func TestSketchesLeftOut(t *testing.T) {
	f := pictured["together"]
	path, _, _ := f.write(t)
	s := sceneOf(t, path, 4)
	g := s.Native
	g.W, g.H = 70, 53
	g.Transform[1], g.Transform[5] = 100, -100
	fine, codes, values := s.Native, s, s
	fine.Transform[1] = 11
	codes.Nearest, values.DataType = true, "Float32"
	for i, c := range []struct {
		view  raster.Grid
		scene raster.Scene
		bytes int64
		want  bool
	}{{g, s, 1 << 20, true}, {g, s, 1000, false}, {fine, s, 1 << 20, false}, {s.Native, s, 1 << 20, false}, {g, codes, 1 << 20, false}, {g, values, 1 << 20, false}} {
		if used := new(Sketches).Begin(c.view, []raster.Scene{c.scene}, testRoles[:3], c.bytes); used > 0 != c.want || used > c.bytes {
			t.Errorf("%d: %d bytes", i, used)
		}
	}
}

// BenchmarkSketch adds chunks of four bands of uint16 to a sketch of three; MB/s are megapixels per second.
func BenchmarkSketch(b *testing.B) {
	for _, reduced := range []int{4, 7, 28} {
		b.Run(fmt.Sprint(reduced), func(b *testing.B) {
			w := raster.Window{X: 512, Y: 512, W: 512, H: 512}
			n := newIntegers(asUint16, w, 4)
			n.interleaved(4)
			n.bad = nil
			b.SetBytes(w.Pixels())
			for b.Loop() {
				k := sketch{window: w.Grow(512), fx: reduced, fy: reduced, chunkW: 512, chunkH: 512, sampler: sampler{bands: make([]raster.Band, 3), form: asUint16}}
				k.add(&n, []int{2, 1, 0})
			}
		})
	}
}
