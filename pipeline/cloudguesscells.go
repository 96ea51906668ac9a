package pipeline

import (
	"context"

	"tuban/raster"
)

// reduce writes the cells of a strip of whole rows of cells.
func (s *guessSwath) reduce(strip raster.Window) {
	for d := range s.mosaics {
		for cy := strip.Y / s.step; cy*s.step < strip.Y+strip.H; cy++ {
			rows := raster.Window{X: strip.X, Y: cy * s.step, W: strip.W, H: s.step}.Intersect(strip)
			from, to := (rows.Y-strip.Y)*strip.W, (rows.Y+rows.H-strip.Y)*strip.W
			at := (cy - s.held.Y) * s.held.W
			for k, plane := range s.blocks[d].Planes {
				cellMeans(s.means[d][k][at:at+s.held.W], plane[from:to], strip.W, s.step)
			}
			s.origin(s.first[d][at:at+s.held.W], s.last[d][at:at+s.held.W], d, s.from[d][from:to], strip.W)
		}
	}
}

// blank reports whether it is certain, without reading, that no date shows anything of a strip.
func (s *guessSwath) blank(ctx context.Context, strip raster.Window) bool {
	for _, m := range s.mosaics {
		if _, ok := m.blank(ctx, strip); !ok {
			return false
		}
	}
	return true
}

// nothing is reduce of a blank strip.
func (s *guessSwath) nothing(strip raster.Window) {
	at := (strip.Y/s.step - s.held.Y) * s.held.W
	end := at + (strip.H+s.step-1)/s.step*s.held.W
	for d := range s.mosaics {
		for k := range s.plan.Roles {
			raster.Fill(s.means[d][k][at:end], raster.NaN)
		}
		raster.Fill(s.first[d][at:end], -1)
		raster.Fill(s.last[d][at:end], -1)
	}
}

// origin writes the scenes of the first and the last pixel of each cell of a row of cells of date d, whose pixels come from
// the origins in from, w of them in a row.
func (s *guessSwath) origin(first, last []int32, d int, from []int32, w int) {
	origins := s.plan.origins(d)
	if one := from[0]; one >= 0 && !differs(from, one) {
		raster.Fill(first, int32(origins[one].Scene))
		copy(last, first)
		return
	}
	raster.Fill(first, -1)
	raster.Fill(last, -1)
	for ; len(from) > 0; from = from[w:] {
		for x := range first {
			for _, f := range from[x*s.step : min((x+1)*s.step, w)] {
				if f < 0 {
					continue
				}
				last[x] = int32(origins[f].Scene)
				if first[x] < 0 {
					first[x] = last[x]
				}
			}
		}
	}
}

// differs reports whether some of v is not one.
func differs(v []int32, one int32) bool {
	for _, e := range v {
		if e != one {
			return true
		}
	}
	return false
}

// cellMeans writes to dst the mean of the values in each cell of step × step pixels, the last of which may be cut short, of a
// row of cells; NaN where fewer than half of a cell's pixels have a value, and where the mean is infinite. rows are w pixels
// each. Values are added row by row, and then the rows, in float64.
func cellMeans(dst, rows []float32, w, step int) {
	x := 0
	if len(rows) == step*w {
		// The pixels that most imagery has; what lacks a value is left to cellMean.
		switch step {
		case 2:
			a, b := rows[:w], rows[w:][:w]
			for ; x < w/2; x++ {
				p, q := a[2*x:][:2], b[2*x:][:2]
				sum := (float64(p[0]) + float64(p[1])) + (float64(q[0]) + float64(q[1]))
				if dst[x] = float32((sum + 0) / 4); !(sum-sum == 0) {
					dst[x] = cellMean(rows, w, x, step)
				}
			}
		case 4:
			a, b, c, d := rows[:w], rows[w:][:w], rows[2*w:][:w], rows[3*w:][:w]
			for ; x < w/4; x++ {
				p, q, r, s := a[4*x:][:4], b[4*x:][:4], c[4*x:][:4], d[4*x:][:4]
				sum := float64(p[0]) + float64(p[1]) + float64(p[2]) + float64(p[3])
				sum += float64(q[0]) + float64(q[1]) + float64(q[2]) + float64(q[3])
				sum += float64(r[0]) + float64(r[1]) + float64(r[2]) + float64(r[3])
				sum += float64(s[0]) + float64(s[1]) + float64(s[2]) + float64(s[3])
				// Adding 0 makes 0 of −0, as a sum that begins with 0 is.
				if dst[x] = float32((sum + 0) / 16); !(sum-sum == 0) {
					dst[x] = cellMean(rows, w, x, step)
				}
			}
		}
	}
	for ; x < len(dst); x++ {
		dst[x] = cellMean(rows, w, x, step)
	}
}

// cellMean is the mean of cell x.
func cellMean(rows []float32, w, x, step int) float32 {
	total, n := 0.0, 0
	for ; len(rows) > 0; rows = rows[w:] {
		sum := 0.0
		for _, v := range rows[x*step : min((x+1)*step, w)] {
			if v == v {
				sum += float64(v)
				n++
			}
		}
		total += sum
	}
	if m := float32(total / float64(n)); m-m == 0 && 2*n >= step*step {
		return m
	}
	return raster.NaN
}
