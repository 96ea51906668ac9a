package register

import "tuban/raster"

// FromOutside is the label of a pixel whose source lies outside the grid.
const FromOutside int32 = -1

// AlignLabels does for whole numbers (which scene a pixel is from, why it has none) what Align does for values, with the
// nearest sample, the same that decides in Align whether a pixel has data. Slices are row-major over their windows;
// srcWin holds f.Source(dstWin), and both lie on the grid. sc may be nil.
func (f *Field) AlignLabels(dst []int32, dstWin raster.Window, src []int32, srcWin raster.Window, sc *Scratch) {
	f.checkWindows(dstWin, srcWin)
	if sc == nil {
		sc = &Scratch{}
	}
	dx, dy := sc.row(dstWin.W)
	for y := dstWin.Y; y < dstWin.Y+dstWin.H; y++ {
		row := dst[(y-dstWin.Y)*dstWin.W:][:dstWin.W]
		if f.Identity() {
			copy(row, src[(y-srcWin.Y)*srcWin.W+dstWin.X-srcWin.X:])
			continue
		}
		f.offsets(dx, dy, dstWin.X, y)
		for i := range row {
			sx, sy := nearest(dstWin.X+i+int(dx[i]>>8), dx[i]&(quantum-1)), nearest(y+int(dy[i]>>8), dy[i]&(quantum-1))
			if sx < 0 || sy < 0 || sx >= f.W || sy >= f.H {
				row[i] = FromOutside
				continue
			}
			row[i] = src[(sy-srcWin.Y)*srcWin.W+sx-srcWin.X]
		}
	}
}
