package pipeline

import (
	"cmp"
	"context"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tuban/classify/mask"
	"tuban/raster"
)

// memory is the memory behind slices, from an address to another; some of it may be behind several.
type memory [][2]uintptr

// add adds what is behind the slices in v, and in what v holds by value.
func (m *memory) add(v reflect.Value) {
	switch v.Kind() {
	case reflect.Slice:
		at := v.Pointer()
		*m = append(*m, [2]uintptr{at, at + uintptr(v.Cap())*v.Type().Elem().Size()})
		if k := v.Type().Elem().Kind(); k != reflect.Slice && k != reflect.Struct {
			return
		}
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			m.add(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			m.add(v.Field(i))
		}
	}
}

func (m memory) bytes() (n int64) {
	slices.SortFunc(m, func(a, b [2]uintptr) int { return cmp.Compare(a[0], b[0]) })
	end := uintptr(0)
	for _, part := range m {
		if part[1] > end {
			n += int64(part[1] - max(part[0], end))
			end = part[1]
		}
	}
	return n
}

// What a worker holds when it has met clouds and shadows is what guesses are sized by, and most of that is needed.
func TestGuessHoldsWhatIsEstimated(t *testing.T) {
	p, im := cloudy(t, sky)
	o := Options{}.withDefaults()
	g := guessingOf(t, p, im, o)
	var dates [2]*dated
	var err error
	for i := range dates {
		if dates[i], err = g.plan.openDate(im, i, g.plan.Roles, 1<<20); err != nil {
			t.Fatal(err)
		}
		defer dates[i].Close()
	}
	all := raster.Window{W: (p.Grid.W + g.step - 1) / g.step, H: (p.Grid.H + g.step - 1) / g.step}
	s := newGuessSwath(g, dates, 16, true, func(f ReadFailure) { t.Error(f) })
	s.begin(all)
	if err := s.advance(context.Background(), all); err != nil {
		t.Fatal(err)
	}
	s.guess(all)
	for d, class := range []mask.Class{mask.Clear, mask.Cloud} {
		if n := len(s.classes[d]); n != int(all.Pixels()) || class != mask.Clear && !slices.Contains(s.classes[d], class) {
			t.Fatalf("date %d: %d cells without %d", d, n, class)
		}
	}
	// The grid is the part and its halo.
	around := 2*g.options.Halo() + 2
	estimate := guessSize{all.W - around, all.H - around, 16}.bytes(g)
	var m memory
	m.add(reflect.ValueOf(*s))
	if n := m.bytes(); n > estimate || n < estimate*3/4 {
		t.Errorf("%d bytes are held, estimated are %d", n, estimate)
	}
}

// The workers' rows of blocks fit into what is kept of decoded pixels, so that no block is decoded twice for one swath.
func TestGuessKeepsRowsOfBlocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := &guessing{step: rapid.IntRange(1, 4).Draw(t, "step"), options: mask.Options{Pixel: 2, Bright: 1}}
		block := rapid.SampledFrom([]int{256, 512, 1024}).Draw(t, "block")
		p := &Plan{Roles: []raster.Role{raster.Blue, raster.Green, raster.Red, raster.NIR}}
		p.Grid.W, p.Grid.H = rapid.IntRange(20_000, 60_000).Draw(t, "w"), 20_000
		s := raster.Scene{DataType: "UInt16", BlockW: block, BlockH: block, Native: p.Grid}
		p.Before, g.plan = []raster.Scene{s}, p
		workers := rapid.IntRange(1, 4).Draw(t, "workers")
		size := rapid.SampledFrom(guessSizes).Draw(t, "size")
		cells := (p.Grid.W + g.step - 1) / g.step
		n, wide := size.swaths(cells, workers)
		offset := rapid.IntRange(0, block-1).Draw(t, "offset") // of the grid in the scene's blocks
		first := rapid.IntRange(0, max(0, n-workers)).Draw(t, "first")
		blocks := 0
		for i := first; i < min(n, first+workers); i++ {
			from := max(0, (i*wide-g.options.Halo()-1)*g.step)
			to := min(p.Grid.W, ((i+1)*wide+g.options.Halo()+1)*g.step)
			blocks += (to-1+offset)/block - (from+offset)/block + 1
		}
		if need, kept := int64(blocks)*int64(block*block)*p.pixelBytes(s), g.rowBytes(0, wide, workers); need > kept {
			t.Fatalf("%d blocks are %d bytes, kept are %d", blocks, need, kept)
		}
	})
}
