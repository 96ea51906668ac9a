package pipeline

import (
	"context"
	"fmt"

	"tuban/raster"
)

// alphaSamples per axis of alphaEdge pixels are looked at to tell an alpha band from a near infrared one.
const alphaSamples, alphaEdge = 3, 64

// checkInfrared refuses an 8-bit image whose last band, of bands, is declared as near infrared but holds only 0 and 255: it
// is what shows where the image has pixels, and would make vegetation of everything. Pixels that cannot be read say nothing.
func checkInfrared(ctx context.Context, im Imagery, s raster.Scene, bands int) error {
	nir, ok := s.Bands[raster.NIR]
	if !ok || s.DataType != "Byte" || nir.Index != bands || bands < 2 {
		return nil
	}
	alone := s
	alone.Bands = map[raster.Role]raster.Band{raster.NIR: {Index: nir.Index, Scale: 1}}
	alone.EdgeFill, alone.Alpha = false, 0
	px, err := im.Open(s.Native, []raster.Scene{alone}, []raster.Role{raster.NIR}, 1<<20)
	if err != nil {
		return nil // what is wrong with the file is said where it is read for its content
	}
	defer px.Close()
	opaque := 0
	for j := range alphaSamples {
		for i := range alphaSamples {
			w := raster.Window{
				X: (2*i+1)*s.Native.W/(2*alphaSamples) - alphaEdge/2, Y: (2*j+1)*s.Native.H/(2*alphaSamples) - alphaEdge/2,
				W: alphaEdge, H: alphaEdge,
			}.Intersect(s.Native.Window())
			plane := make([]float32, w.Pixels())
			if err := px.Read(ctx, 0, w, [][]float32{plane}); err != nil {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				if unavailable(err) {
					return err
				}
				continue
			}
			for _, v := range plane {
				switch v {
				case 255:
					opaque++
				case 0:
				default:
					if v == v {
						return nil
					}
				}
			}
		}
	}
	if opaque == 0 {
		return nil
	}
	return fmt.Errorf("band %d holds only 0 and 255: it is an alpha channel, not near infrared: declare bands: {%s}", nir.Index, visible(s))
}

// visible lists the bands of a scene but near infrared, as a run file has them.
func visible(s raster.Scene) string {
	out := ""
	for _, r := range raster.Roles {
		if b, ok := s.Bands[r]; ok && r != raster.NIR {
			if out != "" {
				out += ", "
			}
			out += fmt.Sprintf("%s: %d", r, b.Index)
		}
	}
	return out
}
