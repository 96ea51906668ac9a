package main

import (
	"fmt"

	"tuban/classify/bandmath"
	"tuban/classify/texture"
	"tuban/raster"
)

// rgbFeatures are those of the model, as rules write them: what is new and built is brighter, rougher and greyer than what was
// there, has the size of a building, and is not green. None depends on the scale of the numbers, and the first alone on the light of the
// dates. Sizes are in metres, so that one model serves any pixel.
var rgbFeatures = []string{
	"log(after.mean(40) / before.mean(40))",
	"sqrt(after.pantex(40)) / after.mean(40) - sqrt(before.pantex(40)) / before.mean(40)",
	"after.exg",
	"abs(after.tint) - abs(before.tint)",
	"after.mbi(40) / after.mean(40) - before.mbi(40) / before.mean(40)",
	"after.mbi(10) / after.mean(40) - before.mbi(10) / before.mean(40)",
}

// rgbIndices are what the features use of the indices of the rules.
var rgbIndices = map[string]string{"tint": "(red - blue) / (red + blue)"}

// rgbExtractor computes the features of pairs in the language of the rules.
type rgbExtractor struct {
	program *bandmath.Program
	machine *bandmath.Machine
	scratch texture.Scratch
}

func newRGBExtractor() (*rgbExtractor, error) {
	var sources []bandmath.Source
	for i, text := range rgbFeatures {
		sources = append(sources, bandmath.Source{Name: fmt.Sprintf("feature %d", i+1), Text: text})
	}
	p, err := bandmath.Compile(sources, bandmath.Options{Indices: rgbIndices})
	if err != nil {
		return nil, err
	}
	return &rgbExtractor{program: p, machine: p.NewMachine()}, nil
}

// extract returns the planes of rgbFeatures.
func (e *rgbExtractor) extract(p *rgbPair) [][]float32 {
	n := len(p.reference)
	dates := map[bandmath.Date][][]float32{bandmath.Before: p.before, bandmath.After: p.after}
	bright := map[bandmath.Date][]float32{}
	for d, planes := range dates {
		bright[d] = brightness(planes)
	}
	var inputs [][]float32
	for _, in := range e.program.Inputs() {
		if in.Kind() == bandmath.Texture {
			inputs = append(inputs, e.texture(in, bright[in.Date], p.pair))
		} else {
			inputs = append(inputs, dates[in.Date][p.plane(raster.Role(in.Name))])
		}
	}
	out := make([][]float32, len(rgbFeatures))
	for f := range out {
		out[f] = make([]float32, n)
	}
	chunk := make([][]float32, len(inputs))
	for o := 0; o < n; o += bandmath.Chunk {
		m := min(bandmath.Chunk, n-o)
		for i := range inputs {
			chunk[i] = inputs[i][o : o+m]
		}
		e.machine.Begin(m, chunk)
		for f := range out {
			copy(out[f][o:], e.machine.Value(f))
		}
	}
	return out
}

// brightness is the mean of the planes, which textures are computed from.
func brightness(planes [][]float32) []float32 {
	out := make([]float32, len(planes[0]))
	for i := range out {
		var sum float32
		for _, plane := range planes {
			sum += plane[i]
		}
		out[i] = sum / float32(len(planes))
	}
	return out
}

var textures = map[texture.Kind]func(dst, src []float32, w raster.Window, s texture.Size, sc *texture.Scratch){
	texture.KindPanTex: texture.PanTex, texture.KindDeviation: texture.Deviation, texture.KindMean: texture.Mean,
	texture.KindMBI: texture.MBI, texture.KindMSI: texture.MSI,
}

func (e *rgbExtractor) texture(in bandmath.Input, bright []float32, p *pair) []float32 {
	kind := texture.Kind(in.Name)
	dst := make([]float32, len(bright))
	textures[kind](dst, bright, p.grid.Window(), texture.SizeOf(kind, in.Size, p.pixel), &e.scratch)
	return dst
}
