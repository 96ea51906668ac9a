package register

import "tuban/raster"

// quantum is the fineness of sub-pixel positions, in parts of a pixel: 1/512 pixel of error at most, and a table of weights
// instead of a polynomial for each pixel.
const quantum = 256

// offsets writes to dx and dy the correction at the n pixels of row y that begin at column x, in quanta, rounded.
// Each depends on its own position and the grid alone: nothing is carried along the row.
func (f *Field) offsets(dx, dy []int32, x, y int) {
	_, j, _, ty := f.cell(0, float64(y)+0.5)
	for k := 0; k < len(dx); {
		i, _ := along(float64(x+k)+0.5, f.W, f.NX)
		o := j*f.NX + i
		x0, x1 := lerp(f.DX[o], f.DX[o+f.NX], ty), lerp(f.DX[o+1], f.DX[o+f.NX+1], ty)
		y0, y1 := lerp(f.DY[o], f.DY[o+f.NX], ty), lerp(f.DY[o+1], f.DY[o+f.NX+1], ty)
		sx, sy := x1-x0, y1-y0
		for end := f.cellEnd(i, x, len(dx)); k < end; k++ {
			u := float64((float64(x+k)+0.5)*float64(f.NX-1)/float64(f.W)) - float64(i)
			dx[k] = round((x0 + float64(sx*u)) * quantum)
			dy[k] = round((y0 + float64(sy*u)) * quantum)
		}
	}
}

// cellEnd returns how many pixels from column x on, of n, lie before the end of column i of lattice cells.
func (f *Field) cellEnd(i, x, n int) int {
	end := max(0, min(n, int(float64(i+1)*float64(f.W)/float64(f.NX-1))-x-1))
	// The lattice's own arithmetic decides about the pixels on its line, wherever a row begins.
	for end < n {
		if j, _ := along(float64(x+end)+0.5, f.W, f.NX); j > i {
			break
		}
		end++
	}
	return end
}

// round rounds half up; a positive bias makes truncation the floor.
func round(v float64) int32 {
	const bias = 1 << 20
	return int32(v+(bias+0.5)) - bias
}

// checkWindows panics unless src holds all that is needed to fill dst.
func (f *Field) checkWindows(dst, src raster.Window) {
	if grid := (raster.Window{W: f.W, H: f.H}); !grid.Contains(dst) || !grid.Contains(src) {
		panic("register: a window outside the grid of the field")
	}
	if !src.Contains(f.Source(dst)) {
		panic("register: source window " + src.String() + " does not hold " + f.Source(dst).String())
	}
}
