package gdal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/airbusgeo/godal"

	"tuban/raster"
)

// RasterSpec says how a raster is written.
type RasterSpec struct {
	Grid  raster.Grid
	Bands int
	// DataType is Byte, UInt16, Int16, Int32, Float32 or Float64.
	DataType string
	// NoData is written for NaN, and as the no-data tag; without it NaN becomes 0 in integers.
	NoData *float64
	// Compress is GDAL's name of the method; "" means DEFLATE, "NONE" none. Predictor 0 chooses by DataType: 2 for integers, 3 for floats.
	Compress  string
	Predictor int
	// BlockSize is the edge of a tile, 0 means 512; striped files have strips of that many rows.
	BlockSize int
	// Interleave is "pixel" or "band"; "" means pixel.
	Interleave string
	// Striped lays the file out in strips; only for a plain GeoTIFF.
	Striped bool
	// Overviews adds reduced copies, until one fits a tile.
	Overviews bool
	// PlainGTiff leaves a GeoTIFF that is no COG, at half the cost: nothing is written twice.
	PlainGTiff bool
	// Descriptions and Colors name the bands and their colour interpretation, such as "Red"; either may be nil or short.
	Descriptions, Colors []string
	// Metadata is written to the file's default domain.
	Metadata map[string]string
}

func (s RasterSpec) withDefaults() (RasterSpec, error) {
	if s.Grid.W <= 0 || s.Grid.H <= 0 || s.Bands <= 0 {
		return s, fmt.Errorf("a raster of %d × %d pixels and %d bands cannot be written", s.Grid.W, s.Grid.H, s.Bands)
	}
	if sampleTypes[s.DataType] == godal.Unknown {
		return s, fmt.Errorf("data type %q cannot be written: Byte, UInt16, Int16, Int32, Float32 or Float64", s.DataType)
	}
	if s.Compress == "" {
		s.Compress = "DEFLATE"
	}
	if s.Predictor == 0 {
		s.Predictor = 2
		if strings.HasPrefix(s.DataType, "Float") {
			s.Predictor = 3
		}
	}
	if s.BlockSize == 0 {
		s.BlockSize = 512
	}
	if s.BlockSize%16 != 0 || s.BlockSize < 16 {
		return s, fmt.Errorf("block size %d: a multiple of 16 is needed", s.BlockSize)
	}
	if s.Interleave == "" {
		s.Interleave = "pixel"
	}
	if s.Striped && !s.PlainGTiff {
		return s, errors.New("a COG has tiles: ask for a plain GeoTIFF to have strips")
	}
	return s, nil
}

var sampleTypes = map[string]godal.DataType{"Byte": godal.Byte, "UInt16": godal.UInt16, "Int16": godal.Int16,
	"Int32": godal.Int32, "Float32": godal.Float32, "Float64": godal.Float64}

var colorNames = map[string]godal.ColorInterp{"Gray": godal.CIGray, "Palette": godal.CIPalette, "Red": godal.CIRed,
	"Green": godal.CIGreen, "Blue": godal.CIBlue, "Alpha": godal.CIAlpha, "Undefined": godal.CIUndefined}

// writeWidth bounds the width of the windows in which a tiled raster is filled, for the sake of memory.
const writeWidth = 4096

