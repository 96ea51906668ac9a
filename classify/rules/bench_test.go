package rules

import (
	"math/rand/v2"
	"testing"

	"tuban/classify/bandmath"
	"tuban/classify/landclass"
)

const plainRules = `
indices: {vnir: (blue + green + red + nir) / 4}
pairs: {lost: before.ndvi - after.ndvi}
kinds:
  - {code: built, type: JZ, when: before.ndvi > 0.35 and after.ndvi < 0.25 and after.vnir > 0.8 * before.vnir}
  - {code: lost, type: LT, when: lost > 0.2 and after.ndvi < 0.4}
`

// land paints a chunk of pixels: plants or bare ground, with some noise. Of one date, in the order blue to nir.
func land(r *rand.Rand, n int, plants func(i int) bool) map[string][]float32 {
	bands := map[string][]float32{"blue": nil, "green": nil, "red": nil, "nir": nil}
	for i := range n {
		look := map[string]float32{"blue": 900, "green": 1100, "red": 1400, "nir": 1900}
		if plants(i) {
			look = map[string]float32{"blue": 400, "green": 700, "red": 500, "nir": 3200}
		}
		for b, v := range look {
			bands[b] = append(bands[b], v*(0.9+0.2*r.Float32()))
		}
	}
	return bands
}

// landscape returns the planes of chunks: in ten, six are plants at both dates, two bare ground at both, and two have a
// patch where plants gave way.
func landscape(p *bandmath.Program, chunks int) [][][]float32 {
	r := rand.New(rand.NewPCG(1, 1))
	out := make([][][]float32, chunks)
	for c := range out {
		from, to := r.IntN(bandmath.Chunk), r.IntN(bandmath.Chunk)
		before := land(r, bandmath.Chunk, func(int) bool { return c%10 < 8 })
		after := land(r, bandmath.Chunk, func(i int) bool { return c%10 < 6 || c%10 < 8 && (i < from || i > to) })
		for _, in := range p.Inputs() {
			plane := map[bandmath.Date]map[string][]float32{bandmath.Before: before, bandmath.After: after}[in.Date][in.Name]
			if plane == nil { // a texture, or that crops grow
				plane = make([]float32, bandmath.Chunk)
				for i := range plane {
					plane[i] = 1
					if in.Kind() == bandmath.Texture {
						plane[i] = 1e4 * r.Float32()
					}
				}
			}
			out[c] = append(out[c], plane)
		}
	}
	return out
}

// BenchmarkConditions reports Mpx/s of one core for the conditions of all kinds, on chunks that lie in the cache at most.
func BenchmarkConditions(b *testing.B) {
	for name, text := range map[string]string{"default": string(Default(true)), "plain": plainRules} {
		b.Run(name, func(b *testing.B) {
			f, err := Parse(name, []byte(text))
			if err != nil {
				b.Fatal(err)
			}
			r, err := f.Compile(landclass.TD1055, Scenes{})
			if err != nil {
				b.Fatal(err)
			}
			m := r.Program.NewMachine()
			chunks := landscape(r.Program, 20)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				m.Begin(bandmath.Chunk, chunks[i%len(chunks)])
				for k := range r.Kinds {
					m.Condition(k)
				}
			}
			b.ReportMetric(float64(b.N)*bandmath.Chunk/1e6/b.Elapsed().Seconds(), "Mpx/s")
		})
	}
}
