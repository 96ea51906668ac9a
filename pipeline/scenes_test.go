package pipeline

import (
	"context"
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tuban/pipeline/runfile"
	"tuban/raster"
)

// info describes a file of n bands on the test grid.
func info(uri string, n int) raster.Info {
	in := raster.Info{URI: uri, Native: testGrid, GeoTransform: true, DataType: "UInt16", BlockW: 256, BlockH: 128, Bytes: 1000}
	for i := range n {
		in.Bands = append(in.Bands, raster.BandInfo{Index: i + 1, Scale: 1})
	}
	return in
}

func TestOpenScenes(t *testing.T) {
	dir := t.TempDir()
	im := &images{info: map[string]raster.Info{}}
	for _, name := range []string{"2024/b.tif", "2024/a.tif", "2025/a.tif", "2025/a.vrt"} {
		path := filepath.Join(dir, name)
		put(t, path, nil)
		im.info[path] = info(path, 4)
	}
	bands := map[string]int{"red": 3, "NIR ": 4}
	list := runfile.Imagery{Scenes: []runfile.Scene{
		{URI: filepath.Join(dir, "2025/a.tif"), Date: "20240815", Bands: bands},
		{URI: filepath.Join(dir, "2024/*.tif"), Date: "2024-08-14", Sensor: "GF-2"},
	}}
	scenes, err := new(Plan).openScenes(context.Background(), Drivers{Imagery: im}, "before", list, false)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range scenes {
		got = append(got, s.ID+" "+filepath.Base(filepath.Dir(s.URI))+" "+s.Date.Format("20060102")+" "+bandList(s))
	}
	// In list order, globs by name; equal names are told apart.
	want := []string{
		"a 2025 20240815 red=3 nir=4", "a-2 2024 20240814 blue=1 green=2 red=3 nir=4", "b 2024 20240814 blue=1 green=2 red=3 nir=4",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if s := scenes[0]; s.BlockW != 256 || s.BlockH != 128 || s.DataType != "UInt16" || s.Bytes != 1000 || s.Native != testGrid {
		t.Errorf("%+v", s)
	}
	for _, c := range []struct{ uri, want string }{
		{filepath.Join(dir, "2023/*.tif"), "before: no file matches"},
		{filepath.Join(dir, "[x"), "is malformed"},
		{filepath.Join(dir, "none.tif"), "before: "},
	} {
		var input *InputError
		_, err := new(Plan).openScenes(context.Background(), Drivers{Imagery: im}, "before", runfile.Imagery{Scenes: []runfile.Scene{{URI: c.uri, Date: "20240815"}}}, false)
		if !errors.As(err, &input) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.uri, err)
		}
	}
}

// errBroken is what a driver says of a file that it cannot read.
var errBroken = errors.New("not a raster")

