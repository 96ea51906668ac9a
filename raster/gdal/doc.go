// Package gdal reads and writes rasters and vector layers through GDAL. It is the only package that sees godal.
//
// Rasters come in through [Inspect], [Reader] and [Preview] and leave through [WriteCOG] and [WriteMask]; what is no
// data in a file, by tag, mask band or alpha, is NaN from here on. Whatever the file's blocks, projection and data
// type, a pixel's value depends on the run's grid alone and never on the window that was asked for: on the run's own
// lattice samples are copied, else whole cells of a fixed 512-pixel lattice are warped.
//
// Files are paths of the system, or addresses of a storage that [Mount] made readable. Whoever isolates the process from
// what a damaged file does to it follows its calls into GDAL by [Watch].
//
// Handles never leave the package, and one handle serves one goroutine at a time. Coordinates are in traditional GIS
// order everywhere: easting, northing and longitude, latitude, whatever the authority says.
package gdal
