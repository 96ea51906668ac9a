package evidence

import (
	"slices"

	"tuban/raster"
)

// piece is the part of a frame in a tile.
type piece struct {
	frame int
	raster.Window
}

// pass is a sequence of tiles with the pieces that are cut from each. Every tile is decoded once.
type pass struct {
	tiles []work
	// peak is how many bytes the pictures take that are in the making together, if tiles are worked on in order.
	peak int64
}

// work is what one tile is read for.
type work struct{ pieces []piece }

// schedule cuts the frames by the tiles. Where the pictures in the making would take more than budget bytes, the tiles are
// taken in several passes, each of a column of the land: what a column shares with its neighbour is then decoded twice.
func schedule(frames []frame, infrared bool, tiles []raster.Tile, budget int64) []pass {
	if len(frames) == 0 {
		return nil
	}
	columns := 1
	for _, t := range tiles {
		columns = max(columns, t.Core.X+t.Core.W)
	}
	for n := 1; ; n *= 2 {
		var out []pass
		fits := true
		for k := range n {
			from, to := columns*k/n, columns*(k+1)/n
			var mine []int
			for i, f := range frames {
				if c := f.X + f.W/2; c >= from && c < to {
					mine = append(mine, i)
				}
			}
			if p := onePass(frames, mine, infrared, tiles); len(p.tiles) > 0 {
				out = append(out, p)
				fits = fits && (p.peak <= budget || len(mine) == 1)
			}
		}
		if fits || n >= columns {
			return out
		}
	}
}

// onePass lays some of the frames over the tiles.
func onePass(frames []frame, mine []int, infrared bool, tiles []raster.Tile) pass {
	var p pass
	byTop := slices.Clone(mine)
	slices.SortStableFunc(byTop, func(a, b int) int { return frames[a].Y - frames[b].Y })
	tallest := 0
	for _, i := range mine {
		tallest = max(tallest, frames[i].H)
	}
	first, last := make(map[int]int, len(mine)), make(map[int]int, len(mine))
	for _, t := range tiles {
		var w work
		// Frames that begin too far above end before the tile does.
		from, _ := slices.BinarySearchFunc(byTop, t.Core.Y-tallest, func(i, y int) int { return frames[i].Y - y })
		for _, i := range byTop[from:] {
			if frames[i].Y >= t.Core.Y+t.Core.H {
				break
			}
			if x := frames[i].Intersect(t.Core); !x.Empty() {
				w.pieces = append(w.pieces, piece{i, x})
				if _, seen := first[i]; !seen {
					first[i] = len(p.tiles)
				}
				last[i] = len(p.tiles)
			}
		}
		if len(w.pieces) > 0 {
			p.tiles = append(p.tiles, w)
		}
	}
	change := make([]int64, len(p.tiles)+1)
	for i, at := range first {
		change[at] += frames[i].bytes(infrared)
		change[last[i]+1] -= frames[i].bytes(infrared)
	}
	var now int64
	for _, c := range change {
		now += c
		p.peak = max(p.peak, now)
	}
	return p
}

// cuts counts the pieces of each frame in a pass.
func (p pass) cuts() map[int]int {
	n := map[int]int{}
	for _, t := range p.tiles {
		for _, c := range t.pieces {
			n[c.frame]++
		}
	}
	return n
}
