package pipeline

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tuban/pipeline/runfile"
	"tuban/raster"
	"tuban/raster/vector"
)

func TestSeamDay(t *testing.T) {
	for text, want := range map[string]string{
		"2025-08-20": "2025-08-20", "20250820": "2025-08-20", " 2025/8/20 ": "2025-08-20", "2025/08/20 10:31:07+00": "2025-08-20",
		"2025-08-20T10:31:07Z": "2025-08-20", "20250820103107": "2025-08-20", "202508201031": "2025-08-20", "20250820.0": "2025-08-20",
		"2025.8.2": "2025-08-02", "2025年8月20日": "2025-08-20", "2024-02-29": "2024-02-29",
		"": "", "0": "", "2025": "", "2025-13-01": "", "2025-02-29": "", "20250231": "", "250820": "", "20-08-2025": "", "00000000": "", "2025-08-20x": "", "19000101": "",
	} {
		day, err := seamDay(text)
		if got := day.Format(time.DateOnly); (err != nil) != (want == "") || err == nil && got != want {
			t.Errorf("%q: %s, %v; want %q", text, got, err, want)
		}
	}
}

// seamed makes the after scene of inputs a mosaic whose seam polygons are the features; their values are day and sensor.
func seamed(t *testing.T, in *inputs, bounds raster.Window, features ...vector.Feature) {
	t.Helper()
	uri := filepath.Join(filepath.Dir(in.file.Rules), "seams.gpkg")
	put(t, uri, []byte("seams"))
	in.layers.info[uri] = vector.LayerInfo{Name: "seams", CRS: testCRS, Features: int64(len(features)), Fields: []string{"CXRQ", "CGQ"}, Bounds: testGrid.Bounds(bounds)}
	in.layers.features[uri] = features
	in.file.After.Scenes[0].Date = ""
	in.file.After.Scenes[0].Sensor = ""
	in.file.After.Scenes[0].Seams = &runfile.Seams{Source: uri, Date: "CXRQ", Sensor: "CGQ"}
}

func part(x0, y0, x1, y1 float64, day, sensor string) vector.Feature {
	return vector.Feature{WKB: encode(box(x0, y0, x1, y1)), Values: []string{day, sensor}}
}

// The origins of a mosaic are its days and sensors within the run, named by the first polygon of each.
func TestSeamOrigins(t *testing.T) {
	for _, c := range []struct {
		name     string
		date     string
		features []vector.Feature
		want     string
		open     bool // part of the scene has no date
	}{
		{"two days", "", []vector.Feature{part(0, 0, 12, 20, "2025-08-20", "GF-2"), part(12, 0, 30, 20, "20250821", "GF-2")}, "a#0 0820 GF-2, a#1 0821 GF-2", false},
		{"one day twice, another sensor", "", []vector.Feature{
			part(0, 0, 5, 20, "2025-08-20", "GF-2"), part(5, 0, 8, 20, "2025/8/20", "GF-7"), part(8, 0, 30, 20, "20250820", "GF-2"),
		}, "a#0 0820 GF-2, a#1 0820 GF-7", false},
		{"one beside the run, whose date nobody needs", "", []vector.Feature{part(-9, 0, -5, 20, "?", ""), part(0, 0, 30, 20, "2025-08-20", "")}, "a#1 0820 ", false},
		{"a part without", "", []vector.Feature{part(0, 0, 20, 20, "2025-08-20", "")}, "a#0 0820 ", true},
		{"a part with the scene's own date", "2025-09-01", []vector.Feature{part(0, 0, 20, 20, "2025-08-20", "")}, "a#0 0820 , a 0901 ", false},
		{"an empty feature", "", []vector.Feature{{Values: []string{"", ""}}, part(0, 0, 30, 20, "2025-08-20", "")}, "a#1 0820 ", false},
	} {
		in := makeInputs(t)
		seamed(t, in, testGrid.Window(), c.features...)
		in.file.After.Scenes[0].Date = c.date
		p := in.plan(t)
		var got []string
		for _, o := range p.AfterOrigins {
			got = append(got, fmt.Sprintf("%s %s %s", o.Name, o.Date.Format("0102"), o.Sensor))
			if o.Scene != 0 || len(o.outline) == 0 {
				t.Errorf("%s: %+v", c.name, o)
			}
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%s: %s, want %s", c.name, s, c.want)
		}
		if open := slices.ContainsFunc(p.Warnings, func(w string) bool { return strings.Contains(w, "lie on no seam polygon") }); open != c.open {
			t.Errorf("%s: warnings %q", c.name, p.Warnings)
		}
		if i := slices.IndexFunc(p.Sources, func(s Source) bool { return s.Role == "seams after" }); i < 0 || p.Sources[i].Fingerprint == "" {
			t.Errorf("%s: sources %+v", c.name, p.Sources)
		}
	}
}

