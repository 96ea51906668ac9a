// Package texture measures the structure of an image around each pixel: PanTex, which is high among buildings and low
// along single edges; the local standard deviation and mean; and the morphological building and shadow indices, which
// tell what is brighter or darker than its surroundings and of the size of a building.
//
// Values are position exact: the value of a pixel of the grid does not depend on the window it was computed in,
// as long as that window holds the halo around it or ends where the grid ends. Sums over a box are put together from
// partial sums of blocks fixed to the grid (van Herk 1992, Gil and Werman 1993, there for minima), so that they cost the
// same for any box and only pixels of the box take part; a running sum would carry the rounding of all it passed over.
// Minima and maxima are exact wherever their blocks lie.
//
// In computes any of them for a part of a window alone, for callers who know where a texture matters.
package texture
