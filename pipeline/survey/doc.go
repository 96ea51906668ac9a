// Package survey stages the land survey of a run: one pass over the layer writes the parcels that touch the run's
// grid, repaired and in its CRS, to a file of their own with an index by place. Tiles and patches then read just the
// parcels near them, so a million parcels cost some tens of bytes of memory each, whatever format they came in.
package survey
