package pipeline

import (
	"fmt"
	"slices"

	"tuban/classify/object"
	"tuban/raster"
)

const (
	// ownBytes is what the program, its supervisor and the native libraries occupy beside tiles and caches, as measured.
	ownBytes = 196 << 20
	// cacheShare of the rest keeps decoded pixels between neighbouring tiles.
	cacheShare = 0.4
)

// StorageCacheBytes bounds what is kept of objects in storage between reads, when a run reads any.
const StorageCacheBytes = 48 << 20

// storageBytes is what reading from object storage occupies.
func (p *Plan) storageBytes() int64 {
	for _, s := range slices.Concat(p.Before, p.After) {
		if remote(s.URI) {
			return StorageCacheBytes
		}
	}
	for _, q := range p.Probabilities {
		if remote(q.Scene.URI) {
			return StorageCacheBytes
		}
	}
	return 0
}

// storageWorkers is how many tiles are in work for each processor where imagery comes from object storage, unless the number is
// given: while some wait for an answer, others are decoded.
const storageWorkers = 3

// size fits tile, cache and, where even the smallest tile is too large for them, workers into the memory: large tiles
// waste less on the halo, small ones fit.
func (p *Plan) size(o Options) error {
	free := float64(o.Memory - ownBytes - p.storageBytes())
	tiles := []int{largestTile, 256}
	if o.Tile > 0 {
		tiles = []int{o.Tile}
	}
	wanted := p.Workers
	for ; p.Workers > 0; p.Workers-- {
		share := int64(free * (1 - cacheShare) / float64(p.Workers))
		for _, p.Tile = range tiles {
			if p.WorkerBytes = p.tileBytes(p.Tile); p.WorkerBytes > share {
				continue
			}
			if p.Workers < wanted {
				p.Advice = append(p.Advice, fmt.Sprintf("%d workers instead of %d: each needs %d MiB; all would need --memory %dMiB",
					p.Workers, wanted, p.WorkerBytes>>20, p.memory(wanted)))
			}
			p.sizeCache(int64(free * cacheShare / 2))
			return nil
		}
	}
	return badInput("%d MiB of memory are too little: one worker needs %d MiB for tiles of %d pixels; give at least --memory %dMiB",
		o.Memory>>20, p.WorkerBytes>>20, p.Tile, p.memory(1))
}

// sizeCache sets the order of the tiles, and what is kept of decoded pixels for it, at most so many bytes a date.
func (p *Plan) sizeCache(most int64) {
	p.Swath, p.EdgeBytes = 0, 0
	held := int64(leastCache)
	for _, scenes := range [][]raster.Scene{p.Before, p.After} {
		swath, bytes, edges := p.swath(scenes)
		p.Swath, held, p.EdgeBytes = max(p.Swath, swath), max(held, bytes), max(p.EdgeBytes, edges)
	}
	p.EdgeBytes = min(p.EdgeBytes, most/2)
	// A run that fits into less takes no more than its pixels.
	whole := p.Grid.Pixels() * 4 * int64(len(p.Roles))
	p.CacheBytes = min(most, held+p.EdgeBytes, max(whole, leastCache)+p.EdgeBytes)
}

// leastCache is kept of decoded pixels wherever there is memory, for what is read in no order.
const leastCache = 24 << 20

// keptMargin is how many pixels along the edges of a block are kept when the rest is dropped (gdal.edgePixels).
const keptMargin = 64

// swathPixels is how wide the columns are in which the tiles of a large grid are taken where margins are too wide to be kept.
// Those of two neighbouring columns both decode what lies between them.
const swathPixels = 16384

// swath returns how many tiles across are taken row by row, so that neighbours find decoded pixels that they share, and how
// many bytes of the scenes, and of the edges of their blocks, these are.
func (p *Plan) swath(scenes []raster.Scene) (tiles int, bytes, edges int64) {
	all := (p.Grid.W+p.Tile-1)/p.Tile + 1
	margin := p.CleanHalo + p.TextureHalo
	for _, s := range scenes {
		w, h := decodedBlock(s)
		n, pixel := all, p.pixelBytes(s)
		blocks := func(pixels, edge int) int64 { return int64((pixels+2*margin+edge-1)/edge) + 1 }
		// What the workers have in hand: a block each, and its neighbours where something of them is looked at again.
		held := int64(4*p.Workers) * int64((p.Tile+w-1)/w) * int64((p.Tile+h-1)/h)
		switch {
		case w > swathPixels || w >= s.Native.W:
			held = blocks(p.Tile, h) // a strip is decoded as a whole, and kept for all tiles of a row
		case 2*margin > keptMargin:
			// A row of blocks, for the tiles below.
			n = max(1, swathPixels/p.Tile)
			held += blocks(min(n, all)*p.Tile, w) * int64(max(1, p.Tile/h))
		default:
			// A row of them, and what workers that are ahead of others add to it.
			edges = max(edges, (blocks(p.Grid.W, w)+4*int64(p.Workers)+4)*int64(keptMargin*(w+h))*pixel)
		}
		tiles = max(tiles, min(n, all))
		bytes = max(bytes, held*int64(w)*int64(h)*pixel)
	}
	return tiles, bytes, edges
}

