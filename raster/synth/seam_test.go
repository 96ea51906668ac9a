package synth_test

import (
	"math"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"tuban/raster/synth"
)

func TestSeamsPartitionTheMosaic(t *testing.T) {
	c := synth.New(synth.Options{Size: 1500, Height: 1100, Seed: 4, Conditions: conditions("mixed")})
	if c.Seams(synth.Before) != nil {
		t.Error("the first image is of one piece")
	}
	seams := c.Seams(synth.After)
	if len(seams) != 3 || !seams[0].Day.Equal(c.Day(synth.After)) {
		t.Fatalf("%d parts, the first of %v", len(seams), seams[0].Day)
	}
	g := c.Grid()
	b := g.Bounds(g.Window())
	var sum, first float64
	days := map[string]bool{}
	for i, s := range seams {
		a := planar.Area(origin(s.Ring, b))
		if i == 0 {
			first = a
		}
		if a > first {
			t.Errorf("part %d is larger than the first", i)
		}
		sum += a
		days[s.Day.Format("0102")+s.Sensor] = true
	}
	if whole := (b.MaxX - b.MinX) * (b.MaxY - b.MinY); math.Abs(sum-whole) > 1e-3 || len(days) != 3 {
		t.Errorf("parts have %.3f of %.3f m², days and sensors %v", sum, whole, days)
	}
	// Each pixel is painted once, by the part that holds its centre: a part by itself has other pixels elsewhere only.
	alone := conditions("mixed")
	alone.Season.Others = [2]time.Time{}
	whole := synth.New(synth.Options{Size: 1500, Height: 1100, Seed: 4, Conditions: alone})
	p, q := image(c, synth.After), image(whole, synth.After)
	in, out, same := 0, 0, 0
	for i := 0; i < len(p[0]); i += 37 {
		x, y := g.Point(float64(i%g.W)+0.5, float64(i/g.W)+0.5)
		if p[0][i] == 0 {
			t.Fatalf("pixel %d is not painted", i)
		}
		equal := p[0][i] == q[0][i] && p[1][i] == q[1][i] && p[2][i] == q[2][i] && p[3][i] == q[3][i]
		if planar.PolygonContains(seams[0].Ring, orb.Point{x, y}) {
			in++
			if !equal {
				t.Fatalf("pixel %d,%d of the first part is not of its day", i%g.W, i/g.W)
			}
			continue
		}
		out++
		if equal {
			same++
		}
	}
	if in == 0 || out == 0 || same*100 > out {
		t.Errorf("%d samples in the first part, %d outside, %d of them equal", in, out, same)
	}
}
