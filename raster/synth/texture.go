package synth

import (
	"math"
	"sync"
)

// side is the edge of a texture in texels; a texel is 0.5 m.
const side = 512

// texture is a periodic pattern; its values have mean 0 and a standard deviation of about unitOf.
type texture [side * side]int8

const unitOf = 40

// textures are the patterns that paints are made from.
type textures struct {
	grain, clumps, crowns, patches texture
	// strips are tones across a field, a value each 0.25 m: families' strips and the drill rows in them, at each date.
	strips [2][4096]int8
}

// sharedTextures makes the textures once: parcels of all counties begin at places of their own in the same ones.
var sharedTextures = sync.OnceValue(func() *textures {
	const seed = 20250820
	t := &textures{}
	g, sums := make([]float64, side*side), make([]float64, side*side)
	for i := range g {
		g[i] = float64(mix(seed, uint64(i), 1)>>40) / (1 << 24)
	}
	t.grain.set(g)
	var c, p texture
	for k, r := range []float64{1.7, 3.6, 9} {
		c.set(dabs(seed+uint64(k), r))
		p.set(dabs(seed+uint64(k)+8, []float64{5, 10, 22}[k]))
		for i := range g {
			if k == 0 {
				g[i], sums[i] = 0, 0
			}
			g[i] += []float64{0.75, 0.6, 0.45}[k] * float64(c[i])
			sums[i] += []float64{0.3, 0.6, 1}[k] * float64(p[i])
		}
	}
	t.clumps.set(g)
	t.patches.set(sums)
	t.crowns.set(canopy(seed))
	d := newDice(seed, partPaint)
	for i := 0; i < 4096; {
		n := int(d.between(14, 70))
		a := d.NormFloat64() * 30
		b := 0.75*a + 0.5*d.NormFloat64()*30
		for k := i; k < min(4096, i+n); k++ {
			t.strips[0][k] = clip(a + 14*d.NormFloat64())
			t.strips[1][k] = clip(b + 14*d.NormFloat64())
		}
		i += n
	}
	return t
})

func clip(v float64) int8 { return int8(max(-127, min(127, math.Round(v)))) }

// set stores v, normalised.
func (t *texture) set(v []float64) {
	var s, q float64
	for _, x := range v {
		s += x
		q += x * x
	}
	n := float64(len(v))
	m := s / n
	k := unitOf / math.Sqrt(q/n-m*m)
	for i, x := range v {
		t[i] = clip((x - m) * k)
	}
}

// dabs is periodic noise without a grain of its own: soft dabs of either sign, of the given radius in texels, thrown
// at random.
func dabs(seed uint64, radius float64) []float64 {
	out := make([]float64, side*side)
	reach := int(math.Ceil(1.9 * radius))
	n := int(side * side / (radius * radius))
	fall := make([]float64, 2*reach+1)
	for k := range uint64(n) {
		h := mix(seed, k, uint64(reach))
		cx, cy := float64(h&0xffff)/65536*side, float64(h>>16&0xffff)/65536*side
		sign := float64(h>>32&0xffff)/32768 - 1
		x0, y0 := int(cx)-reach, int(cy)-reach
		for i := range fall {
			d := (float64(x0+i) - cx) / radius
			fall[i] = math.Exp(-d * d)
		}
		for j := range 2*reach + 1 {
			d := (float64(y0+j) - cy) / radius
			f := sign * math.Exp(-d*d)
			row := (*[side]float64)(out[uint(y0+j)%side*side:])
			for i, g := range fall {
				row[uint(x0+i)%side] += f * g
			}
		}
	}
	return out
}

// canopy is tree crowns side by side, each lit from the south and dark where it meets the next.
func canopy(seed uint64) []float64 {
	out := make([]float64, side*side)
	const pitch = 9 // texels between trees
	n := side / pitch
	for ty := range n {
		for tx := range n {
			h := mix(seed, uint64(tx)+1e6, uint64(ty))
			f := func(k int) float64 { return float64(h>>(12*k)&0xfff) / 4096 }
			cx := (float64(tx) + 0.1 + 0.8*f(0)) * side / float64(n)
			cy := (float64(ty) + 0.1 + 0.8*f(1)) * side / float64(n)
			r, tall := 4.5+3.5*f(2), 0.75+0.5*f(3)
			for y := int(cy - r); y <= int(cy+r)+1; y++ {
				for x := int(cx - r); x <= int(cx+r)+1; x++ {
					dx, dy := (float64(x)-cx)/r, (float64(y)-cy)/r
					q := dx*dx + dy*dy
					if q > 1 {
						continue
					}
					v := tall * (math.Sqrt(1-q) + 0.5*dy + 0.15*dx + 0.3)
					i := (y+side)%side*side + (x+side)%side
					out[i] = max(out[i], v)
				}
			}
		}
	}
	return out
}
