package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"tuban/pipeline"
	"tuban/raster/gdal"
	"tuban/raster/synth"
	"tuban/raster/vector"
)

// nightPixel is the edge of a pixel of a story in metres: four nights in the time of one county at half of it.
const nightPixel = 1

// The folders of a demo's register of decisions and releases, and of what was released after a night, with its number.
const (
	registerDir = "register"
	releaseDir  = "release"
)

// demoNights simulates a county over several nights, runs them one after the other, each with the product of the night before,
// has an office judge and release in between, and compares all of it with the truth.
func demoNights(ctx context.Context, dir string, o demoOptions, out, errw io.Writer) error {
	story, err := newStory(o)
	if err != nil {
		return usageError{err}
	}
	p := newProgress(errw)
	err = writeStory(ctx, dir, story, o, p)
	p.Close()
	if err != nil {
		return err
	}
	if o.inputsOnly {
		fmt.Fprintf(out, "inputs and truth are in %s; run them with: tuban run %s, then run2.yaml and so on\n", dir, nightFile(dir, 1, "run", ".yaml"))
		return nil
	}
	follow := newFollowing(story)
	for night := 1; night <= o.nights; night++ {
		fmt.Fprintf(out, "\nnight %d, %s\n", night, story.Night(night).Day(synth.After).Format("2006-01-02"))
		product, err := runNight(ctx, dir, night, out, errw)
		if err != nil {
			return err
		}
		score, err := follow.compare(ctx, product, night)
		if err != nil {
			return err
		}
		score.print(out)
		if err := follow.review(ctx, product, dir, night); err != nil {
			return err
		}
	}
	return nil
}

func newStory(o demoOptions) (*synth.Story, error) {
	return synth.NewStory(synth.StoryOptions{County: synth.Options{
		Size: o.Size, Seed: o.Seed, Pixel: nightPixel, Divided: true, Conditions: o.scenario.Conditions,
	}})
}

// runNight runs the run file of a night, and returns the folder of its product.
func runNight(ctx context.Context, dir string, night int, out, errw io.Writer) (string, error) {
	var f runFlags
	file, d, err := f.open(ctx, nightFile(dir, night, "run", ".yaml"))
	if err != nil {
		return "", err
	}
	opts := f.options()
	if m, err := pipeline.ReadManifest(f.out); err == nil && m.Name == file.Name {
		opts.Force = true
	}
	if err := execute(ctx, d, file, opts, out, errw); err != nil && !errors.Is(err, errGaps) {
		return "", err
	}
	return f.out, nil
}

func nightFile(dir string, night int, name, ext string) string {
	return filepath.Join(dir, fmt.Sprintf("%s%d%s", name, night, ext))
}

// writeStory leaves the image of the first date, the survey, the layers and the watched places in dir, and of each night its image,
// the approvals listed by then, its truth and its run file.
func writeStory(ctx context.Context, dir string, s *synth.Story, o demoOptions, p pipeline.Progress) error {
	// The folder is a demo's: what an office decided about an earlier one goes with it.
	own := []string{filepath.Join(dir, registerDir)}
	for night := range demoVerdicts {
		own = append(own, nightFile(dir, night, releaseDir, ""))
	}
	for _, path := range own {
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	first := s.Night(1)
	p.Stage("before", first.Grid().Pixels())
	if err := writeScene(ctx, filepath.Join(dir, "before.tif"), first, synth.Before, o, p); err != nil {
		return err
	}
	if err := writeSurvey(ctx, filepath.Join(dir, "survey.gpkg"), first); err != nil {
		return err
	}
	if err := writeLayers(ctx, dir, first); err != nil {
		return err
	}
	if err := writeWatched(ctx, filepath.Join(dir, watchFile), first); err != nil {
		return err
	}
	for night := 1; night <= o.nights; night++ {
		c := s.Night(night)
		p.Stage(fmt.Sprintf("night %d", night), c.Grid().Pixels())
		if err := writeScene(ctx, nightFile(dir, night, "night", ".tif"), c, synth.After, o, p); err != nil {
			return err
		}
		if err := writeApprovals(ctx, nightFile(dir, night, "approvals", ".gpkg"), c); err != nil {
			return err
		}
		if err := writeSights(ctx, nightFile(dir, night, "truth", ".gpkg"), s, night); err != nil {
			return err
		}
		if err := os.WriteFile(nightFile(dir, night, "run", ".yaml"), nightRunFile(c, o, night), 0o644); err != nil {
			return err
		}
	}
	return os.MkdirAll(filepath.Join(dir, registerDir), 0o755)
}

const watchFile = "watch.gpkg"

// writeWatched writes the list of places to look at, as an office keeps its past cases.
func writeWatched(ctx context.Context, path string, c *synth.County) error {
	t := vector.Table{
		Name: "cases", Title: "重点监测图斑", CRS: c.Grid().CRS, Geometry: "Polygon",
		Fields: []vector.Field{
			{Name: "AJBH", Type: vector.String, Width: 20, Alias: "案件编号"}, {Name: "MC", Type: vector.String, Width: 60, Alias: "名称"},
			{Name: "LX", Type: vector.String, Width: 20, Alias: "类型"}, {Name: "QX", Type: vector.String, Width: 8, Alias: "整改期限"},
		},
		Rows: func(yield func(vector.Row, error) bool) {
			for _, w := range c.Watched() {
				if !yield(polygonRow(w.Polygon, w.ID, w.Name, w.Type, w.Due.Format("20060102"))) {
					return
				}
			}
		},
	}
	return gdal.WriteGeoPackage(ctx, path, []vector.Table{t}, vector.WriteOptions{})
}

// writeSights writes what is known of each patch on a night.
func writeSights(ctx context.Context, path string, s *synth.Story, night int) error {
	text := func(name string, width int, alias string) vector.Field {
		return vector.Field{Name: name, Type: vector.String, Width: width, Alias: alias}
	}
	t := vector.Table{
		Name: "truth", Title: "各期真值", CRS: s.Night(night).Grid().CRS, Geometry: "Polygon",
		Fields: []vector.Field{
			text("id", 8, "真值编号"), text("life", 40, "经历"), text("type", 16, "变化种类"), text("track", 8, "与上期关系"), text("reason", 12, "消失原因"),
			text("from", 40, "来自"), text("triage", 12, "审批匹配"),
		},
		Rows: func(yield func(vector.Row, error) bool) {
			for _, k := range s.Sights(night) {
				from := fmt.Sprint(k.From)
				if !yield(polygonRow(k.Polygon, k.ID, k.Life, k.Kind, string(k.Relation), k.Reason, from[1:len(from)-1], k.Triage)) {
					return
				}
			}
		},
	}
	return gdal.WriteGeoPackage(ctx, path, []vector.Table{t}, vector.WriteOptions{})
}
