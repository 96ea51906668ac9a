package synth

// haze is air of uneven thickness: it adds light and takes contrast.
type haze struct {
	most float64
	wave wave
	path colour
}

// hazeColour is the light of haze relative to blue's, falling with the wavelength as that of fine dust does.
var hazeColour = colour{1, .80, .62, .36}

func newHaze(d dice, most float64) *haze {
	h := &haze{most: most, wave: newWave(d, 1300)}
	for b, f := range hazeColour {
		h.path[b] = f * float32(most)
	}
	return h
}

// dim applies the haze to a row of reflectance from (x0, y). thick is scratch of the row's length.
func (h *haze) dim(band *[4][cellW]float32, thick []float32, x0, y int, pixel float64) {
	h.wave.row(thick, x0, y, pixel)
	for i, w := range thick {
		// Between a third and all of it.
		thick[i] = 0.667 + 0.333*w
	}
	for b := range band {
		path := h.path[b]
		for i, v := range band[b][:len(thick)] {
			p := path * thick[i]
			band[b][i] = v*(1-1.4*p) + p
		}
	}
}