// decodedBlock is the size of what is decoded of a scene at once: its storage blocks, several small ones together.
func decodedBlock(s raster.Scene) (w, h int) {
	if s.BlockW < s.Native.W {
		return max(s.BlockW, 256), max(s.BlockH, 256)
	}
	return max(s.Native.W, 1), max(s.BlockH, 16)
}

// pixelBytes is what a decoded pixel of a scene takes in the cache.
func (p *Plan) pixelBytes(s raster.Scene) int64 { return int64(decodedBytes(s)*len(p.Roles) + 1) }

// decodedBytes is what a decoded sample takes: small integers are kept as they are, all else as float32, and so are warped ones.
func decodedBytes(s raster.Scene) int {
	switch s.DataType {
	case "Byte":
		return 1
	case "UInt16", "Int16":
		return 2
	}
	return 4
}

// memory is how many MiB a run needs in all for workers of WorkerBytes.
func (p *Plan) memory(workers int) int64 {
	return (ownBytes+p.storageBytes()+int64(float64(workers)*float64(p.WorkerBytes)/(1-cacheShare)))>>20 + 1
}

// largestTile is a storage block of most images: what is left unread of a date is left out by tiles.
const largestTile = 512

// tileBytes estimates what a tile in work occupies: what is kept of each pixel, the planes of both dates with halo, textures and
// their scratch over as much of it as is looked at at once, and what reading it takes.
func (p *Plan) tileBytes(tile int) int64 {
	w, h := min(tile, p.Grid.W)+2*p.CleanHalo, min(tile, p.Grid.H)+2*p.CleanHalo
	// Origins of both dates, a condition cleaned, the kind, what is undecided, evidence; of each tile in work the parcel, the
	// region, and a condition for each kind.
	kept := int64(w) * int64(h) * int64(8+1+5+4*object.NEvidence+tilesAtOnce*(5+len(p.Rules.Kinds)))
	view := int64(w) * stripRows
	if p.TextureHalo > 0 {
		view = int64(w+2*p.TextureHalo) * int64(h+2*p.TextureHalo)
	}
	planes := int64(2*len(p.Roles) + len(p.Roles)) // both dates, and one scene being merged
	for _, pl := range p.Planes {
		if !pl.read() {
			planes++
		}
	}
	if p.Registration {
		planes += int64(2*len(p.Roles)) + 2 // as read, and moved; their origins
	}
	if p.TextureHalo > 0 {
		planes += 8 + 2 // brightness and the scratch of box sums; origins
	}
	for d := range p.besides {
		if p.besides[d].seams != nil || p.besides[d].clouds != nil || p.Clouds {
			planes += 3 // origins, what hides a pixel, a mask
			break
		}
	}
	return kept + view*4*planes + p.readBytes()
}

const (
	// largeBlock is the size from which storage blocks count: smaller ones are part of ownBytes.
	largeBlock = 4 << 20
	// warpSource and warpCell are the pixels that are warped at once, and those that they become (gdal.maxWarpSource, the
	// square of gdal.lattice). They exist three times: as read, in the source or target of the warper, and in its chunk.
	warpSource, warpCell, warpCopies = 1 << 20, 512 * 512, 3
)

// readBytes is what a worker occupies while it reads the scene that takes most.
func (p *Plan) readBytes() int64 {
	most := int64(0)
	sample := 4 * int64(len(p.Roles))
	var rasters []raster.Scene
	for _, q := range p.Probabilities {
		rasters = append(rasters, q.Scene)
	}
	for _, scenes := range [][]raster.Scene{p.Before, p.After, p.besides[0].masks, p.besides[1].masks, rasters} {
		for _, s := range scenes {
			n := int64(0)
			if block := int64(min(s.BlockW, s.Native.W)) * int64(min(s.BlockH, s.Native.H)) * sample; block > largeBlock {
				n += 2 * block // two beside one another, as stored and as decoded
			}
			if _, _, ok := p.Grid.Offset(s.Native); !ok {
				n += warpCopies * sample * (min(warpSource, s.Native.Pixels()) + min(warpCell, p.Grid.Pixels()))
			}
			most = max(most, n)
		}
	}
	return most
}
