package pipeline

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"tuban/pipeline/runfile"
	"tuban/raster"
	"tuban/raster/sensor"
)

// openScenes turns one date of the run file into scenes: globs become files, files are inspected, bands get roles.
func openScenes(ctx context.Context, im Imagery, date string, list runfile.Imagery) ([]raster.Scene, error) {
	var scenes []raster.Scene
	seen := map[string]int{}
	for _, entry := range list.Scenes {
		uris, err := expandGlob(entry.URI)
		if err != nil {
			return nil, badInput("%s: %w", date, err)
		}
		for _, uri := range uris {
			info, err := im.Inspect(ctx, uri)
			if err != nil {
				return nil, badInput("%s: %w", date, err)
			}
			s, err := newScene(info, entry)
			if err != nil {
				return nil, badInput("%s: %s: %w", date, uri, err)
			}
			if s.Date, err = runfile.Day(entry.Date); err != nil {
				return nil, badInput("%s: %s: %w", date, uri, err)
			}
			seen[s.ID]++
			if n := seen[s.ID]; n > 1 {
				s.ID = fmt.Sprintf("%s-%d", s.ID, n)
			}
			scenes = append(scenes, s)
		}
	}
	return scenes, nil
}

// expandGlob returns the files that a path or pattern stands for, in the order of their names.
func expandGlob(uri string) ([]string, error) {
	if !strings.ContainsAny(uri, "*?[") {
		return []string{uri}, nil
	}
	files, err := filepath.Glob(uri)
	if err != nil {
		return nil, fmt.Errorf("the pattern %q is malformed: %w", uri, err)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no file matches %q: check the folder and the extension", uri)
	}
	slices.Sort(files)
	return files, nil
}

// newScene decides what a file's bands are and refuses what cannot be compared pixel by pixel. It leaves the date unset.
func newScene(info raster.Info, entry runfile.Scene) (raster.Scene, error) {
	base := filepath.Base(info.URI)
	s := raster.Scene{
		ID: strings.TrimSuffix(base, filepath.Ext(base)), URI: info.URI, Sensor: entry.Sensor,
		Native: info.Native, Alpha: info.Alpha,
		BlockW: info.BlockW, BlockH: info.BlockH, DataType: info.DataType, Bytes: info.Bytes,
	}
	switch {
	case !info.GeoTransform && (info.RPC || info.GCP):
		return s, fmt.Errorf("the image is not orthorectified (it carries a sensor model or control points instead of a geotransform): orthorectify it first")
	case !info.GeoTransform:
		return s, fmt.Errorf("the image has no georeference: add a geotransform (world file or gdal_edit.py -a_ullr)")
	case info.Native.CRS == "":
		return s, fmt.Errorf("the image has no coordinate reference system: assign the one it is in (gdal_edit.py -a_srs EPSG:n)")
	case strings.HasPrefix(info.DataType, "C"):
		return s, fmt.Errorf("complex samples (%s) are not reflectances: give an optical image", info.DataType)
	}
	roles, err := bandRoles(info, entry)
	if err != nil {
		return s, err
	}
	s.Bands = map[raster.Role]raster.Band{}
	for role, index := range roles {
		if index > len(info.Bands) {
			return s, fmt.Errorf("band %d is declared as %s, but the file has %d bands", index, role, len(info.Bands))
		}
		if index == info.Alpha {
			// GDAL calls the fourth band of any 8-bit file alpha; who declares it as data knows better.
			s.Alpha = 0
		}
		b := info.Bands[index-1]
		band := raster.Band{Index: index, Scale: b.Scale, Offset: b.Offset}
		if b.NoData != nil {
			band.NoData, band.HasNoData = *b.NoData, true
		}
		if entry.NoData != nil {
			band.NoData, band.HasNoData = *entry.NoData, true
		}
		s.Bands[role] = band
	}
	return s, nil
}

// bandRoles says which band plays which role: as declared, else by the sensor, else as the file's metadata say.
func bandRoles(info raster.Info, entry runfile.Scene) (map[raster.Role]int, error) {
	roles := map[raster.Role]int{}
	switch {
	case len(entry.Bands) > 0:
		for name, index := range entry.Bands {
			role, err := raster.ParseRole(name)
			if err != nil {
				return nil, err
			}
			for other, taken := range roles {
				if taken == index {
					return nil, fmt.Errorf("band %d is declared as both %s and %s", index, min(role, other), max(role, other))
				}
			}
			roles[role] = index
		}
	case entry.Sensor != "":
		sen, err := sensor.Find(entry.Sensor)
		if err != nil {
			return nil, err
		}
		bands := len(info.Bands)
		if info.Alpha == bands && bands == len(sen.Roles) {
			return nil, fmt.Errorf("%s has %d bands, but band %d of the file is marked as alpha: if it is near infrared, declare it, as in `bands: {blue: 1, green: 2, red: 3, nir: 4}`; else declare the others", sen.Name, bands, bands)
		}
		if info.Alpha == bands && bands > 0 {
			bands--
		}
		if bands != len(sen.Roles) {
			return nil, fmt.Errorf("the file has %d bands, %s has %d: declare them, as in `bands: %s`", bands, sen.Name, len(sen.Roles), declaration(info))
		}
		for i, role := range sen.Roles {
			if says := info.Bands[i].Role; says != "" && role != "" && says != role {
				return nil, fmt.Errorf("band %d is %s by the file's own description, but %s of %s: declare which it is, as in `bands: %s`", i+1, says, role, sen.Name, declaration(info))
			}
			if role != "" {
				roles[role] = i + 1
			}
		}
	default:
		for _, b := range info.Bands {
			if _, taken := roles[b.Role]; b.Role != "" && !taken {
				roles[b.Role] = b.Index
			}
		}
		if len(roles) == 0 {
			return nil, fmt.Errorf("nothing says what its %d bands are: declare `sensor:` or `bands: {blue: 1, green: 2, red: 3, nir: 4}`", len(info.Bands))
		}
	}
	return roles, nil
}

// declaration writes the bands that the file itself names, or an example, as a run file has them.
func declaration(info raster.Info) string {
	var parts []string
	for _, b := range info.Bands {
		if b.Role != "" && b.Index != info.Alpha {
			parts = append(parts, fmt.Sprintf("%s: %d", b.Role, b.Index))
		}
	}
	if len(parts) == 0 {
		return "{blue: 1, green: 2, red: 3}"
	}
	return "{" + strings.Join(parts, ", ") + "}"
}