// WriteCOG writes a raster to path as a cloud-optimised GeoTIFF, or a plain one, or fails and leaves path as it was.
// fill is called for consecutive windows, row by row, never concurrently, and fills one plane per band over each;
// integers are rounded to the nearest and clamped to what the type holds.
func WriteCOG(ctx context.Context, path string, spec RasterSpec, fill func(w raster.Window, planes [][]float32) error) error {
	setup()
	spec, err := spec.withDefaults()
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return writeGTiff(ctx, path, spec, func(ds *godal.Dataset) error {
		width := spec.Grid.W
		if !spec.Striped {
			width = max(spec.BlockSize, writeWidth/spec.BlockSize*spec.BlockSize)
		}
		var block raster.Block
		var buffer samples
		for y := 0; y < spec.Grid.H; y += spec.BlockSize {
			for x := 0; x < spec.Grid.W; x += width {
				if err := ctx.Err(); err != nil {
					return err
				}
				w := raster.Window{X: x, Y: y, W: width, H: spec.BlockSize}.Intersect(spec.Grid.Window())
				block.Reset(w, spec.Bands)
				if err := fill(w, block.Planes); err != nil {
					return err
				}
				if err := ds.Write(w.X, w.Y, buffer.convert(block, spec), w.W, w.H, godal.BandInterleaved(), policy); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// writeGTiff creates a file beside path, has body fill it, makes a COG of it unless the spec says otherwise, and
// renames the result to path.
func writeGTiff(ctx context.Context, path string, spec RasterSpec, body func(*godal.Dataset) error) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("writing %s: %w", path, err)
		}
	}()
	part := partName(path)
	files := []string{part}
	defer func() {
		if err != nil {
			for _, f := range files {
				os.Remove(f)
			}
		}
	}()
	raw := part
	if !spec.PlainGTiff {
		raw = part[:len(part)-len(filepath.Ext(part))] + ".raw.tif"
		files = append(files, raw)
	}
	ds, err := godal.Create(godal.GTiff, raw, spec.Bands, sampleTypes[spec.DataType], spec.Grid.W, spec.Grid.H,
		godal.CreationOption(spec.creation()...), policy)
	if err != nil {
		return err
	}
	open := true
	defer func() {
		if open {
			_ = ds.Close(policy) // another error is on its way
		}
	}()
	if err := spec.describe(ds); err != nil {
		return err
	}
	if err := body(ds); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if spec.PlainGTiff {
		if spec.Overviews {
			if err := ds.BuildOverviews(godal.Resampling(spec.reduction()), policy); err != nil {
				return fmt.Errorf("overviews: %w", err)
			}
		}
	} else {
		// The COG is made from a finished file: translating a dataset that still has blocks to write, with threads that
		// compress, can wait for itself for ever.
		open = false
		if err := ds.Close(policy); err != nil {
			return err
		}
		if ds, err = godal.Open(raw, godal.RasterOnly(), policy); err != nil {
			return err
		}
		open = true
		cog, err := ds.Translate(part, append([]string{"-of", "COG"}, spec.cog()...), policy)
		if err != nil {
			return err
		}
		if err := cog.Close(policy); err != nil {
			return err
		}
	}
	open = false
	// What GDAL could not write it often says only now.
	if err := ds.Close(policy); err != nil {
		return err
	}
	if raw != part {
		if err := os.Remove(raw); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return persist(part, path)
}

// creation returns the GeoTIFF driver's options.
func (s RasterSpec) creation() []string {
	o := []string{"BIGTIFF=IF_SAFER", "INTERLEAVE=" + strings.ToUpper(s.Interleave), "PHOTOMETRIC=MINISBLACK", "ALPHA=NO"}
	if s.Striped {
		o = append(o, "BLOCKYSIZE="+strconv.Itoa(s.BlockSize))
	} else {
		o = append(o, "TILED=YES", "BLOCKXSIZE="+strconv.Itoa(s.BlockSize), "BLOCKYSIZE="+strconv.Itoa(s.BlockSize))
	}
	if !s.PlainGTiff {
		// The file that becomes the COG is read once and thrown away.
		return append(o, "COMPRESS=DEFLATE", "ZLEVEL=1", "PREDICTOR=1")
	}
	return append(o, append(s.compression("PREDICTOR="+strconv.Itoa(s.Predictor)), "NUM_THREADS=ALL_CPUS")...)
}

func (s RasterSpec) compression(predictor string) []string {
	o := []string{"COMPRESS=" + s.Compress}
	switch s.Compress {
	case "DEFLATE", "LZW", "ZSTD":
		o = append(o, predictor)
	}
	return o
}

// cog returns the switches that make a COG.
func (s RasterSpec) cog() []string {
	predictor := "PREDICTOR=NO"
	switch s.Predictor {
	case 2:
		predictor = "PREDICTOR=STANDARD"
	case 3:
		predictor = "PREDICTOR=FLOATING_POINT"
	}
	resampling := "AVERAGE"
	if s.reduction() == godal.Nearest {
		resampling = "NEAREST"
	}
	options := append(s.compression(predictor), "BIGTIFF=IF_SAFER", "NUM_THREADS=ALL_CPUS",
		"BLOCKSIZE="+strconv.Itoa(s.BlockSize), "OVERVIEW_RESAMPLING="+resampling)
	if !s.Overviews {
		options = append(options, "OVERVIEWS=NONE")
	}
	var out []string
	for _, o := range options {
		out = append(out, "-co", o)
	}
	return out
}

// reduction is how overviews are made: codes must not be averaged.
func (s RasterSpec) reduction() godal.ResamplingAlg {
	for _, c := range s.Colors {
		if c == "Palette" {
			return godal.Nearest
		}
	}
	if s.DataType == "Byte" && s.Bands == 1 {
		return godal.Nearest
	}
	return godal.Average
}

// describe writes where the raster lies and what its bands are.
func (s RasterSpec) describe(ds *godal.Dataset) error {
	if err := locate(ds, s.Grid); err != nil {
		return err
	}
	if s.NoData != nil {
		if err := ds.SetNoData(*s.NoData, policy); err != nil {
			return err
		}
	}
	for k, v := range s.Metadata {
		if err := ds.SetMetadata(k, v, policy); err != nil {
			return err
		}
	}
	for i, b := range ds.Bands() {
		if i < len(s.Descriptions) && s.Descriptions[i] != "" {
			if err := b.SetDescription(s.Descriptions[i], policy); err != nil {
				return err
			}
		}
		if i < len(s.Colors) && s.Colors[i] != "" {
			c, ok := colorNames[s.Colors[i]]
			if !ok {
				return fmt.Errorf("band %d: unknown colour %q", i+1, s.Colors[i])
			}
			if err := b.SetColorInterp(c, policy); err != nil {
				return err
			}
		}
	}
	return nil
}
