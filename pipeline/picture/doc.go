// Package picture turns planes of pixels and patches into pictures for people: a contrast stretch to true colour or grey,
// outlines that stay visible on any ground, a panel of both dates, PNG and JPEG.
//
// It is pure: planes in, image.RGBA or encoded bytes out. Equal input gives equal bytes.
// A pixel without data is hatched grey, so that it is never taken for a dark or bright surface.
package picture
