package gdal

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"

	"tuban/raster"
)

// TestBlocksAsGDAL decodes windows of images of every layout by blockFile, from a file and from a storage that is asked for few
// blocks at once or many, and by GDAL: the samples must be the same, and those layouts that are said to be decoded here must be.
func TestBlocksAsGDAL(t *testing.T) {
	defer func(n int) { arrivalBytes = n }(arrivalBytes)
	random := rand.New(rand.NewPCG(5, 1))
	for _, c := range []struct {
		options []string
		own     bool
	}{
		{[]string{"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=32", "COMPRESS=DEFLATE", "PREDICTOR=2"}, true},
		{[]string{"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=32", "COMPRESS=DEFLATE", "PREDICTOR=1"}, true},
		{[]string{"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=32"}, true},
		{[]string{"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=32", "INTERLEAVE=BAND", "COMPRESS=DEFLATE", "PREDICTOR=2"}, true},
		{[]string{"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=32", "BIGTIFF=YES"}, true},
		{[]string{"BLOCKYSIZE=7", "COMPRESS=DEFLATE", "PREDICTOR=2"}, true},
		{[]string{"BLOCKYSIZE=7"}, true},
		{[]string{"BLOCKYSIZE=7", "INTERLEAVE=BAND"}, true},
		{[]string{"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=32", "COMPRESS=LZW"}, false},
		{[]string{"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=32", "ENDIANNESS=BIG"}, false},
	} {
		for _, dataType := range []string{"Byte", "UInt16", "Int16"} {
			for _, bands := range []int{1, 3, 4, 5} {
				f := file{w: 201, h: 97, bands: bands, dataType: dataType, options: c.options, seed: uint64(bands)}
				t.Run(fmt.Sprintf("%v/%s/%d", c.options, dataType, bands), func(t *testing.T) {
					path, _, _ := f.write(t)
					s := sceneOf(t, path, bands)
					p, err := newPlaced(s.Native, s, ReaderOptions{Roles: testRoles[:min(bands, len(testRoles))], Resampling: "near"})
					if err != nil {
						t.Fatal(err)
					}
					im, err := p.open()
					if err != nil {
						t.Fatal(err)
					}
					defer im.close()
					if own := im.blocks != nil; own != c.own {
						t.Fatalf("decoded here: %v, want %v", own, c.own)
					}
					text, err := os.ReadFile(path)
					if err != nil {
						t.Fatal(err)
					}
					storage := &bucket{objects: map[string][]byte{"scene": text}}
					for range 20 {
						x, y := random.IntN(f.w), random.IntN(f.h)
						w := raster.Window{X: x, Y: y, W: 1 + random.IntN(f.w-x), H: 1 + random.IntN(f.h-y)}
						index := random.Perm(bands)[:1+random.IntN(bands)]
						got, want := newIntegers(p.form, w, len(index)), newIntegers(p.form, w, len(index))
						if err := readSamples(im.ds, &want, index); err != nil {
							t.Fatal(err)
						}
						if c.own {
							if err := im.blocks.read([]*integers{&got}, index, new(scratch)); err != nil {
								t.Fatal(err)
							}
						} else if err := im.samples([]*integers{&got}, index, new(scratch)); err != nil {
							t.Fatal(err)
						}
						same := func(from string, got integers) {
							t.Helper()
							if got.step != want.step || got.band != want.band || !bytes.Equal(got.mem, want.mem) {
								t.Fatalf("%v, bands %v: the samples from a %s are not GDAL's", w, index, from)
							}
						}
						same("file", got)
						if !c.own {
							continue
						}
						got = newIntegers(p.form, w, len(index))
						arrivalBytes = 1 << random.IntN(20)
						far := *im.blocks
						far.far, far.key = storage, "scene"
						if err := far.read([]*integers{&got}, index, new(scratch)); err != nil {
							t.Fatal(err)
						}
						same("storage", got)
					}
				})
			}
		}
	}
}

// TestTrust decodes by GDAL what blockFile would decode otherwise than GDAL.
func TestTrust(t *testing.T) {
	f := file{w: 128, h: 128, bands: 4, dataType: "UInt16", options: []string{"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64", "COMPRESS=DEFLATE", "PREDICTOR=2"}}
	path, _, _ := f.write(t)
	s := sceneOf(t, path, 4)
	for _, wrong := range []bool{false, true} {
		p, err := newPlaced(s.Native, s, ReaderOptions{Roles: testRoles, Resampling: "near"})
		if err != nil {
			t.Fatal(err)
		}
		im, err := p.open()
		if err != nil {
			t.Fatal(err)
		}
		im.blocks.predicted = !wrong
		index := []int{0, 1, 2, 3}
		got, want := newIntegers(p.form, s.Native.Window(), 4), newIntegers(p.form, s.Native.Window(), 4)
		if err := readSamples(im.ds, &want, index); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := im.samples([]*integers{&got}, index, new(scratch)); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.mem, want.mem) {
				t.Fatal("the samples are not GDAL's")
			}
		}
		if state := p.trust.state.Load(); wrong != (state == distrusted) || state == trustUnknown {
			t.Fatalf("a decoder that is wrong: %v, and the trust in it is %d", wrong, state)
		}
		im.close()
	}
}

func newIntegers(f form, w raster.Window, bands int) integers {
	return f.within(make([]float32, f.room(int(w.Pixels()), bands)), w, bands)
}
