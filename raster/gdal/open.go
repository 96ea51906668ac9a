package gdal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/airbusgeo/godal"
)

// ErrNotRaster is wrapped by the errors of Inspect for files that exist and are no image that GDAL knows.
var ErrNotRaster = errors.New("not a raster that GDAL can read")

// openRaster opens the file for reading; beside are the names of the files that belong to it, found here when none
// are given. The handle belongs to the caller's goroutine.
func openRaster(uri string, beside ...string) (*godal.Dataset, error) {
	setup()
	if _, err := os.Stat(uri); errors.Is(err, fs.ErrNotExist) && !strings.HasPrefix(uri, "/vsi") && !strings.Contains(uri, ":") {
		return nil, fmt.Errorf("opening %s: %w", uri, fs.ErrNotExist)
	}
	if len(beside) == 0 {
		beside = siblings(uri)
	}
	ds, err := godal.Open(uri, godal.RasterOnly(), godal.SiblingFiles(beside...), policy)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w: %w", uri, ErrNotRaster, err)
	}
	return ds, nil
}

// siblings lists the files that belong to uri: overviews, masks, world files, sensor models. GDAL would look for them
// in ways of its own, for each handle again, which takes long where a province's scenes lie in one folder.
func siblings(uri string) []string {
	dir, base := filepath.Split(uri)
	// The name itself is in the list so that it is never empty, which would let GDAL search.
	names := []string{base}
	if dir == "" {
		dir = "."
	}
	f, err := os.Open(dir)
	if err != nil {
		return names
	}
	defer f.Close()
	all, err := f.Readdirnames(-1)
	if err != nil {
		return names
	}
	stem := strings.TrimSuffix(base, filepath.Ext(base))
	for _, n := range all {
		if rest, ok := strings.CutPrefix(n, stem); ok && n != base && (strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, "_")) {
			names = append(names, n)
		}
	}
	return names
}
