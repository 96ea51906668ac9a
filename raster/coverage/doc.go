// Package coverage cuts patches by the parcels of a survey whose neighbours share their boundaries vertex by vertex, as a
// survey's topology wants it. It needs no noding and no snapping, at a hundredth of their price; where it cannot be certain
// it says so, and a general overlay must tell.
package coverage
