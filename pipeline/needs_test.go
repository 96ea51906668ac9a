package pipeline

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"tuban/classify/object"
	"tuban/classify/rules"
	"tuban/raster"
)

func scene(id string, roles ...raster.Role) raster.Scene {
	s := raster.Scene{ID: id, Bands: map[raster.Role]raster.Band{}}
	for i, r := range roles {
		s.Bands[r] = raster.Band{Index: i + 1}
	}
	return s
}

var (
	rgbRoles  = []raster.Role{raster.Blue, raster.Green, raster.Red}
	fourRoles = []raster.Role{raster.Blue, raster.Green, raster.Red, raster.NIR}
)

const mixedRules = `
kinds:
  - {code: green, type: LT, when: before.ndvi > 0.3 and after.ndvi < 0.2, clean: open 3}
  - {code: bright, type: DT, when: after.brightness > before.brightness and after.deviation(20) > 1, clean: "open 3, close 5"}
  - {code: red, type: JZ, when: after.red > 3}
`

func TestNeeds(t *testing.T) {
	p := &Plan{
		Rules: compile(t, mixedRules, ""), Pixel: object.Metric{X: 2, Y: 2},
		Before: []raster.Scene{scene("b4", fourRoles...), scene("b3", rgbRoles...)},
		After:  []raster.Scene{scene("a3", rgbRoles...)},
	}
	if err := p.needs(); err != nil {
		t.Fatal(err)
	}
	want := []Lack{
		{"green", "before", "b3", []raster.Role{raster.NIR}},
		{"green", "after", "a3", []raster.Role{raster.NIR}},
	}
	if !reflect.DeepEqual(p.Gaps, want) {
		t.Errorf("gaps %+v", p.Gaps)
	}
	if j := p.Judging[0]; j.By != "" || !strings.Contains(j.Text().ZH, "缺少近红外波段，全部范围无法判定") || !p.Judging[1].Whole() {
		t.Errorf("judging %+v", p.Judging)
	}
	if !reflect.DeepEqual(p.Roles, fourRoles) {
		t.Errorf("roles %v", p.Roles)
	}
	// 20 m are five pixels to either side; open 3 and close 5 see 2 + 4.
	if p.TextureHalo != 5 || p.CleanHalo != 6 {
		t.Errorf("halos of %d and %d", p.TextureHalo, p.CleanHalo)
	}
	// With one four-band scene after, the kind can be judged somewhere.
	p.Gaps, p.Judging, p.Planes, p.Roles = nil, nil, nil, nil
	p.After = append(p.After, scene("a4", fourRoles...))
	if err := p.needs(); err != nil || p.Judging[0].By != rules.ByWhen || len(p.Gaps) != 2 {
		t.Errorf("%v, %+v, %+v", err, p.Judging, p.Gaps)
	}
}

// Rules that can judge nothing are refused: the error says what lacks where, and what to do.
func TestNeedsOfNothing(t *testing.T) {
	p := &Plan{
		Rules: compile(t, "kinds: [{code: green, type: LT, when: before.ndvi > 0.3 and after.ndvi < 0.2}]", ""), Pixel: object.Metric{X: 1, Y: 1},
		Before: []raster.Scene{scene("b", rgbRoles...)}, After: []raster.Scene{scene("a", rgbRoles...)},
	}
	err := p.needs()
	var input *InputError
	if !errors.As(err, &input) || !strings.Contains(err.Error(), "needs [nir] of the before scene b") || !strings.Contains(err.Error(), "rules: FILE") {
		t.Error(err)
	}
	if len(p.Gaps) != 2 {
		t.Errorf("gaps %+v", p.Gaps)
	}
}

func TestTextureTooWide(t *testing.T) {
	p := &Plan{
		Rules: compile(t, mixedRules, ""), Pixel: object.Metric{X: 0.01, Y: 0.01},
		Before: []raster.Scene{scene("b", fourRoles...)}, After: []raster.Scene{scene("a", fourRoles...)},
	}
	var input *InputError
	if err := p.needs(); !errors.As(err, &input) || !strings.Contains(err.Error(), "after.deviation(20) on pixels of 0.01 m") {
		t.Error(err)
	}
}

