package geos

import (
	"errors"
	"fmt"
	"math"
	"runtime"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/twpayne/go-geos"
)

// Engine does planar geometry for one goroutine. It is not for concurrent use.
type Engine struct {
	ctx *geos.Context
	// native estimates the bytes of C memory handed out since the last collection.
	native int
	// outlines simplifies what needs no GEOS.
	outlines simplifier
}

// New returns an Engine.
func New() *Engine { return &Engine{ctx: geos.NewContext()} }

// maxNative is how much C memory may wait for Go's collector, which does not see it: a million small parcels make
// little garbage in Go and gigabytes in C.
const maxNative = 64 << 20

// hold accounts for native geometry made from n bytes of WKB; what GEOS builds on it is several times larger.
func (e *Engine) hold(n int) {
	e.native += 8*n + 512
	if e.native > maxNative {
		e.native = 0
		runtime.GC()
	}
}

// catch turns GEOS's panics into an error that says what was being done. Other panics go on: they are bugs.
func catch(doing string, err *error) {
	switch p := recover().(type) {
	case nil:
	case geos.Error:
		*err = fmt.Errorf("%s: %w", doing, p)
	case runtime.Error:
		panic(p)
	case error:
		*err = fmt.Errorf("%s: %w", doing, p)
	default:
		panic(p)
	}
}

var errNoGeometry = errors.New("no geometry came back")

// fromWKB hands a geometry to GEOS. It panics as GEOS does.
func (e *Engine) fromWKB(b []byte) *geos.Geom {
	e.hold(len(b))
	g, err := e.ctx.NewGeomFromWKB(b)
	if err != nil {
		panic(err)
	}
	if g == nil {
		panic(errNoGeometry)
	}
	return g
}

func (e *Engine) fromOrb(mp orb.MultiPolygon) *geos.Geom {
	var g orb.Geometry = mp
	if len(mp) == 1 {
		g = mp[0]
	}
	return e.fromWKB(wkb.MustMarshal(g))
}

// polygons returns what of g has area; nil when nothing has.
func (e *Engine) polygons(g *geos.Geom) orb.MultiPolygon {
	switch g.TypeID() {
	case geos.TypeIDPolygon, geos.TypeIDMultiPolygon, geos.TypeIDGeometryCollection:
	default:
		return nil
	}
	if g.IsEmpty() {
		return nil
	}
	b := g.ToWKB()
	e.hold(len(b))
	out, err := wkb.Unmarshal(b)
	if err != nil {
		panic(err)
	}
	return polygonal(nil, out)
}

// polygonal appends the polygons of g with at least one ring.
func polygonal(mp orb.MultiPolygon, g orb.Geometry) orb.MultiPolygon {
	switch g := g.(type) {
	case orb.Polygon:
		if len(g) > 0 && len(g[0]) > 0 {
			mp = append(mp, g)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			mp = polygonal(mp, p)
		}
	case orb.Collection:
		for _, part := range g {
			mp = polygonal(mp, part)
		}
	}
	return mp
}

// area is the planar area of mp. Rings are summed from their own first point, so that large coordinates cost no
// precision.
func area(mp orb.MultiPolygon) float64 {
	var sum float64
	for _, p := range mp {
		for i, r := range p {
			a := math.Abs(ringArea(r))
			if i > 0 {
				a = -a
			}
			sum += a
		}
	}
	return sum
}

func ringArea(r orb.Ring) float64 {
	if len(r) < 3 {
		return 0
	}
	var sum float64
	o := r[0]
	for i := 1; i+1 < len(r); i++ {
		sum += (r[i][0]-o[0])*(r[i+1][1]-o[1]) - (r[i+1][0]-o[0])*(r[i][1]-o[1])
	}
	return sum / 2
}
