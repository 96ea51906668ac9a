package track

import (
	"fmt"

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

// overlap is what two versions share: the m², and what of the later one the earlier lacks.
type overlap struct {
	area   float64
	gained orb.MultiPolygon
}

func (c comparer) overlap(was, is version) (overlap, error) {
	in, out, err := c.Divide(is.geom, was.geom)
	if err != nil {
		return overlap{}, fmt.Errorf("comparing the candidate %s with the version %s: %w", is.gv, was.gv, err)
	}
	area, err := c.Area(in)
	return overlap{area, out}, err
}

// shared is what an earlier candidate and one of this run cover together; ok when that makes them one case.
func (c comparer) shared(k Known, f Found) (o overlap, ok bool, err error) {
	if !c.compatible(k.Type, f.Type) {
		return o, false, nil
	}
	if k.GV == f.GV {
		return overlap{area: f.Area}, true, nil
	}
	least, most := min(k.Area, f.Area), max(k.Area, f.Area)
	weak := !k.Published || !f.Published
	if weak && (k.Kind != f.Kind || least < c.Weak*most) {
		return o, false, nil // most of what is near: no overlay could make it one
	}
	in, out, err := c.Divide(f.Geom, k.Geom)
	if err != nil {
		return o, false, fmt.Errorf("comparing the candidate %s with the earlier %s: %w", f.GV, k.CID, err)
	}
	broad, all, err := c.broad(in)
	if err != nil {
		return o, false, err
	}
	if weak && all < c.Weak*most || broad < c.Link*least && all < c.Narrow*least {
		return o, false, nil
	}
	return overlap{all, out}, true, nil
}

// version is an outline of a candidate, with its kind.
type version struct {
	gv, kind, typ string
	geom          orb.MultiPolygon
	area          float64
}

// relation compares two versions of one case: Same where they differ by no more than the tolerance, or by little. What is decided by
// areas alone is not laid over one another again.
func (c comparer) relation(was, is version, o overlap) (Relation, error) {
	if was.gv == is.gv {
		return Same, nil
	}
	if c.advanced(was.typ, is.typ) {
		return Grown, nil
	}
	limit := min(c.Growth*was.area, c.GrowthM2)
	allGained, allLost := max(0, is.area-o.area), max(0, was.area-o.area)
	if allGained <= limit && allLost <= limit {
		return Same, nil
	}
	_, lost, err := c.Divide(was.geom, is.geom)
	if err != nil {
		return "", fmt.Errorf("comparing the version %s with the candidate %s: %w", was.gv, is.gv, err)
	}
	gain, allGained, err := c.broad(o.gained)
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
