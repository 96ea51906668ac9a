package main

import (
	"tuban/classify/clean"
	"tuban/classify/train"
)

// A lesson says which pairs a model may be trained on that is to judge p.
type lesson struct {
	name    string
	teaches func(q, p *rgbPair) bool
}

var lessons = []lesson{
	{"model of the other pairs and the simulator", func(q, p *rgbPair) bool { return q != p }},
	{"model of the other pairs", func(q, p *rgbPair) bool { return q != p && q.set != simulatedSet }},
	{"model of the other set and the simulator", func(q, p *rgbPair) bool { return q.set != p.set }},
	{"model of the simulator", func(q, _ *rgbPair) bool { return q.set == simulatedSet }},
}

// judgeRGB says how well models that never saw a pair of the set find what changed in it.
func judgeRGB(name string, all []*rgbPair, ops clean.Ops) (scenes []string, results []result, err error) {
	results = make([]result, len(lessons))
	for _, p := range all {
		if p.set != name {
			continue
		}
		scenes = append(scenes, p.name)
		for k, l := range lessons {
			var teachers []*rgbPair
			for _, q := range all {
				if l.teaches(q, p) {
					teachers = append(teachers, q)
				}
			}
			w, _, err := trainRGB(teachers)
			if err != nil {
				return nil, nil, err
			}
			results[k].method = l.name
			results[k].scenes = append(results[k].scenes, score(changedRGB(w, p, ops), p.reference))
		}
	}
	return scenes, results, nil
}

// changedRGB is where the model gives change better than even odds, after cleaning. What it does not know has not changed.
func changedRGB(w train.Weights, p *rgbPair, ops clean.Ops) []bool {
	const fired = 2
	mask := make([]uint8, len(p.reference))
	odds := make([]float64, len(mask))
	for i := range mask {
		odds[i] = probability(w, p, i)
		if odds[i] > 0.5 {
			mask[i] = fired
		}
	}
	ops.Apply(mask, p.grid.W, p.grid.H, nil)
	changed := make([]bool, len(mask))
	for i, m := range mask {
		changed[i] = m == fired && odds[i] == odds[i]
	}
	return changed
}