// One bad scene costs that scene; what the run file says wrongly, what is not there, and a date without any scene is an error.
func TestSkippedScenes(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	im := &images{info: map[string]raster.Info{}, broken: map[string]error{at("b.tif"): errBroken}}
	for _, name := range []string{"a.tif", "b.tif", "c.tif", "n.tif"} {
		put(t, at(name), nil)
		im.info[at(name)] = info(at(name), 4)
	}
	raw := info(at("n.tif"), 4)
	raw.GeoTransform, raw.RPC = false, true
	im.info[at("n.tif")] = raw
	red := map[string]int{"red": 1}
	open := func(strict bool, bands map[string]int, uris ...string) (*Plan, []raster.Scene, error) {
		var list runfile.Imagery
		for _, u := range uris {
			list.Scenes = append(list.Scenes, runfile.Scene{URI: at(u), Date: "2024-08-15", Bands: bands})
		}
		p := new(Plan)
		scenes, err := p.openScenes(context.Background(), Drivers{Imagery: im}, "before", list, strict)
		return p, scenes, err
	}
	p, scenes, err := open(false, red, "*.tif")
	if err != nil || len(scenes) != 2 || len(p.Skipped) != 2 || p.Skipped[0].Scene != at("b.tif") || !strings.Contains(p.Skipped[1].Error, "orthorectify") {
		t.Errorf("%v, skipped %+v, %v", scenes, p.Skipped, err)
	}
	for name, err := range map[string]error{
		"strict":         func() error { _, _, err := open(true, red, "*.tif"); return err }(),
		"none is left":   func() error { _, _, err := open(false, red, "b.tif", "n.tif"); return err }(),
		"wrong bands":    func() error { _, _, err := open(false, map[string]int{"red": 9}, "*.tif"); return err }(),
		"one is missing": func() error { _, _, err := open(false, red, "a.tif", "none.tif"); return err }(),
	} {
		var input *InputError
		if !errors.As(err, &input) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBandRoles(t *testing.T) {
	tagged := info("x.tif", 4)
	tagged.Bands[2].Role, tagged.Bands[0].Role, tagged.Bands[3].Role = raster.Red, raster.Blue, raster.Red
	rgba := info("x.tif", 4)
	rgba.Alpha = 4
	swapped := info("x.tif", 4)
	swapped.Bands[0].Role, swapped.Bands[2].Role = raster.Red, raster.Blue
	zero, five := 0.0, 5.0
	noData := info("x.tif", 1)
	noData.Bands[0].NoData, noData.Bands[0].Scale, noData.Bands[0].Offset = &zero, 0.0001, -0.1
	for _, c := range []struct {
		name  string
		info  raster.Info
		entry runfile.Scene
		want  map[raster.Role]raster.Band
		err   string
	}{
		{"declared", info("x.tif", 4), runfile.Scene{Bands: map[string]int{"red": 1}, Sensor: "GF-2"}, map[raster.Role]raster.Band{raster.Red: {Index: 1, Scale: 1}}, ""},
		{"by metadata, the first of two", tagged, runfile.Scene{}, map[raster.Role]raster.Band{raster.Red: {Index: 3, Scale: 1}, raster.Blue: {Index: 1, Scale: 1}}, ""},
		{"nothing says", info("x.tif", 3), runfile.Scene{}, nil, "nothing says what its 3 bands are: declare `sensor:`"},
		{"more than there are", info("x.tif", 3), runfile.Scene{Bands: map[string]int{"nir": 4}}, nil, "band 4 is declared as nir, but the file has 3 bands"},
		{"the alpha band, declared as data", rgba, runfile.Scene{Bands: map[string]int{"nir": 4}}, map[raster.Role]raster.Band{raster.NIR: {Index: 4, Scale: 1}}, ""},
		{"a sensor does not make data of alpha", rgba, runfile.Scene{Sensor: "GF-2"}, nil, "band 4 of the file is marked as alpha: if it is near infrared, declare it"},
		{"a sensor against the file's own tags", swapped, runfile.Scene{Sensor: "GF-2"}, nil, "band 1 is red by the file's own description, but blue of GF-2 PMS: declare which it is, as in `bands: {red: 1, blue: 3}`"},
		{"one band twice", info("x.tif", 4), runfile.Scene{Bands: map[string]int{"nir": 3, "red": 3}}, nil, "band 3 is declared as both nir and red"},
		{"another number of bands", info("x.tif", 3), runfile.Scene{Sensor: "GF-2"}, nil, "the file has 3 bands, GF-2 PMS has 4"},
		{"an unknown sensor", rgba, runfile.Scene{Sensor: "GF-99"}, nil, "GF-99"},
		{"an unknown role", rgba, runfile.Scene{Bands: map[string]int{"rot": 1}}, nil, "unknown band role"},
		{"the file's no-data", noData, runfile.Scene{Bands: map[string]int{"red": 1}}, map[raster.Role]raster.Band{raster.Red: {Index: 1, Scale: 0.0001, Offset: -0.1, HasNoData: true}}, ""},
		{"declared no-data", noData, runfile.Scene{Bands: map[string]int{"red": 1}, NoData: &five}, map[raster.Role]raster.Band{raster.Red: {Index: 1, Scale: 0.0001, Offset: -0.1, NoData: 5, HasNoData: true}}, ""},
	} {
		s, err := newScene(c.info, c.entry)
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: %v", c.name, err)
			}
		} else if err != nil || !maps.Equal(s.Bands, c.want) {
			t.Errorf("%s: %+v, %v", c.name, s.Bands, err)
		}
	}
}

// What cannot be compared pixel by pixel is refused with the remedy.
func TestRefusedScenes(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(in *raster.Info)
		want   string
	}{
		{"RPC only", func(in *raster.Info) { in.GeoTransform, in.RPC = false, true }, "orthorectify it first"},
		{"control points only", func(in *raster.Info) { in.GeoTransform, in.GCP = false, true }, "orthorectify it first"},
		{"no georeference", func(in *raster.Info) { in.GeoTransform = false }, "gdal_edit.py -a_ullr"},
		{"no CRS", func(in *raster.Info) { in.Native.CRS = "" }, "gdal_edit.py -a_srs"},
		{"complex", func(in *raster.Info) { in.DataType = "CFloat32" }, "give an optical image"},
		{"RPC beside a geotransform", func(in *raster.Info) { in.RPC = true }, ""},
	} {
		in := info("x.tif", 3)
		c.change(&in)
		_, err := newScene(in, runfile.Scene{Bands: map[string]int{"red": 1}})
		if (err != nil) != (c.want != "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
