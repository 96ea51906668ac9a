// Package geos does the exact planar geometry: repair, simplification, validity and the overlay of patches with
// parcels. It is the only package that sees GEOS.
//
// An [Engine] serves one goroutine. GEOS reports its errors as panics here; none leaves the package.
package geos
