package object

import (
	"io"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

const benchEdge = 10_980 // a Sentinel-2 granule at 10 m

// benchRuns is a mask of 10,980² pixels with some 38,000 components, as fused runs: discs with ragged edges.
var benchRuns = sync.OnceValue(func() []Run {
	mask := make([]uint8, benchEdge*benchEdge)
	rng := rand.New(rand.NewPCG(7, 7))
	for range 40_000 {
		cx, cy, r := rng.IntN(benchEdge), rng.IntN(benchEdge), 2+rng.IntN(9)
		kind := uint8(1 + rng.IntN(3))
		for y := max(cy-r, 0); y < min(cy+r, benchEdge); y++ {
			for x := max(cx-r, 0); x < min(cx+r, benchEdge); x++ {
				if d := (x-cx)*(x-cx) + (y-cy)*(y-cy); d < r*r/2 || d < r*r && rng.IntN(4) > 0 {
					mask[y*benchEdge+x] = kind
				}
			}
		}
	}
	var runs []Run
	for y := range benchEdge {
		runs, _ = AppendRow(runs, Row{Y: int32(y), Kind: mask[y*benchEdge : (y+1)*benchEdge]})
	}
	runs, err := Fuse(runs)
	if err != nil {
		panic(err)
	}
	return runs
})

func BenchmarkAppendRow(b *testing.B) {
	kind, parcel, pair := make([]uint8, benchEdge), make([]int32, benchEdge), make([]uint16, benchEdge)
	evidence := make([]float32, benchEdge)
	for i := range kind {
		if i%100 < 4 { // four of a hundred pixels fire
			kind[i], evidence[i] = 1, 0.37
		}
	}
	row := Row{Kind: kind, Parcel: parcel, Pair: pair, Evidence: [NEvidence][]float32{evidence, evidence}}
	var runs []Run
	b.SetBytes(benchEdge)
	b.ReportAllocs()
	for b.Loop() {
		runs, _ = AppendRow(runs[:0], row)
	}
}

func BenchmarkFuseShuffled(b *testing.B) {
	runs := slices.Clone(benchRuns())
	rand.New(rand.NewPCG(7, 8)).Shuffle(len(runs), func(i, j int) { runs[i], runs[j] = runs[j], runs[i] })
	work := make([]Run, len(runs))
	for b.Loop() {
		copy(work, runs)
		if _, err := Fuse(work); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(runs)), "runs")
}

func BenchmarkFuseTiles(b *testing.B) {
	const tile = 512 // runs come tile by tile, cut at the seams
	tiles := make([][]Run, 22*22)
	for _, r := range benchRuns() {
		for r.X0 < r.X1 {
			part := r
			part.X1 = min(r.X1, r.X0/tile*tile+tile)
			at := r.Y/tile*22 + r.X0/tile
			tiles[at] = append(tiles[at], part)
			r.X0 = part.X1
		}
	}
	runs := slices.Concat(tiles...)
	work := make([]Run, len(runs))
	for b.Loop() {
		copy(work, runs)
		if _, err := Fuse(work); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(runs)), "runs")
}

func BenchmarkLabel(b *testing.B) {
	runs := benchRuns()
	var n int
	for b.Loop() {
		_, n = Label(runs)
	}
	b.ReportMetric(float64(n), "components")
}

func BenchmarkBridge(b *testing.B) {
	runs := benchRuns()
	label, n := Label(runs)
	var np int
	for b.Loop() {
		_, np = Bridge(runs, label, n, func(uint8) float64 { return 5 }, Metric{0.5, 0.5})
	}
	b.ReportMetric(float64(np), "patches")
}

func BenchmarkLabelAndTrace(b *testing.B) {
	runs := benchRuns()
	var rings int
	var tracer Tracer
	b.ReportAllocs()
	for b.Loop() {
		label, n := Label(runs)
		rings = 0
		for _, patch := range Gather(runs, label, n) {
			for _, p := range tracer.Trace(patch) {
				rings += len(p)
			}
		}
	}
	b.ReportMetric(float64(rings), "rings")
}

func BenchmarkEncode(b *testing.B) {
	runs := benchRuns()
	for b.Loop() {
		if err := Encode(io.Discard, Header{W: benchEdge, H: benchEdge, Kinds: 3}, runs); err != nil {
			b.Fatal(err)
		}
	}
}
