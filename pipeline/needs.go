package pipeline

import (
	"fmt"
	"slices"

	"tuban/classify/bandmath"
	"tuban/classify/texture"
	"tuban/classify/vector"
	"tuban/raster"
)

// brightnessRoles are what textures are computed from.
var brightnessRoles = []raster.Role{raster.Blue, raster.Green, raster.Red}

// rolesOf returns the bands that an input is computed from. The change statistic takes whatever bands both dates have.
func rolesOf(in bandmath.Input) []raster.Role {
	switch in.Kind() {
	case bandmath.Band:
		return []raster.Role{raster.Role(in.Name)}
	case bandmath.Texture:
		return brightnessRoles
	}
	return nil
}

// uses reports whether the rules read an input of a kind.
func (p *Plan) uses(kind bandmath.InputKind) bool {
	return slices.ContainsFunc(p.Planes, func(pl Plane) bool { return pl.Kind == kind })
}

// read reports whether the plane is one of the roles that are read, not computed.
func (pl Plane) read() bool { return pl.Kind == bandmath.Band || pl.Kind == bandmath.Raster }

// compute fills dst with the plane's texture of the brightness src over w.
func (pl Plane) compute(dst, src []float32, w raster.Window, sc *texture.Scratch) {
	texture.In(pl.Texture, dst, src, w, w, pl.Size, sc)
}

// brightness returns the mean of blue, green and red over b, as the index of that name, in dst's memory if it suffices.
func brightness(dst []float32, p *Plan, b *raster.Block) []float32 {
	dst = grow(dst, int(b.Pixels()))
	var in [3][]float32
	for i, r := range brightnessRoles {
		in[i] = b.Planes[p.roleIndex(r)][:len(dst)]
	}
	for o := 0; o < len(dst); o += bandmath.Chunk {
		end := min(o+bandmath.Chunk, len(dst))
		sum := dst[o:end]
		vector.Sum(sum, in[0][o:end], in[1][o:end])
		vector.Sum(sum, sum, in[2][o:end])
		vector.DivConst(sum, sum, 3)
	}
	return dst
}

// planes resolves the inputs of a program to planes, the bands they need, and the halo of textures.
func (p *Plan) planes(program *bandmath.Program) error {
	pixel := (p.Pixel.X + p.Pixel.Y) / 2
	add := func(roles []raster.Role) {
		for _, r := range roles {
			if !slices.Contains(p.Roles, r) {
				p.Roles = append(p.Roles, r)
			}
		}
	}
	for _, in := range program.Inputs() {
		plane := Plane{Date: in.Date, Kind: in.Kind()}
		switch plane.Kind {
		case bandmath.Band:
			plane.Role = raster.Role(in.Name)
		case bandmath.State:
			plane.State = in.Name
		case bandmath.Raster:
			plane.Role = raster.Role(in.Name)
			add([]raster.Role{plane.Role})
		case bandmath.Change:
			add(p.commonRoles())
		case bandmath.Texture:
			plane.Texture = texture.Kind(in.Name)
			plane.Size = texture.SizeOf(plane.Texture, in.Size, pixel)
			if err := plane.Size.Check(plane.Texture); err != nil {
				return badInput("rules: %s on pixels of %.3g m: %w", in, pixel, err)
			}
			p.TextureHalo = max(p.TextureHalo, plane.Size.Halo(plane.Texture))
		}
		p.Planes = append(p.Planes, plane)
		add(rolesOf(in))
	}
	if p.uses(bandmath.Raster) {
		add(p.witnesses())
	}
	slices.SortFunc(p.Roles, byRole)
	return nil
}

// needs resolves what the rules read, and says by what each kind is decided, and which scene lacks what for it.
func (p *Plan) needs() error {
	program := p.Rules.Program
	if err := p.planes(program); err != nil {
		return err
	}
	judgeable := false
	for i := range p.Rules.Kinds {
		kind := &p.Rules.Kinds[i]
		kind.Clean = kind.Clean.At((p.Pixel.X + p.Pixel.Y) / 2)
		p.CleanHalo = max(p.CleanHalo, kind.Clean.Halo())
		j := p.judge(*kind)
		p.Judging = append(p.Judging, j)
		p.Gaps = append(p.Gaps, j.NotJudgeable...)
		judgeable = judgeable || j.By != ""
	}
	if !judgeable {
		l := p.Gaps[0]
		return badInput("no kind can be judged: %s needs %v of the %s scene %s; check the band roles (`bands:`), or give rules for the bands there are (`rules: FILE`)", l.Kind, l.Roles, l.Date, l.Scene)
	}
	return nil
}

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

// size fits tile, cache and, where even the smallest tile is too large for them, workers into the memory: large tiles
// waste less on the halo, small ones fit.
func (p *Plan) size(o Options) error {
	free := float64(o.Memory - ownBytes - p.storageBytes())
	// Half each date. A run that fits into less takes no more than its pixels.
	whole := p.Grid.Pixels() * 4 * int64(len(p.Roles))
	p.CacheBytes = min(int64(free*cacheShare/2), max(whole, 16<<20))
	tiles := []int{largestTile, 512, 256}
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
			return nil
		}
	}
	return badInput("%d MiB of memory are too little: one worker needs %d MiB for tiles of %d pixels; give at least --memory %dMiB",
		o.Memory>>20, p.WorkerBytes>>20, p.Tile, p.memory(1))
}

// memory is how many MiB a run needs in all for workers of WorkerBytes.
func (p *Plan) memory(workers int) int64 {
	return (ownBytes+p.storageBytes()+int64(float64(workers)*float64(p.WorkerBytes)/(1-cacheShare)))>>20 + 1
}

// largestTile keeps enough tiles for the workers to share the end of a run evenly.
const largestTile = 1024

// tileBytes estimates what a tile in work occupies: planes of both dates with halo, textures and their scratch, a
// condition per kind, the core's parcels, scene numbers and labels, and what reading it takes.
func (p *Plan) tileBytes(tile int) int64 {
	read := int64(min(tile, p.Grid.W)+2*(p.CleanHalo+p.TextureHalo)) * int64(min(tile, p.Grid.H)+2*(p.CleanHalo+p.TextureHalo))
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
		planes += 8 // brightness and the scratch of box sums
	}
	for d := range p.besides {
		if p.besides[d].seams != nil || p.besides[d].clouds != nil || p.Clouds {
			planes += 3 // origins, what hides a pixel, a mask
			break
		}
	}
	return read*4*planes + read*int64(2*len(p.Rules.Kinds)+12) + p.readBytes()
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
				n += block
			}
			if _, _, ok := p.Grid.Offset(s.Native); !ok {
				n += warpCopies * sample * (min(warpSource, s.Native.Pixels()) + min(warpCell, p.Grid.Pixels()))
			}
			most = max(most, n)
		}
	}
	return most
}
