package raster

// Span is the pixels [X0, X1) of row Y with one value: how a raster that is mostly empty is handed to its writer.
type Span struct {
	Y, X0, X1 int
	Value     uint8
}
