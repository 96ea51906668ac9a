package pipeline

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tuban/classify/irmad"
	"tuban/classify/mask"
	"tuban/classify/object"
	"tuban/pipeline/runfile"
	"tuban/raster"
)

// The sky over the test's land, in pixels of a metre: both after scenes have a cloud and its shadow. The second scene is
// clear where the first has them, and what it hides itself nothing else shows.
var (
	skyGrid = raster.Grid{CRS: testCRS, Transform: [6]float64{1000, 1, 0, 5000, 0, -1}, W: 461, H: 451}
	sky     = []veil{
		{"first", 75, 70, object.Cloud, overcast}, {"first", 80, 190, object.Shadow, dim},
		{"second", 245, 70, object.Cloud, overcast}, {"second", 250, 190, object.Shadow, dim},
	}
)

// veil is a disc of 80 m that fades over 20 m.
type veil struct {
	scene   string
	x, y    float64
	reason  object.Reason
	replace func(v, share float64) float64
}

func overcast(v, share float64) float64 { return v*(1-share) + 6000*share }
func dim(v, share float64) float64      { return v * (1 - 0.45*share) }

// skyRules never fire, but are decided everywhere.
const skyRules = `
kinds:
  - code: never
    type: JZ
    when: after.red > 20000 + before.red
`

// cloudy is a plan of one before scene and two after scenes under the sky.
func cloudy(t interface{ Fatal(...any) }, sky []veil) (*Plan, *images) {
	im := &images{origin: skyGrid, files: map[string]*rasterFile{}}
	p := &Plan{Grid: skyGrid, Workers: 2, Rules: compile(t, skyRules, ""), Tile: 100, OffParcel: true, Normalise: true, Clouds: true, InputKey: "k"}
	p.Pixel = object.Metric{X: 1, Y: 1}
	rnd := rand.New(rand.NewPCG(1, 2))
	tones := make([]float64, 100)
	for i := range tones {
		tones[i] = 1 + 0.4*(rnd.Float64()-0.5)
		if i%7 == 0 {
			tones[i] *= 3 // yards: what is clear has contrast
		}
	}
	base := map[raster.Role]float64{raster.Blue: 400, raster.Green: 700, raster.Red: 600, raster.NIR: 3000}
	day := time.Date(2024, 8, 1, 0, 0, 0, 0, time.UTC)
	for i, c := range []struct {
		name  string
		place raster.Window
	}{
		{"before", skyGrid.Window()}, {"first", raster.Window{W: 170, H: skyGrid.H}}, {"second", raster.Window{X: 20, W: skyGrid.W - 20, H: skyGrid.H}},
	} {
		s := raster.Scene{ID: c.name, URI: c.name, Bands: map[raster.Role]raster.Band{}, Date: day.AddDate(i, 0, 0)}
		f := &rasterFile{place: c.place, planes: map[raster.Role][]float32{}}
		for _, r := range []raster.Role{raster.Blue, raster.Green, raster.Red, raster.NIR} {
			s.Bands[r] = raster.Band{Index: 1}
			for k := range c.place.Pixels() {
				x, y := c.place.X+int(k)%c.place.W, c.place.Y+int(k)/c.place.W
				v := base[r] * tones[(y/40*8+x/40)%len(tones)] * (1 + 0.05*rnd.NormFloat64())
				for _, in := range sky {
					if in.scene == c.name {
						v = in.replace(v, max(0, min(1, 0.5+(40-math.Hypot(float64(x)-in.x, float64(y)-in.y))/20)))
					}
				}
				f.planes[r] = append(f.planes[r], float32(v))
			}
		}
		im.files[c.name] = f
		if i == 0 {
			p.Before = append(p.Before, s)
		} else {
			p.After = append(p.After, s)
		}
	}
	p.BeforeOrigins, p.AfterOrigins = sceneOrigins(p.Before), sceneOrigins(p.After)
	if err := p.needs(); err != nil {
		t.Fatal(err)
	}
	return p, im
}

// runIn returns options of a run that keeps what it finds in dir.
func runIn(t interface{ Fatal(...any) }, dir string) Options {
	if err := os.MkdirAll(filepath.Join(dir, "k"), 0o755); err != nil {
		t.Fatal(err)
	}
	return Options{Scratch: dir}.withDefaults()
}

