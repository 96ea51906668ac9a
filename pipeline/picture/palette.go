package picture

import (
	"fmt"
	"image/color"
)

// palette follows Okabe and Ito (2008), whose colours stay apart for the common kinds of colour blindness.
// Their order here puts first what shows on vegetation and soil; green comes late.
var palette = [...]color.RGBA{
	{0xD5, 0x5E, 0x00, 0xFF}, // vermilion
	{0x56, 0xB4, 0xE9, 0xFF}, // sky blue
	{0xF0, 0xE4, 0x42, 0xFF}, // yellow
	{0xCC, 0x79, 0xA7, 0xFF}, // reddish purple
	{0x00, 0x9E, 0x73, 0xFF}, // bluish green
	{0x00, 0x72, 0xB2, 0xFF}, // blue
	{0xE6, 0x9F, 0x00, 0xFF}, // orange
	{0x00, 0x00, 0x00, 0xFF}, // black
}

// Palette returns the colour of the i-th kind, counted from 0. After eight kinds the colours repeat.
func Palette(i int) color.RGBA {
	n := len(palette)
	return palette[(i%n+n)%n]
}

// Hex returns c as #rrggbb, without its opacity.
func Hex(c color.RGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }
