package geos

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"pgregory.net/rapid"
)

func TestOverlay(t *testing.T) {
	const patch = "POLYGON((0 0,0 4,4 4,4 0,0 0))"
	for _, c := range []struct {
		name    string
		parcels []string
		pieces  map[int]float64
		rest    float64
	}{
		{"no parcels", nil, nil, 16},
		{"one parcel around it", []string{"POLYGON((-1 -1,-1 9,9 9,9 -1,-1 -1))"}, map[int]float64{0: 16}, 0},
		{"the same outline", []string{patch}, map[int]float64{0: 16}, 0},
		{"two halves", []string{"POLYGON((0 0,0 4,1 4,1 0,0 0))", "POLYGON((1 0,1 4,4 4,4 0,1 0))"}, map[int]float64{0: 4, 1: 12}, 0},
		{"only touching, along an edge and at a corner", []string{"POLYGON((4 0,4 4,5 4,5 0,4 0))", "POLYGON((4 4,4 5,5 5,5 4,4 4))"}, nil, 16},
		{"far away", []string{"POLYGON((40 0,40 4,50 4,50 0,40 0))"}, nil, 16},
		{"a hole is not covered", []string{"POLYGON((-1 -1,-1 9,9 9,9 -1,-1 -1),(1 1,2 1,2 2,1 2,1 1))"}, map[int]float64{0: 15}, 1},
		{"the lower index wins where parcels overlap", []string{"POLYGON((0 0,0 4,3 4,3 0,0 0))", "POLYGON((2 0,2 4,4 4,4 0,2 0))"}, map[int]float64{0: 12, 1: 4}, 0},
		{"the same parcel twice", []string{"POLYGON((0 0,0 4,3 4,3 0,0 0))", "POLYGON((0 0,0 4,3 4,3 0,0 0))"}, map[int]float64{0: 12}, 4},
		{"covered twice over", []string{patch, patch}, map[int]float64{0: 16}, 0},
		{"overlap and gap of the same size", []string{"POLYGON((0 0,0 4,2 4,2 0,0 0))", "POLYGON((1 0,1 4,3 4,3 0,1 0))"}, map[int]float64{0: 8, 1: 4}, 4},
		{"a bow tie as a parcel", []string{"POLYGON((0 0,4 4,4 0,0 4,0 0))"}, map[int]float64{0: 8}, 8},
		{"touching along a line and overlapping elsewhere", []string{"POLYGON((4 0,4 3,3 3,3 4,5 4,5 0,4 0))"}, map[int]float64{0: 1}, 15},
		{"a parcel in two parts, and one without area", []string{"POLYGON((1 1,2 2,3 3,1 1))", "MULTIPOLYGON(((0 0,0 1,1 1,1 0,0 0)),((3 3,3 4,4 4,4 3,3 3)))"}, map[int]float64{1: 2}, 14},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, shift := range []orb.Point{{0, 0}, {42_512_345, 4_851_234}} {
				var parcels []orb.MultiPolygon
				for _, p := range c.parcels {
					parcels = append(parcels, moved(parse(t, p), shift, 1))
				}
				pieces, rest, err := New().Overlay(moved(parse(t, patch), shift, 1), parcels)
				if err != nil {
					t.Fatal(err)
				}
				got := map[int]float64{}
				for _, p := range pieces {
					got[p.Index] = area(p.Geom)
				}
				if len(got) != len(c.pieces) || len(pieces) != len(got) {
					t.Errorf("pieces %v, want %v", got, c.pieces)
				}
				for i, want := range c.pieces {
					if math.Abs(got[i]-want) > 1e-6 {
						t.Errorf("piece %d has %v, want %v", i, got[i], want)
					}
				}
				if math.Abs(area(rest)-c.rest) > 1e-6 || (rest == nil) != (c.rest == 0) {
					t.Errorf("rest %v, want %v", area(rest), c.rest)
				}
			}
		})
	}
}

