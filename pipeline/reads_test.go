package pipeline

import (
	"context"
	"slices"
	"sync"
	"testing"

	"tuban/classify/object"
	"tuban/classify/register"
	"tuban/raster"
)

// land is Imagery made up as it is read, which counts the storage blocks that a reader with a cache would decode.
type land struct {
	images
	grid  raster.Grid
	block int
	// shift is how far the after scene lies beside the before one.
	shift [2]int

	mu    sync.Mutex
	step  string
	reads map[string]*landReads
}

// landReads are the blocks of both dates that a step decodes, and how many different ones they are.
type landReads struct {
	decoded int
	blocks  map[landBlock]bool
}

type landBlock struct {
	scene  string
	cx, cy int
}

func newLand(w, h, block int) *land {
	g := skyGrid
	g.W, g.H, g.Transform[1], g.Transform[5] = w, h, 0.5, -0.5
	return &land{grid: g, block: block, reads: map[string]*landReads{}}
}

// Stage and Advance make it the Progress of a run.
func (l *land) Stage(name string, _ int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.step = name
}

func (l *land) Advance(int64) {}

// all is how many blocks both dates have.
func (l *land) all() int {
	up := func(n int) int { return (n + l.block - 1) / l.block }
	return 2 * up(l.grid.W) * up(l.grid.H)
}

// share is how many blocks a step decoded and touched, of all.
func (l *land) share(step string) (decoded, touched float64) {
	r := l.reads[step]
	if r == nil {
		return 0, 0
	}
	return float64(r.decoded) / float64(l.all()), float64(len(r.blocks)) / float64(l.all())
}

func (l *land) Open(_ raster.Grid, scenes []raster.Scene, roles []raster.Role, cacheBytes int64) (Pixels, error) {
	return &landPixels{land: l, scene: scenes[0].ID, roles: roles, room: int(cacheBytes) / (4 * l.block * l.block * len(roles))}, nil
}

type landPixels struct {
	land  *land
	scene string
	roles []raster.Role
	room  int // blocks in the cache
	cache []landBlock
}

func (p *landPixels) Footprint(int) raster.Window { return p.land.grid.Window() }
func (p *landPixels) Lattice(int) raster.Window {
	return raster.Window{W: p.land.block, H: p.land.block}
}
func (p *landPixels) Absent(context.Context, int, raster.Window) (bool, error) { return false, nil }
func (p *landPixels) Whole(int, raster.Window) bool                            { return false }
func (p *landPixels) Ahead(context.Context, int, []raster.Window)              {}
func (p *landPixels) Close() error                                             { return nil }

func (p *landPixels) Read(ctx context.Context, _ int, w raster.Window, dst [][]float32) error {
	p.count(w)
	dx, dy, gain := 0, 0, float32(1)
	if p.scene == "after" {
		dx, dy, gain = p.land.shift[0], p.land.shift[1], 1.2
	}
	for i, r := range p.roles {
		base := map[raster.Role]float32{raster.Blue: 400, raster.Green: 700, raster.Red: 600, raster.NIR: 3000}[r]
		for y := range w.H {
			for x := range w.W {
				gx, gy := w.X+x-dx+64, w.Y+y-dy+64
				tone := scatter(7, gx/40, gy/40)%64 + scatter(int(base), gx, gy)%8
				dst[i][y*w.W+x] = float32(int(gain * base * float32(60+tone) / 64))
			}
		}
	}
	return ctx.Err()
}

// count decodes the blocks that w touches and that are not in the cache.
func (p *landPixels) count(w raster.Window) {
	l := p.land
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.reads[l.step]
	if r == nil {
		r = &landReads{blocks: map[landBlock]bool{}}
		l.reads[l.step] = r
	}
	for cy := w.Y / l.block; cy*l.block < w.Y+w.H; cy++ {
		for cx := w.X / l.block; cx*l.block < w.X+w.W; cx++ {
			b := landBlock{p.scene, cx, cy}
			if i := slices.Index(p.cache, b); i >= 0 {
				p.cache = slices.Delete(p.cache, i, i+1)
			} else {
				r.decoded++
				r.blocks[b] = true
			}
			if p.cache = append(p.cache, b); len(p.cache) > p.room {
				p.cache = slices.Delete(p.cache, 0, 1)
			}
		}
	}
}

