// Package collar finds the part of an image that is filled with one value and connected to its edge: what a finished mosaic
// has around its content. It is pure: who asks reads the pixels.
package collar
