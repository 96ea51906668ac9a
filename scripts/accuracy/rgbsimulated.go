package main

import (
	"fmt"

	"github.com/paulmach/orb"

	"tuban/raster"
	"tuban/raster/burn"
	"tuban/raster/synth"
)

// simulatedPairs simulates n counties, of seeds 1 to n, whose images are finished mosaics of red, green and blue. What was built
// in them is the reference.
func simulatedPairs(n int) ([]*rgbPair, error) {
	s, ok := synth.FindScenario("rgb")
	if !ok {
		return nil, fmt.Errorf("the simulator has no scenario rgb")
	}
	const size = 1024
	var out []*rgbPair
	for seed := range n {
		c := synth.New(synth.Options{Size: size, Seed: uint64(seed + 1), Conditions: s.Conditions})
		p := &pair{
			grid: c.Grid(), pixel: c.Grid().Transform[1], roles: colour,
			before: paint(c, synth.Before), after: paint(c, synth.After), reference: make([]float32, size*size),
		}
		for _, change := range c.Changes() {
			switch change.Kind {
			case "built", "greenhouse", "pv":
				burn.Fill(p.reference, p.grid.Window(), orb.MultiPolygon{inPixels(change.Polygon, p.grid)}, 1)
			}
		}
		p.hide()
		out = append(out, &rgbPair{pair: p, set: simulatedSet, name: fmt.Sprint(seed + 1)})
	}
	return out, nil
}

// paint returns the planes of colour of a county at a date.
func paint(c *synth.County, d synth.Date) [][]float32 {
	w := c.Grid().Window()
	numbers := make([][]uint16, 4) // blue, green, red, near infrared
	for i := range numbers {
		numbers[i] = make([]uint16, w.Pixels())
	}
	c.Fill(d, w, numbers)
	out := make([][]float32, len(colour))
	for i := range out {
		out[i] = make([]float32, w.Pixels())
		for k := range out[i] {
			out[i][k] = float32(numbers[2-i][k])
			if numbers[0][k] == 0 && numbers[1][k] == 0 && numbers[2][k] == 0 {
				out[i][k] = raster.NaN
			}
		}
	}
	return out
}

// inPixels maps a polygon from the CRS of a grid to its columns and rows; the grid has north up.
func inPixels(polygon orb.Polygon, g raster.Grid) orb.Polygon {
	t := g.Transform
	out := make(orb.Polygon, len(polygon))
	for i, ring := range polygon {
		out[i] = make(orb.Ring, len(ring))
		for k, q := range ring {
			out[i][k] = orb.Point{(q[0] - t[0]) / t[1], (q[1] - t[3]) / t[5]}
		}
	}
	return out
}
