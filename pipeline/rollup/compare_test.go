package rollup

import (
	"fmt"
	"testing"

	"github.com/paulmach/orb"

	"tuban/pipeline/plane"
	"tuban/raster"
)

// zones are coordinates whose systems lie a million metres apart for each number that their names have.
type zones struct{ plane.Coordinates }

func (zones) SameCRS(a, b string) (bool, error) { return a == b, nil }

func (zones) GroundSize(raster.Grid) (x, y float64, err error) { return 1, 1, nil }

func (zones) TransformBounds(src, dst string, b raster.Bounds) (raster.Bounds, error) {
	var from, to float64
	if _, err := fmt.Sscan(src+" "+dst, &from, &to); err != nil {
		return b, err
	}
	by := (to - from) * 1e6
	return raster.Bounds{MinX: b.MinX + by, MinY: b.MinY, MaxX: b.MaxX + by, MaxY: b.MaxY}, nil
}

// A patch of the run before is gone from the ground only where somebody looked again; elsewhere the reason is off.
func TestGoneWhereNobodyLooked(t *testing.T) {
	at := func(cid, crs string, x, y float64) *patch {
		return &patch{cid: cid, crs: crs, middle: orb.Point{x, y}, area: 100, values: map[Dimension]string{}, parts: []part{{area: 100}}}
	}
	// Two products, one below the other, W ≠ H, in systems of their own.
	grids := []raster.Grid{
		{CRS: "42", Transform: [6]float64{0, 1, 0, 50, 0, -1}, W: 100, H: 50},
		{CRS: "43", Transform: [6]float64{1e6, 1, 0, 0, 0, -1}, W: 100, H: 30},
	}
	before := []*patch{
		at("still", "42", 10, 10), at("not seen", "42", 20, 10), at("below", "42", 20, -20), at("right", "42", 120, 10), at("far below", "42", 20, -31),
		at("other zone", "43", 1e6+20, -20), at("other zone, off", "43", 20, -20), at("moved on", "42", 500, 10), at("said", "42", 20, -40),
	}
	now := []*patch{at("still", "42", 10, 10), at("moved on", "42", 50, 10)}
	off, err := beyond(zones{}, grids, before)
	if err != nil {
		t.Fatal(err)
	}
	for _, follows := range []bool{false, true} {
		g := &gathered{patches: copies(now), follows: follows, gone: map[string]goneCase{"said": {"unobserved", 100}}}
		want := map[string]string{"right": "off", "far below": "off", "other zone, off": "off", "said": "unobserved"}
		if !follows {
			g.gone = track(g.patches, before)
			want["not seen"], want["below"], want["other zone"], want["said"] = "not_seen", "not_seen", "not_seen", "off"
		}
		g.leave(before, off)
		got := map[string]string{}
		for cid, c := range g.gone {
			got[cid] = c.reason
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("follows %v: %v, want %v", follows, got, want)
		}
		earlier := counted(before)
		if c := compare(counted(now), earlier, before, g.gone); c.Gone["off"].Patches+c.Gone["not_seen"].Patches+c.Gone["unobserved"].Patches != len(want) {
			t.Errorf("follows %v: gone %v", follows, c.Gone)
		}
	}
	if _, err := beyond(zones{}, grids, []*patch{at("x", "no zone", 0, 0)}); err == nil {
		t.Error("a system that cannot be compared passes")
	}
}
