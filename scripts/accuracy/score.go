package main

import (
	"context"
	"fmt"
	"path/filepath"

	"tuban/classify/accuracy"
)

// result is what one method reached on the scenes of a set.
type result struct {
	method string
	scenes []accuracy.Confusion
}

// pooled adds the pixels of all scenes before any measure is taken, so that a scene counts by its size.
func (r result) pooled() accuracy.Confusion {
	var sum accuracy.Confusion
	for _, c := range r.scenes {
		sum.TP, sum.FP, sum.FN, sum.TN = sum.TP+c.TP, sum.FP+c.FP, sum.FN+c.FN, sum.TN+c.TN
	}
	return sum
}

// score compares a map with the reference where that says something.
func score(changed []bool, reference []float32) accuracy.Confusion {
	var c accuracy.Confusion
	for i, r := range reference {
		if r == 0 || r == 1 {
			c.Add(changed[i], r == 1, 1)
		}
	}
	return c
}

// measure applies every baseline that suits the set to each of its scenes.
func measure(ctx context.Context, data string, s set) (scenes []string, results []result, err error) {
	folders, err := s.scenes(data)
	if err != nil {
		return nil, nil, err
	}
	at := map[string]int{}
	for _, folder := range folders {
		p, err := readPair(ctx, folder, s.roles)
		if err != nil {
			return nil, nil, err
		}
		for _, m := range baselines {
			if !m.suits(p) {
				continue
			}
			changed, err := m.changed(p)
			if err != nil {
				return nil, nil, fmt.Errorf("pair %s: %w", folder, err)
			}
			k, ok := at[m.name]
			if !ok {
				k = len(results)
				at[m.name] = k
				results = append(results, result{method: m.name})
			}
			results[k].scenes = append(results[k].scenes, score(changed, p.reference))
		}
		scenes = append(scenes, filepath.Base(folder))
	}
	return scenes, results, nil
}
