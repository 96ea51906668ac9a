package pipeline

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"tuban/pipeline/runfile"
	"tuban/raster"
	"tuban/raster/sensor"
)

// openScenes turns one date of the run file into scenes: patterns become files, files are inspected, bands get roles. A scene
// that cannot be read or placed costs that scene: it is listed in p.Skipped, unless strict, or unless none is left. What the
// run file itself says wrongly is an error.
func (p *Plan) openScenes(ctx context.Context, d Drivers, date string, list runfile.Imagery, strict bool) ([]raster.Scene, error) {
	files, err := d.inspected(ctx, date, list)
	if err != nil {
		return nil, err
	}
	return p.scenesOf(ctx, d, date, files, strict)
}

// scenesOf is openScenes for files that were inspected.
func (p *Plan) scenesOf(ctx context.Context, d Drivers, date string, files []sceneFile, strict bool) ([]raster.Scene, error) {
	var scenes []raster.Scene
	var entries []runfile.Scene
	var first error
	seen := map[string]int{}
	for _, f := range files {
		s, err := raster.Scene{}, f.err
		if err == nil {
			err = declareCRS(d.Coordinates, &f.info, f.entry.CRS)
		}
		if err == nil {
			s, err = newScene(f.info, f.entry)
		}
		var fault *sceneFault
		switch {
		case err == nil:
		case f.err != nil && (isMissing(f.err) || ofStorage(f.err)):
			if ofStorage(f.err) {
				return nil, badInput("%s: %w", date, err)
			}
			return nil, badInput("%s: %w: check the path in the run file", date, err)
		case f.err == nil && !errors.As(err, &fault):
			return nil, badInput("%s: %s: %w", date, f.uri, err)
		default:
			if f.err == nil {
				err = fmt.Errorf("%s: %w", f.uri, err)
			}
			if strict {
				return nil, badInput("%s: %w", date, err)
			}
			if first == nil {
				first = err
			}
			p.Skipped = append(p.Skipped, ReadFailure{Scene: f.uri, Error: err.Error()})
			p.Warnings = append(p.Warnings, fmt.Sprintf("%s: the scene %s is left out, and land that only it shows is not examined: %v", date, baseOf(f.uri), err))
			continue
		}
		if f.entry.Date != "" || f.entry.Seams == nil {
			if s.Date, err = runfile.Day(f.entry.Date); err != nil {
				return nil, badInput("%s: %s: %w", date, f.uri, err)
			}
		}
		if err := checkInfrared(ctx, d.Imagery, s, len(f.info.Bands)); err != nil {
			return nil, badInput("%s: %s: %w", date, f.uri, err)
		}
		seen[s.ID]++
		if n := seen[s.ID]; n > 1 {
			s.ID = fmt.Sprintf("%s-%d", s.ID, n)
		}
		scenes = append(scenes, s)
		entries = append(entries, f.entry)
	}
	p.besides[slices.Index(dateNames[:], date)].entries = entries
	if len(scenes) == 0 {
		return nil, badInput("%s: %w", date, first)
	}
	return scenes, nil
}

// declareCRS gives a file the reference system that the run file declares for it; one that the file names itself must be the
// same.
func declareCRS(c Coordinates, info *raster.Info, crs string) error {
	if crs == "" {
		return nil
	}
	if info.Native.CRS != "" {
		same, err := c.SameCRS(info.Native.CRS, crs)
		if err != nil {
			return fmt.Errorf("crs: %s: %w", crs, err)
		}
		if !same {
			return fmt.Errorf("the file says that its coordinate reference system is %s, the run file %s: leave `crs:` out, or correct the file (gdal_edit.py -a_srs EPSG:n FILE)", info.Native.CRS, crs)
		}
	}
	info.Native.CRS = crs
	return nil
}

// sceneFault is what is wrong with one file, whatever the run file says of it.
type sceneFault struct{ error }

func (f *sceneFault) Unwrap() error { return f.error }

func fault(format string, args ...any) error { return &sceneFault{fmt.Errorf(format, args...)} }

// newScene decides what a file's bands are and refuses what cannot be compared pixel by pixel. It leaves the date unset.
func newScene(info raster.Info, entry runfile.Scene) (raster.Scene, error) {
	base := baseOf(info.URI)
	s := raster.Scene{
		ID: strings.TrimSuffix(base, path.Ext(base)), URI: info.URI, Sensor: entry.Sensor,
		Native: info.Native, Alpha: info.Alpha,
		BlockW: info.BlockW, BlockH: info.BlockH, DataType: info.DataType, Bytes: info.Bytes,
	}
	if err := unplaced(info); err != nil {
		return s, err
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
	return s, edgeFill(&s, info, entry)
}

// unplaced says why the pixels of a file have no place on the ground, or are no measurements; nil when they have and are.
func unplaced(info raster.Info) error {
	switch {
	case !info.GeoTransform && (info.RPC || info.GCP):
		return fault("the image is not orthorectified (it carries a sensor model or control points instead of a geotransform): orthorectify it first (gdalwarp -rpc -to RPC_DEM=dem.tif FILE out.tif, or gdalwarp -tps FILE out.tif)")
	case !info.GeoTransform:
		return fault("the image has no georeference: add a geotransform (a world file, or gdal_edit.py -a_ullr MINX MAXY MAXX MINY FILE)")
	case info.Native.CRS == "":
		return fault("the image has no coordinate reference system: declare the one it is in with `crs:`, or assign it (gdal_edit.py -a_srs EPSG:n FILE)")
	case strings.HasPrefix(info.DataType, "C"):
		return fault("complex samples (%s) are not reflectances: give an optical image", info.DataType)
	}
	return nil
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
