package pipeline

import "tuban/raster"

// size decides what is kept of decoded pixels, at most so many bytes for each date, and the order of the tiles that goes with it. A
// run keeps the edges of blocks alone, and decodes again what of a scene lies across its tiles; here, where tiles are taken one
// after the other, a row of such blocks is kept instead, in columns narrow enough for it.
func (s *Scenery) size(most int64) {
	p := s.plan
	p.sizeCache(most)
	var column int64 // bytes of a row of blocks, and of the one below, across a tile
	for d := range s.dates {
		for _, x := range p.scenes(d) {
			switch w, h := decodedBlock(x); {
			case w >= x.Native.W:
				return // strips are kept as a whole
			case !s.onTiles(x):
				column = max(column, 2*int64(h)*int64(p.Tile+w)*p.pixelBytes(x))
			}
		}
	}
	if column == 0 {
		return
	}
	room := most - p.EdgeBytes - leastCache
	p.Swath = int(min(int64(p.Swath), max(1, room/column)))
	p.CacheBytes = max(p.CacheBytes, min(most, int64(p.Swath+1)*column+p.EdgeBytes+leastCache))
}

// onTiles reports whether the blocks of a scene begin where tiles do.
func (s *Scenery) onTiles(x raster.Scene) bool {
	p := s.plan
	x0, y0, ok := p.Grid.Offset(p.Before[0].Native)
	x1, y1, direct := p.Grid.Offset(x.Native)
	return ok && direct && p.Tile%x.BlockW == 0 && p.Tile%x.BlockH == 0 && (x1-x0)%x.BlockW == 0 && (y1-y0)%x.BlockH == 0
}
