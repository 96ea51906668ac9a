// Package sensor knows the optical sensors that land monitoring uses: which bands a delivered multispectral file holds, in
// which order, and what such a sensor cannot judge.
//
// Band orders are facts of products, and products vary; where the order of a sensor's files is not certain the package
// says so and asks for a declaration instead of guessing.
package sensor