// alike says of the pairs of a plan that their values are alike, or of their state why not.
func alike(p *Plan, state NormaliseState) (measured []PairMeasure, pairs []int) {
	for q := range len(p.BeforeOrigins) * len(p.AfterOrigins) {
		m := PairMeasure{State: state, Roles: []raster.Role{raster.Blue, raster.Green, raster.Red, raster.NIR}}
		for range m.Roles {
			m.Lines, m.Floors = append(m.Lines, irmad.Line{Gain: 1}), append(m.Floors, 0)
		}
		measured, pairs = append(measured, m), append(pairs, q)
	}
	return measured, pairs
}

// guessedIn returns the plan with what is guessed of its pairs.
func (p *Plan) guessedIn(t interface{ Fatal(...any) }, im *images, state NormaliseState, o Options) (*Plan, []CloudStat) {
	q := *p
	q.adjust = q.aligning(nil)
	seen, err := q.observe(context.Background(), drivers(im, layers{}), nil, q.spots(spotsPerAxis, 0), false, o)
	if err != nil {
		t.Fatal(err)
	}
	measured, pairs := alike(p, state)
	m := &Measured{Pairs: measured}
	if err := q.guessClouds(context.Background(), drivers(im, layers{}), seen, m, pairs, o); err != nil {
		t.Fatal(err)
	}
	return &q, m.Clouds
}

// A guessed cloud is that of one scene: a scene behind it fills the hole, what nothing fills says why, and what is clear
// at both dates stays. The tile law holds.
func TestGuessedClouds(t *testing.T) {
	p, im := cloudy(t, sky)
	q, stats := p.guessedIn(t, im, Normalised, runIn(t, t.TempDir()))
	m := Measured{Clouds: stats}
	if len(m.Clouds) != 2 || m.Clouds[0].Cloud+m.Clouds[0].Shadow != 0 || m.Clouds[1].Cells != 231*226 {
		t.Errorf("%+v", m.Clouds)
	}
	// A disc of 80 m is 2.5 % of the area, its soft border half as much again; of each two, the mosaic shows both.
	if c := m.Clouds[1]; c.Cloud < 0.05 || c.Cloud > 0.12 || c.Shadow < 0.05 || c.Shadow > 0.12 {
		t.Errorf("%+v", c)
	}
	if w := m.warnings(); len(w) == 0 || !strings.Contains(fmt.Sprint(w), "自动识别云") {
		t.Errorf("%+v", w)
	}
	q.Tile = 1000
	want := fused(t, q.scanned(t, im, t.TempDir()).runs)
	at := func(x, y float64) object.Reason {
		for _, r := range want {
			if int(r.Y) == int(y) && int(r.X0) <= int(x) && int(x) < int(r.X1) && r.Kind == 0 {
				return r.Reason
			}
		}
		return object.None
	}
	for _, c := range sky {
		hidden := c.reason
		if c.scene == "first" {
			hidden = object.None
		}
		if got := at(c.x, c.y); got != hidden {
			t.Errorf("%s, %v: %v, want %v", c.scene, c.reason, got, hidden)
		}
	}
	if got := at(160, 130); got != object.None {
		t.Errorf("clear land is %v", got)
	}
	pixels := map[object.Reason]int64{}
	for _, r := range want {
		pixels[r.Reason] += r.Pixels()
	}
	if len(pixels) != 2 || pixels[object.Cloud] < 4000 || pixels[object.Shadow] < 4000 {
		t.Errorf("%v", pixels)
	}
	rapid.Check(t, func(t *rapid.T) {
		q.Tile, q.Workers = rapid.IntRange(60, 470).Draw(t, "tile"), rapid.IntRange(1, 3).Draw(t, "workers")
		if got := q.scanned(t, im, filepath.Join(tempDir(t), "scan")); !reflect.DeepEqual(fused(t, got.runs), want) {
			t.Fatalf("tiles of %d, %d workers: other runs", q.Tile, q.Workers)
		}
	})
}

