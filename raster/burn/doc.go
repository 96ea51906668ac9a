// Package burn turns polygons into pixels: a pixel belongs to the polygon that contains its centre.
//
// Coordinates are pixel coordinates of the run's grid, not of a window: column x spans [x, x+1) and its centre is x + 0.5.
// Whether a pixel is in depends on the polygon alone, never on the window that asked, and of polygons that share
// their edges each centre belongs to exactly one.
package burn
