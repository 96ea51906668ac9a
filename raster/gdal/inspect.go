package gdal

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"strings"

	"github.com/airbusgeo/godal"

	"tuban/raster"
)

// Bits of GDAL's mask flags.
const (
	maskAllValid   = 1
	maskPerDataset = 2
	maskAlpha      = 4
	maskNoData     = 8
)

// Inspect describes a raster file without reading pixels. It accepts what the pipeline cannot use, such as an image
// without georeference or of complex numbers, and says so in the Info. A missing file wraps fs.ErrNotExist; one that
// is no image, or a vector file, wraps ErrNotRaster; one that could not be read in parts within bounded memory is
// refused as well.
func Inspect(ctx context.Context, uri string) (raster.Info, error) {
	if err := ctx.Err(); err != nil {
		return raster.Info{}, err
	}
	setup()
	var info raster.Info
	beside := siblings(uri)
	ds, err := open(uri, beside)
	if err != nil {
		return info, fmt.Errorf("opening %s: %w", uri, err)
	}
	defer ds.Close(policy)
	err = leaf(Op{What: "inspect", URI: uri}, beside, func() error {
		// GDAL reads much of a header only when asked for it, in calls of godal that report nothing. What goes wrong there
		// leaves a tag unread, not the file.
		if said := guard(func() { info = inspect(uri, ds) }); said != nil {
			slog.Warn("parts of the header cannot be read", "file", uri, "error", brief(said.Error()))
		}
		return nil
	})
	if err != nil {
		return raster.Info{}, fmt.Errorf("inspecting %s: %w", uri, err)
	}
	if info.Bytes, err = fileSize(uri); err != nil {
		return raster.Info{}, fmt.Errorf("inspecting %s: %w", uri, err)
	}
	return info, nil
}

func inspect(uri string, ds *godal.Dataset) raster.Info {
	st := ds.Structure()
	structure := metadata(ds, "IMAGE_STRUCTURE")
	info := raster.Info{
		URI:      uri,
		Native:   raster.Grid{W: st.SizeX, H: st.SizeY},
		Driver:   ds.Driver().ShortName(),
		DataType: st.DataType.String(),
		// GDAL writes no compression for none, and leaves the interleaving of a single band open.
		Compression: structure["COMPRESSION"],
		Interleave:  structure["INTERLEAVE"],
		BlockW:      st.BlockSizeX,
		BlockH:      st.BlockSizeY,
		RPC:         len(metadata(ds, "RPC")) > 0,
		Metadata:    map[string]string{},
	}
	if t, err := ds.GeoTransform(policy); err == nil && t != ([6]float64{0, 1, 0, 0, 0, 1}) {
		info.Native.Transform, info.GeoTransform = t, usable(t)
	}
	info.Native.CRS = crsCode(ds.SpatialRef())
	info.GCP = !info.GeoTransform && len(ds.GCPs()) > 0
	for _, domain := range []string{"", "IMAGERY"} {
		for k, v := range metadata(ds, domain) {
			info.Metadata[k] = v
		}
	}
	for i, b := range ds.Bands() {
		bs := b.Structure()
		band := raster.BandInfo{
			Index: i + 1, Description: b.Description(), Color: b.ColorInterp().Name(),
			Scale: bs.Scale, Offset: bs.Offset,
		}
		if band.Scale == 0 || math.IsNaN(band.Scale) {
			band.Scale = 1
		}
		if v, ok := b.NoData(); ok {
			band.NoData = &v
		}
		band.Role = bandRole(band, metadata(b, ""))
		info.Bands = append(info.Bands, band)
		if b.ColorInterp() == godal.CIAlpha && info.Alpha == 0 {
			info.Alpha = i + 1
		}
		if ownMask(b.MaskFlags()) {
			info.Mask = true
		}
		// A file whose bands differ in type is read as the widest; the first that is not like the rest is named.
		if bs.DataType != st.DataType && widths[bs.DataType.String()] > widths[info.DataType] {
			info.DataType = bs.DataType.String()
		}
	}
	info.Overviews = len(ds.Bands()[0].Overviews())
	return info
}

