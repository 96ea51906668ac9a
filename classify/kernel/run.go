package kernel

type element interface{ float32 | uint8 }

// In what follows, fast is assembly for whole vectors of lanes elements, and plain the loop that takes the rest, which
// is everything where there is no assembly. The lengths are checked here, once.

// pairwise runs a function of two rows.
func pairwise[D, S element](dst []D, a, b []S, lanes int, fast, plain func(dst []D, a, b []S)) {
	a, b = a[:len(dst)], b[:len(dst)]
	n := wide(len(dst), lanes)
	if n > 0 {
		fast(dst[:n], a, b)
	}
	if n < len(dst) {
		plain(dst[n:], a[n:], b[n:])
	}
}

// against runs a function of a row and a number.
func against[D element](dst []D, a []float32, c float32, lanes int, fast, plain func(dst []D, a []float32, c float32)) {
	a = a[:len(dst)]
	n := wide(len(dst), lanes)
	if n > 0 {
		fast(dst[:n], a, c)
	}
	if n < len(dst) {
		plain(dst[n:], a[n:], c)
	}
}

// single runs a function of one row.
func single[D, S element](dst []D, a []S, lanes int, fast, plain func(dst []D, a []S)) {
	a = a[:len(dst)]
	n := wide(len(dst), lanes)
	if n > 0 {
		fast(dst[:n], a)
	}
	if n < len(dst) {
		plain(dst[n:], a[n:])
	}
}

// either runs a choice between two rows.
func either[T element](dst []T, c []uint8, a, b []T, lanes int, fast, plain func(dst []T, c []uint8, a, b []T)) {
	a, b, c = a[:len(dst)], b[:len(dst)], c[:len(dst)]
	n := wide(len(dst), lanes)
	if n > 0 {
		fast(dst[:n], c, a, b)
	}
	if n < len(dst) {
		plain(dst[n:], c[n:], a[n:], b[n:])
	}
}
