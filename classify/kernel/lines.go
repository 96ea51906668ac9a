package kernel

// Line returns gain·v + offset, each step rounded, but no less than floor. NaN stays NaN; which it is, is left to the
// processor.
func Line(v, gain, offset, floor float32) float32 {
	w := float32(float32(v*gain) + offset)
	if w < floor {
		return floor
	}
	return w
}

// Lines replaces the elements of dst by their Line.
func Lines(dst []float32, gain, offset, floor float32) {
	n := wide(len(dst), 8)
	if n > 0 {
		linesAVX2(dst[:n], gain, offset, floor)
	}
	lines(dst[n:], gain, offset, floor)
}

func lines(dst []float32, gain, offset, floor float32) {
	for i, v := range dst {
		dst[i] = Line(v, gain, offset, floor)
	}
}
