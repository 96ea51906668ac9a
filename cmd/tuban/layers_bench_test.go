package main

import (
	"fmt"
	"iter"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"

	"tuban/pipeline"
	"tuban/pipeline/runfile"
)

// BenchmarkLayers is a county of so many parcels and patches with all the layers: basic farmland on seven parcels of ten, a red
// line whose outline has a hundred thousand corners, development boundaries, villages, towns and counties, and an approval for
// every fiftieth parcel. Beside the whole it reports the seconds of staging, and of describing the patches.
func BenchmarkLayers(b *testing.B) {
	for _, n := range []struct{ edge, patches int }{{60, 80}, {548, 2000}} {
		b.Run(fmt.Sprintf("%d parcels, %d patches", n.edge*n.edge, n.patches), func(b *testing.B) {
			if testing.Short() && n.edge > 100 {
				b.Skip("SKIPPED in short mode")
			}
			f := layeredCounty(b, n.edge, n.patches)
			for b.Loop() {
				o := pipeline.Options{Out: b.TempDir(), Clock: testClock, Account: pipeline.NewAccount()}
				m, err := detectWith(ctx, drivers(), f, o)
				if err != nil {
					b.Fatal(err)
				}
				if m.Counts.Published != n.patches {
					b.Fatalf("%d patches, want %d", m.Counts.Published, n.patches)
				}
				b.StopTimer()
				// Shares and units add up for every patch.
				if found := wrong(b, o.Out); len(found) > 0 {
					b.Fatalf("%q", found)
				}
				b.StartTimer()
				for _, s := range o.Account.Sums().Stages {
					if s.Name == "survey" || s.Name == "layers" || s.Name == "patches" || s.Name == "write" {
						b.ReportMetric(s.Wall.Seconds(), s.Name+"-s")
					}
				}
			}
		})
	}
}

const (
	benchParcel = 36.5 // metres
	benchPixel  = 4.0
)

