package synth_test

import (
	"testing"

	"tuban/raster"
	"tuban/raster/synth"
)

func planesFor(w raster.Window) [][]uint16 {
	p := make([][]uint16, 4)
	for b := range p {
		p[b] = make([]uint16, w.Pixels())
	}
	return p
}

func BenchmarkFill(b *testing.B) {
	w := raster.Window{X: 1024, Y: 512, W: 2048, H: 1024}
	p := planesFor(w)
	for _, scenario := range []string{"plain", "summer", "dodged", "mixed"} {
		c := synth.New(synth.Options{Size: 4096, Seed: 1, Conditions: conditions(scenario)})
		for d, name := range [2]string{"before", "after"} {
			b.Run(scenario+"/"+name, func(b *testing.B) {
				for b.Loop() {
					c.Fill(synth.Date(d), w, p)
				}
				b.ReportMetric(float64(w.Pixels())*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mpx/s")
			})
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		synth.New(synth.Options{Size: 20000, Seed: 1})
	}
}
