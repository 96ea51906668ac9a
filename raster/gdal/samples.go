package gdal

import (
	"math"

	"tuban/raster"
)

// samples holds a block in the file's type, band after band.
type samples struct {
	u8  []uint8
	u16 []uint16
	i16 []int16
	i32 []int32
	f32 []float32
	f64 []float64
}

// convert returns the block in the type of the spec; the memory serves the next call again.
func (s *samples) convert(b raster.Block, spec RasterSpec) any {
	switch spec.DataType {
	case "Byte":
		s.u8 = rounded(s.u8, b, spec.NoData, 0, math.MaxUint8)
		return s.u8
	case "UInt16":
		s.u16 = rounded(s.u16, b, spec.NoData, 0, math.MaxUint16)
		return s.u16
	case "Int16":
		s.i16 = rounded(s.i16, b, spec.NoData, math.MinInt16, math.MaxInt16)
		return s.i16
	case "Int32":
		s.i32 = rounded(s.i32, b, spec.NoData, math.MinInt32, math.MaxInt32)
		return s.i32
	case "Float32":
		s.f32 = floats(s.f32, b, spec.NoData)
		return s.f32
	}
	s.f64 = floats(s.f64, b, spec.NoData)
	return s.f64
}

func rounded[T uint8 | uint16 | int16 | int32](dst []T, b raster.Block, noData *float64, lowest, highest float64) []T {
	var missing T
	if noData != nil {
		missing = T(max(lowest, min(*noData, highest)))
	}
	dst = dst[:0]
	for _, p := range b.Planes {
		for _, v := range p {
			if v != v {
				dst = append(dst, missing)
				continue
			}
			dst = append(dst, T(max(lowest, min(math.Round(float64(v)), highest))))
		}
	}
	return dst
}

func floats[T float32 | float64](dst []T, b raster.Block, noData *float64) []T {
	dst = dst[:0]
	for _, p := range b.Planes {
		for _, v := range p {
			if v != v && noData != nil {
				dst = append(dst, T(*noData))
				continue
			}
			dst = append(dst, T(v))
		}
	}
	return dst
}
