package main

import (
	"context"
	"path/filepath"
	"slices"

	"tuban/classify/irmad"
)

// simulatedSet is the set of the simulated pairs.
const simulatedSet = "simulated"

// rgbPair is a pair of images in red, green and blue, to train on or to judge by.
type rgbPair struct {
	*pair
	set, name string
	features  [][]float32 // planes of rgbFeatures
}

// rgbPairs reads the pairs of all sets that have colour and no more, in their order.
func rgbPairs(ctx context.Context, data string) ([]*rgbPair, error) {
	var out []*rgbPair
	for _, s := range sets {
		if !slices.Equal(s.roles, colour) {
			continue
		}
		folders, err := s.scenes(data)
		if err != nil {
			return nil, err
		}
		for _, folder := range folders {
			p, err := readPair(ctx, folder, s.roles)
			if err != nil {
				return nil, err
			}
			out = append(out, &rgbPair{pair: p, set: s.name, name: filepath.Base(folder)})
		}
	}
	return out, nil
}

// normalise brings the after image to the before image as a run does. The error says why the pair stays as it is.
func (p *rgbPair) normalise() error {
	x, y := doubles(p.before), doubles(p.after)
	t, err := irmad.Fit(x, y, irmad.Options{})
	if err != nil {
		return err
	}
	lines, err := irmad.Normalise(x, y, t, irmad.Options{})
	if err != nil {
		return err
	}
	for b, plane := range p.after {
		for i, v := range plane {
			plane[i] = float32(lines[b].At(float64(v)))
		}
	}
	return nil
}
