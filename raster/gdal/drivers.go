package gdal

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
)

// imageDrivers are the formats that imagery is delivered in. No other driver may open a scene: not those that fetch what a
// file names, not those of data that is no image, which are the least tried.
var imageDrivers = []string{
	"GTiff", "HFA", "ENVI", "EHdr", "ERS", "PCIDSK",
	"JP2OpenJPEG", "JPEG", "PNG", "WEBP", "BMP", "AAIGrid",
}

// skippedDrivers reach for the network. They are not even registered: a file beside an image, or one that
// an image names, must not bring them in either.
var skippedDrivers = []string{
	"WMS", "WCS", "WMTS", "WFS", "OAPIF", "OGCAPI", "HTTP", "EEDA", "EEDAI", "DAAS", "PLMOSAIC", "PLSCENES", "NGW",
	"STACTA", "STACIT", "PostGISRaster", "Elasticsearch", "Elastic", "Carto", "AmigoCloud", "CouchDB", "Cloudant", "CSW",
}

// prefixed matches addresses, and what GDAL takes for a driver's own way of naming a part of a file.
var prefixed = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9_]+):(//)?`)

// nameError says why a name that is no file of the system cannot be a scene; nil when it is but missing.
func nameError(uri string) error {
	m := prefixed.FindStringSubmatch(uri)
	switch {
	case m == nil:
		return nil
	case m[2] != "":
		return fmt.Errorf("addresses of %s:// are not set up to be read: put the file into a folder or a bucket", m[1])
	}
	return fmt.Errorf("%s: is GDAL's way to name a part of a file: make that part an image of its own with gdal_translate", m[1])
}

// isVRT reports whether the file is one that only names others.
func isVRT(uri string) bool {
	head := make([]byte, 256)
	if files, key := mounted(uri); files != nil {
		size, err := files.Size(key)
		if err != nil {
			return false
		}
		n, _ := files.ReadAt(key, head[:min(size, int64(len(head)))], 0)
		head = head[:n]
	} else {
		f, err := os.Open(uri)
		if err != nil {
			return false
		}
		defer f.Close()
		n, _ := io.ReadFull(f, head)
		head = head[:n]
	}
	return strings.Contains(string(head), "<VRTDataset")
}
