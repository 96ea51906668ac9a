package track

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// comparer asks Measure what the rules of tracking want to know.
type comparer struct {
	Measure
	Settings
}

// broad is the area in m² of the parts of mp that are wider than the tolerance, and that of all.
func (c comparer) broad(mp orb.MultiPolygon) (broad, all float64, err error) {
	for _, poly := range mp {
		a, err := c.Area(orb.MultiPolygon{poly})
		if err != nil {
			return 0, 0, err
		}
		all += a
		if c.Width(poly) > c.Tolerance {
			broad += a
		}
	}
	return broad, all, nil
}

// band is the area in m² of the strip along the outline of mp that two runs may differ by.
func (c comparer) band(mp orb.MultiPolygon) (float64, error) {
	sum := 0.0
	for _, poly := range mp {
		a, err := c.Area(orb.MultiPolygon{poly})
		if err != nil {
			return 0, err
		}
		if w := c.Width(poly); w > 0 {
			sum += c.Outline * 2 * a / w
		}
	}
	return sum, nil
}

// shared is the m² of what two candidates cover together, when that makes them one case, else 0.
func (c comparer) shared(k Known, f Found) (float64, error) {
	if !c.compatible(k.Type, f.Type) {
		return 0, nil
	}
	if k.GV == f.GV {
		return f.Area, nil
	}
	in, _, err := c.Divide(f.Geom, k.Geom)
	if err != nil {
		return 0, fmt.Errorf("comparing the candidate %s with the earlier %s: %w", f.GV, k.CID, err)
	}
	broad, all, err := c.broad(in)
	if err != nil {
		return 0, err
	}
	least, most := min(k.Area, f.Area), max(k.Area, f.Area)
	switch {
	case (!k.Published || !f.Published) && (k.Kind != f.Kind || all < c.Weak*most):
		return 0, nil
	case broad < c.Link*least && all < c.Narrow*least:
		return 0, nil
	}
	// In whole cents, so that equal overlaps tie.
	return math.Round(all*100) / 100, nil
}

// version is an outline of a candidate, with its kind.
type version struct {
	gv, kind, typ string
	geom          orb.MultiPolygon
	area          float64
}

// relation compares two versions of one case: Same where they differ by no more than the tolerance, or by little.
func (c comparer) relation(was, is version) (Relation, error) {
	if was.gv == is.gv {
		return Same, nil
	}
	if c.advanced(was.typ, is.typ) {
		return Grown, nil
	}
	_, gained, err := c.Divide(is.geom, was.geom)
	if err != nil {
		return "", fmt.Errorf("comparing the candidate %s with its version %s: %w", is.gv, was.gv, err)
	}
	_, lost, err := c.Divide(was.geom, is.geom)
	if err != nil {
		return "", fmt.Errorf("comparing the version %s with the candidate %s: %w", was.gv, is.gv, err)
	}
	gain, allGained, err := c.broad(gained)
	if err != nil {
		return "", err
	}
	loss, allLost, err := c.broad(lost)
	if err != nil {
		return "", err
	}
	band, err := c.band(was.geom)
	if err != nil {
		return "", err
	}
	// What slivers gain beyond what others lose is no shift.
	slivers := (allGained - gain) - (allLost - loss)
	gain += max(0, slivers-band)
	loss += max(0, -slivers-band)
	limit := min(c.Growth*was.area, c.GrowthM2)
	switch {
	case gain <= limit && loss <= limit:
		return Same, nil
	case gain >= loss:
		return Grown, nil
	}
	return Shrunk, nil
}

func (k Known) version() version { return version{k.GV, k.Kind, k.Type, k.Geom, k.Area} }
func (f Found) version() version { return version{f.GV, f.Kind, f.Type, f.Geom, f.Area} }
