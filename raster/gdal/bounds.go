package gdal

import (
	"fmt"

	"github.com/airbusgeo/godal"
)

const (
	// maxImagePixels is beyond any image: what claims more is damaged or hostile.
	maxImagePixels = 1 << 46
	// maxBlockBytes bounds what GDAL must hold at once to decode one storage block.
	maxBlockBytes = 512 << 20
	// maxBands is beyond any sensor whose bands are stored pixel by pixel.
	maxBands = 1024
)

// checkStorage refuses a file that cannot be read in parts within bounded memory. It reads the header only.
func checkStorage(ds *godal.Dataset) error {
	st := ds.Structure()
	if st.NBands == 0 {
		return fmt.Errorf("%w: it has no bands of its own; make one of its sub-datasets an image with gdal_translate", ErrNotRaster)
	}
	if st.SizeX <= 0 || st.SizeY <= 0 || int64(st.SizeX)*int64(st.SizeY) > maxImagePixels {
		return fmt.Errorf("%w: it declares %d × %d pixels, so its header is damaged", ErrNotRaster, st.SizeX, st.SizeY)
	}
	pixel := ds.Metadata("INTERLEAVE", godal.Domain("IMAGE_STRUCTURE")) == "PIXEL"
	if pixel && st.NBands > maxBands {
		return fmt.Errorf("it has %d bands stored pixel by pixel: keep the bands that are needed (gdal_translate -b 1 -b 2 FILE out.tif)", st.NBands)
	}
	depth := 1
	if pixel {
		depth = st.NBands
	}
	w, h := st.BlockSizeX, st.BlockSizeY
	if ds.Driver().ShortName() == "WEBP" { // which decodes the image as a whole, whatever block it declares
		w, h, depth = st.SizeX, st.SizeY, st.NBands
	}
	return checkBlock(w, h, depth*bytesOf(st.DataType.String()))
}

// checkBlock refuses blocks of w × h pixels, of so many bytes each, that do not fit into maxBlockBytes.
func checkBlock(w, h, bytes int) error {
	if w <= 0 || h <= 0 {
		return fmt.Errorf("%w: its storage blocks are of %d × %d pixels, so its header is damaged", ErrNotRaster, w, h)
	}
	if float64(w)*float64(h)*float64(bytes) > maxBlockBytes {
		return fmt.Errorf("its storage blocks of %d × %d pixels of %d bytes are too large to be read in parts: rewrite it with gdal_translate -co TILED=YES -co BIGTIFF=IF_SAFER", w, h, bytes)
	}
	return nil
}

// bytesOf is the size of a sample.
func bytesOf(dataType string) int {
	switch dataType {
	case "Byte", "Int8":
		return 1
	case "UInt16", "Int16":
		return 2
	case "Float64", "Int64", "UInt64", "CInt32", "CFloat32":
		return 8
	case "CFloat64":
		return 16
	}
	return 4
}
