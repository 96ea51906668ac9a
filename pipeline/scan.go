package pipeline

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"tuban/classify/object"
	"tuban/pipeline/survey"
	"tuban/raster"
)

// scanned is what the tiles leave together.
type scanned struct {
	// runs of all tiles, changes and gaps, in no particular order.
	runs []object.Run
	// unobserved counts the pixels of the gaps, examined those at which a kind is eligible.
	unobserved gapPixels
	examined   int64
	// tiles were to be scanned; skipped had nothing eligible and were never read; resumed came from an earlier start.
	tiles, skipped, resumed int
	failures                []ReadFailure
}

// tileNote is what the journal keeps of a tile beside its runs.
type tileNote struct {
	Skipped  bool          `json:"skipped,omitempty"`
	Failures []ReadFailure `json:"failures,omitempty"`
	Gaps     gapPixels     `json:"gaps,omitempty"`
	Examined int64         `json:"examined,omitempty"`
	fate     Tally         // what became of the tile in this run, for its account
}

// syncEvery is what work a power loss may cost.
const syncEvery = 10 * time.Second

// scan runs every tile, or takes it from the journal of an earlier start, and returns all runs.
func (p *Plan) scan(ctx context.Context, d Drivers, store *survey.Store, scratch string, o Options) (*scanned, error) {
	elig, err := p.eligibility(store)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(scratch, 0o755); err != nil {
		return nil, err
	}
	tiles := swaths(p.tiles(), max(1, p.Swath))
	out := &scanned{tiles: len(tiles), unobserved: gapPixels{}}
	list := newRunList(p, o.Memory)
	take := func(runs []object.Run, note tileNote) error {
		out.unobserved.add(note.Gaps)
		out.examined += note.Examined
		out.failures = append(out.failures, note.Failures...)
		if note.Skipped {
			out.skipped++
		}
		return list.add(runs)
	}
	j, done, err := openJournal(filepath.Join(scratch, fmt.Sprintf("tiles-%d.journal", p.Tile)), take)
	if err != nil {
		return nil, err
	}
	defer j.Close()

	o.Progress.Stage("scan", p.Grid.Pixels())
	var todo []raster.Tile
	for _, t := range tiles {
		if done[t.Index] {
			out.resumed++
			o.Account.Count(TilesResumed, 1, t.Core.Pixels())
			o.Progress.Advance(t.Core.Pixels())
		} else {
			todo = append(todo, t)
		}
	}
	synced := time.Now()
	if err := p.scanTiles(ctx, d, elig, todo, o, func(t raster.Tile, runs []object.Run, note tileNote) error {
		text, err := json.Marshal(note)
		if err != nil {
			return err
		}
		if err := object.AppendRecord(j, object.Record{Tile: t.Index, Runs: runs, Note: string(text)}); err != nil {
			return fmt.Errorf("keeping a finished tile: %w: make room on that disk, or choose another place with --scratch; the same command then continues", err)
		}
		if time.Since(synced) > syncEvery {
			if err := j.Sync(); err != nil {
				return fmt.Errorf("keeping finished tiles: %w", err)
			}
			synced = time.Now()
		}
		if err := take(runs, note); err != nil {
			return err
		}
		o.Account.Count(note.fate, 1, t.Core.Pixels())
		o.Progress.Advance(t.Core.Pixels())
		return nil
	}); err != nil {
		return nil, err
	}
	if out.runs, err = list.take(); err != nil {
		return nil, err
	}
	out.failures = gather(out.failures)
	return out, j.Sync()
}

// gather sorts failures and makes one of those that lie side by side; several tiles can have met the same one.
func gather(list []ReadFailure) []ReadFailure {
	slices.SortFunc(list, func(a, b ReadFailure) int {
		return cmp.Or(cmp.Compare(a.Scene, b.Scene), cmp.Compare(a.Window.Y, b.Window.Y), cmp.Compare(a.Window.X, b.Window.X))
	})
	var out []ReadFailure
	for _, f := range list {
		if n := len(out); n > 0 {
			last := &out[n-1]
			if last.Scene == f.Scene && last.Window.Y == f.Window.Y && last.Window.H == f.Window.H && last.Window.X+last.Window.W >= f.Window.X {
				last.Window = last.Window.Union(f.Window)
				continue
			}
		}
		out = append(out, f)
	}
	return out
}

