package main

import (
	"fmt"
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"tuban/pipeline/track"
	"tuban/raster/geos"
)

// exact is track.Measure on GEOS, in a plane of metres whose pixels have half a metre.
type exact struct{ *geos.Engine }

func (e exact) Divide(a, b orb.MultiPolygon) (in, out orb.MultiPolygon, err error) {
	pieces, out, err := e.Overlay(a, []orb.MultiPolygon{b})
	for _, p := range pieces {
		in = append(in, p.Geom...)
	}
	return in, out, err
}

func (exact) Area(mp orb.MultiPolygon) (float64, error) { return math.Abs(planar.Area(mp)), nil }

func (exact) Width(p orb.Polygon) float64 { return 4 * math.Abs(planar.Area(p)) / planar.Length(p) }

// BenchmarkFollow follows 20,000 candidates, of which a half are drawn anew and a pixel aside.
func BenchmarkFollow(b *testing.B) {
	n := 20_000
	if testing.Short() {
		n = 1000
	}
	shape := func(i int, dx float64) orb.MultiPolygon {
		x, y := float64(i%200)*100+dx, float64(i/200)*100
		r := orb.Ring{}
		for k := range 40 {
			a := 2 * math.Pi * float64(k) / 40
			radius := 15 + 8*noise(7, i, k)
			r = append(r, orb.Point{x + radius*math.Cos(a), y + radius*math.Sin(a)})
		}
		return orb.MultiPolygon{{append(r, r[0])}}
	}
	known, found := make([]track.Known, n), make([]track.Found, n)
	for i := range n {
		g := shape(i, 0)
		known[i] = track.Known{CID: fmt.Sprint("c", i), GV: fmt.Sprint("v", i), Kind: "built", Type: "JZ", Geom: g, Area: planar.Area(g), Published: true}
		found[i] = track.Found{GV: fmt.Sprint("v", i), Kind: "built", Type: "JZ", Geom: g, Area: planar.Area(g), Published: true}
		if i%2 == 0 {
			found[i].Geom, found[i].GV = shape(i, 0.5), fmt.Sprint("w", i)
		}
	}
	for b.Loop() {
		fates, unseen, err := track.Follow(exact{geos.New()}, track.Default(), known, found)
		if err != nil || len(unseen) > 0 || fates[0].Relation != track.Same {
			b.Fatalf("%+v, %d unseen, %v", fates[0], len(unseen), err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "candidates/s")
}
