package texture

import "tuban/classify/kernel"

// A columns value sums rows over windows of n consecutive rows, one window per call of next, each a row further down.
//
// Rows are grouped in blocks of n fixed to the grid. A window is the end of one block and the beginning of the next:
// tail[i] holds the sum of rows i… of the upper block, head the sum of the lower block's rows so far. Each row is loaded once,
// and the order of additions depends on the rows' absolute positions alone.
type columns[T float32 | float64] struct {
	n, width int
	from     source[T]
	tail     []T // n rows; row i is overwritten by the lower block's once its window has passed
	head     []T
	block    int // first row of the upper block
	i        int // first row of the next window, relative to block
}

// A source is where the rows of sums come from.
type source[T float32 | float64] interface {
	// load writes row y of the grid to dst, zeros where there is none.
	load(dst []T, y int)
}

// start sets c to windows of n rows, the first of them [y, y+n).
func (c *columns[T]) start(y, n, width int, from source[T]) {
	c.n, c.width, c.from = n, width, from
	c.tail, c.head = grow(c.tail, n*width), grow(c.head, width)
	c.i = mod(y, n)
	c.block = y - c.i
	for j := c.i; j < n; j++ {
		c.from.load(c.row(j), c.block+j)
	}
	c.suffix(c.i)
	for j := range c.i - 1 {
		c.push(j)
	}
}

func (c *columns[T]) row(i int) []T { return c.tail[i*c.width : (i+1)*c.width] }

// suffix turns rows from… of the block into sums of themselves and all below.
func (c *columns[T]) suffix(from int) {
	for j := c.n - 2; j >= from; j-- {
		sum(c.row(j), c.row(j), c.row(j+1))
	}
}

// push loads row j of the lower block over the upper block's, whose window has passed, and adds it to head.
func (c *columns[T]) push(j int) {
	row := c.row(j)
	c.from.load(row, c.block+c.n+j)
	if j == 0 {
		copy(c.head, row)
		return
	}
	sum(c.head, c.head, row)
}

// next writes the column sums of the next window to dst, of length width.
func (c *columns[T]) next(dst []T) {
	switch j := c.i - 1; j {
	case -1: // the window is the block; coming from above, its last row is still to be read
		copy(dst, c.row(0))
	case 0:
		c.push(j)
		sum(dst, c.row(c.i), c.head)
	default:
		c.from.load(c.row(j), c.block+c.n+j)
		advance(dst, c.head, c.row(j), c.row(c.i))
	}
	if c.i++; c.i == c.n {
		c.from.load(c.row(c.n-1), c.block+2*c.n-1)
		c.block, c.i = c.block+c.n, 0
		c.suffix(0)
	}
}

// along writes to dst[o] the sum of v[o : o+n], the same way as columns does: x is the grid column of v[0], and len(v) is len(dst)+n−1.
// tail is scratch of n elements.
func along[T float32 | float64](dst, v []T, x, n int, tail []T) {
	v = v[:len(dst)+n-1]
	for o := 0; o < len(dst); {
		skip := mod(x+o, n) // of the block in which window o begins
		m := n - skip
		t := tail[:m]
		var acc T
		for k := m - 1; k >= 0; k-- {
			acc += v[o+k]
			t[k] = acc
		}
		acc = 0
		for _, e := range v[o+m : o+m+max(0, skip-1)] {
			acc += e
		}
		end := min(o+m, len(dst))
		if skip == 0 { // the window is the block
			dst[o] = t[0]
			o++
			t = t[1:]
		}
		d := dst[o:end]
		e := v[o+n-1:]
		e, t = e[:len(d)], t[:len(d)]
		for k := range d {
			acc += e[k]
			d[k] = t[k] + acc
		}
		o = end
	}
}

func sum[T float32 | float64](dst, a, b []T) {
	if d, ok := any(dst).([]float32); ok {
		kernel.Sum(d, any(a).([]float32), any(b).([]float32))
		return
	}
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] + b[i]
	}
}

// advance adds row to head, and writes the sum of tail and that to dst.
func advance[T float32 | float64](dst, head, row, tail []T) {
	if d, ok := any(dst).([]float32); ok {
		kernel.Advance(d, any(head).([]float32), any(row).([]float32), any(tail).([]float32))
		return
	}
	head, row, tail = head[:len(dst)], row[:len(dst)], tail[:len(dst)]
	for i := range dst {
		head[i] += row[i]
		dst[i] = tail[i] + head[i]
	}
}

// mod is a modulo n in [0, n).
func mod(a, n int) int {
	if a %= n; a < 0 {
		a += n
	}
	return a
}

// grow returns s with length n and unspecified content, in the same memory where that suffices.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