// guessingOf measures the run, and returns what looks for its clouds.
func guessingOf(t *testing.T, p *Plan, im *images, o Options) *guessing {
	t.Helper()
	p.adjust = p.aligning(nil)
	seen, err := p.observe(context.Background(), drivers(im, layers{}), nil, p.spots(spotsPerAxis, 0), false, o)
	if err != nil {
		t.Fatal(err)
	}
	measured, pairs := alike(p, Normalised)
	g, why := p.guessing(seen, measured, pairs)
	if g == nil {
		t.Fatal(why)
	}
	return g
}

// However the grid is gone over, the guess is the same.
func TestGuessIsThatOfTheWhole(t *testing.T) {
	p, im := cloudy(t, sky)
	o := Options{}.withDefaults()
	g := guessingOf(t, p, im, o)
	guess := func(size guessSize, workers int) *cloudGuess {
		got, whole, err := g.over(context.Background(), drivers(im, layers{}), size, workers, o)
		if err != nil || !whole {
			t.Fatal(err, whole)
		}
		return got
	}
	want := guess(guessSize{1000, 1000, 1000}, 1)
	for i, size := range []guessSize{{77, 50, 1}, {120, 240, 7}, {231, 20, 90}} {
		if got := guess(size, 1+i%3); !reflect.DeepEqual(got, want) {
			t.Errorf("%+v: another guess", size)
		}
	}
}

// What was found is kept for another start, unless a part could not be read; what was damaged is found again.
func TestGuessIsKept(t *testing.T) {
	p, im := cloudy(t, sky)
	dir := t.TempDir()
	reads := func(dir string) (int64, []CloudStat, int) {
		n := im.reads.Load()
		_, stats := p.guessedIn(t, im, Normalised, runIn(t, dir))
		files, err := filepath.Glob(filepath.Join(dir, "k", "clouds-*"))
		if err != nil || len(files) > 1 {
			t.Fatal(files, err)
		}
		return im.reads.Load() - n, stats, len(files)
	}
	first, want, files := reads(dir)
	again, got, _ := reads(dir)
	if files != 1 || again >= first || !reflect.DeepEqual(got, want) {
		t.Fatalf("%d files; %d reads, then %d; %+v, then %+v", files, first, again, want, got)
	}
	kept, _ := filepath.Glob(filepath.Join(dir, "k", "clouds-*"))
	if err := os.Truncate(kept[0], 200); err != nil {
		t.Fatal(err)
	}
	if n, got, _ := reads(dir); n != first || !reflect.DeepEqual(got, want) {
		t.Errorf("%d reads after damage, want %d; %+v", n, first, got)
	}
	im.files["second"].damaged = raster.Window{X: 290, Y: 100, W: 1, H: 1}
	if _, _, files := reads(t.TempDir()); files != 0 {
		t.Error("a guess is kept that lacks what could not be read")
	}
}

// Who asks for none, and who has masks, gets no guess; nor does what cannot show the border of a cloud.
func TestNoGuess(t *testing.T) {
	whole := &cloudMask{raster: -1}
	for _, c := range []struct {
		name          string
		state         NormaliseState
		change        func(p *Plan)
		first, second bool // are guessed
	}{
		{"asked for", Normalised, func(*Plan) {}, true, true},
		{"none", Normalised, func(p *Plan) { p.Clouds = false }, false, false},
		{"pixels of 3 m", Normalised, func(p *Plan) { p.Pixel = object.Metric{X: 3, Y: 3} }, false, false},
		{"a run of 400 m", Normalised, func(p *Plan) { p.Grid.H = 400 }, false, false},
		{"values as they are", Raw, func(p *Plan) {}, false, false},
		{"not comparable", NotComparable, func(p *Plan) {}, false, false},
		{"masks of all", Normalised, func(p *Plan) {
			p.besides[0].clouds, p.besides[1].clouds = []*cloudMask{whole}, []*cloudMask{whole, whole}
		}, false, false},
		{"a mask of the second", Normalised, func(p *Plan) { p.besides[1].clouds = []*cloudMask{nil, whole} }, true, false},
	} {
		p, im := cloudy(t, sky)
		c.change(p)
		q, stats := p.guessedIn(t, im, c.state, runIn(t, t.TempDir()))
		if g := q.guess[1]; (stats != nil) != c.first || g.has(0) != c.first || g.has(1) != c.second {
			t.Errorf("%s: %+v, first %v, second %v", c.name, stats, g.has(0), g.has(1))
		}
	}
}

