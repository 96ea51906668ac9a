package main

import (
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	outcome "tuban/pipeline/product"
	"tuban/pipeline/register"
	issue "tuban/pipeline/release"
	"tuban/raster"
	"tuban/raster/geos"
	"tuban/raster/synth"
)

// A county with all its layers, over four nights with growth, split, merge, demolition, land approved in between and a patch that
// was redrawn: identities, lineage, approval states, the watch list and the legal areas are those of the truth, and what was
// released after the first night keeps its number.
func TestFourNightsAreWhatTheTruthSays(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a county four times")
	}
	plain, _ := synth.FindScenario("plain")
	o := demoOptions{Size: 1100, Seed: 11, nights: synth.Nights, plain: true, scenario: plain}
	story, err := newStory(o)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := writeStory(ctx, dir, story, o, newProgress(io.Discard)); err != nil {
		t.Fatal(err)
	}
	follow := newFollowing(story)
	for night := 1; night <= synth.Nights; night++ {
		out, err := runNight(ctx, dir, night, io.Discard, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		score, err := follow.compare(ctx, out, night)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range score.wrong {
			t.Errorf("night %d: %s", night, w)
		}
		if score.found.of < 20 || score.watch.of == 0 || night > 1 && (score.verdicts.of == 0 || score.released.of == 0) {
			t.Errorf("night %d: hardly anything was compared: %+v", night, score)
		}
		legalAreasAreExact(t, story.Night(night), out)
		if err := follow.review(ctx, out, dir, night); err != nil {
			t.Fatal(err)
		}
		if night == 1 {
			crossesTheCountyLine(t, follow)
			redrawnIsReleasedAsDrawn(t, follow, dir)
		}
	}
	nothingIsRenumbered(t, dir)
}

// crossesTheCountyLine: the patch in two counties was released in two parts, each with a number of its county.
func crossesTheCountyLine(t *testing.T, f *following) {
	t.Helper()
	for _, k := range f.story.Sights(1) {
		if k.Life != "on the county line" {
			continue
		}
		var counties []string
		for _, n := range f.jcbh[k.ID] {
			counties = append(counties, n[:6])
		}
		slices.Sort(counties)
		if !slices.Equal(counties, []string{"220182", "220183"}) {
			t.Errorf("%s was released as %v", k.ID, f.jcbh[k.ID])
		}
	}
}

// redrawnIsReleasedAsDrawn: what the reviewer drew is the outline that went to the county.
func redrawnIsReleasedAsDrawn(t *testing.T, f *following, dir string) {
	t.Helper()
	reg, err := register.Open(filepath.Join(dir, registerDir))
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, k := range f.story.Sights(1) {
		for _, e := range reg.Events {
			if k.Life != redrawnLife || e.Release == nil || e.Release.CID != f.cids[k.ID] {
				continue
			}
			seen++
			got, err := e.Release.Shape.Polygons()
			if err != nil {
				t.Fatal(err)
			}
			if want := (orb.MultiPolygon{k.Polygon}); !orb.Equal(got, want) {
				t.Errorf("%s was released as %v, and drawn as %v", e.Release.JCBH, got, want)
			}
			// What was measured below the run's outline is not said of another.
			if v := e.Release.Values; v["JCMJ"] != fmt.Sprintf("%.2f", e.Release.AreaM2) || v["GDMJ"] != "" || v["HSX"] == "" {
				t.Errorf("%s has %.2f m², and the attributes %v", e.Release.JCBH, e.Release.AreaM2, v)
			}
		}
	}
	if seen != 1 {
		t.Errorf("the redrawn patch was released %d times", seen)
	}
}

