package main

import (
	"runtime"

	"golang.org/x/sync/errgroup"

	"tuban/raster"
	"tuban/raster/synth"
)

// paint fills planes over w on all processors: each paints a band of columns, which the county allows in any cut.
func paint(c *synth.County, d synth.Date, w raster.Window, planes [][]uint16) {
	n := runtime.GOMAXPROCS(0)
	var g errgroup.Group
	for i := range n {
		part := raster.Window{X: w.X + w.W*i/n, Y: w.Y, H: w.H}
		part.W = w.X + w.W*(i+1)/n - part.X
		if part.Empty() {
			continue
		}
		g.Go(func() error {
			rows := make([][]uint16, len(planes))
			for k := range rows {
				rows[k] = make([]uint16, part.Pixels())
			}
			c.Fill(d, part, rows)
			for k, row := range rows {
				for y := range part.H {
					copy(planes[k][y*w.W+part.X-w.X:], row[y*part.W:(y+1)*part.W])
				}
			}
			return nil
		})
	}
	_ = g.Wait() // painting cannot fail
}
