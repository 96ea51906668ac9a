package kernel

// Choose writes a where c is True, b where it is False, NaN where it is Unknown.
func Choose(dst []float32, c []uint8, a, b []float32) { either(dst, c, a, b, 8, chooseAVX2, choose) }

func choose(dst []float32, c []uint8, a, b []float32) {
	c, a, b = c[:len(dst)], a[:len(dst)], b[:len(dst)]
	for i := range dst {
		switch c[i] {
		case True:
			dst[i] = a[i]
		case False:
			dst[i] = b[i]
		default:
			dst[i] = NaN
		}
	}
}

// Decide writes a where c is True, b where it is False, Unknown where it is Unknown.
func Decide(dst, c, a, b []uint8) { either(dst, c, a, b, 32, decideAVX2, decide) }

func decide(dst, c, a, b []uint8) {
	c, a, b = c[:len(dst)], a[:len(dst)], b[:len(dst)]
	for i := range dst {
		switch c[i] {
		case True:
			dst[i] = a[i]
		case False:
			dst[i] = b[i]
		default:
			dst[i] = Unknown
		}
	}
}
