package pipeline

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tuban/pipeline/runfile"
	"tuban/raster"
	"tuban/raster/vector"
)

// What a value of a mask means for a pixel that its scene has.
func TestCloudValues(t *testing.T) {
	five := float32(5)
	plain := &cloudMask{}
	listed := &cloudMask{cloud: []float32{8, 9}, shadow: []float32{3}}
	shadows := &cloudMask{shadow: []float32{3}}
	tagged := &cloudMask{noData: &five}
	declared := &cloudMask{cloud: []float32{5}, noData: &five}
	for _, c := range []struct {
		name string
		mask *cloudMask
		v    float32
		want int32
	}{
		{"clear", plain, 0, 0}, {"anything else is cloud", plain, 7, fromCloud}, {"beyond the mask", plain, raster.NaN, 0},
		{"listed cloud", listed, 9, fromCloud}, {"listed shadow", listed, 3, fromShadow}, {"not listed", listed, 7, 0}, {"clear", listed, 0, 0},
		{"shadow beside unlisted cloud", shadows, 3, fromShadow}, {"unlisted cloud", shadows, 1, fromCloud},
		{"says nothing", tagged, 5, fromNoData}, {"cloud beside it", tagged, 1, fromCloud}, {"declared all the same", declared, 5, fromCloud},
	} {
		if got := c.mask.says(c.v); got != c.want {
			t.Errorf("%s (%g): %d, want %d", c.name, c.v, got, c.want)
		}
	}
}

// clouded gives the after scene of inputs a raster mask on the window w of the grid.
func clouded(t *testing.T, in *inputs, w raster.Window) *runfile.Cloud {
	t.Helper()
	uri := filepath.Join(filepath.Dir(in.file.Rules), "a_cloud.tif")
	put(t, uri, []byte("cloud"))
	i := info(uri, 1)
	i.DataType, i.Native = "Byte", testGrid.Crop(w)
	in.images.info[uri] = i
	in.file.After.Scenes[0].Cloud = &runfile.Cloud{Source: "{dir}/{stem}_cloud.tif"}
	return in.file.After.Scenes[0].Cloud
}

func TestCloudPlan(t *testing.T) {
	in := makeInputs(t)
	clouded(t, in, testGrid.Window().Grow(5))
	p := in.plan(t)
	b := p.besides[1]
	if len(b.masks) != 1 || !b.masks[0].Nearest || !b.masks[0].Has(raster.Mask) || b.clouds[0].raster != 0 || p.besides[0].clouds != nil {
		t.Errorf("%+v", b)
	}
	if i := slices.IndexFunc(p.Sources, func(s Source) bool { return s.Role == "cloud after" }); i < 0 || filepath.Base(p.Sources[i].URI) != "a_cloud.tif" {
		t.Errorf("sources %+v", p.Sources)
	}
	key := p.InputKey
	in.file.After.Scenes[0].Cloud.Shadow = []int{3}
	if in.plan(t).InputKey == key {
		t.Error("the values do not count")
	}
	clouded(t, in, raster.Window{X: 3, Y: 2, W: 10, H: 15})
	if p = in.plan(t); !slices.ContainsFunc(p.Warnings, func(w string) bool {
		return strings.Contains(w, "covers 50 % of scene a: what lies beyond it counts as clear")
	}) {
		t.Errorf("warnings %q", p.Warnings)
	}
}

