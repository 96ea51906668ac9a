package gdal

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/airbusgeo/godal"

	"tuban/raster"
)

// collarOf is a collar of two rows above and columns on both sides of the content.
func collarOf(w, h, border int) *raster.Collar {
	c := &raster.Collar{Rows: make([][]int32, h)}
	for y := range h {
		if y < border || y >= h-border {
			c.Rows[y] = []int32{0, int32(w)}
		} else {
			c.Rows[y] = []int32{0, int32(border), int32(w - border), int32(w)}
		}
	}
	return c
}

// In a scene with an edge fill the collar is no data and no number is; masks, alpha and NaN hide what they always hide.
func TestEdgeFill(t *testing.T) {
	for name, f := range map[string]file{
		"tag":        {dataType: "Byte", noData: number(0)},
		"mask":       {dataType: "Byte", noData: number(0), mask: true},
		"alpha":      {dataType: "UInt16", noData: number(0), alpha: true},
		"float, NaN": {dataType: "Float32", noData: number(0)},
	} {
		t.Run(name, func(t *testing.T) {
			f.w, f.h, f.bands = 150, 90, 2
			f.options = []string{"TILED=YES", "BLOCKXSIZE=32", "BLOCKYSIZE=32"}
			path, numbers, valid := f.write(t)
			s := sceneOf(t, path, 2)
			s.EdgeFill = true
			for _, collar := range []*raster.Collar{nil, collarOf(f.w, f.h, 7)} {
				s.Collar = collar
				bad := make([]bool, f.w*f.h)
				if collar != nil {
					collar.Mark(bad, s.Native.Window())
				}
				want := planes(f.w*f.h, 2)
				hidden := 0
				for i := range bad {
					// valid also counts the tag, which says nothing here.
					hides := !valid[i] && numbers[0][i] != 0 && numbers[1][i] != 0 || math.IsNaN(numbers[0][i]) || math.IsNaN(numbers[1][i])
					if f.alpha {
						hides = numbers[2][i] == 0
					}
					for b := range want {
						want[b][i] = float32(numbers[b][i])
						if bad[i] || hides {
							want[b][i] = raster.NaN
						}
					}
					if hides {
						hidden++
					}
				}
				r, err := NewReader(s.Native, []raster.Scene{s}, ReaderOptions{Roles: testRoles[:2]})
				if err != nil {
					t.Fatal(err)
				}
				got := readAll(t, r, 0, s.Native, 40)
				r.Close()
				if f.mask { // where a number is 0 the mask's say is not known here
					for i := range bad {
						if numbers[0][i] == 0 || numbers[1][i] == 0 {
							got[0][i], got[1][i], want[0][i], want[1][i] = 0, 0, 0, 0
						}
					}
				}
				if err := same(got, want); err != nil {
					t.Errorf("collar %v: %v", collar != nil, err)
				}
				if name != "tag" && hidden == 0 {
					t.Error("the file hides nothing")
				}
			}
		})
	}
}

// In a preview no pixel mixes the collar into what it shows, with overviews and without.
func TestEdgeFillPreview(t *testing.T) {
	const n, border = 256, 37
	for _, overviews := range []bool{false, true} {
		path, _, _ := file{w: n, h: n, bands: 1, dataType: "Byte"}.write(t)
		paint(t, path, overviews, func(x, y int) uint8 {
			if x < border || y < border || x >= n-border || y >= n-border {
				return 255
			}
			return 10
		})
		s := sceneOf(t, path, 1)
		s.EdgeFill, s.Collar = true, collarOf(n, n, border)
		g := s.Native
		g.W, g.H = n/8, n/8
		g.Transform[1], g.Transform[5] = 80, -80
		p, err := Preview(context.Background(), s, g, testRoles[:1])
		if err != nil {
			t.Fatal(err)
		}
		seen := 0
		for i, v := range p[0] {
			inner := i%g.W*8 >= border && i/g.W*8 >= border && i%g.W*8+8 <= n-border && i/g.W*8+8 <= n-border
			if v == v && v != 10 || inner && v != 10 {
				t.Fatalf("overviews %v: pixel %d is %v", overviews, i, v)
			}
			if v == v {
				seen++
			}
		}
		if seen == 0 || seen == len(p[0]) {
			t.Errorf("overviews %v: %d pixels seen", overviews, seen)
		}
	}
}

