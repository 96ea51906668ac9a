// Package pipeline is the way of the data: two dates of imagery and last year's survey in, change polygons out.
//
//	plan → measure → scan → join → patches → categories → outputs → manifest
//
// Plan decides everything that can be decided without reading pixels, and is a value that can be printed. Measure
// takes what is global from samples at fixed positions. Scan turns tiles into runs, in parallel and resumably. Join
// makes components of the runs of all tiles at once, so that seams cannot exist. Patches get geometry, class shares
// and categories. The manifest is written last: without it, there is no result.
//
// The package reads and writes formats only through the interfaces in drivers.go, so it builds without cgo.
package pipeline
