package gdal

// #include "cpl_conv.h"
// #include "ogr_srs_api.h"
import "C"

import "unsafe"

// ProjJSON is the reference system crs as PROJJSON, in the axis order of its authority.
func ProjJSON(crs string) (string, error) {
	setup()
	sr, err := spatialReference(crs)
	if err != nil {
		return "", err
	}
	defer C.OSRRelease(sr)
	var text *C.char
	if err := guard(func() { C.OSRExportToPROJJSON(sr, &text, nil) }); err != nil || text == nil {
		return "", orUnknown(err)
	}
	defer C.VSIFree(unsafe.Pointer(text))
	return C.GoString(text), nil
}
