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

// open opens the file for reading; beside are the names of the files that belong to it, from siblings. The handle belongs
// to the caller's goroutine. Errors do not name the file. Opening is a leaf of its own: after an error of the storage that
// GDAL passed over, the handle must not be used, as libtiff may abort the process.
func open(uri string, beside []string) (ds *godal.Dataset, err error) {
	err = leaf(Op{What: "open", URI: uri}, beside, func() error {
		ds, err = openRaster(uri, beside)
		return err
	})
	if err != nil && ds != nil {
		ds.Close(policy)
		ds = nil
	}
	return ds, err
}

// openRaster is open within a leaf.
func openRaster(uri string, beside []string) (*godal.Dataset, error) {
	if _, err := fileSize(uri); err != nil {
		return nil, err
	}
	ds, err := godal.Open(uri, godal.RasterOnly(), godal.Drivers(imageDrivers...), godal.SiblingFiles(beside...), policy)
	if err != nil {
		if isVRT(uri) {
			return nil, fmt.Errorf("%w: a VRT can name any file or address: list its files as scenes, or make it an image with gdal_translate", ErrNotRaster)
		}
		return nil, fmt.Errorf("%w: %w: convert it with a program that reads it (gdal_translate FILE out.tif), or have it delivered again", ErrNotRaster, err)
	}
	if err := checkStorage(ds); err != nil {
		ds.Close(policy)
		return nil, err
	}
	return ds, nil
}

// fileSize returns the size of the file or object, or why it cannot be a scene at all.
func fileSize(uri string) (int64, error) {
	if strings.HasPrefix(uri, "/vsi") {
		return 0, fmt.Errorf("GDAL's virtual files are not read: unpack archives, and put remote files into a folder or a bucket")
	}
	if files, key := mounted(uri); files != nil {
		n, err := files.Size(key)
		if err != nil {
			return 0, err
		}
		return n, nil
	}
	f, err := os.Stat(uri)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := nameError(uri); err != nil {
			return 0, err
		}
		return 0, fs.ErrNotExist
	case err != nil:
		return 0, err
	case f.IsDir():
		return 0, fmt.Errorf("%w: it is a folder: name the image files in it", ErrNotRaster)
	case !f.Mode().IsRegular():
		return 0, fmt.Errorf("%w: it is a device or a pipe: images are read from files", ErrNotRaster)
	}
	return f.Size(), nil
}

// siblings lists the files that belong to uri: overviews, masks, world files, sensor models. GDAL would look for them
// in ways of its own, for each handle again, which takes long where a province's scenes lie in one folder.
func siblings(uri string) []string {
	if files, _ := mounted(uri); files != nil {
		return belonging(filepath.Base(uri), files.Siblings(uri))
	}
	dir, base := filepath.Split(uri)
	if dir == "" {
		dir = "."
	}
	f, err := os.Open(dir)
	if err != nil {
		return belonging(base, nil)
	}
	defer f.Close()
	all, err := f.Readdirnames(-1)
	if err != nil {
		return belonging(base, nil)
	}
	return belonging(base, all)
}

// belonging returns base and those of the names, which may be addresses, that share its stem.
func belonging(base string, all []string) []string {
	// The name itself is in the list so that it is never empty, which would let GDAL search.
	names := []string{base}
	stem := strings.TrimSuffix(base, filepath.Ext(base))
	for _, n := range all {
		n = filepath.Base(n)
		if rest, ok := strings.CutPrefix(n, stem); ok && n != base && (strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, "_")) {
			names = append(names, n)
		}
	}
	return names
}
