package pipeline

import (
	"context"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tuban/classify/object"
	"tuban/raster"
)

// steppedRules has kinds that the before date denies, that it cannot, and that only texture decides, with every way of cleaning.
const steppedRules = `
kinds:
  - {code: a, type: JZ, when: before.nir > 5 and after.nir < 5, clean: majority 3, evidence: [before.nir, after.pantex(4)]}
  - {code: b, type: DT, when: before.red > 4 and (after.red > 5 or after.deviation(6) > 1), clean: close 3, strength: after.deviation(6) / 9}
  - {code: c, type: LT, when: before.nir < 3 and (after.nir > 6 or after.pantex(4) < 1), clean: none, evidence: [after.nir]}
`

// naive judges a tile in one step: everything is read and asked everywhere.
func (s *tileScanner) naive(ctx context.Context, core raster.Window) ([]object.Run, error) {
	if err := s.enter(context.Background(), core); err != nil || s.can == 0 {
		return nil, err
	}
	s.area = s.work
	n := int(s.area.Pixels())
	for k := range s.raw {
		s.raw[k] = grow(s.raw[k], n)
	}
	if err := s.loadTextured(ctx, s.work); err != nil {
		return nil, err
	}
	s.from = [2][]int32{make([]int32, n), make([]int32, n)}
	for d := range s.from {
		for k := range s.from[d] {
			x, y := s.area.X+k%s.area.W, s.area.Y+k/s.area.W
			s.from[d][k] = s.view.from[d][(y-s.view.Y)*s.view.W+x-s.view.X]
		}
	}
	everything := s.plan.asking(s.plan.Rules.Program)
	s.conditions(&everything, s.view, s.work)
	s.decide()
	runs, err := s.changes(ctx, nil)
	if err != nil {
		return nil, err
	}
	return s.gaps(runs), nil
}

// colourful gives scenes the four bands.
func colourful(scenes []raster.Scene, im *images) {
	for i, s := range scenes {
		f := im.files[s.URI]
		var some []float32
		for _, r := range fourRoles {
			if f.planes[r] != nil {
				some = f.planes[r]
			}
		}
		for k, r := range fourRoles {
			scenes[i].Bands[r] = raster.Band{Index: k + 1}
			if f.planes[r] == nil {
				f.planes[r] = some
			}
		}
	}
}

// calmImage covers the grid: 4 in the calm part, elsewhere what a scene shows, or 6.
func calmImage(s raster.Scene, im *images, calm raster.Window) *rasterFile {
	f := &rasterFile{place: testGrid.Window(), planes: map[raster.Role][]float32{}}
	for r := range s.Bands {
		for k := range int(testGrid.Pixels()) {
			x, y := k%testGrid.W, k/testGrid.W
			v := im.files[s.URI].at([]raster.Role{r}, x, y)[0]
			switch {
			case calm.Contains(raster.Window{X: x, Y: y, W: 1, H: 1}):
				v = 4
			case v != v:
				v = 6
			}
			f.planes[r] = append(f.planes[r], v)
		}
	}
	return f
}

// The steps in which a tile is judged spare work and change nothing: neither what is found nor what is not observed.
func TestStepsChangeNothing(t *testing.T) {
	denied, partly, whole := 0, 0, 0
	law := func(t *rapid.T) {
		im := &images{origin: testGrid, files: map[string]*rasterFile{}}
		before, after := drawScenes(t, im, "before"), drawScenes(t, im, "after")
		colourful(before[1:], im)
		colourful(after, im)
		// Land that the before date denies, in a part of the images.
		calm := raster.Window{X: rapid.IntRange(-5, 20).Draw(t, "x"), Y: rapid.IntRange(-5, 15).Draw(t, "y"), W: rapid.IntRange(0, 30).Draw(t, "w"), H: rapid.IntRange(0, 20).Draw(t, "h")}
		before[0].Bands, im.files[before[0].URI] = after[0].Bands, calmImage(after[0], im, calm)
		p := planOf(t, steppedRules, before, after)
		if err := p.needs(); err != nil {
			t.Skip(err)
		}
		scanner := func() *tileScanner {
			e, err := p.eligibility(nil)
			if err != nil {
				t.Fatal(err)
			}
			mosaics := openMosaics(t, p, im)
			return newTileScanner(p, e, mosaics[0], mosaics[1])
		}
		stepped, naive := scanner(), scanner()
		var cores []raster.Window
		for _, tile := range raster.Tiles(testGrid, rapid.IntRange(3, 25).Draw(t, "tile"), 0) {
			cores = append(cores, tile.Core)
		}
		for some := range slices.Chunk(cores, rapid.IntRange(1, tilesAtOnce).Draw(t, "at once")) {
			err := stepped.scan(context.Background(), some, func(i int, got []object.Run) error {
				switch {
				case stepped.area.Empty():
					denied++
				case stepped.area != stepped.work:
					partly++
				default:
					whole++
				}
				want, err := naive.naive(context.Background(), some[i])
				if len(got)+len(want) > 0 && !reflect.DeepEqual(got, want) {
					t.Fatalf("tile %v, looked at %v: %v, want %v", some[i], stepped.area, got, want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	// The law says nothing unless tiles of every kind came up, which a short round may leave out.
	for range 20 {
		if rapid.Check(t, law); t.Failed() || denied > 0 && partly > 0 && whole > 0 {
			return
		}
	}
	t.Errorf("%d tiles denied, %d looked at in part, %d whole", denied, partly, whole)
}
