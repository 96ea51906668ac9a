package main

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"tuban/pipeline"
	"tuban/raster"
)

// watch sees what a run does: as its progress, and as the driver that reads its pixels.
type watch struct {
	imagery
	// each is called before every progress message n, counted from 1, with the stage that it belongs to.
	each func(stage string, n int)

	mu    sync.Mutex
	stage string
	n     int
	// read counts, per window, how often the first scene of a date was read in the stage scan.
	read map[raster.Window]int
}

func (w *watch) drivers() pipeline.Drivers {
	d := drivers()
	d.Imagery = w
	return d
}

func (w *watch) tell(stage string) {
	w.mu.Lock()
	if stage != "" {
		w.stage = stage
	}
	w.n++
	stage, n := w.stage, w.n
	w.mu.Unlock()
	if w.each != nil {
		w.each(stage, n)
	}
}

func (w *watch) Stage(name string, _ int64) { w.tell(name) }
func (w *watch) Advance(int64)              { w.tell("") }

func (w *watch) Open(g raster.Grid, scenes []raster.Scene, roles []raster.Role, cacheBytes int64) (pipeline.Pixels, error) {
	px, err := w.imagery.Open(g, scenes, roles, cacheBytes)
	return watchedPixels{px, w}, err
}

type watchedPixels struct {
	pipeline.Pixels
	w *watch
}

func (p watchedPixels) Read(ctx context.Context, scene int, win raster.Window, dst [][]float32) error {
	p.w.mu.Lock()
	if p.w.stage == "scan" {
		if p.w.read == nil {
			p.w.read = map[raster.Window]int{}
		}
		p.w.read[win]++
	}
	p.w.mu.Unlock()
	return p.Pixels.Read(ctx, scene, win, dst)
}

// journal is the file in which a run that was given these options keeps its finished tiles.
func journal(t testing.TB, out string) string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(out, ".tuban", "*", "scan-*", "tiles-*.journal"))
	if err != nil || len(list) != 1 {
		t.Fatalf("the journals below %s: %v, %v; want one", out, list, err)
	}
	return list[0]
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
