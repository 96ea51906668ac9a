package runfile

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"
)

// maxBytes bounds a run file: one that is larger is not a run file.
const maxBytes = 1 << 20

// outputs are the values that the list outputs may hold.
var outputs = []string{"gpkg", "shp", "report"}

// Parse reads a run file. from is where it was read from, a path or s3://bucket/key: it names the file in errors, and
// relative paths in the file are relative to its folder. env looks up the variables written as $NAME or ${NAME}; one that
// is not set is an error.
func Parse(from string, text []byte, env func(string) (string, bool)) (*File, error) {
	f, err := read(from, text, env)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", from, err)
	}
	return f, nil
}

func read(from string, text []byte, env func(string) (string, bool)) (*File, error) {
	if len(text) > maxBytes {
		return nil, fmt.Errorf("larger than 1 MiB: this is not a run file")
	}
	// Some editors on Windows begin a file with a byte order mark.
	text, err := expand(bytes.TrimPrefix(text, []byte("\ufeff")), env)
	if err != nil {
		return nil, err
	}
	f := &File{}
	if err := decode(text, f); err != nil {
		return nil, withFullWidth(err, text)
	}
	f.defaults(from)
	if err := f.check(text); err != nil {
		return nil, withFullWidth(err, text)
	}
	if err := f.resolve(from, text); err != nil {
		return nil, err
	}
	return f, nil
}

func (f *File) defaults(from string) {
	base := path.Base(from)
	set(&f.Name, strings.TrimSuffix(base, path.Ext(base)))
	set(&f.Normalise, Auto)
	set(&f.Registration, Auto)
	set(&f.Clouds, Auto)
	set(&f.Rules, "default")
	set(&f.Triage, "default")
	if len(f.Outputs) == 0 {
		f.Outputs = slices.Clone(outputs)
	}
	if s := f.Survey; s != nil {
		set(&s.ID, "BSM")
		set(&s.Unit, "ZLDWDM")
	}
	for name, p := range f.Probabilities {
		if p != nil {
			own := *p // what an alias of YAML names twice is resolved once each
			f.Probabilities[name] = &own
		}
	}
	for _, im := range []*Imagery{&f.Before, &f.After} {
		for i := range im.Scenes {
			im.Scenes[i].inherit(*im)
		}
	}
}

func set(p *string, v string) {
	if *p == "" {
		*p = v
	}
}

// inherit takes from the date what the scene does not say. A STAC item knows its own day, so that it needs no default.
func (s *Scene) inherit(im Imagery) {
	if s.STAC == "" {
		set(&s.Date, im.Date)
	}
	if s.Bands == nil && s.Sensor == "" {
		s.Bands, s.Sensor = im.Bands, im.Sensor
	}
	if s.NoData == nil {
		s.NoData = im.NoData
	}
	set(&s.NoDataAt, im.NoDataAt)
	set(&s.CRS, im.CRS)
	// Copies, so that what is done to one scene's is not done to another's.
	if s.Cloud == nil && im.Cloud != nil {
		c := *im.Cloud
		s.Cloud = &c
	}
	if s.Seams == nil && im.Seams != nil {
		c := *im.Seams
		s.Seams = &c
	}
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

// UnmarshalYAML accepts a mask as a bare path or as a map.
func (c *Cloud) UnmarshalYAML(unmarshal func(any) error) error {
	var source string
	if err := unmarshal(&source); err == nil {
		*c = Cloud{Source: source}
		return nil
	}
	type plain Cloud
	return unmarshal((*plain)(c))
}

// UnmarshalYAML accepts a bare path too, so that check can say which keys it needs beside.
func (s *Seams) UnmarshalYAML(unmarshal func(any) error) error {
	var source string
	if err := unmarshal(&source); err == nil {
		*s = Seams{Source: source}
		return nil
	}
	type plain Seams
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
