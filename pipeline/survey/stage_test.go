package survey

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/paulmach/orb"

	"tuban/raster/vector"
)

func TestStats(t *testing.T) {
	var read int64
	o := options()
	o.Progress = func(n int64) { read += n }
	path := filepath.Join(t.TempDir(), "x.stage")
	s, err := Stage(context.Background(), path, layer{
		parcel(box(0, 0, 10, 5), "0103", ""),
		parcel(nil, "0103", "null geometry"),
		parcel(box(0, 0, 10, 5), "9999", ""),
		parcel(append([]byte("mend:"), box(3, 3, 9, 9)...), "0103", ""),
		parcel(append([]byte("mend:"), box(-9, -9, -3, -3)...), "0103", "mended, outside"),
		parcel([]byte("lost"), "0103", ""),
		parcel(box(0, -4, 10, 0), "0103", "touches the grid from outside"),
		parcel(box(1300, 0, 1310, 9), "0103", "right of it"),
		parcel(box(1299.5, 1099.5, 1310, 1200), "0201", "its last pixel"),
	}, o)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	want := Stats{
		Features: 9, Empty: 1, Outside: 3, Lost: 1,
		Repaired: map[string]int64{"Self-intersection": 2, "Too few points": 1},
		Codes:    map[string]int64{"0103": 2, "9999": 1, "0201": 1}, Unknown: map[string]int64{"9999": 1},
	}
	if st := s.Stats(); !reflect.DeepEqual(st, want) {
		t.Errorf("got  %+v\nwant %+v", st, want)
	}
	if st := s.Stats(); int64(s.Len()) != st.Features-st.Empty-st.Outside-st.Lost {
		t.Errorf("%d parcels staged of %+v", s.Len(), st)
	}
	if read != 9 {
		t.Errorf("progress was told of %d features", read)
	}
	again, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if !reflect.DeepEqual(again.Stats(), want) {
		t.Errorf("reopened: %+v", again.Stats())
	}
}

// county is a layer of several batches, every seventh feature without a polygon.
func county(n int) layer {
	var l layer
	for i := range n {
		f := parcel(box(float64(i%1200), float64(i/1200*40), float64(i%1200)+9, float64(i/1200*40)+30), "0"+strconv.Itoa(i%9), strconv.Itoa(i))
		if i%7 == 3 {
			f.WKB = nil
		}
		l = append(l, f)
	}
	return l
}

// late holds the first batch back until the fourth has passed, so that batches end in another order than they began.
type late struct {
	release *sync.Once
	passed  chan struct{}
	first   []byte
	n       *atomic.Int64
}

func (r late) Repair(in []byte) ([]byte, string, error) {
	switch n := r.n.Add(1); {
	case string(in) == string(r.first):
		<-r.passed
	case n > 3*batchSize:
		r.release.Do(func() { close(r.passed) })
	}
	return in, "", nil
}

// The parcels and their order are the same however many workers there were and whichever was quicker.
func TestOrder(t *testing.T) {
	l := county(5*batchSize + 17)
	var want []byte
	for _, procs := range []int{1, 2, 5} {
		func() {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
			o := options()
			if procs > 1 {
				r := late{new(sync.Once), make(chan struct{}), l[0].WKB, new(atomic.Int64)}
				o.Repairer = func() Repairer { return r }
			}
			path := filepath.Join(t.TempDir(), "x.stage")
			s, err := Stage(context.Background(), path, l, o)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			got, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if want == nil {
				want = got
			}
			// Maps have no order in the file, so the index is compared as a value and the records byte for byte.
			end := s.x.Offset[s.Len()]
			if int64(len(want)) < end || string(got[:end]) != string(want[:end]) {
				t.Errorf("%d workers: other records", procs)
			}
			for i, k := 0, int32(0); i < len(l); i++ {
				if l[i].WKB == nil {
					continue
				}
				k++
				p, err := s.Parcel(k)
				if err != nil || p.Values[1] != strconv.Itoa(i) {
					t.Fatalf("%d workers: parcel %d is %v of feature %d, %v", procs, k, p.Values, i, err)
				}
				if code := s.Classes()[s.Class(k)]; code != p.Values[0] {
					t.Fatalf("parcel %d has the class %s, not %s", k, code, p.Values[0])
				}
			}
		}()
	}
}

type sourceFunc func(ctx context.Context, visit func(vector.Feature) error) error

func (f sourceFunc) ReadLayer(ctx context.Context, _ vector.LayerSpec, _ string, visit func(vector.Feature) error) error {
	return f(ctx, visit)
}

// What goes wrong is told with the source's name, and leaves no file, whole or part.
func TestErrors(t *testing.T) {
	broken := errors.New("the disk is gone")
	good := county(batchSize + 5)
	fails := func(after int) Source {
		return sourceFunc(func(_ context.Context, visit func(vector.Feature) error) error {
			for _, f := range good[:after] {
				if err := visit(f); err != nil {
					return err
				}
			}
			return broken
		})
	}
	line := encode(orb.LineString{{1000, 5000}, {1010, 4990}})
	for _, c := range []struct {
		name string
		src  Source
		want string
	}{
		{"at once", fails(0), "staging the survey county.gpkg: the disk is gone"},
		{"in the second batch", fails(batchSize + 2), "staging the survey county.gpkg: the disk is gone"},
		{"a line", layer{good[0], good[1], parcel(line, "01", "")}, "county.gpkg: feature 2: a LineString where a polygon is needed"},
		{"no geometry at all", layer{parcel([]byte{1, 2}, "01", "")}, "county.gpkg: feature 0: "},
	} {
		dir := t.TempDir()
		_, err := Stage(context.Background(), filepath.Join(dir, "x.stage"), c.src, options())
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
		if strings.Contains(c.want, "disk") && !errors.Is(err, broken) {
			t.Errorf("%s: the cause is lost in %v", c.name, err)
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("%s: left %v", c.name, left)
		}
	}
}

// A parcel that the engine cannot mend costs that parcel, not the run.
func TestBeyondRepair(t *testing.T) {
	good := county(2)
	s, err := Stage(context.Background(), filepath.Join(t.TempDir(), "x.stage"), layer{good[0], parcel([]byte("crash"), "01", ""), good[1]}, options())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if st := s.Stats(); s.Len() != 2 || st.Lost != 1 || st.Repaired["cannot be repaired"] != 1 {
		t.Errorf("%d parcels, %+v", s.Len(), st)
	}
}

// A class field of measurements is told apart from one of codes.
func TestTooManyClasses(t *testing.T) {
	src := sourceFunc(func(_ context.Context, visit func(vector.Feature) error) error {
		geom := box(0, 0, 3, 3)
		for i := range 1<<16 + 1 {
			if err := visit(parcel(geom, strconv.Itoa(i), "")); err != nil {
				return err
			}
		}
		return nil
	})
	_, err := Stage(context.Background(), filepath.Join(t.TempDir(), "x.stage"), src, options())
	if err == nil || !strings.Contains(err.Error(), "DLBM holds more than 65,536 different values") {
		t.Error(err)
	}
}

// Cancelling ends staging although the source would go on for ever.
func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	src := sourceFunc(func(_ context.Context, visit func(vector.Feature) error) error {
		geom := box(0, 0, 3, 3)
		for i := 0; ; i++ {
			if i == 3*batchSize {
				cancel()
			}
			if err := visit(parcel(geom, "01", "")); err != nil {
				return err
			}
		}
	})
	dir := t.TempDir()
	if _, err := Stage(ctx, filepath.Join(dir, "x.stage"), src, options()); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}
