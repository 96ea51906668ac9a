package evidence

import (
	"testing"

	"tuban/raster"
)

// BenchmarkSheet is what a sheet takes beside reading its pixels: its text, four pictures of 240 × 240, its hashes, the page.
func BenchmarkSheet(b *testing.B) {
	m, s := testMaker(aPatch(), b)
	shots := pictures(s.frame)
	for b.Loop() {
		text := m.describe(s)
		stamp, err := m.stampOfSheet(s, text)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := m.render(s, text, stamp, shots); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "sheets/s")
}

// BenchmarkSchedule plans 20,000 patches over a county of 60,000 × 50,000 pixels, and reports what the pictures in the making take
// when the memory bounds them to 256 MiB.
func BenchmarkSchedule(b *testing.B) {
	g := raster.Grid{W: 60000, H: 50000}
	tiles := raster.Tiles(g, 512, 0)
	var frames []frame
	for i := range 20000 {
		w := raster.Window{X: i * 7919 % (g.W - 400), Y: i * 104729 % (g.H - 400), W: 240 + i%160, H: 240 + i%160}
		frames = append(frames, frame{w, 1})
	}
	var peak int64
	var passes int
	for b.Loop() {
		peak = 0
		list := schedule(frames, true, tiles, 256<<20)
		for _, p := range list {
			peak = max(peak, p.peak)
		}
		passes = len(list)
	}
	b.ReportMetric(float64(peak)/(1<<20), "MiB")
	b.ReportMetric(float64(passes), "passes")
}
