package gdal

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"tuban/raster/vector"
)

// vectorWatch counts the operations on layers, which must not nest, and refuses from one on.
type vectorWatch struct {
	t          *testing.T
	path       string
	inside, n  int
	refuseFrom int
}

var errHarmful = errors.New("known to harm the process")

func (w *vectorWatch) Enter(op Op) (int, error) {
	if op.What != "survey" || op.URI != w.path {
		w.t.Errorf("entered %+v", op)
	}
	if w.inside != 0 {
		w.t.Error("operations nest")
	}
	if w.n++; w.refuseFrom > 0 && w.n >= w.refuseFrom {
		return 0, errHarmful
	}
	w.inside++
	return w.n, nil
}

func (w *vectorWatch) Beside(op Op) (int, bool) {
	w.t.Errorf("entered %+v beside another", op)
	return 0, false
}

func (w *vectorWatch) Leave(token int) {
	if w.inside--; token != w.n {
		w.t.Errorf("left %d in operation %d", token, w.n)
	}
}

// A reading is an operation per batch, the visits lie outside of all, and one that is refused ends it.
func TestWatchedReading(t *testing.T) {
	path := filepath.Join(t.TempDir(), "many.gpkg")
	if err := WriteGeoPackage(t.Context(), path, []vector.Table{many(3 * batchFeatures)}, pinned); err != nil {
		t.Fatal(err)
	}
	w := &vectorWatch{t: t, path: path}
	Watch(w)
	defer Watch(nil)
	s := vector.LayerSpec{Source: path, Fields: []string{"BSM"}}
	seen := 0
	err := ReadLayer(t.Context(), s, "", func(vector.Feature) error {
		if seen++; seen%1000 == 0 {
			_, err := DescribeLayer(t.Context(), s)
			return err
		}
		return nil
	})
	// Opening, preparing, three full batches and an empty one; opening and describing in the visit.
	if err != nil || seen != 3*batchFeatures || w.n != 2+4+2 || w.inside != 0 {
		t.Errorf("%d features in %d operations, %v", seen, w.n, err)
	}
	for from := 1; from <= 6; from++ {
		*w = vectorWatch{t: t, path: path, refuseFrom: from}
		if err := ReadLayer(t.Context(), s, "", func(vector.Feature) error { return nil }); !errors.Is(err, errHarmful) || w.inside != 0 {
			t.Errorf("refused from operation %d on: %v", from, err)
		}
	}
	*w = vectorWatch{t: t, path: path, refuseFrom: 1}
	for _, err := range []error{
		func() error { _, err := DescribeLayer(t.Context(), s); return err }(),
		func() error { _, err := ListLayers(t.Context(), path); return err }(),
	} {
		if !errors.Is(err, errHarmful) || !strings.Contains(err.Error(), path) {
			t.Error(err)
		}
	}
}
