package runfile

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"tuban/raster"
)

// maxBytes bounds a run file: one that is larger is not a run file.
const maxBytes = 1 << 20

// outputs are the values that the list outputs may hold.
var outputs = []string{"gpkg", "shp", "report"}

// Parse reads a run file. path is where it was read from: it names the file in errors, and relative paths in the file
// are relative to its folder. env looks up the variables written as $NAME or ${NAME}; one that is not set is an error.
func Parse(path string, text []byte, env func(string) (string, bool)) (*File, error) {
	if len(text) > maxBytes {
		return nil, fmt.Errorf("%s: larger than 1 MiB: this is not a run file", path)
	}
	// Some editors on Windows begin a file with a byte order mark.
	text, err := expand(bytes.TrimPrefix(text, []byte("\ufeff")), env)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	f := &File{}
	if err := decode(text, f); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	f.defaults(path)
	if err := f.check(text); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	f.resolve(filepath.Dir(path))
	return f, nil
}

func (f *File) defaults(path string) {
	set := func(p *string, v string) {
		if *p == "" {
			*p = v
		}
	}
	base := filepath.Base(path)
	set(&f.Name, strings.TrimSuffix(base, filepath.Ext(base)))
	set(&f.Normalise, "none")
	set(&f.Registration, "none")
	set(&f.Rules, "default")
	if len(f.Outputs) == 0 {
		f.Outputs = slices.Clone(outputs)
	}
	if s := f.Survey; s != nil {
		set(&s.ID, "BSM")
		set(&s.Unit, "ZLDWDM")
	}
	for _, im := range []*Imagery{&f.Before, &f.After} {
		for i := range im.Scenes {
			s := &im.Scenes[i]
			set(&s.Date, im.Date)
			if s.Bands == nil && s.Sensor == "" {
				s.Bands, s.Sensor = im.Bands, im.Sensor
			}
			if s.NoData == nil {
				s.NoData = im.NoData
			}
		}
	}
}

// resolve makes relative paths relative to dir. What has a scheme is left as it is.
func (f *File) resolve(dir string) {
	abs := func(p *string) {
		if *p == "" || filepath.IsAbs(*p) || strings.Contains(*p, "://") || strings.HasPrefix(*p, "/vsi") {
			return
		}
		*p = filepath.Join(dir, *p)
	}
	if f.Region != nil {
		abs(&f.Region.Source)
	}
	for _, im := range []*Imagery{&f.Before, &f.After} {
		for i := range im.Scenes {
			abs(&im.Scenes[i].URI)
		}
	}
	if f.Survey != nil {
		for i := range f.Survey.Source {
			abs(&f.Survey.Source[i])
		}
	}
	if f.Rules != "default" {
		abs(&f.Rules)
	}
	abs(&f.Out)
}

// UnmarshalYAML accepts a scene as a bare path or as a map with its own date, sensor or bands.
func (s *Scene) UnmarshalYAML(unmarshal func(any) error) error {
	var uri string
	if err := unmarshal(&uri); err == nil {
		*s = Scene{URI: uri}
		return nil
	}
	type plain Scene
	return unmarshal((*plain)(s))
}

// UnmarshalYAML accepts one path or a list of paths.
func (s *Sources) UnmarshalYAML(unmarshal func(any) error) error {
	var one string
	if err := unmarshal(&one); err == nil {
		*s = Sources{one}
		return nil
	}
	var list []string
	if err := unmarshal(&list); err != nil {
		return err
	}
	*s = list
	return nil
}

// check finds what YAML's types cannot: it points at the line where that helps.
func (f *File) check(text []byte) error {
	at := func(path, format string, args ...any) error {
		msg := fmt.Sprintf(format, args...)
		p, err := yaml.PathString(path)
		if err != nil {
			return errors.New(msg)
		}
		source, err := p.AnnotateSource(text, false)
		if err != nil || len(source) == 0 {
			return errors.New(msg)
		}
		return fmt.Errorf("%s\n%s", msg, strings.TrimRight(string(source), "\n"))
	}
	for _, d := range []struct {
		key string
		im  Imagery
	}{{"before", f.Before}, {"after", f.After}} {
		if len(d.im.Scenes) == 0 {
			return at("$", "%s: no scenes: list at least one file, as in `%s: {scenes: [\"image.tif\"], date: 2025-08-20}`", d.key, d.key)
		}
		for i, s := range d.im.Scenes {
			where := fmt.Sprintf("$.%s.scenes[%d]", d.key, i)
			if s.URI == "" {
				return at(where, "%s: scene %d has no path", d.key, i+1)
			}
			if s.Date == "" {
				return at(where, "%s: scene %s has no date: add `date: YYYY-MM-DD` to it or to `%s`", d.key, s.URI, d.key)
			}
			if _, err := Day(s.Date); err != nil {
				if s.Date == d.im.Date {
					where = "$." + d.key
				}
				return at(where+".date", "%s: %q is not a date: write it as 2025-08-20", d.key, s.Date)
			}
			for name, index := range s.Bands {
				if _, err := raster.ParseRole(name); err != nil {
					return at("$."+d.key, "%s: %v", d.key, err)
				}
				if index < 1 {
					return at("$."+d.key, "%s: band %s: %d is not a band number: bands are counted from 1", d.key, name, index)
				}
			}
		}
	}
	if r := f.Region; r != nil {
		switch {
		case (r.Source == "") == (len(r.BBox) == 0):
			return at("$.region", "region: give either a source or a bbox")
		case r.Source == "" && len(r.BBox) != 4:
			return at("$.region", "region: bbox has %d numbers: give min x, min y, max x, max y", len(r.BBox))
		case r.Source == "" && r.CRS == "":
			return at("$.region", "region: bbox needs its crs, such as EPSG:4530")
		case r.Source == "" && !(r.BBox[0] < r.BBox[2] && r.BBox[1] < r.BBox[3]):
			return at("$.region", "region: bbox is empty: give min x, min y, max x, max y")
		case slices.ContainsFunc(r.BBox, func(v float64) bool { return math.IsInf(v, 0) }):
			return at("$.region", "region: bbox is infinite: leave the region out to run where both dates overlap")
		}
	}
	if g := f.Grid; g != nil && (g.CRS == "" || !(g.Pixel > 0) || math.IsInf(g.Pixel, 1)) {
		return at("$.grid", "grid: give both crs and pixel (> 0, in units of the crs)")
	}
	if s := f.Survey; s != nil {
		if len(s.Source) == 0 || slices.Contains(s.Source, "") {
			return at("$.survey", "survey: no source")
		}
		if s.Class == "" {
			return at("$.survey", "survey: no class: name the field that holds the land-class code, such as DLBM")
		}
		if s.System == "" {
			return at("$.survey", "survey: no system: the same code means different land in different systems, so tuban does not guess; declare `system: TD/T 1055-2019` or `system: 用地用海 2023`")
		}
	}
	for _, m := range []struct{ key, value string }{{"normalise", f.Normalise}, {"registration", f.Registration}} {
		if m.value != "none" {
			return at("$."+m.key, "%s: %q is not available: write none", m.key, m.value)
		}
	}
	for _, o := range f.Outputs {
		if !slices.Contains(outputs, o) {
			return at("$.outputs", "outputs: unknown output %q: choose among %s", o, strings.Join(outputs, ", "))
		}
	}
	return nil
}