func TestCloudRefused(t *testing.T) {
	layer := func(in *inputs, bounds raster.Window, features ...vector.Feature) *runfile.Cloud {
		in.layers.info["c.gpkg"] = vector.LayerInfo{Name: "c", CRS: testCRS, Features: int64(len(features)), Bounds: testGrid.Bounds(bounds)}
		if len(features) == 0 {
			in.layers.info["c.gpkg"] = vector.LayerInfo{Name: "c", CRS: testCRS, Bounds: raster.EmptyBounds()}
		}
		in.layers.features["c.gpkg"] = features
		c := &runfile.Cloud{Source: filepath.Join(filepath.Dir(in.file.Rules), "c.gpkg")}
		in.layers.info[c.Source], in.layers.features[c.Source] = in.layers.info["c.gpkg"], in.layers.features["c.gpkg"]
		return c
	}
	for _, c := range []struct {
		name   string
		change func(in *inputs, c *runfile.Cloud)
		want   string
	}{
		{"a raster", func(*inputs, *runfile.Cloud) {}, ""},
		{"no file", func(_ *inputs, c *runfile.Cloud) { c.Source = "{dir}/{stem}.msk" }, "after: the cloud mask of scene a: "},
		{"no CRS", func(in *inputs, _ *runfile.Cloud) {
			for uri, i := range in.images.info {
				if strings.HasSuffix(uri, "_cloud.tif") {
					i.Native.CRS = ""
					in.images.info[uri] = i
				}
			}
		}, "has no georeference or no coordinate reference system"},
		{"elsewhere", func(in *inputs, _ *runfile.Cloud) { clouded(t, in, testGrid.Window().Shift(100, 0)) }, "after: the cloud mask of scene a"},
		{"a picture", func(in *inputs, _ *runfile.Cloud) {
			for uri, i := range in.images.info {
				if strings.HasSuffix(uri, "_cloud.tif") {
					i.Bands = info(uri, 3).Bands
					in.images.info[uri] = i
				}
			}
		}, "has 3 bands: give a mask of one"},
		{"complex numbers", func(in *inputs, _ *runfile.Cloud) {
			for uri, i := range in.images.info {
				if strings.HasSuffix(uri, "_cloud.tif") {
					i.DataType = "CFloat32"
					in.images.info[uri] = i
				}
			}
		}, "complex samples (CFloat32), which are no mask: give one of whole numbers"},
		{"a damaged polygon", func(in *inputs, c *runfile.Cloud) {
			*c = *layer(in, testGrid.Window(), vector.Feature{WKB: encode(box(4, 4, 9, 9))}, vector.Feature{Problem: "its geometry is damaged"})
			put(t, c.Source, nil)
		}, "feature 1: its geometry is damaged, so that nobody knows what it covers: repair"},
		{"features without geometry", func(in *inputs, c *runfile.Cloud) {
			*c = *layer(in, testGrid.Window(), vector.Feature{}, vector.Feature{})
			put(t, c.Source, nil)
		}, "holds no polygon: give a layer of polygons"},
		{"polygons", func(in *inputs, c *runfile.Cloud) {
			*c = *layer(in, testGrid.Window(), vector.Feature{WKB: encode(box(4, 4, 9, 9))})
			put(t, c.Source, nil)
		}, ""},
		{"no cloud at all", func(in *inputs, c *runfile.Cloud) {
			*c = *layer(in, raster.Window{})
			put(t, c.Source, nil)
		}, ""},
		{"polygons elsewhere", func(in *inputs, c *runfile.Cloud) {
			*c = *layer(in, testGrid.Window().Shift(100, 0), vector.Feature{WKB: encode(box(104, 4, 109, 9))})
		}, "after: cloud: the scene a and its cloud mask"},
		{"polygons with values", func(in *inputs, c *runfile.Cloud) {
			*c = *layer(in, testGrid.Window(), vector.Feature{WKB: encode(box(4, 4, 9, 9))})
			c.Shadow = []int{2}
		}, "polygons, which have no values"},
	} {
		in := makeInputs(t)
		c.change(in, clouded(t, in, testGrid.Window()))
		_, err := NewPlan(context.Background(), in.drivers(), in.file, Options{})
		var input *InputError
		if (err != nil) != (c.want != "") || err != nil && (!errors.As(err, &input) || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// Of several scenes without a value, the reason that another image could mend counts, and what could not be read above all.
func TestHidden(t *testing.T) {
	for _, c := range []struct {
		name   string
		scenes []string
		masks  []string // of each scene: digits are its values, a space is beyond it, ! makes it unreadable
		want   string   // c cloud, s shadow, otherwise as merged draws
		failed string
	}{
		{"cloud, shadow, clear and beyond", []string{"000000"}, []string{"0123"}, "0cs000....", ""},
		{"the next scene fills", []string{"000000", "  11"}, []string{"111111"}, "cc11cc....", ""},
		{"cloud over no data is no data", []string{"0?0?"}, []string{"1111"}, "c?c?......", ""},
		{"cloud before shadow", []string{"0000", "11"}, []string{"222", "11"}, "ccs0......", ""},
		{"no data after cloud", []string{"00", "??"}, []string{"11"}, "cc........", ""},
		{"unreadable after cloud", []string{"00", "11!"}, []string{"11"}, "!!........", "b"},
		{"an unreadable mask", []string{"00?0"}, []string{"11!"}, "!!?0......", "a"},
		{"an unreadable mask, and another scene", []string{"0000", " 11"}, []string{"1111!"}, "!11!......", "a"},
	} {
		im, scenes := strip(c.scenes...)
		var masks []raster.Scene
		clouds := make([]*cloudMask, len(scenes))
		for i, line := range c.masks {
			f := &rasterFile{broken: strings.HasSuffix(line, "!"), planes: map[raster.Role][]float32{}}
			line = strings.TrimSuffix(line, "!")
			f.place = raster.Window{W: len(line), H: 1}
			for _, v := range line {
				f.planes[raster.Mask] = append(f.planes[raster.Mask], float32(v-'0'))
			}
			uri := "mask" + scenes[i].ID
			im.files[uri] = f
			clouds[i] = &cloudMask{source: uri, raster: len(masks), cloud: []float32{1}, shadow: []float32{2}}
			masks = append(masks, raster.Scene{ID: uri, URI: uri})
		}
		roles := []raster.Role{raster.Red, raster.NIR}
		p := &Plan{Grid: stripGrid, Before: scenes, BeforeOrigins: sceneOrigins(scenes)}
		p.besides[0].clouds, p.besides[0].masks = clouds, masks
		open, err := p.openDate(im, 0, roles, 0)
		if err != nil {
			t.Fatal(err)
		}
		m := open.mosaic()
		failed := ""
		m.failed = func(f ReadFailure) {
			failed += f.Scene
			if masked := strings.HasPrefix(f.Error, "cloud mask mask"); masked == strings.HasSuffix(c.scenes[len(c.scenes)-1], "!") {
				t.Errorf("%s: %+v", c.name, f)
			}
		}
		got, err := merged(t, m, stripGrid.Window())
		if err != nil || got != c.want || failed != c.failed {
			t.Errorf("%s: %s, failed %q, %v; want %s, failed %q", c.name, got, failed, err, c.want, c.failed)
		}
		if part, err := merged(t, m, raster.Window{X: 2, W: 5, H: 1}); err != nil || part != c.want[2:7] {
			t.Errorf("%s, columns 2 to 6: %s, %v", c.name, part, err)
		}
		m.strict = true
		if _, err := merged(t, m, stripGrid.Window()); (err != nil) != (c.failed != "") || err != nil && !errors.Is(err, errDisk) {
			t.Errorf("%s, strict: %v", c.name, err)
		}
	}
}
