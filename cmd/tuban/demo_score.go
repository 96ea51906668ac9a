package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"tuban/classify/rules"
	"tuban/pipeline"
	"tuban/pipeline/assess"
	"tuban/raster/gdal"
	"tuban/raster/geos"
	"tuban/raster/synth"
	"tuban/raster/vector"
)

// A change counts as found when patches cover foundShare of it; a patch as false when changes cover less than
// falseShare of it. Outlines of a simulation and of pixels never agree exactly.
const (
	foundShare = 0.3
	falseShare = 0.1
)

// scores counts what a run found of the county's changes.
type scores struct {
	kinds      map[string]*kindScore
	categories map[string]*categoryScore
	traps      map[string]int
	small      int
}

// kindScore counts the injected changes of one kind.
type kindScore struct{ injected, found, rightKind int }

// categoryScore counts the published patches of one category.
type categoryScore struct {
	name           string
	patches, wrong int
}

// truthKind is the kind of the default rules that an injected change should be found as.
var truthKind = map[string]string{"built": "built", "ground": "ground", "water": "water", "trees": "trees_lost"}

// publishedPatch is what score needs of a patch.
type publishedPatch struct {
	kind, category, name string
	geom                 orb.MultiPolygon
}

// score compares the product in out with what was injected.
func score(ctx context.Context, out string, c *synth.County) (*scores, error) {
	m, err := pipeline.ReadManifest(out)
	if err != nil {
		return nil, err
	}
	s := &scores{kinds: map[string]*kindScore{}, categories: map[string]*categoryScore{}, traps: map[string]int{}}
	patches, err := readPatches(ctx, out)
	if err != nil {
		return nil, err
	}
	least, err := leastAreas(m)
	if err != nil {
		return nil, err
	}
	changes := c.Changes()
	truths, outlines, order := make([]orb.MultiPolygon, len(changes)), make([]orb.MultiPolygon, len(patches)), make([]int, len(patches))
	for i, ch := range changes {
		truths[i] = orb.MultiPolygon{ch.Polygon}
	}
	for i, p := range patches {
		outlines[i], order[i] = p.geom, i
	}
	pieces, confirmed, err := assess.Overlay(ctx, geometry{geos.New()}, truths, outlines, order, func(mp orb.MultiPolygon) (float64, error) { return planar.Area(mp), nil })
	if err != nil {
		return nil, err
	}
	for i, p := range patches {
		cat := s.categories[p.category]
		if cat == nil {
			cat = &categoryScore{name: p.name}
			s.categories[p.category] = cat
		}
		cat.patches++
		if confirmed[i] < falseShare*planar.Area(p.geom) {
			cat.wrong++
			s.trap(c, p.geom)
		}
	}
	for k, ch := range changes {
		covered, right := 0.0, 0.0
		for _, piece := range pieces[k] {
			covered += piece.Area
			if truthKind[ch.Kind] == patches[piece.Patch].kind {
				right += piece.Area
			}
		}
		if ch.Area < least[truthKind[ch.Kind]] {
			s.small++
			continue
		}
		ks := s.kinds[ch.Kind]
		if ks == nil {
			ks = &kindScore{}
			s.kinds[ch.Kind] = ks
		}
		ks.injected++
		if covered >= foundShare*ch.Area {
			ks.found++
		}
		if right >= foundShare*ch.Area {
			ks.rightKind++
		}
	}
	return s, nil
}

// trap names what a false patch fell for.
func (s *scores) trap(c *synth.County, patch orb.MultiPolygon) {
	centre, _ := planar.CentroidArea(patch)
	for _, t := range c.Traps() {
		if planar.PolygonContains(t.Polygon, centre) {
			s.traps[t.Kind]++
			return
		}
	}
	s.traps["no trap"]++
}

func readPatches(ctx context.Context, out string) ([]publishedPatch, error) {
	var patches []publishedPatch
	spec := vector.LayerSpec{Source: filepath.Join(out, "changes.gpkg"), Layer: "changes", Fields: []string{"kind", "category", "LBMC"}}
	err := gdal.ReadLayer(ctx, spec, "", func(f vector.Feature) error {
		geom, err := vector.Polygons(f.WKB)
		patches = append(patches, publishedPatch{kind: f.Values[0], category: f.Values[1], name: f.Values[2], geom: geom})
		return err
	})
	return patches, err
}

// print says how much was found, and how much of what was published is false.
func (s *scores) print(w io.Writer) {
	fmt.Fprintf(w, "\ninjected changes at or above the minimum area (%d are below):\n", s.small)
	all := kindScore{}
	for _, k := range sortedKeys(s.kinds) {
		n := s.kinds[k]
		fmt.Fprintf(w, "  %-8s %3d injected, %3d found", k, n.injected, n.found)
		if kind := truthKind[k]; kind != "" {
			fmt.Fprintf(w, ", %3d of them as %s", n.rightKind, kind)
		}
		fmt.Fprintln(w)
		all.injected += n.injected
		all.found += n.found
	}
	fmt.Fprintf(w, "  %-8s %3d injected, %3d found\n", "all", all.injected, all.found)
	fmt.Fprintln(w, "published patches:")
	total := categoryScore{}
	for _, c := range sortedKeys(s.categories) {
		n := s.categories[c]
		code, name := c, n.name
		if c == "" {
			code, name = "no category", "未归类"
		}
		fmt.Fprintf(w, "  %-36s %3d patches, %3d false\n", name+" "+code, n.patches, n.wrong)
		total.patches += n.patches
		total.wrong += n.wrong
	}
	fmt.Fprintf(w, "  %-36s %3d patches, %3d false\n", "all", total.patches, total.wrong)
	for _, t := range sortedKeys(s.traps) {
		fmt.Fprintf(w, "    false at: %-12s %d\n", t, s.traps[t])
	}
}

// leastAreas are the minimum areas of the kinds that the product was made with.
func leastAreas(m *pipeline.Manifest) (map[string]float64, error) {
	file, err := rules.Parse("the product's rules", []byte(m.Rules))
	if err != nil {
		return nil, err
	}
	out := map[string]float64{}
	for _, k := range file.Kinds {
		out[k.Code] = k.MinArea
	}
	return out, nil
}