// TestOverlayOfNeighboursCutFromOne: in floating point GEOS 3.11 takes the whole parcel for the intersection.
func TestOverlayOfNeighboursCutFromOne(t *testing.T) {
	patch := parse(t, "POLYGON((0.0001 0.0006,40.00006000000002 0.0004799999999999999,72.72729256198889 0.00021818187768596662,0 0,0.0001 0.0006))")
	parcel := parse(t, "POLYGON((100 0.0003,72.72729256198889 0.00021818187768596665,40.00006000000002 0.0004799999999999999,100 0.0003))")
	pieces, rest, err := New().Overlay(patch, []orb.MultiPolygon{parcel})
	if err != nil || len(pieces) > 0 || math.Abs(area(rest)-area(patch)) > 1e-9*area(patch) {
		t.Errorf("%d pieces, rest of %v in a patch of %v, %v", len(pieces), area(rest), area(patch), err)
	}
}

// TestOverlayPartitions: whatever the parcels, pieces and rest have the patch's area together, and each point is where
// a naive look at patch and parcels puts it.
func TestOverlayPartitions(t *testing.T) {
	e := New()
	rapid.Check(t, func(t *rapid.T) {
		coarse := rapid.Bool().Draw(t, "coarse")
		in, _, err := e.Repair(wkb.MustMarshal(orb.MultiPolygon{scribble(9, coarse).Draw(t, "patch")}))
		if err != nil || in == nil {
			return
		}
		g, _ := wkb.Unmarshal(in)
		shift := rapid.SampledFrom([]orb.Point{{0, 0}, {42_512_345.25, 4_851_234.5}, {125, 43}}).Draw(t, "shift")
		patch := moved(polygonal(nil, g), shift, 1)
		if ok, _ := e.Valid(patch); !ok {
			return // rounded by the shift
		}
		var parcels []orb.MultiPolygon
		for _, p := range rapid.SliceOfN(scribble(7, coarse), 0, 6).Draw(t, "parcels") {
			parcels = append(parcels, moved(orb.MultiPolygon{p}, shift, 1))
		}
		pieces, rest, err := e.Overlay(patch, parcels)
		if err != nil {
			t.Fatalf("%v", err)
		}
		whole, sum := area(patch), area(rest)
		if whole < 1e-3 {
			return // beyond what coordinates of this size can tell
		}
		last := -1
		for _, p := range pieces {
			if p.Index <= last || area(p.Geom) <= 0 {
				t.Fatalf("piece %d after %d, area %v", p.Index, last, area(p.Geom))
			}
			last = p.Index
			sum += area(p.Geom)
		}
		var repaired []orb.MultiPolygon
		for _, p := range parcels {
			repaired = append(repaired, e.repaired(p))
		}
		for range 50 {
			// Odd fractions keep the points off the edges.
			p := orb.Point{
				shift[0] + rapid.Float64Range(0, 100).Draw(t, "x") + 1.0/7e3,
				shift[1] + rapid.Float64Range(0, 100).Draw(t, "y") + 1.0/11e3,
			}
			if want, got := owner(p, patch, repaired), found(p, pieces, rest); want != got && !nearEdge(p, append(repaired, patch)) {
				t.Fatalf("the point %v belongs to %d and is in %d", p, want, got)
			}
		}
		// Coordinates of 42,000,000 m are 7 nm apart, along all edges that were cut.
		if math.Abs(sum-whole) > 1e-9*whole+1e-5 {
			t.Fatalf("areas add up to %v instead of %v", sum, whole)
		}
	})
}

// repaired is what Overlay takes a parcel for.
func (e *Engine) repaired(mp orb.MultiPolygon) orb.MultiPolygon {
	if g := e.valid(mp); g != nil {
		return e.polygons(g)
	}
	return nil
}

// Places of a point beside the parcels' indices.
const (
	outside = -1
	inRest  = -2
	twice   = -3
)

// owner says naively where a point of the plane belongs.
func owner(p orb.Point, patch orb.MultiPolygon, parcels []orb.MultiPolygon) int {
	if !inside(p, patch) {
		return outside
	}
	for i, parcel := range parcels {
		if inside(p, parcel) {
			return i
		}
	}
	return inRest
}

func found(p orb.Point, pieces []Piece, rest orb.MultiPolygon) int {
	at := outside
	if inside(p, rest) {
		at = inRest
	}
	for _, piece := range pieces {
		if inside(p, piece.Geom) {
			if at != outside {
				return twice
			}
			at = piece.Index
		}
	}
	return at
}

