// Package ellipsoid measures areas on the CGCS2000 ellipsoid, as the land survey's regulations want them:
// an area in a Gauss–Krüger plane is larger by up to 392 ppm.
package ellipsoid