// plan is a run over the land.
func (l *land) plan(t testing.TB, rules string) *Plan {
	t.Helper()
	p := &Plan{Grid: l.grid, Workers: 2, Rules: compile(t, rules, ""), OffParcel: true, InputKey: "k"}
	p.Pixel = object.Metric{X: 0.5, Y: 0.5}
	p.CacheBytes = 32 << 20
	bands := map[raster.Role]raster.Band{}
	for i, r := range []raster.Role{raster.Blue, raster.Green, raster.Red, raster.NIR} {
		bands[r] = raster.Band{Index: i + 1}
	}
	p.Before = []raster.Scene{{ID: "before", URI: "before", Bands: bands}}
	p.After = []raster.Scene{{ID: "after", URI: "after", Bands: bands}}
	p.BeforeOrigins, p.AfterOrigins = sceneOrigins(p.Before), sceneOrigins(p.After)
	if err := p.needs(); err != nil {
		t.Fatal(err)
	}
	return p
}

// measured runs the measurements of a plan.
func (l *land) measured(t testing.TB, p *Plan) *Measured {
	t.Helper()
	d := drivers(&l.images, layers{})
	d.Imagery = l
	o := runIn(t, t.TempDir())
	o.Progress = l
	_, m, err := p.measure(context.Background(), d, nil, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// However many rounds measure the spots, a block that they touch is decoded once; clouds are looked for in one pass, which
// reads what lies between two swaths twice.
func TestBlocksDecodedByMeasuring(t *testing.T) {
	l := newLand(1700, 1000, 128)
	l.shift = [2]int{3, 2}
	p := l.plan(t, `
limits:
  jump: {of: after.red - before.red, method: otsu}
kinds:
  - {code: jumped, type: DT, when: after.red - before.red > limit.jump and after.pantex(10) > 0.5 and after.ndvi < 0.9}
`)
	p.Registration, p.Normalise, p.Clouds = true, true, true
	m := l.measured(t, p)
	if f := m.Pairs[0].Field; f == nil || f.Verdict != register.Corrected || m.Pairs[0].State != Normalised || m.CloudsUnseen != "" || m.Limits[0].Value == nil {
		t.Fatalf("not every round was needed: %+v", m)
	}
	for step, most := range map[string][2]float64{ // decoded, by touched and of all
		"measure": {1, 1}, "measure aligned": {1, 0}, "clouds": {1.65, 1.65}, "measure limits": {1, 0},
	} {
		decoded, touched := l.share(step)
		t.Logf("%s: %.3f of all blocks decoded, %.3f touched", step, decoded, touched)
		if decoded > most[1] || decoded > most[0]*touched {
			t.Errorf("%s: %.3f of all blocks are decoded, %.3f touched", step, decoded, touched)
		}
	}
}

// A run that measures for the reader only reads little of a large image.
func TestBlocksDecodedForQuantiles(t *testing.T) {
	for edge, most := range map[int]float64{10_000: 0.08, 20_000: 0.02} {
		l := newLand(edge, edge, 512)
		m := l.measured(t, l.plan(t, skyRules))
		if decoded, _ := l.share("measure"); decoded > most || decoded == 0 || m.Bands[0].N < 300_000 {
			t.Errorf("%d pixels: %.3f of all blocks are decoded, at most %.3f wanted, for %d values", edge, decoded, most, m.Bands[0].N)
		}
	}
}

// Storage whose cells are larger than the spots, as strips are, is decoded once as well.
func TestBlocksDecodedForQuantilesOnce(t *testing.T) {
	for _, size := range [][3]int{{4000, 3000, 2048}, {990, 700, 256}} {
		l := newLand(size[0], size[1], size[2])
		l.measured(t, l.plan(t, skyRules))
		if decoded, touched := l.share("measure"); decoded != touched || decoded == 0 {
			t.Errorf("%v: %.3f of all blocks are decoded, %.3f touched", size, decoded, touched)
		}
	}
}