// inside counts the edges to the right of p.
func inside(p orb.Point, mp orb.MultiPolygon) (in bool) {
	for _, polygon := range mp {
		for _, r := range polygon {
			for i := range len(r) - 1 {
				a, b := r[i], r[i+1]
				if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0]+(p[1]-a[1])/(b[1]-a[1])*(b[0]-a[0]) {
					in = !in
				}
			}
		}
	}
	return in
}

func nearEdge(p orb.Point, polygons []orb.MultiPolygon) bool {
	for _, mp := range polygons {
		for _, polygon := range mp {
			for _, r := range polygon {
				if distance(p, r) < 1e-6 {
					return true
				}
			}
		}
	}
	return false
}

// TestOverlayWithAPartition: parcels that tile the plane leave no rest and no slivers.
func TestOverlayWithAPartition(t *testing.T) {
	e := New()
	rapid.Check(t, func(t *rapid.T) {
		// Cells of a lattice whose inner corners are moved: neighbours share their edges exactly.
		const n = 5
		jitter := rapid.Float64Range(-3, 3)
		var corner [n + 1][n + 1]orb.Point
		for y := range n + 1 {
			for x := range n + 1 {
				corner[y][x] = orb.Point{42_500_000 + 10*float64(x), 4_850_000 + 10*float64(y)}
				if x > 0 && x < n && y > 0 && y < n {
					corner[y][x][0] += jitter.Draw(t, "dx")
					corner[y][x][1] += jitter.Draw(t, "dy")
				}
			}
		}
		var parcels []orb.MultiPolygon
		for y := range n {
			for x := range n {
				c := corner
				parcels = append(parcels, orb.MultiPolygon{{{c[y][x], c[y][x+1], c[y+1][x+1], c[y+1][x], c[y][x]}}})
			}
		}
		in := rapid.Float64Range(0, 50)
		x0, y0 := in.Draw(t, "x0"), in.Draw(t, "y0")
		x1, y1 := in.Draw(t, "x1"), in.Draw(t, "y1")
		if math.Abs(x1-x0) < 1 || math.Abs(y1-y0) < 1 {
			return
		}
		patch := moved(orb.MultiPolygon{{{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}}}, orb.Point{42_500_000, 4_850_000}, 1)
		pieces, rest, err := e.Overlay(patch, parcels)
		if err != nil {
			t.Fatalf("%v", err)
		}
		if rest != nil {
			t.Fatalf("rest of %v", area(rest))
		}
		var sum float64
		for _, p := range pieces {
			sum += area(p.Geom)
		}
		if whole := area(patch); math.Abs(sum-whole) > 1e-6 {
			t.Fatalf("areas add up to %v instead of %v", sum, whole)
		}
	})
}

func TestOverlayIsDeterministic(t *testing.T) {
	patch := staircase(30)
	var parcels []orb.MultiPolygon
	for i := range 12 {
		x := 42_499_950 + float64(i)*9.37
		parcels = append(parcels, orb.MultiPolygon{{{{x, 4_849_900}, {x + 9.37, 4_849_900}, {x + 12, 4_850_100}, {x + 2.63, 4_850_100}, {x, 4_849_900}}}})
	}
	first, _, err := New().Overlay(patch, parcels)
	if err != nil || len(first) < 5 {
		t.Fatal(len(first), err)
	}
	for range 3 {
		again, _, _ := New().Overlay(patch, parcels)
		for i := range first {
			if !orb.Equal(first[i].Geom, again[i].Geom) {
				t.Fatal("two runs differ")
			}
		}
	}
}

func BenchmarkOverlay(b *testing.B) {
	e := New()
	patch := staircase(30)
	var parcels []orb.MultiPolygon
	for i := range 6 {
		x := 42_499_950 + float64(i)*20
		parcels = append(parcels, orb.MultiPolygon{{{{x, 4_849_900}, {x + 20, 4_849_900}, {x + 20, 4_850_100}, {x, 4_850_100}, {x, 4_849_900}}}})
	}
	for b.Loop() {
		if _, _, err := e.Overlay(patch, parcels); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRepairOfValid(b *testing.B) {
	e := New()
	in := wkb.MustMarshal(staircase(12))
	for b.Loop() {
		if _, reason, err := e.Repair(in); err != nil || reason != "" {
			b.Fatal(reason, err)
		}
	}
}