// paint overwrites the first band of the file, with overviews when asked for.
func paint(t *testing.T, path string, overviews bool, value func(x, y int) uint8) {
	t.Helper()
	ds := openToWrite(t, path)
	st := ds.Structure()
	v := make([]uint8, st.SizeX*st.SizeY)
	for i := range v {
		v[i] = value(i%st.SizeX, i/st.SizeX)
	}
	if err := ds.Bands()[0].Write(0, 0, v, st.SizeX, st.SizeY, policy); err != nil {
		t.Fatal(err)
	}
	if overviews {
		if err := ds.BuildOverviews(godal.Levels(2, 4, 8), godal.Resampling(godal.Average), policy); err != nil {
			t.Fatal(err)
		}
	}
	if err := ds.Close(policy); err != nil {
		t.Fatal(err)
	}
}

// The only values of a scene of categories are those in its file, whatever the method, also when it is a mask and when its
// place was declared by the user.
func TestNearest(t *testing.T) {
	ctx := context.Background()
	path, _, _ := file{w: 500, h: 400, bands: 1, dataType: "Byte", crs: "EPSG:32650"}.write(t)
	codes := []uint8{3, 40, 200}
	paint(t, path, false, func(x, y int) uint8 { return codes[(x/5+y/3)%3] })
	info, err := Inspect(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	s := sceneFrom(info, 1)
	s.Bands = map[raster.Role]raster.Band{raster.Mask: s.Bands[testRoles[0]]}
	s.Native.CRS = "EPSG:32651" // the file says another, and the user knows better
	read := func(s raster.Scene, g raster.Grid) []float32 {
		r, err := NewReader(g, []raster.Scene{s}, ReaderOptions{Roles: []raster.Role{raster.Mask}, Resampling: "cubic"})
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		return readAll(t, r, 0, g, 200)[0]
	}
	foreign := func(p []float32) (other, seen int) {
		for _, v := range p {
			if v == v {
				seen++
				if !slices.Contains(codes, uint8(v)) || v != float32(uint8(v)) {
					other++
				}
			}
		}
		return other, seen
	}
	if other, seen := foreign(read(s, nextZone)); other == 0 || seen < 10_000 {
		t.Errorf("measurements: %d of %d are mixtures", other, seen)
	}
	s.Nearest = true
	if other, seen := foreign(read(s, nextZone)); other != 0 || seen < 10_000 {
		t.Errorf("categories: %d of %d are mixtures", other, seen)
	}
	coarse := nextZone
	coarse.W, coarse.H = 70, 60
	coarse.Transform[1], coarse.Transform[5] = 100, -100
	p, err := Preview(ctx, s, coarse, []raster.Role{raster.Mask})
	if err != nil {
		t.Fatal(err)
	}
	if other, seen := foreign(p[0]); other != 0 || seen < 100 {
		t.Errorf("preview: %d of %d are mixtures", other, seen)
	}
	// What the file says of its place must not matter: one that says the truth gives the same.
	truth, _, _ := file{w: 500, h: 400, bands: 1, dataType: "Byte", crs: "EPSG:32651"}.write(t)
	paint(t, truth, false, func(x, y int) uint8 { return codes[(x/5+y/3)%3] })
	honest := s
	honest.URI = truth
	if err := same([][]float32{read(s, nextZone)}, [][]float32{read(honest, nextZone)}); err != nil {
		t.Error(err)
	}
}
