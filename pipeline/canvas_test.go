package pipeline

import (
	"slices"
	"testing"

	"tuban/raster"
)

// sketching are images that are asked for sketches.
type sketching struct {
	*images
	view  raster.Grid
	roles [][]raster.Role
	left  []int64
	ended bool
}

func (s *sketching) Sketch(view raster.Grid, _ []raster.Scene, roles []raster.Role, bytes int64) int64 {
	s.view, s.roles, s.left = view, append(s.roles, roles), append(s.left, bytes)
	return bytes / 4
}

func (s *sketching) EndSketches() { s.ended = true }

// What the map will show is sketched from the beginning, in the memory for it, where there will be a map.
func TestMapIsSketched(t *testing.T) {
	p, im := cloudy(t, sky)
	o := Options{Memory: 1200}.withDefaults()
	s := &sketching{images: im}
	p.sketch(s, o)()
	if s.roles != nil {
		t.Error("no report is wanted")
	}
	p.Outputs = []string{"report"}
	end := p.sketch(s, o)
	rgb := []raster.Role{raster.Red, raster.Green, raster.Blue}
	if len(s.roles) != 2 || !slices.Equal(s.roles[0], rgb) || !slices.Equal(s.roles[1], rgb) || !slices.Equal(s.left, []int64{100, 75}) {
		t.Errorf("%v in %v bytes", s.roles, s.left)
	}
	if v := p.mapView(); s.view.W != v.W || s.view.H != v.H || s.view.Bounds(s.view.Window()) != p.Grid.Bounds(p.Grid.Window()) {
		t.Errorf("%v", s.view)
	}
	if end(); !s.ended {
		t.Error("the sketches are kept")
	}
	p.sketch(im, o)() // those that cannot
}