// nothingIsRenumbered: patches that were judged anew got numbers of their own in the place of earlier ones, no number was given
// twice, and a release of the last night's product adds nothing for what still passes, and leaves what was released as it is.
func nothingIsRenumbered(t *testing.T, dir string) {
	t.Helper()
	reg, err := register.Open(filepath.Join(dir, registerDir))
	if err != nil {
		t.Fatal(err)
	}
	numbers := func(r *register.Register) (out []string) {
		for _, e := range r.Events {
			if e.Release != nil {
				out = append(out, e.Release.JCBH+" "+e.Release.CID)
			}
		}
		return out
	}
	before := numbers(reg)
	replaced := 0
	for _, e := range reg.Events {
		if e.Release != nil && e.Release.Supersedes != "" {
			replaced++
		}
	}
	unique := slices.Clone(before)
	slices.Sort(unique)
	if len(slices.Compact(unique)) != len(before) || replaced < 2 {
		t.Errorf("%d numbers take the place of others; released %v", replaced, before)
	}
	result, err := issue.Run(ctx, drivers(), issue.Options{
		Product: nightFile(dir, synth.Nights, "out", ""), Register: filepath.Join(dir, registerDir), To: filepath.Join(dir, "again"),
		Batch: "演示末期", Now: time.Now(),
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(result.Releases) > 0 {
		t.Errorf("%d patches were released again", len(result.Releases))
	}
	if reg, err = register.Open(filepath.Join(dir, registerDir)); err != nil {
		t.Fatal(err)
	}
	if after := numbers(reg); !slices.Equal(before, after) || len(before) < 9 {
		t.Errorf("released before %v, and after %v", before, after)
	}
}

// legalAreasAreExact compares the areas of each patch in each layer with overlays of its outline in the plane, which
// differ from the ellipsoid by some parts in a million here, and what the patch is divided in with the patch.
func legalAreasAreExact(t *testing.T, c *synth.County, out string) {
	t.Helper()
	p, err := outcome.Open(ctx, drivers(), out)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	layers := map[string][]outcome.Row{}
	for _, name := range []string{"changes", "changes_units"} {
		if layers[name], _, err = p.Layer(ctx, name, ""); err != nil {
			t.Fatal(err)
		}
	}
	units := map[string]float64{}
	for _, u := range layers["changes_units"] {
		units[u.Text("cid")] += number(t, u, "MJ")
	}
	land := map[string][]orb.MultiPolygon{}
	for _, l := range c.Layers() {
		for _, f := range l.Features {
			land[l.Kind] = append(land[l.Kind], f.Polygons)
		}
	}
	engine := geos.New()
	crossing := 0
	for _, r := range layers["changes"] {
		area := number(t, r, "JCMJ")
		same := func(what string, got, want, tolerance float64) {
			if math.Abs(got-want) > tolerance {
				t.Errorf("%s of %s: %.2f, want %.2f m²", what, r.Text("cid"), got, want)
			}
		}
		same("parts by unit", units[r.Text("cid")], area, 0.01)
		classes := 0.0
		for _, f := range []string{"GDMJ", "QTNYDMJ", "WLYDMJ", "JSYDMJ", "QTMJ"} {
			classes += number(t, r, f)
		}
		same("shares of land", classes, area, 0.01)
		for _, f := range []struct{ field, kind string }{
			{"YNMJ", "basic_farmland"}, {"YNJBMJ", "basic_farmland_old"}, {"HXMJ", "red_line"}, {"BHDMJ", "nature_reserve"}, {"HTDMJ", "black_soil"},
			{"CZMJ", "village_boundary"}, {"KFWMJ", "urban_boundary"},
		} {
			want, err := planeArea(engine, r.Geom, land[f.kind], c.Grid())
			if err != nil {
				t.Fatal(err)
			}
			if f.kind == "urban_boundary" {
				want = area - want
			}
			if want > 1 && want < area-1 {
				crossing++
			}
			same(f.field, number(t, r, f.field), want, 0.02+1e-4*area)
		}
		for _, f := range [][2]string{{"SFYN", "YNMJ"}, {"SFHX", "HXMJ"}} {
			if yes, a := r.Text(f[0]) == "是", number(t, r, f[1]); yes && a < 10 || !yes && a > area/2 {
				t.Errorf("%s of %s is %q at %.2f m²", f[0], r.Text("cid"), r.Text(f[0]), a)
			}
		}
		if !strings.Contains(r.Text("BZ"), "仅作线索，不作为处罚依据") {
			t.Errorf("%s says %q", r.Text("cid"), r.Text("BZ"))
		}
	}
	if crossing < 10 {
		t.Errorf("only %d edges of layers cross a patch", crossing)
	}
}

// planeArea is the area of a patch within the union of polygons, in the plane of the grid.
func planeArea(engine *geos.Engine, patch orb.MultiPolygon, land []orb.MultiPolygon, g raster.Grid) (float64, error) {
	b := patch.Bound()
	var near []orb.MultiPolygon
	for _, mp := range land {
		if mp.Bound().Intersects(b) {
			near = append(near, mp)
		}
	}
	pieces, _, err := geometry{engine}.Overlay(patch, near)
	if err != nil {
		return 0, fmt.Errorf("overlaying: %w", err)
	}
	sum := 0.0
	for _, piece := range pieces {
		sum += planar.Area(fromCorner(piece.Geom, g))
	}
	return sum, nil
}

// fromCorner moves a geometry to the grid's corner, where products of coordinates keep their digits.
func fromCorner(mp orb.MultiPolygon, g raster.Grid) orb.MultiPolygon {
	mp = mp.Clone()
	for _, p := range mp {
		for _, r := range p {
			for i := range r {
				r[i][0] -= g.Transform[0]
				r[i][1] -= g.Transform[3]
			}
		}
	}
	return mp
}
