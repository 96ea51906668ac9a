package pipeline

import (
	"context"
	"strings"
	"testing"

	"tuban/pipeline/runfile"
	"tuban/raster"
	"tuban/raster/vector"
)

func TestEstimate(t *testing.T) {
	for _, c := range []struct {
		name                            string
		change                          func(in *inputs)
		tile                            int
		tiles, outside, nothing, images int
		bytes                           int64
	}{
		// The run's grid is 20 × 15 of the scenes' 23 × 17 pixels.
		{"everything", func(in *inputs) { in.file.Survey = nil }, 10, 4, 0, 0, 0, 2 * 1000 * 300 / 391},
		// Parcel p2, columns 9 to 14 of the run, is of no interest; nor is what lies on no parcel.
		{"a survey", func(*inputs) {}, 5, 12, 0, 4, 0, 2 * 1000 * 300 / 391 * 2 / 3},
		{"pixel by pixel", func(*inputs) {}, 1, 300, 0, 6*15 + 5*9, 0, 2 * 1000 * 300 / 391 * 165 / 300},
		{"one tile", func(*inputs) {}, 100, 1, 0, 0, 0, 2 * 1000 * 300 / 391},
		{"a region with a corner left out", func(in *inputs) {
			in.file.Survey = nil
			in.file.Region = &runfile.Region{Source: "corner"}
			in.layers.features["corner"] = []vector.Feature{{WKB: encode(box(3, 2, 23, 12))}, {WKB: encode(box(3, 12, 13, 17))}}
		}, 5, 12, 2, 0, 0, 2 * 1000 * 300 / 391 * 250 / 300},
		{"two scenes before with a gap between them", func(in *inputs) {
			in.file.Survey = nil
			west, east := in.file.Before.Scenes[0], in.file.Before.Scenes[0]
			east.URI = strings.Replace(west.URI, "b.tif", "rules.yaml", 1)
			for uri, w := range map[string]raster.Window{west.URI: {X: 0, Y: 0, W: 8, H: 17}, east.URI: {X: 18, Y: 0, W: 5, H: 17}} {
				i := info(uri, 1)
				i.Native = testGrid.Crop(w)
				in.images.info[uri] = i
			}
			in.file.Before.Scenes = []runfile.Scene{west, east}
		}, 5, 12, 0, 0, 6, 1000/2*75/136 + 1000/2*75/85 + 1000*150/391},
	} {
		in := makeInputs(t)
		c.change(in)
		if r := in.file.Region; r != nil {
			path := strings.Replace(in.file.Rules, "rules.yaml", r.Source, 1)
			put(t, path, nil)
			in.layers.features[path], in.layers.info[path] = in.layers.features[r.Source], vector.LayerInfo{CRS: testCRS}
			r.Source = path
		}
		p := in.plan(t)
		p.Tile = c.tile
		e, err := p.Estimate(context.Background(), in.drivers(), Options{Scratch: t.TempDir()})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if e.Tiles != c.tiles || e.OutsideRegion != c.outside || e.NothingEligible != c.nothing || e.NoImagery != c.images {
			t.Errorf("%s: %+v", c.name, e)
		}
		if d := e.ReadBytes - c.bytes; d < -4 || d > 4 {
			t.Errorf("%s: %d bytes to read, want %d", c.name, e.ReadBytes, c.bytes)
		}
		if (e.Survey != nil) != (in.file.Survey != nil) || e.Survey != nil && e.Survey.Parcels != 3 {
			t.Errorf("%s: survey %+v", c.name, e.Survey)
		}
		if in.images.reads.Load() > 0 {
			t.Errorf("%s: pixels were read", c.name)
		}
	}
}

// A run skips every tile that the estimate calls outside or not eligible; it may skip more, as it looks at pixels.
func TestEstimateAgreesWithScan(t *testing.T) {
	for _, tile := range []int{1, 2, 3, 5, 100} {
		in := makeInputs(t)
		p := in.plan(t)
		p.Tile = tile
		e, err := p.Estimate(context.Background(), in.drivers(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		store, _, err := p.stage(context.Background(), in.drivers(), dir, Options{}.withDefaults())
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		out, err := p.scan(context.Background(), in.drivers(), store, dir, Options{}.withDefaults())
		if err != nil {
			t.Fatal(err)
		}
		// Parcels lie along pixel edges here, so that the two agree.
		if out.tiles != e.Tiles || out.skipped != e.OutsideRegion+e.NothingEligible {
			t.Errorf("tiles of %d: %d of %d skipped, the estimate is %+v", tile, out.skipped, out.tiles, e)
		}
	}
}

// A survey that cannot be what the run file says ends the estimate as it would the run; oddities are warnings.
func TestEstimateOfSurvey(t *testing.T) {
	for _, c := range []struct {
		name   string
		values []string
		geom   [4]float64
		err    string
	}{
		{"elsewhere", []string{"0101", "", "", ""}, [4]float64{100, 100, 110, 110}, "none of its 1 features touches the run's area"},
		{"no class is known", []string{"zz", "", "", ""}, [4]float64{5, 5, 9, 9}, "no parcel has a class code of TD/T 1055-2019 in field DLBM"},
		{"nothing is eligible", []string{"1001", "", "", ""}, [4]float64{5, 5, 9, 9}, "no parcel of the survey is of a class that any kind is eligible for"},
	} {
		in := makeInputs(t)
		in.layers.features[in.file.Survey.Source[0]] = []vector.Feature{{WKB: encode(box(c.geom[0], c.geom[1], c.geom[2], c.geom[3])), Values: c.values}}
		p := in.plan(t)
		if _, err := p.Estimate(context.Background(), in.drivers(), Options{}); err == nil || !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	in := makeInputs(t)
	src := in.file.Survey.Source[0]
	in.layers.features[src] = []vector.Feature{{Values: []string{"0101", "", "", ""}}, {Problem: "its geometry is damaged", Values: []string{"0101", "", "", ""}}}
	if _, err := in.plan(t).Estimate(context.Background(), in.drivers(), Options{}); err == nil || !strings.Contains(err.Error(), "none of its 2 features has a polygon that can be used: repair the file") {
		t.Errorf("nothing but damage: %v", err)
	}
	in = makeInputs(t)
	src = in.file.Survey.Source[0]
	in.layers.features[src] = append(in.layers.features[src],
		vector.Feature{WKB: encode(box(4, 4, 9, 9)), Values: []string{"zz", "", "", ""}}, vector.Feature{Values: []string{"0101", "", ""}})
	e, err := in.plan(t).Estimate(context.Background(), in.drivers(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if w := strings.Join(e.Warnings, "|"); w != `survey: 1 features have no polygon|survey: 1 parcels have the class code "zz", which TD/T 1055-2019 does not know` {
		t.Errorf("warnings %s", w)
	}
}