// metadata returns the items of a domain of a file or a band, none where they are damaged: godal panics at an item
// without text.
func metadata(of interface {
	Metadatas(...godal.MetadataOption) map[string]string
}, domain string) (items map[string]string) {
	defer func() {
		if recover() != nil {
			items = nil
		}
	}()
	return of.Metadatas(godal.Domain(domain), policy)
}

// widths orders the sample types by the range of numbers that they hold.
var widths = map[string]int{"Byte": 1, "Int8": 1, "Int16": 2, "UInt16": 2, "Int32": 3, "UInt32": 3, "Float32": 3, "Int64": 4,
	"UInt64": 4, "Float64": 5, "CInt16": 6, "CInt32": 7, "CFloat32": 8, "CFloat64": 9}

// ownMask reports whether mask flags mean a mask band in the file: not one that follows from no-data tags or alpha.
func ownMask(flags int) bool {
	return flags&(maskAllValid|maskAlpha|maskNoData) == 0
}

// usable reports whether a geotransform is finite and has an inverse.
func usable(t [6]float64) bool {
	for _, v := range t {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	det := t[1]*t[5] - t[2]*t[4]
	return det != 0 && !math.IsInf(det, 0) && !math.IsInf(1/det, 0)
}

// roleNames are the spellings in which files name their bands, lower case, without spaces and punctuation.
// Numbered names such as B2 are left out: they mean another band on each satellite.
var roleNames = map[string]raster.Role{
	"coastal": raster.Coastal, "coastalblue": raster.Coastal, "coastalaerosol": raster.Coastal,
	"blue": raster.Blue, "b": raster.Blue, "蓝": raster.Blue, "蓝波段": raster.Blue, "蓝光": raster.Blue,
	"green": raster.Green, "g": raster.Green, "绿": raster.Green, "绿波段": raster.Green, "绿光": raster.Green,
	"yellow": raster.Yellow, "黄": raster.Yellow, "黄波段": raster.Yellow,
	"red": raster.Red, "r": raster.Red, "红": raster.Red, "红波段": raster.Red, "红光": raster.Red,
	"rededge": raster.RedEdge, "红边": raster.RedEdge, "红边波段": raster.RedEdge,
	"nir": raster.NIR, "nir1": raster.NIR, "n": raster.NIR, "nearinfrared": raster.NIR, "nearir": raster.NIR,
	"近红外": raster.NIR, "近红外波段": raster.NIR, "nir2": raster.NIR2,
	"swir1": raster.SWIR1, "shortwaveinfrared1": raster.SWIR1, "短波红外1": raster.SWIR1,
	"swir2": raster.SWIR2, "shortwaveinfrared2": raster.SWIR2, "短波红外2": raster.SWIR2,
	"pan": raster.Pan, "panchromatic": raster.Pan, "全色": raster.Pan, "全色波段": raster.Pan,
}

// bandRole reads a band's role from its description, else its metadata, else its colour.
func bandRole(b raster.BandInfo, items map[string]string) raster.Role {
	names := []string{b.Description}
	for _, key := range []string{"BANDNAME", "BandName", "band_name", "standard_name", "COMMON_NAME", "common_name"} {
		names = append(names, items[key])
	}
	for _, n := range names {
		if r, ok := roleNames[squeeze(n)]; ok {
			return r
		}
	}
	switch b.Color {
	case "Red", "Green", "Blue", "Yellow":
		return raster.Role(strings.ToLower(b.Color))
	}
	return ""
}

func squeeze(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	s = strings.NewReplacer(" ", "", "-", "", "_", "", ".", "").Replace(s)
	s = strings.TrimPrefix(s, "band")
	return strings.TrimSuffix(s, "band")
}
