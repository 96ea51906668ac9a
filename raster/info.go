package raster

// Info is what a raster file says of itself before a pixel is read.
type Info struct {
	URI string
	// Native is the file's grid; its CRS is "" when the file has none.
	Native Grid
	// GeoTransform says whether Native.Transform comes from the file.
	GeoTransform bool
	// RPC and GCP say that the file carries a sensor model or ground control points: it is not orthorectified.
	RPC, GCP bool

	Driver, DataType, Compression, Interleave string
	// BlockW and BlockH are the storage block; Overviews counts the reduced copies of the first band.
	BlockW, BlockH, Overviews int
	Bands                     []BandInfo
	// Mask says that the file carries a mask band of its own; Alpha is the 1-based alpha band, 0 when there is none.
	Mask     bool
	Alpha    int
	Bytes    int64
	Metadata map[string]string
}

// BandInfo is one band of Info. Role is "" when neither description, colour nor metadata tell it.
type BandInfo struct {
	Index              int
	Description, Color string
	NoData             *float64
	Scale, Offset      float64 // 1 and 0 when the file declares none
	Role               Role
}
