package release

import (
	"context"
	"time"

	"github.com/paulmach/orb"

	"tuban/pipeline"
	"tuban/pipeline/plane"
	"tuban/pipeline/product"
	"tuban/pipeline/register"
	"tuban/raster"
)

var noon = time.Date(2025, 9, 1, 12, 0, 0, 0, time.UTC)

// tb is what the helpers need of a test, be it testing's or rapid's.
type tb interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

const testCRS = "EPSG:4530"

func same(a, b string) (bool, error) { return a == b, nil }

// columns is Geometry for rectangles of full height: land of counties cuts them at meridians alone.
type columns struct{ pipeline.Geometry }

func (columns) Overlay(patch orb.MultiPolygon, parcels []orb.MultiPolygon) (pieces []pipeline.Piece, rest orb.MultiPolygon, err error) {
	type span struct{ x0, x1 float64 }
	b := patch.Bound()
	left := []span{{b.Min[0], b.Max[0]}}
	box := func(s span) orb.Polygon {
		return orb.Bound{Min: orb.Point{s.x0, b.Min[1]}, Max: orb.Point{s.x1, b.Max[1]}}.ToPolygon()
	}
	for i, p := range parcels {
		k := p.Bound()
		var next []span
		var got orb.MultiPolygon
		for _, s := range left {
			in := span{max(s.x0, k.Min[0]), min(s.x1, k.Max[0])}
			if in.x0 >= in.x1 {
				next = append(next, s)
				continue
			}
			got = append(got, box(in))
			for _, out := range []span{{s.x0, in.x0}, {in.x1, s.x1}} {
				if out.x0 < out.x1 {
					next = append(next, out)
				}
			}
		}
		if left = next; got != nil {
			pieces = append(pieces, pipeline.Piece{Index: i, Geom: got})
		}
	}
	for _, s := range left {
		rest = append(rest, box(s))
	}
	return pieces, rest, nil
}

func rectangle(x0, x1 float64) orb.MultiPolygon {
	return orb.MultiPolygon{orb.Bound{Min: orb.Point{x0, 0}, Max: orb.Point{x1, 20}}.ToPolygon()}
}

// patch is a candidate of a product, from one meridian to another, 20 m high.
type patch struct {
	cid, gv, county string
	x0, x1          float64
	// held is the verdict of an earlier run that still holds (PDJL); with "grown" none does, for the patch grew.
	held string
	// earlier are the numbers of its ancestors (FBBH).
	earlier string
}

// planning is a planner over patches, with the counties 220122 west of 0 and 220182 east of it.
func planning(t tb, key string, patches []patch, c *counties) *planner {
	t.Helper()
	p := &planner{
		options: Options{Batch: "2025Q3", Year: "2025", SerialWidth: 5, Now: noon},
		product: &product.Product{Manifest: &pipeline.Manifest{Key: key, Grid: raster.Grid{CRS: testCRS}}},
		known:   candidates{key, testCRS, map[string]product.Row{}, same}, cuts: map[int][]piece{},
	}
	for _, q := range patches {
		track := "same"
		if q.held == "grown" {
			q.held, track = "", "grown"
		}
		r, err := product.NewRow(rectangle(q.x0, q.x1), []string{"cid", "gv", "XZQDM", "XMC", "HSX", "DLBM", "PDJL", "FBBH", "track"}, []string{q.cid, q.gv, q.county, "", "20250820", "0103", q.held, q.earlier, track})
		if err != nil {
			t.Fatal(err)
		}
		p.rows = append(p.rows, r)
		p.known.rows[q.cid] = r
	}
	s, err := pipeline.NewSurveyor(plane.Coordinates{}, testCRS)
	if err != nil {
		t.Fatal(err)
	}
	p.cutter = cutter{columns{}, s, c, 1}
	return p
}

func twoCounties() *counties {
	return &counties{all: []county{
		{code: "220122", name: "农安县", geom: orb.MultiPolygon{orb.Bound{Min: orb.Point{-1e5, -1e5}, Max: orb.Point{0, 1e5}}.ToPolygon()}},
		{code: "220182", name: "榆树市", geom: orb.MultiPolygon{orb.Bound{Min: orb.Point{0, -1e5}, Max: orb.Point{1e5, 1e5}}.ToPolygon()}},
	}}
}

func pass(key, cid, gv string) register.Event {
	return register.Event{Decision: &register.Decision{Version: register.Version{CID: cid, GV: gv}, Run: key, Verdict: register.Pass, By: "甲", Second: "乙", On: "2025-09-01"}}
}

// carryOut plans and appends, as Run does.
func carryOut(t tb, p *planner, dir string) *Plan {
	plan, _, err := p.issue(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func open(t tb, dir string) *register.Register {
	reg, err := register.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return reg
}

func appendAll(t tb, dir string, events ...register.Event) {
	t.Helper()
	if err := open(t, dir).Append(noon, events, nil); err != nil {
		t.Fatal(err)
	}
}