// layeredCounty writes a pair of images with patches of 40 × 40 m, a survey of edge × edge parcels and the layers.
func layeredCounty(b *testing.B, edge, patches int) *runfile.File {
	b.Helper()
	dir := b.TempDir()
	side := float64(edge) * benchParcel
	pixels := int(side / benchPixel)
	f := &runfile.File{Name: "county", Rules: filepath.Join(dir, "rules.yaml"), Normalise: "none", Registration: "none", Clouds: "none", Outputs: []string{"gpkg"}}
	if err := os.WriteFile(f.Rules, []byte("kinds:\n  - {code: bare, type: JZ, min_area: 4 m2, when: after.red > 150}\n"), 0o644); err != nil {
		b.Fatal(err)
	}
	across := int(math.Ceil(math.Sqrt(float64(patches))))
	step := pixels / across
	plain := func(name string, value func(x, y int) float64) image {
		return image{name: name, grid: testGrid(0, 0, benchPixel, pixels, pixels), bands: 3, dataType: "Byte", value: func(_, x, y int) float64 { return value(x, y) }}
	}
	f.Before = scenesOf(b, dir, "2024-08-14", []image{plain("b", func(int, int) float64 { return 100 })})
	f.After = scenesOf(b, dir, "2025-08-20", []image{plain("a", func(x, y int) float64 {
		i, k := x/step, y/step
		if i < across && k*across+i < patches && k < across && x%step >= 5 && x%step < 15 && y%step >= 5 && y%step < 15 {
			return 200
		}
		return 100
	})})
	f.Survey = &runfile.Survey{Source: runfile.Sources{writeLegal(b, filepath.Join(dir, "DLTB.gpkg"), "DLTB", []string{"DLBM", "BSM", "ZLDWDM", "KCXS"}, cells(edge, benchParcel, func(i, k int) []any {
		return []any{[]any{"0103", "0101", "0301", "0702"}[(i*7+k*3)%4], fmt.Sprintf("%018d", k*edge+i), "2201221010000000000", []any{"0.05", "0"}[(i+k)%2]}
	}))}, Layer: "DLTB", Class: "DLBM", System: "TD/T 1055-2019", ID: "BSM", Unit: "ZLDWDM"}
	some := func(each int, rows iter.Seq2[orb.Polygon, []any]) iter.Seq2[orb.Polygon, []any] {
		return func(yield func(orb.Polygon, []any) bool) {
			n := 0
			for p, v := range rows {
				if n++; n*7919%100 < each && !yield(p, v) {
					return
				}
			}
		}
	}
	unit := func(format string, across int) iter.Seq2[orb.Polygon, []any] {
		return cells(across, side/float64(across), func(i, k int) []any { return []any{fmt.Sprintf(format, i+1, k+1), fmt.Sprint("区", i, k)} })
	}
	villages := max(2, edge/27)
	for _, l := range []struct {
		kind, layer string
		fields      []string
		rows        iter.Seq2[orb.Polygon, []any]
	}{
		{"basic_farmland", "YJJBNTTB", []string{"YJJBNTTBBH"}, some(70, cells(edge, benchParcel, func(i, k int) []any { return []any{fmt.Sprint(i, ".", k)} }))},
		{"red_line", "STBHHX", []string{"HXBM"}, rounded(1, 100_000, side*0.4, side/2, side/2)},
		{"urban_boundary", "CZKFBJ", []string{"GHFQMC"}, rounded(30, 2000, side*0.06, side, side)},
		{"village", "CJDCQ", []string{"ZLDWDM", "ZLDWMC"}, unit("220122101%[1]d%02[2]d", min(9, villages))},
		{"town", "XZQ", []string{"XZQDM", "XZQMC"}, unit("2201221%[1]d%[2]d", 4)},
		{"county", "XJ", []string{"XZQDM", "XZQMC"}, unit("2201%[1]d%[2]d", 2)},
		{"approval", "ZZ", []string{"PZWH"}, some(2, cells(edge, benchParcel, func(i, k int) []any { return []any{fmt.Sprint("文", i, "-", k)} }))},
	} {
		f.Layers = append(f.Layers, runfile.Layer{Kind: l.kind, Source: runfile.Sources{writeLegal(b, filepath.Join(dir, l.layer+".gpkg"), l.layer, l.fields, l.rows)}})
	}
	f.Layers[len(f.Layers)-1].Type = "conversion"
	return f
}

// cells are the n × n quadrangles of a net with crooked lines, which meet vertex by vertex.
func cells(n int, size float64, values func(i, k int) []any) iter.Seq2[orb.Polygon, []any] {
	at := func(i, k int) orb.Point {
		dx, dy := 0.0, 0.0
		if i > 0 && i < n {
			dx = (noise(5, i, k) - 0.5) * size / 3
		}
		if k > 0 && k < n {
			dy = (noise(6, i, k) - 0.5) * size / 3
		}
		return orb.Point{testX + float64(i)*size + dx, testY - float64(k)*size - dy}
	}
	return func(yield func(orb.Polygon, []any) bool) {
		for k := range n {
			for i := range n {
				p := orb.Polygon{{at(i, k), at(i, k+1), at(i+1, k+1), at(i+1, k), at(i, k)}}
				if !yield(p, values(i, k)) {
					return
				}
			}
		}
	}
}

// rounded are so many wavy rounds of so many corners, spread over w × h metres.
func rounded(n, corners int, radius, w, h float64) iter.Seq2[orb.Polygon, []any] {
	return func(yield func(orb.Polygon, []any) bool) {
		for i := range n {
			x, y := testX+w*(0.5+noise(7, i))/1.5, testY-h*(0.5+noise(8, i))/1.5
			if n == 1 {
				x, y = testX+w, testY-h
			}
			var r orb.Ring
			for k := range corners {
				angle := 2 * math.Pi * float64(k) / float64(corners)
				far := radius * (1 + 0.2*math.Sin(9*angle) + 0.002*noise(9, i, k))
				r = append(r, orb.Point{x + far*math.Cos(angle), y + far*math.Sin(angle)})
			}
			if !yield(orb.Polygon{append(r, r[0])}, []any{fmt.Sprint("R", i)}) {
				return
			}
		}
	}
}
