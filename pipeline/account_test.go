package pipeline

import (
	"context"
	"path/filepath"
	"reflect"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"tuban/raster"
	"tuban/raster/vector"
)

// Every second of a run belongs to one stage at most, and in it to one part: as many as a clock that is read every second
// finds, whatever the order of what the account is told.
func TestAccountAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		begin := time.Unix(1e9, 0)
		now := begin
		cpu := func() time.Duration { return 3 * now.Sub(begin) }
		a := newAccount(func() time.Time { return now }, cpu)
		type place struct{ stage, part string }
		seconds := map[place]time.Duration{} // the naive twin
		done := map[string]int64{}
		var at place
		var told []string
		names := rapid.SampledFrom([]string{"survey", "scan", "write"})
		for range rapid.IntRange(0, 20).Draw(t, "events") {
			switch rapid.IntRange(0, 3).Draw(t, "event") {
			case 0:
				name := names.Draw(t, "stage")
				a.Stage(name)
				if name != at.stage {
					at = place{stage: name}
				}
				if !slices.Contains(told, name) {
					told = append(told, name)
				}
			case 1:
				part := rapid.SampledFrom([]string{"a", "b"}).Draw(t, "part")
				a.Part(part)
				if at.stage != "" {
					at.part = part
				}
			case 2:
				a.advance(7)
				done[at.stage] += 7
			case 3:
				for range rapid.IntRange(0, 3).Draw(t, "seconds") {
					now = now.Add(time.Second)
					seconds[at] += time.Second
				}
			}
		}
		got := a.Sums()
		now = now.Add(time.Hour)
		a.Stage("too late")
		a.Count(TilesRead, 1, 1)
		if !reflect.DeepEqual(a.Sums(), got) {
			t.Fatal("a closed account goes on")
		}
		var order []string
		var sum time.Duration
		for _, s := range got.Stages {
			order = append(order, s.Name)
			sum += s.Wall
			var parts time.Duration
			for _, p := range s.Parts {
				parts += p.Wall
				if want := seconds[place{s.Name, p.Name}]; p.Wall != want || p.CPU != 3*want {
					t.Fatalf("%s of %s took %v, %v of the processors, want %v", p.Name, s.Name, p.Wall, p.CPU, want)
				}
			}
			if want := parts + seconds[place{s.Name, ""}]; s.Wall != want || s.CPU != 3*want || s.Done != done[s.Name] {
				t.Fatalf("%+v, want %v and %d units", s, want, done[s.Name])
			}
		}
		if !slices.Equal(order, told) || sum+seconds[place{}] != got.Wall || got.CPU != 3*got.Wall {
			t.Fatalf("stages %q of %v in %v, want %q", order, sum, got.Wall, told)
		}
	})
}

// Who wants no account gives none.
func TestNoAccount(t *testing.T) {
	var a *Account
	a.Stage("scan")
	a.Part("x")
	a.Count(TilesRead, 1, 1)
	a.advance(1)
	if s := a.Sums(); s.Wall != 0 || s.Stages != nil || s.Counts != nil {
		t.Errorf("%+v", s)
	}
}

// counting are pixels that count what they decode: here, what they are asked for.
type counting struct {
	*imagePixels
	n *atomic.Int64
}

func (c counting) Read(ctx context.Context, scene int, w raster.Window, dst [][]float32) error {
	c.n.Add(w.Pixels())
	return c.imagePixels.Read(ctx, scene, w, dst)
}

func (c counting) Decoded() int64 { return c.n.Load() }

// countingImages opens them.
type countingImages struct{ *images }

func (im countingImages) Open(g raster.Grid, scenes []raster.Scene, roles []raster.Role, cacheBytes int64) (Pixels, error) {
	px, err := im.images.Open(g, scenes, roles, cacheBytes)
	if err != nil {
		return nil, err
	}
	return counting{px.(*imagePixels), new(atomic.Int64)}, nil
}

// Each tile counts once, by what a look at the places of its inputs says of it.
func TestTilesAreAccountedFor(t *testing.T) {
	const w, h = 23, 17 // of testGrid
	const text = `kinds: [{code: dark, type: DT, eligible: ["01"], when: before.red > after.red}]`
	rapid.Check(t, func(t *rapid.T) {
		p, im := rgb(t, text)
		p.Rules = compile(t, text, "TD/T 1055-2019")
		p.Tile, p.Workers = rapid.IntRange(1, 25).Draw(t, "tile"), rapid.IntRange(1, 3).Draw(t, "workers")
		// The imagery ends in the east, the region in the south, the fields in the west.
		east := 0
		for name, f := range im.files {
			f.place = raster.Window{W: rapid.IntRange(1, w).Draw(t, name), H: h}
			for r := range f.planes {
				f.planes[r] = make([]float32, f.place.Pixels())
			}
			east = max(east, f.place.W)
		}
		south, west := rapid.IntRange(1, h).Draw(t, "south"), rapid.IntRange(0, w-1).Draw(t, "west")
		p.Region = orb.MultiPolygon{{{{0, 0}, {w, 0}, {w, float64(south)}, {0, float64(south)}, {0, 0}}}}
		dir := tempDir(t)
		store := parcels(t, filepath.Join(dir, "survey.stage"), []vector.Feature{
			{WKB: encode(box(float64(west), 0, w, h)), Values: []string{"0101", "field"}},
			{WKB: encode(box(0, 0, float64(west)+0.01, h)), Values: []string{"1001", "road"}},
		})
		defer store.Close()

		tiles := raster.Tiles(p.Grid, p.Tile, 0)
		want := map[Tally]Counted{}
		var decoded int64
		for _, t := range tiles {
			c, fate := t.Core, TilesRead
			switch {
			case c.Y >= south:
				fate = TilesOutside
			case c.X+c.W <= west:
				fate = TilesNotEligible
			case c.X >= east:
				fate = TilesNoImagery
			}
			for _, f := range im.files {
				if fate == TilesRead && c.X < f.place.W {
					decoded += c.Pixels()
				}
			}
			want[fate] = Counted{fate, want[fate].N + 1, want[fate].Pixels + c.Pixels()}
		}

		d := drivers(im, layers{})
		d.Imagery = countingImages{im}
		scan := func() (*scanned, Sums) {
			o := Options{Account: NewAccount()}.withDefaults()
			out, err := p.scan(context.Background(), d, store, filepath.Join(dir, "scan"), o)
			if err != nil {
				t.Fatal(err)
			}
			return out, o.Account.Sums()
		}
		out, s := scan()
		for _, fate := range Tiles {
			if c := s.Counted(fate); c.N != want[fate].N || c.Pixels != want[fate].Pixels {
				t.Fatalf("%+v, want %+v", s.Counts, want)
			}
		}
		if int64(out.skipped) != s.Counted(TilesOutside).N+s.Counted(TilesNotEligible).N || s.Counted(PixelsDecoded).Pixels != decoded {
			t.Fatalf("%d skipped and %d decoded: %+v", out.skipped, decoded, s.Counts)
		}
		// Once more: nothing is done, and nothing else is claimed.
		if _, s := scan(); !slices.Equal(s.Counts, []Counted{{TilesResumed, int64(len(tiles)), w * h}}) {
			t.Fatalf("%+v", s.Counts)
		}
	})
}
