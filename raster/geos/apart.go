package geos

import (
	"math"

	"github.com/paulmach/orb"
)

// apart reports whether the pieces certainly have no area in common, but for slivers of rounding on a lattice of that
// fineness: each two lie on either side of a line along an edge of one of them. It is a union's question at a hundredth of
// its price, and most patches on more than one parcel are cut by one straight boundary.
func apart(pieces []Piece, lattice float64) bool {
	for i := range pieces {
		for j := range i {
			a, b := pieces[i].Geom, pieces[j].Geom
			if !parted(a, b, lattice) && !parted(b, a, lattice) {
				return false
			}
		}
	}
	return true
}

// parted reports whether an edge of a has a on one side and b on the other.
func parted(a, b orb.MultiPolygon, lattice float64) bool {
	for _, polygon := range a {
		r := polygon[0]
		for k := 1; k < len(r); k++ {
			p, q := r[k-1], r[k]
			dx, dy := q[0]-p[0], q[1]-p[1]
			near := 2 * lattice * (math.Abs(dx) + math.Abs(dy))
			lowA, highA := beside(a, p, dx, dy)
			if highA > near && lowA < -near {
				continue
			}
			lowB, highB := beside(b, p, dx, dy)
			if highA <= near && lowB >= -near || lowA >= -near && highB <= near {
				return true
			}
		}
	}
	return false
}

// beside returns how far the corners of mp lie to the left of the line through p, at least and at most, times its length.
func beside(mp orb.MultiPolygon, p orb.Point, dx, dy float64) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, polygon := range mp {
		for _, v := range polygon[0] {
			d := float64(dx*(v[1]-p[1])) - float64(dy*(v[0]-p[0]))
			low, high = min(low, d), max(high, d)
		}
	}
	return low, high
}