func TestSeamsRefused(t *testing.T) {
	good := part(0, 0, 30, 20, "2025-08-20", "GF-2")
	for _, c := range []struct {
		name   string
		change func(in *inputs, s *runfile.Seams)
		want   string
	}{
		{"no date", func(in *inputs, s *runfile.Seams) {
			in.layers.features[s.Source] = []vector.Feature{good, part(4, 4, 9, 9, "next week", "")}
		}, `seams.gpkg, feature 1: "next week" in field CXRQ is no date: write it as 2025-08-20`},
		{"no field", func(_ *inputs, s *runfile.Seams) { s.Date = "RQ" }, "layer seams has no field RQ: it has [CXRQ CGQ]"},
		{"no file", func(_ *inputs, s *runfile.Seams) { s.Source += "x" }, "after: seams: "},
		{"no CRS", func(in *inputs, s *runfile.Seams) {
			i := in.layers.info[s.Source]
			i.CRS = ""
			in.layers.info[s.Source] = i
		}, "no coordinate reference system: assign the one it is in"},
		{"elsewhere", func(in *inputs, s *runfile.Seams) {
			i := in.layers.info[s.Source]
			i.Bounds.MinX, i.Bounds.MaxX = i.Bounds.MinX+zonePrefix, i.Bounds.MaxX+zonePrefix
			in.layers.info[s.Source] = i
		}, "the scene a and the seam lines of"},
		{"another layer", func(in *inputs, s *runfile.Seams) {
			i := in.layers.info[s.Source]
			i.Features = maxZones + 1
			in.layers.info[s.Source] = i
		}, "this is no layer of after: seams; check `layer:`"},
		{"no polygon at all", func(in *inputs, s *runfile.Seams) {
			i := in.layers.info[s.Source]
			i.Features, i.Bounds = 0, raster.EmptyBounds()
			in.layers.info[s.Source], in.layers.features[s.Source] = i, nil
		}, "holds no polygon: give the layer of seam lines"},
		{"beside the run only", func(in *inputs, s *runfile.Seams) {
			in.layers.features[s.Source] = []vector.Feature{part(-9, 0, -5, 20, "2025-08-20", "")}
		}, "after: no seam polygon lies on the scenes within the run's area"},
		{"too old a part", func(in *inputs, s *runfile.Seams) {
			in.layers.features[s.Source] = []vector.Feature{good, part(4, 4, 9, 9, "2023-08-20", "GF-2")}
		}, "the before scene b (2024-08-14) is not older than the after scene a#1 (seam polygon 1 of seams.gpkg, 2023-08-20)"},
		{"too many points", func(in *inputs, s *runfile.Seams) {
			ring := box(0, 0, 30, 20)
			for len(ring[0][0]) <= maxZonePoints {
				ring[0][0] = append(ring[0][0], ring[0][0]...)
			}
			in.layers.features[s.Source] = []vector.Feature{{WKB: encode(ring), Values: []string{"2025-08-20", ""}}}
		}, "more than 1000000 points: simplify them"},
	} {
		in := makeInputs(t)
		seamed(t, in, testGrid.Window(), good)
		c.change(in, in.file.After.Scenes[0].Seams)
		_, err := NewPlan(context.Background(), in.drivers(), in.file, Options{})
		var input *InputError
		if !errors.As(err, &input) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// More pairs than a run can count are refused, in terms of what makes them.
func TestTooManyOrigins(t *testing.T) {
	p := &Plan{BeforeOrigins: make([]Origin, 257), AfterOrigins: make([]Origin, 256)}
	for i := range p.AfterOrigins {
		p.AfterOrigins[i].Date = time.Unix(1e9, 0)
	}
	if err := p.checkOrigins(); err == nil || !strings.Contains(err.Error(), "257 before and 256 after scenes, or days and sensors") {
		t.Error(err)
	}
	p.BeforeOrigins = p.BeforeOrigins[:256]
	if err := p.checkOrigins(); err != nil {
		t.Error(err)
	}
	for _, pair := range []uint16{0, 1, 255, 256, 65535} {
		if b, a := p.unpair(pair); p.pair(int32(b), int32(a)) != pair {
			t.Errorf("pair %d is %d, %d", pair, b, a)
		}
	}
}

// What decides the pixels decides the key: the seam lines' content and settings, not their place.
func TestSeamsInKey(t *testing.T) {
	features := []vector.Feature{part(0, 0, 12, 20, "2025-08-20", "2025-08-22"), part(12, 0, 30, 20, "20250821", "2025-08-23")}
	keys := map[string]string{}
	for _, c := range []struct {
		name   string
		change func(in *inputs, s *runfile.Seams)
	}{
		{"as they are", func(*inputs, *runfile.Seams) {}},
		{"none", func(in *inputs, _ *runfile.Seams) {
			in.file.After.Scenes[0].Seams, in.file.After.Scenes[0].Date = nil, "2025-08-20"
		}},
		{"another field", func(_ *inputs, s *runfile.Seams) { s.Date = "CGQ" }},
		{"without the sensor", func(_ *inputs, s *runfile.Seams) { s.Sensor = "" }},
		{"other content", func(_ *inputs, s *runfile.Seams) { put(t, s.Source, []byte("other")) }},
	} {
		in := makeInputs(t)
		seamed(t, in, testGrid.Window(), features...)
		c.change(in, in.file.After.Scenes[0].Seams)
		key := in.plan(t).InputKey
		if other, there := keys[key]; there {
			t.Errorf("%s has the key of %s", c.name, other)
		}
		keys[key] = c.name
	}
	// The same inputs in another folder are the same inputs.
	in := makeInputs(t)
	seamed(t, in, testGrid.Window(), features...)
	if key := in.plan(t).InputKey; keys[key] != "as they are" {
		t.Errorf("in another folder the key is that of %q", keys[key])
	}
}

// Where seam polygons overlap, the first of the layer counts; on an edge a pixel belongs to the polygon right of it or below.
func TestSeamsFill(t *testing.T) {
	s := &seams{
		zones:  []zone{rectangleZone(1, 0, 4, 2), rectangleZone(0, 1, 7.5, 3), rectangleZone(6, 0, 9, 9)},
		origin: []int32{1, 2, -1}, rest: 0,
	}
	for _, rest := range []int32{0, -1} {
		s.rest = rest
		dst := make([]int32, 8*4)
		s.fill(dst, raster.Window{W: 8, H: 4})
		var got strings.Builder
		for i, o := range dst {
			if i%8 == 0 {
				got.WriteByte('\n')
			}
			got.WriteByte("-012"[o+1])
		}
		want := "\n01110000\n21112220\n22222220\n00000000"
		if rest < 0 {
			want = strings.ReplaceAll(want, "0", "-")
		}
		if got.String() != want {
			t.Errorf("got%s\nwant%s", got.String(), want)
		}
	}
}
