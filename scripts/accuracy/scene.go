package main

import (
	"context"
	"fmt"
	"path/filepath"

	"tuban/raster"
	"tuban/raster/gdal"
)

// set is a collection of labelled pairs of one sensor.
type set struct {
	name string
	// folders of the scenes below the data folder, each with before.tif, after.tif and reference.tif.
	folders []string
	// roles of the bands of the files, in their order.
	roles []raster.Role
}

var (
	colour   = []raster.Role{raster.Red, raster.Green, raster.Blue}
	sixBands = []raster.Role{raster.Blue, raster.Green, raster.Red, raster.NIR, raster.SWIR1, raster.SWIR2}
)

// sets lists the collections that are measured. A folder may hold a pattern; its matches are taken in the order of their names.
var sets = []set{
	{"taizhou", []string{"taizhou"}, sixBands},
	{"oscd", []string{"oscd/*"}, sixBands},
	{"rgb_levir", []string{"rgb_levir/*"}, colour},
	{"rgb_dsifn", []string{"rgb_dsifn/*"}, colour},
}

// scenes returns the folders of s below data.
func (s set) scenes(data string) ([]string, error) {
	var all []string
	for _, pattern := range s.folders {
		found, err := filepath.Glob(filepath.Join(data, pattern))
		if err != nil {
			return nil, fmt.Errorf("scenes of %s: %w", s.name, err)
		}
		all = append(all, found...)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s has no scene of the set %s: name the folder of the labelled pairs", data, s.name)
	}
	return all, nil
}

// pair is two dates of one place on the before image's grid, and what people say changed.
type pair struct {
	grid raster.Grid
	// pixel is the edge of a pixel in metres, the mean of both directions.
	pixel         float64
	roles         []raster.Role
	before, after [][]float32 // one plane per role; NaN is no data, the same pixels in all planes
	// reference is 1 where the land changed and 0 where it did not; everything else is unlabelled.
	reference []float32
}

// readPair reads the pair in folder.
func readPair(ctx context.Context, folder string, roles []raster.Role) (*pair, error) {
	info, err := gdal.Inspect(ctx, filepath.Join(folder, "before.tif"))
	if err != nil {
		return nil, fmt.Errorf("pair %s: %w", folder, err)
	}
	p := &pair{grid: info.Native, roles: roles}
	x, y, err := gdal.GroundSize(p.grid)
	if err != nil {
		return nil, fmt.Errorf("pair %s: %w", folder, err)
	}
	p.pixel = (x + y) / 2
	var reference [][]float32
	for _, file := range []struct {
		name, resampling string
		roles            []raster.Role
		planes           *[][]float32
	}{
		{"before.tif", "", roles, &p.before},
		{"after.tif", "", roles, &p.after},
		{"reference.tif", "near", []raster.Role{raster.Pan}, &reference},
	} {
		*file.planes, err = readPlanes(ctx, filepath.Join(folder, file.name), p.grid, file.roles, file.resampling)
		if err != nil {
			return nil, fmt.Errorf("pair %s: %w", folder, err)
		}
	}
	p.reference = reference[0]
	p.hide()
	return p, nil
}

// readPlanes reads the first bands of a file, one per role, onto the grid.
func readPlanes(ctx context.Context, path string, grid raster.Grid, roles []raster.Role, resampling string) ([][]float32, error) {
	info, err := gdal.Inspect(ctx, path)
	if err != nil {
		return nil, err
	}
	if len(info.Bands) < len(roles) {
		return nil, fmt.Errorf("%s has %d bands, not the %d of its set", path, len(info.Bands), len(roles))
	}
	s := raster.Scene{URI: path, Native: info.Native, BlockW: info.BlockW, BlockH: info.BlockH, DataType: info.DataType,
		Bands: map[raster.Role]raster.Band{}}
	planes := make([][]float32, len(roles))
	for i, r := range roles {
		s.Bands[r] = raster.Band{Index: i + 1, Scale: 1}
		planes[i] = make([]float32, grid.Pixels())
	}
	reader, err := gdal.NewReader(grid, []raster.Scene{s}, gdal.ReaderOptions{Roles: roles, Resampling: resampling})
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	if err := reader.Read(ctx, 0, grid.Window(), planes); err != nil {
		return nil, err
	}
	return planes, nil
}

// hide makes no data in both dates what is no data in one.
func (p *pair) hide() {
	for i := range p.reference {
		if v := p.before[0][i] - p.after[0][i]; v != v {
			for b := range p.roles {
				p.before[b][i], p.after[b][i] = raster.NaN, raster.NaN
			}
		}
	}
}

// plane returns the index of the plane with role r, or -1.
func (p *pair) plane(r raster.Role) int {
	for i, have := range p.roles {
		if have == r {
			return i
		}
	}
	return -1
}