// Tiles and caches fit the memory: less memory never means larger tiles, and the user's tile is kept.
func TestSize(t *testing.T) {
	p := &Plan{
		Grid: raster.Grid{W: 20000, H: 15000}, Rules: compile(t, mixedRules, ""), Pixel: object.Metric{X: 2, Y: 2}, Workers: 2,
		Before: []raster.Scene{scene("b", fourRoles...)}, After: []raster.Scene{scene("a", fourRoles...)},
	}
	if err := p.needs(); err != nil {
		t.Fatal(err)
	}
	last := 0
	for mib := int64(256); mib <= 16<<10; mib += 64 {
		if err := p.size(Options{Memory: mib << 20}); err != nil {
			t.Fatal(err)
		}
		if p.Tile < last {
			t.Fatalf("%d MiB: tiles of %d after %d", mib, p.Tile, last)
		}
		last = p.Tile
		if total := ownBytes + 2*p.CacheBytes + int64(p.Workers)*p.WorkerBytes; total > mib<<20 {
			t.Fatalf("%d MiB: %d MiB are planned", mib, total>>20)
		}
	}
	if last != largestTile {
		t.Errorf("with plenty of memory tiles are %d", last)
	}
	if err := p.size(Options{Memory: 1 << 30, Tile: 333}); err != nil || p.Tile != 333 {
		t.Errorf("tile %d, error %v", p.Tile, err)
	}
}

// What does not fit costs workers first, and is refused with the memory that would do.
func TestSizeOfLittleMemory(t *testing.T) {
	p := &Plan{
		Grid: raster.Grid{CRS: testCRS, Transform: testGrid.Transform, W: 20000, H: 15000}, Rules: compile(t, mixedRules, ""), Pixel: object.Metric{X: 2, Y: 2},
		Before: []raster.Scene{scene("b", fourRoles...)}, After: []raster.Scene{scene("a", fourRoles...)},
	}
	if err := p.needs(); err != nil {
		t.Fatal(err)
	}
	for _, s := range []*raster.Scene{&p.Before[0], &p.After[0]} {
		s.Native, s.BlockW, s.BlockH = p.Grid, 512, 512
	}
	onGrid := p.tileBytes(512)
	size := func(mib int64, workers, tile int) error {
		p.Workers, p.Advice = workers, nil
		return p.size(Options{Memory: mib << 20, Tile: tile})
	}
	// The after scene is half a pixel off: 1 Mpx and a cell of four bands, three times.
	p.After[0].Native.Transform[0] += testGrid.Transform[1] / 2
	if got, want := p.tileBytes(512)-onGrid, int64(60<<20); got != want {
		t.Errorf("warping takes %d bytes, want %d", got, want)
	}
	if err := size(1024, 2, 0); err != nil || p.Workers != 2 || len(p.Advice) > 0 {
		t.Errorf("%v, %d workers, %q", err, p.Workers, p.Advice)
	}
	if err := size(512, 8, 0); err != nil || p.Workers >= 8 || p.Workers < 2 || len(p.Advice) != 1 {
		t.Errorf("%v, %d workers, %q", err, p.Workers, p.Advice)
	}
	// The memory that the warning and the error name is enough.
	more := p.memory(8)
	if err := size(more, 8, 0); err != nil || p.Workers != 8 || len(p.Advice) > 0 {
		t.Errorf("with %d MiB: %v, %d workers, %q", more, err, p.Workers, p.Advice)
	}
	p.Before[0].BlockW, p.Before[0].BlockH = 20000, 512
	for _, tile := range []int{0, 4096} {
		var input *InputError
		if err := size(256, 2, tile); !errors.As(err, &input) || !strings.Contains(err.Error(), "give at least --memory") {
			t.Fatal(err)
		}
		least := p.memory(1)
		if err := size(least, 2, tile); err != nil || p.Workers != 1 {
			t.Errorf("with %d MiB: %v, %d workers", least, err, p.Workers)
		}
	}
}