// The measure stage guesses when the run file leaves it to it, and says so.
func TestMeasureGuesses(t *testing.T) {
	p, im := cloudy(t, nil)
	_, m, err := p.measure(context.Background(), drivers(im, layers{}), nil, runIn(t, t.TempDir()))
	if err != nil || len(m.Clouds) != 2 {
		t.Fatalf("%+v, %v", m, err)
	}
	if !slices.ContainsFunc(m.list(), func(v MeasuredValue) bool { return v.Name == "after.clouds" }) {
		t.Errorf("%+v", m.list())
	}
	in := makeInputs(t)
	key := in.plan(t).InputKey
	if in.file.Clouds = runfile.Auto; in.plan(t).InputKey == key || !in.plan(t).Clouds {
		t.Error("the choice does not count")
	}
}

// Cells of 1,000 m; A and B are scenes of one day, C is of another. Lower case is shadow, upper case cloud.
func TestStrayShadows(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"its cloud is near", "AA..aa", "AA..aa"},
		{"too far", "AA......aa", "AA........"},
		{"too large", "A..aaa", "A....."},
		{"in all, and hanging together", "AA..aa/....aa/AA..a.", "AA..../....../AA...."},
		{"another day", "CC..aa", "CC...."},
		{"another scene of the day", "AA..bb", "AA..bb"},
		{"across scenes of the day", "A..aab", "A....."},
		{"a corner does not hold together", "A.aa./A...a", "A.aa./A...a"},
		{"no cloud", "..aa..", "......"},
	} {
		lines := strings.Split(c.in, "/")
		g := &cloudGuess{Step: 1}
		g.Scenes[0] = make([][]guessSpan, 3)
		for y, line := range lines {
			for x, r := range line {
				if r == '.' {
					continue
				}
				class, scene := mask.Cloud, r-'A'
				if r >= 'a' {
					class, scene = mask.Shadow, r-'a'
				}
				g.Scenes[0][scene] = append(g.Scenes[0][scene], guessSpan{Y: int32(y), X0: int32(x), X1: int32(x) + 1, Class: class})
			}
		}
		g.tidy()
		g.withoutStray([2][]int{{0, 0, 1}}, 1000)
		g.count()
		out := make([][]byte, len(lines))
		for y, line := range lines {
			out[y] = []byte(strings.Repeat(".", len(line)))
		}
		var cells [mask.Shadow + 1]int64
		for scene, spans := range g.Scenes[0] {
			for _, s := range spans {
				cells[s.Class] += int64(s.X1 - s.X0)
				for x := s.X0; x < s.X1; x++ {
					out[s.Y][x] = [...]byte{0, 'A', 'a'}[s.Class] + byte(scene)
				}
			}
		}
		var got []string
		for _, line := range out {
			got = append(got, string(line))
		}
		if s := strings.Join(got, "/"); s != c.want || cells != g.Cells[0] {
			t.Errorf("%s: %s is %s, want %s; %v cells, counted %v", c.name, c.in, s, c.want, cells, g.Cells[0])
		}
	}
}

// The middle of a white yard of 300 m, from where its sharp border is out of sight, is no cloud.
func TestYardIsNoCloud(t *testing.T) {
	p, im := cloudy(t, nil)
	for _, name := range []string{"first", "second"} {
		f := im.files[name]
		for k := range int(f.place.Pixels()) {
			x, y := f.place.X+k%f.place.W, f.place.Y+k/f.place.W
			if x >= 80 && x < 380 && y >= 75 && y < 375 {
				for _, plane := range f.planes {
					plane[k] = 6000
				}
			}
		}
	}
	if _, stats := p.guessedIn(t, im, Normalised, runIn(t, t.TempDir())); len(stats) != 2 || stats[1].Cloud+stats[1].Shadow != 0 {
		t.Errorf("%+v", stats)
	}
}
