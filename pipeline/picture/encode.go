package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
)

// PNG returns img as PNG at the best compression: pictures are made once and read often.
func PNG(img image.Image) ([]byte, error) {
	var b bytes.Buffer
	e := png.Encoder{CompressionLevel: png.BestCompression}
	if err := e.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("encoding a picture as PNG: %w", err)
	}
	return b.Bytes(), nil
}

// JPEG returns img as JPEG of the given quality, 1 … 100; 0 means 85, at which imagery shows no blocks.
func JPEG(img image.Image, quality int) ([]byte, error) {
	if quality == 0 {
		quality = 85
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("encoding a picture as JPEG: %w", err)
	}
	return b.Bytes(), nil
}
