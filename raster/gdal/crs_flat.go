package gdal

// #include "cpl_conv.h"
// #include "ogr_srs_api.h"
import "C"

import (
	"strings"
	"unsafe"
)

// flat returns the WKT of a system without its height. One of three axes has neither a number that the libraries agree on
// nor a form that a GeoTIFF of ours would keep. WKT of two axes, or none at all, comes back as it is.
func flat(wkt string) string {
	if !strings.HasPrefix(wkt, "GEOGCRS[") && !strings.HasPrefix(wkt, "PROJCRS[") {
		return wkt
	}
	out := wkt
	_ = guard(func() {
		withString(wkt, func(text *C.char) {
			sr := C.OSRNewSpatialReference(text)
			if sr == nil {
				return
			}
			defer C.OSRRelease(sr)
			var two *C.char
			if C.OSRDemoteTo2D(sr, nil) != C.OGRERR_NONE || C.OSRExportToWkt(sr, &two) != C.OGRERR_NONE || two == nil {
				return
			}
			defer C.VSIFree(unsafe.Pointer(two))
			out = C.GoString(two)
		})
	})
	return out
}
