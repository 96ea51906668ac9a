// Package raster holds the plain types that pixels travel in: the run's grid, windows and tiles of it,
// blocks of float32 planes, scenes and band roles.
//
// It is pure: no I/O, no cgo, no context. What reads pixels lives in raster/gdal.
package raster
