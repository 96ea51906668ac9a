package picture

import (
	"math"
	"testing"
)

// The full-severity matrices of Machado, Oliveira and Fernandes (2009), on linear RGB.
var blindness = map[string][3][3]float64{
	"none":         {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
}

func TestPaletteIsTellableByTheColourBlind(t *testing.T) {
	linear := func(v uint8) float64 { return math.Pow(float64(v)/255, 2.2) }
	for name, m := range blindness {
		seen := make([][3]float64, len(palette))
		for i, c := range palette {
			in := [3]float64{linear(c.R), linear(c.G), linear(c.B)}
			for j := range 3 {
				v := m[j][0]*in[0] + m[j][1]*in[1] + m[j][2]*in[2]
				seen[i][j] = math.Pow(max(0, min(1, v)), 1/2.2) * 255
			}
		}
		for i := range seen {
			for j := range i {
				d := math.Hypot(math.Hypot(seen[i][0]-seen[j][0], seen[i][1]-seen[j][1]), seen[i][2]-seen[j][2])
				// The default rules have four kinds: those must be far apart, the later ones at least apart.
				least := 25.0
				if i < 4 {
					least = 60
				}
				if d < least {
					t.Errorf("%s: colours %d and %d are %.0f apart", name, j, i, d)
				}
			}
		}
	}
}

func TestPaletteRepeats(t *testing.T) {
	for i := range palette {
		if Palette(i) != palette[i] || Palette(i+len(palette)) != palette[i] || Palette(i-len(palette)) != palette[i] {
			t.Errorf("colour %d", i)
		}
	}
	if Hex(palette[0]) != "#d55e00" {
		t.Error(Hex(palette[0]))
	}
}
