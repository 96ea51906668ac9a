package main

import (
	"errors"
	"fmt"
	"math"

	"tuban/classify/irmad"
	"tuban/classify/limit"
	"tuban/classify/texture"
	"tuban/raster"
)

// baseline is a textbook method that needs neither labels nor a survey.
type baseline struct {
	name string
	// needs are the roles without which the method says nothing of a pair.
	needs []raster.Role
	// statistic is large where the land changed.
	statistic func(p *pair) ([]float64, error)
	// limit finds from the statistic alone above which number that is so.
	limit func(values []float64) float64
}

// baselines are what the rules are measured against.
var baselines = []baseline{
	{"all changed", nil, everything, func([]float64) float64 { return 0 }},
	{"CVA, raw numbers + Otsu", nil, rawVector, limit.Otsu},
	{"CVA, z-scored + k-means", nil, standardVector, kmeans},
	{"IR-MAD + Otsu", nil, irmadRoot, limit.Otsu},
	{"|ΔNDVI| + Otsu", []raster.Role{raster.NIR, raster.Red}, indexChange(raster.NIR, raster.Red), limit.Otsu},
	{"|ΔNDBI| + Otsu", []raster.Role{raster.SWIR1, raster.NIR}, indexChange(raster.SWIR1, raster.NIR), limit.Otsu},
	{"PanTex rise + Otsu", []raster.Role{raster.Red, raster.Green, raster.Blue}, panTexRise, limit.Otsu},
}

// suits reports whether p has the bands of m.
func (m baseline) suits(p *pair) bool {
	for _, r := range m.needs {
		if p.plane(r) < 0 {
			return false
		}
	}
	return true
}

// changed is the map of p by m: one flag per pixel, false where there is no data.
func (m baseline) changed(p *pair) ([]bool, error) {
	v, err := m.statistic(p)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.name, err)
	}
	l := m.limit(v)
	out := make([]bool, len(v))
	for i, x := range v {
		out[i] = x > l
	}
	return out, nil
}

// everything is the same positive number for every pixel.
func everything(p *pair) ([]float64, error) {
	v := make([]float64, p.grid.Pixels())
	for i := range v {
		v[i] = 1
	}
	return v, nil
}

func rawVector(p *pair) ([]float64, error) {
	return changeVector(doubles(p.before), doubles(p.after)), nil
}

func standardVector(p *pair) ([]float64, error) {
	before, after := doubles(p.before), doubles(p.after)
	for b := range before {
		before[b], after[b] = standardised(before[b]), standardised(after[b])
	}
	return changeVector(before, after), nil
}

// irmadRoot is the root of the IR-MAD statistic, fitted to all pixels: a length, as that of a change vector is.
func irmadRoot(p *pair) ([]float64, error) {
	x, y := make([][]float64, len(p.roles)), make([][]float64, len(p.roles))
	for b := range p.roles {
		for i, v := range p.before[b] {
			if v == v {
				x[b] = append(x[b], float64(v))
				y[b] = append(y[b], float64(p.after[b][i]))
			}
		}
	}
	s := make([]float32, p.grid.Pixels())
	t, err := irmad.Fit(x, y, irmad.Options{})
	if refusal := (*irmad.Refusal)(nil); errors.As(err, &refusal) {
		// A method that cannot say what changed has found nothing.
		raster.Fill(s, raster.NaN)
		return doubles([][]float32{s})[0], nil
	} else if err != nil {
		return nil, err
	}
	t.Statistic(s, p.before, p.after)
	out := make([]float64, len(s))
	for i, v := range s {
		out[i] = math.Sqrt(float64(v))
	}
	return out, nil
}

// indexChange is the change of the normalised difference of two bands; see difference.
func indexChange(a, b raster.Role) func(p *pair) ([]float64, error) {
	return func(p *pair) ([]float64, error) {
		before, after, i, j := doubles(p.before), doubles(p.after), p.plane(a), p.plane(b)
		return difference(before[i], before[j], after[i], after[j]), nil
	}
}

// panTexEdge is the window of PanTex in metres.
const panTexEdge = 15

// panTexRise is by how much the texture of buildings grew, as the root of PanTex of brightness; where it fell, 0, so that the limit
// divides what grew.
func panTexRise(p *pair) ([]float64, error) {
	size := texture.SizeOf(texture.KindPanTex, panTexEdge, p.pixel)
	before, after := panTex(p, p.before, size), panTex(p, p.after, size)
	rise := make([]float64, len(after))
	for i := range rise {
		rise[i] = max(0, math.Sqrt(float64(after[i]))-math.Sqrt(float64(before[i])))
	}
	return rise, nil
}

// panTex is the texture of the mean of red, green and blue of one date of p.
func panTex(p *pair, planes [][]float32, size texture.Size) []float32 {
	light, contrast := make([]float32, len(planes[0])), make([]float32, len(planes[0]))
	for _, r := range []raster.Role{raster.Red, raster.Green, raster.Blue} {
		for i, v := range planes[p.plane(r)] {
			light[i] += v / 3
		}
	}
	texture.PanTex(contrast, light, p.grid.Window(), size, nil)
	return contrast
}

// doubles is the planes in the precision of statistics.
func doubles(planes [][]float32) [][]float64 {
	out := make([][]float64, len(planes))
	for b, plane := range planes {
		out[b] = make([]float64, len(plane))
		for i, v := range plane {
			out[b][i] = float64(v)
		}
	}
	return out
}
