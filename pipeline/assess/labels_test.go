package assess

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"tuban/pipeline"
	"tuban/raster"
)

// plane is a raster reference of one row per line; a space is no data.
type plane struct {
	pipeline.Pixels
	w, h   int
	values []float32
}

func (p plane) Read(_ context.Context, _ int, w raster.Window, dst [][]float32) error {
	for i := range dst[0] {
		dst[0][i] = p.values[(w.Y+i/w.W)*p.w+w.X+i%w.W]
	}
	return nil
}

func reference(noData *float64, values ...float32) (*labelled, raster.Grid) {
	return &labelled{uri: "reference.tif", noData: noData, pixels: plane{w: len(values), h: 1, values: values}, labels: Labels{Ignored: []int{255}}}, raster.Grid{W: len(values), H: 1}
}

func TestRecognise(t *testing.T) {
	zero, nine := 0., 9.
	for _, c := range []struct {
		name               string
		noData             *float64
		values             []float32
		unchanged, changed int
		ignored            []int
		ok                 bool
	}{
		{"0 and 1", nil, []float32{0, 1, 0}, 0, 1, []int{255}, true},
		{"0, 1 and not labelled", nil, []float32{0, 1, 255}, 0, 1, []int{255}, true},
		{"a picture", nil, []float32{0, 255, 255}, 0, 255, nil, true},
		{"numbered from 1", nil, []float32{1, 2, 1, raster.NaN}, 1, 2, []int{255}, true},
		{"nothing changed", nil, []float32{0, 0}, 0, 1, []int{255}, true},
		{"everything changed", nil, []float32{1, 1}, 0, 1, []int{255}, true},
		{"no data of its own", &nine, []float32{0, 1, 9}, 0, 1, []int{255}, true},
		{"0 tagged as no data is unchanged", &zero, []float32{0, 1}, 0, 1, []int{255}, true},
		{"several kinds", nil, []float32{1, 2, 10, 20}, 0, 0, nil, false},
		{"a fraction", nil, []float32{0, 0.5}, 0, 0, nil, false},
	} {
		r, g := reference(c.noData, c.values...)
		err := r.recognise(t.Context(), g)
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if !c.ok {
			if !strings.Contains(err.Error(), "--value") || !strings.Contains(err.Error(), "pixels)") {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		if !slices.Equal(r.labels.Unchanged, []int{c.unchanged}) || !slices.Equal(r.labels.Changed, []int{c.changed}) || !slices.Equal(r.labels.Ignored, c.ignored) {
			t.Errorf("%s: %+v", c.name, r.labels)
		}
	}
}

func TestTruth(t *testing.T) {
	r, g := reference(nil, 0, 1, 255, raster.NaN, 10, 2)
	r.labels = Labels{Changed: []int{1, 2}, Unchanged: []int{0, 10}, Ignored: []int{255}}
	dst := make([]truth, g.W)
	if _, err := r.truth(t.Context(), g.Window(), dst, nil); err != nil {
		t.Fatal(err)
	}
	if want := []truth{unchanged, changed, unlabelled, unlabelled, unchanged, changed}; !slices.Equal(dst, want) {
		t.Errorf("%v, want %v", dst, want)
	}
	r.labels = Labels{Changed: []int{1}, Unchanged: []int{0}, Ignored: []int{255}}
	var input *pipeline.InputError
	if _, err := r.truth(t.Context(), g.Window(), dst, nil); !errors.As(err, &input) || !strings.Contains(err.Error(), "value 10 at column 4, row 0") {
		t.Errorf("a value that nobody declared: %v", err)
	}
	r.labels = Labels{Unchanged: []int{0}, Ignored: []int{255}, AllChanges: true}
	if _, err := r.truth(t.Context(), g.Window(), dst, nil); err != nil || dst[4] != changed {
		t.Errorf("all changes: %v, %v", dst, err)
	}
}

// Of a layer that holds more than changes, the declared values of the type field are the changes.
func TestNames(t *testing.T) {
	one := Labels{Changed: []int{1}, Unchanged: []int{0}}
	for kind, want := range map[string]bool{"1": true, "1.0": true, "10": false, "0": false, "": false, "built": false} {
		if got := one.names(kind); got != want {
			t.Errorf("%q: %t", kind, got)
		}
		if !(Labels{}).names(kind) {
			t.Errorf("%q is no change, though none was declared", kind)
		}
	}
}
