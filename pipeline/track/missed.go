package track

import (
	"fmt"

	"github.com/paulmach/orb"
)

// Missed says why an earlier candidate is not found. run is what the run covers, gaps what of it could not be observed for changes such
// as this one; parts of gaps that overlap count twice, so that they must not. What was looked for and not seen once stays so: that a
// later run could not look does not bring it back.
func Missed(m Measure, s Settings, k Known, run orb.MultiPolygon, gaps []orb.MultiPolygon) (Reason, error) {
	if k.Gone == NotSeen {
		return NotSeen, nil
	}
	part := func(of orb.MultiPolygon) (float64, error) {
		in, _, err := m.Divide(k.Geom, of)
		if err != nil {
			return 0, fmt.Errorf("finding the earlier candidate %s: %w", k.CID, err)
		}
		return m.Area(in)
	}
	inside, err := part(run)
	if err != nil {
		return "", err
	}
	if k.Area-inside > s.Off*k.Area {
		return Off, nil
	}
	hidden := k.Area - inside
	for _, g := range gaps {
		a, err := part(g)
		if err != nil {
			return "", err
		}
		hidden += a
	}
	if hidden > s.Unobserved*k.Area {
		return Unobserved, nil
	}
	return NotSeen, nil
}
