package survey

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"tuban/raster"
)

// Parcels come back as they were read, in the order of the layer, numbered from 1.
func TestReadBack(t *testing.T) {
	hole := orb.MultiPolygon{
		{ring(10, 10, 40, 30), ring(15, 15, 20, 20)},
		{ring(600, 700, 640, 720)},
	}
	s := stage(t, layer{
		parcel(box(0, 0, 10, 5), "0103", "一"),
		parcel(encode(hole), "", ""),
		parcel(box(-5, -5, 2000, 2000), "0103", "all of it"),
	})
	want := []Parcel{
		{1, []string{"0103", "一"}, orb.MultiPolygon{{ring(0, 0, 10, 5)}}},
		{2, []string{"", ""}, hole},
		{3, []string{"0103", "all of it"}, orb.MultiPolygon{{ring(-5, -5, 2000, 2000)}}},
	}
	for round := range 2 {
		for i := int32(len(want)); i >= 1; i-- {
			got, err := s.Parcel(i)
			if err != nil || !reflect.DeepEqual(got, want[i-1]) {
				t.Errorf("round %d, parcel %d is %+v, %v", round, i, got, err)
			}
		}
	}
	if s.Len() != 3 || !slices.Equal(s.Classes(), []string{"0103", ""}) || s.Class(1) != 0 || s.Class(2) != 1 || s.Class(3) != 0 {
		t.Errorf("%d parcels of classes %q", s.Len(), s.Classes())
	}
	p, _ := s.Parcel(1)
	if s.Value(p, "BSM") != "一" || s.Value(p, "DLBM") != "0103" || s.Value(p, "ZLDWDM") != "" {
		t.Error("values by field")
	}
	for i, w := range []raster.Window{{X: 0, Y: 0, W: 10, H: 5}, {X: 10, Y: 10, W: 630, H: 710}, testGrid.Window()} {
		if got := s.Bounds(int32(i + 1)); got != w {
			t.Errorf("parcel %d has the bounds %v, want %v", i+1, got, w)
		}
	}
}

// Near finds what brute force finds, each parcel once, in ascending order, behind what dst held.
func TestNear(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		at := func(n int, name string) float64 { return float64(rapid.IntRange(-200, 4*n).Draw(t, name)) / 4 }
		var l layer
		var boxes [][4]float64
		for range rapid.IntRange(0, 30).Draw(t, "parcels") {
			x, y := at(testGrid.W, "x"), at(testGrid.H, "y")
			edge := rapid.SampledFrom([]float64{0.25, 3, 40, 600}).Draw(t, "edge")
			b := [4]float64{x, y, x + edge, y + edge/2}
			if b[2] <= 0 || b[3] <= 0 || b[0] >= float64(testGrid.W) || b[1] >= float64(testGrid.H) {
				continue
			}
			boxes = append(boxes, b)
			l = append(l, parcel(box(b[0], b[1], b[2], b[3]), "01", strconv.Itoa(len(l))))
		}
		s, err := Stage(context.Background(), filepath.Join(dir, "near"), l, options())
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		for range 8 {
			w := raster.Window{
				X: rapid.IntRange(-50, testGrid.W+50).Draw(t, "wx"), Y: rapid.IntRange(-50, testGrid.H+50).Draw(t, "wy"),
				W: rapid.SampledFrom([]int{0, 1, 7, 512, 900}).Draw(t, "ww"), H: rapid.SampledFrom([]int{1, 5, 512, 1100}).Draw(t, "wh"),
			}
			inside := w.Intersect(testGrid.Window())
			want := []int32{7, 7}
			for i, b := range boxes {
				touched := raster.Window{X: int(math.Floor(b[0])), Y: int(math.Floor(b[1]))}
				touched.W, touched.H = int(math.Ceil(b[2]))-touched.X, int(math.Ceil(b[3]))-touched.Y
				if !touched.Intersect(inside).Empty() {
					want = append(want, int32(i+1))
				}
			}
			if got := s.Near([]int32{7, 7}, w); !slices.Equal(got, want) {
				t.Fatalf("near %v: %v, want %v", w, got, want)
			}
		}
	})
}

func TestNearInEmptySurvey(t *testing.T) {
	s := stage(t, layer{})
	if got := s.Near(nil, testGrid.Window()); got != nil || s.Len() != 0 {
		t.Errorf("%v of %d parcels", got, s.Len())
	}
}

// A file cut at any byte, and one with any byte changed, is refused and says what to do.
func TestUnfinishedFiles(t *testing.T) {
	s := stage(t, layer{parcel(box(0, 0, 10, 5), "0103", "a"), parcel(box(5, 5, 900, 900), "0201", "b")})
	whole, err := os.ReadFile(s.f.Name())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "x.stage")
	refused := func(what string, at int, b []byte) {
		if err := os.WriteFile(path, b, 0o644); err != nil {
			t.Fatal(err)
		}
		got, err := Open(path)
		if err == nil {
			got.Close()
			t.Fatalf("%s byte %d: opened", what, at)
		}
		if !strings.Contains(err.Error(), path) || !strings.HasSuffix(err.Error(), "run again, and the survey is staged anew") {
			t.Fatalf("%s byte %d: %v", what, at, err)
		}
	}
	for n := range whole {
		refused("cut at", n, whole[:n])
	}
	for i := range whole {
		for _, flip := range []byte{1, 0x80} {
			b := slices.Clone(whole)
			b[i] ^= flip
			refused("changed", i, b)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none")); !os.IsNotExist(err) {
		t.Errorf("no file: %v", err)
	}
}

// A record that changes while the file is open is an error of its parcel, not a crash and not another parcel.
func TestDamagedRecord(t *testing.T) {
	s := stage(t, layer{parcel(box(0, 0, 10, 5), "0103", "a")})
	whole, err := os.ReadFile(s.f.Name())
	if err != nil {
		t.Fatal(err)
	}
	for i := range s.x.Offset[1] - s.x.Offset[0] {
		damaged := slices.Clone(whole)
		damaged[s.x.Offset[0]+i] ^= 0x10
		if err := os.WriteFile(s.f.Name(), damaged, 0o644); err != nil {
			t.Fatal(err)
		}
		if p, err := s.Parcel(1); err == nil {
			t.Errorf("byte %d: read as %+v", i, p)
		} else if !strings.HasSuffix(err.Error(), "staged anew") {
			t.Errorf("byte %d: %v", i, err)
		}
	}
}
