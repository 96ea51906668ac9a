package raster

// Collar is the part of an image around its content that is filled with one value: spans of pixels per row of the file,
// sorted and apart. The zero value is empty.
type Collar struct {
	// Rows holds, per row of the image, the columns at which the collar alternately begins and ends; nil for a row without.
	Rows [][]int32
}

// Mark sets bad, row-major over w, where the collar is, and reports whether it did anywhere. w is in pixels of the file.
// It panics when bad does not have w's size.
func (c *Collar) Mark(bad []bool, w Window) (any bool) {
	if int64(len(bad)) != w.Pixels() {
		panic("raster: Collar.Mark: the slice does not have the window's size")
	}
	for y := max(w.Y, 0); y < min(w.Y+w.H, len(c.Rows)); y++ {
		row := c.Rows[y]
		for i := 0; i+1 < len(row); i += 2 {
			x0, x1 := max(int(row[i]), w.X), min(int(row[i+1]), w.X+w.W)
			if x0 < x1 {
				any = true
				o := (y - w.Y) * w.W
				Fill(bad[o+x0-w.X:o+x1-w.X], true)
			}
		}
	}
	return any
}