// scanTiles hands the tiles to the workers. finish is called for one tile at a time.
func (p *Plan) scanTiles(ctx context.Context, d Drivers, elig *eligibility, tiles []raster.Tile, o Options, finish func(raster.Tile, []object.Run, tileNote) error) error {
	if len(tiles) == 0 {
		return nil
	}
	before, err := p.openDate(d.Imagery, 0, p.Roles, p.CacheBytes)
	if err != nil {
		return err
	}
	defer before.Close()
	after, err := p.openDate(d.Imagery, 1, p.Roles, p.CacheBytes)
	if err != nil {
		return err
	}
	defer after.Close()

	before.keepEdges(p.EdgeBytes)
	after.keepEdges(p.EdgeBytes)

	// A run of few tiles leaves none of the workers without one.
	atOnce := tilesAtOnce
	if len(tiles) < 4*tilesAtOnce*p.Workers {
		atOnce = 1
	}
	queue := make(chan []raster.Tile)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(queue)
		for some := range slices.Chunk(tiles, atOnce) {
			select {
			case queue <- some:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	var mu sync.Mutex
	for range p.Workers {
		g.Go(func() error {
			mosaics := [2]*mosaic{before.mosaic(), after.mosaic()}
			s := newTileScanner(p, elig, mosaics[0], mosaics[1])
			for _, m := range mosaics {
				m.strict, m.failed = o.Strict, s.lost
			}
			var cores []raster.Window
			for some := range queue {
				cores = cores[:0]
				for _, t := range some {
					cores = append(cores, t.Core)
				}
				err := s.scan(ctx, cores, func(i int, runs []object.Run) error {
					note := tileNote{Skipped: s.can == 0, Failures: s.failures, Examined: s.examined, fate: s.fate}
					note.Gaps = countGaps(runs, s.core, s.parcel)
					mu.Lock()
					defer mu.Unlock()
					return finish(some[i], runs, note)
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	err = g.Wait()
	o.Account.Count(PixelsDecoded, 0, before.decoded()+after.decoded())
	return err
}

// tiles cuts the grid. Tiles of whole storage blocks lie on those of the first before scene, moved up and to the left by the
// margin that a tile reads: so what a tile reads ends with a block, and begins with the edges of those of the tiles before.
func (p *Plan) tiles() []raster.Tile {
	margin := p.CleanHalo + p.TextureHalo + p.adjust.halo
	for _, s := range p.Before {
		if x, y, ok := p.Grid.Offset(s.Native); ok && s.BlockW > 0 && p.Tile%s.BlockW == 0 {
			return raster.TilesAt(p.Grid, p.Tile, 0, x-margin, y-margin)
		}
	}
	return raster.Tiles(p.Grid, p.Tile, 0)
}

// swaths orders the tiles in columns of the given width in tiles, row by row within each: neighbours follow one another
// closely enough that the decoded pixels that they share are still in the cache.
func swaths(tiles []raster.Tile, width int) []raster.Tile {
	column := map[int]int{}
	for _, t := range tiles {
		if _, ok := column[t.Core.X]; !ok {
			column[t.Core.X] = len(column) / width // the first row of tiles has all columns, in order
		}
	}
	out := slices.Clone(tiles)
	slices.SortStableFunc(out, func(a, b raster.Tile) int { return column[a.Core.X] - column[b.Core.X] })
	return out
}

// openJournal reads what an earlier start left, and opens the journal for appending behind its last whole record.
// Tiles with unreadable windows are not taken over: another try may succeed. Nor are those whose gaps are not counted in
// their note.
func openJournal(path string, take func([]object.Run, tileNote) error) (*os.File, map[int]bool, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, nil, err
	}
	done := map[int]bool{}
	good, err := object.ReadJournal(f, func(r object.Record) error {
		var note tileNote
		if err := json.Unmarshal([]byte(r.Note), &note); err != nil {
			return fmt.Errorf("%s: tile %d: %w", path, r.Tile, err)
		}
		if len(note.Failures) > 0 || done[r.Tile] || !note.Gaps.matches(r.Runs) {
			return nil
		}
		done[r.Tile] = true
		return take(r.Runs, note)
	})
	if err == nil {
		err = f.Truncate(good)
	}
	if err == nil {
		_, err = f.Seek(good, 0)
	}
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, done, nil
}
