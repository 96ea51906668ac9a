package survey

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"pgregory.net/rapid"

	"tuban/raster/vector"
)

// folder is several layers in memory, by source.
type folder map[string]layer

func (f folder) ReadLayer(ctx context.Context, s vector.LayerSpec, crs string, visit func(vector.Feature) error) error {
	l, ok := f[s.Source]
	if !ok {
		return os.ErrNotExist
	}
	return l.ReadLayer(ctx, s, crs, visit)
}

// of are options for the sources in this order.
func of(sources ...string) Options {
	o := options()
	o.Layers = nil
	for _, s := range sources {
		o.Layers = append(o.Layers, vector.LayerSpec{Source: s, Fields: o.Fields})
	}
	return o
}

func stageFiles(t interface {
	Fatal(...any)
	Cleanup(func())
}, dir string, f folder, sources ...string) *Store {
	s, err := Stage(context.Background(), filepath.Join(dir, fmt.Sprintf("%d.stage", len(sources))), f, of(sources...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// One survey cut into files anywhere is the same survey: the same parcels under the same numbers, and counts that add up.
func TestSplitSurvey(t *testing.T) {
	all := county(3*batchSize + 5)
	one := stageFiles(t, t.TempDir(), folder{"all": all}, "all")
	for _, at := range []int{0, 1, batchSize, 2*batchSize + 100, len(all)} {
		two := stageFiles(t, t.TempDir(), folder{"a": all[:at], "b": all[at:]}, "a", "b")
		if two.Len() != one.Len() || !reflect.DeepEqual(two.Stats(), one.Stats()) {
			t.Errorf("cut at %d: %d parcels, %+v", at, two.Len(), two.Stats())
		}
		for i := int32(1); i <= int32(one.Len()); i++ {
			a, errA := one.Parcel(i)
			b, errB := two.Parcel(i)
			if errA != nil || errB != nil || !reflect.DeepEqual(a, b) || one.Bounds(i) != two.Bounds(i) {
				t.Fatalf("cut at %d: parcel %d is %v, %v; want %v, %v", at, i, b, errB, a, errA)
			}
		}
		files := two.Files()
		if files[0].Source != "a" || files[0].Stats.Features != int64(at) || files[0].Parcels+files[1].Parcels != one.Len() {
			t.Errorf("cut at %d: %+v", at, files)
		}
	}
}

// A file that cannot be read is named, and nothing is left of the others.
func TestSecondFileFails(t *testing.T) {
	dir := t.TempDir()
	_, err := Stage(context.Background(), filepath.Join(dir, "x.stage"), folder{"a": county(9)}, of("a", "gone"))
	if want := "staging the survey gone: file does not exist"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

// A geometry that could not be read costs its parcel, counted by the reason.
func TestProblems(t *testing.T) {
	broken := parcel(nil, "0103", "p")
	broken.Problem = "its geometry is damaged"
	s := stage(t, layer{parcel(box(0, 0, 9, 9), "0103", "a"), broken})
	if st := s.Stats(); s.Len() != 1 || st.Lost != 1 || st.Empty != 0 || st.Repaired["its geometry is damaged"] != 1 {
		t.Errorf("%+v", st)
	}
}

// Land that is in several files is reported with the pair of files, the earlier first; slivers are not.
func TestOverlaps(t *testing.T) {
	grid := func(dx, dy, step float64) (l layer) {
		for y := 400.0; y < 700; y += step {
			for x := 300.0; x < 800; x += step {
				l = append(l, parcel(box(x+dx, y+dy, x+dx+step, y+dy+step), "0103", ""))
			}
		}
		return l
	}
	f := folder{
		"a": grid(0, 0, 50), "again": grid(0, 0, 25), "beside": grid(500, 0, 50), "sliver": grid(498, 0, 50), "strip": grid(490, 0, 50),
		"within": {parcel(box(0, 0, 1300, 1100), "0103", "")},
	}
	for _, c := range []struct {
		sources []string
		want    []Overlap
	}{
		{[]string{"a"}, nil},
		{[]string{"a", "beside"}, nil},
		{[]string{"a", "sliver"}, nil},
		{[]string{"a", "strip"}, []Overlap{{"a", "strip", 10 * 300}}},
		{[]string{"strip", "a"}, []Overlap{{"strip", "a", 10 * 300}}},
		{[]string{"a", "again"}, []Overlap{{"a", "again", 500 * 300}}},
		{[]string{"again", "within"}, []Overlap{{"again", "within", 500 * 300}}},
		{[]string{"a", "beside", "strip"}, []Overlap{{"a", "strip", 10 * 300}, {"beside", "strip", 490 * 300}}},
	} {
		s := stageFiles(t, t.TempDir(), f, c.sources...)
		if got := s.Overlaps(); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", c.sources, got, c.want)
		}
	}
}

// What the meter finds cell by cell is what one look at the whole grid finds.
func TestOverlapsDoNotDependOnCells(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		f := folder{}
		names := []string{"a", "b", "c"}
		for _, n := range names {
			f[n] = layer{}
			for i := range rapid.IntRange(0, 4).Draw(t, "parcels") {
				x, y := float64(rapid.IntRange(-50, 2600).Draw(t, "x"))/2, float64(rapid.IntRange(-50, 2200).Draw(t, "y"))/2
				edge := rapid.SampledFrom([]float64{2, 3.5, 40, 700}).Draw(t, "edge")
				f[n] = append(f[n], parcel(box(x, y, x+edge, y+edge/2+2), "01", strconv.Itoa(i)))
			}
		}
		s, err := Stage(context.Background(), filepath.Join(dir, "x.stage"), f, of(names...))
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		m := overlapMeter{store: s, pixels: map[filePair]int64{}}
		if err := m.measure(testGrid.Window()); err != nil {
			t.Fatal(err)
		}
		got := s.Overlaps()
		for _, v := range got {
			p := filePair{slices.Index(names, v.First), slices.Index(names, v.Second)}
			if m.pixels[p] != v.Pixels || v.Pixels == 0 {
				t.Fatalf("%v: cell by cell %d pixels, at once %d", p, v.Pixels, m.pixels[p])
			}
			delete(m.pixels, p)
		}
		if len(m.pixels) > 0 {
			t.Fatalf("missed cell by cell: %v", m.pixels)
		}
	})
}

// A disk that is full ends staging with the stage file's name, and leaves nothing of it.
func TestStagingOnAFullDisk(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "disk")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=256k"); err != nil {
		t.Skipf("SKIPPED: a small disk cannot be mounted here, so no full one was tried: %v", err)
	}
	defer func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	}()
	path := filepath.Join(dir, "x.stage")
	for _, n := range []int{10 * batchSize, 60 * batchSize} {
		s, err := Stage(context.Background(), path, folder{"a": county(n)}, of("a"))
		if err == nil {
			s.Close()
		}
		if err == nil || !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), path) {
			t.Errorf("%d features: %v", n, err)
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("left %v", left)
		}
	}
}
