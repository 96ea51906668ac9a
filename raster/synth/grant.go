package synth

import (
	"time"

	"github.com/paulmach/orb"
)

// GrantKind is a kind of approval.
type GrantKind string

// The kinds of approval.
const (
	Conversion    GrantKind = "conversion"    // 农用地转用
	Expropriation GrantKind = "expropriation" // 土地征收
	EarlyUse      GrantKind = "early_use"     // 先行用地
	Supply        GrantKind = "supply"        // 供地
	Homestead     GrantKind = "homestead"     // 宅基地
	Facility      GrantKind = "facility"      // 设施农用地备案
	Temporary     GrantKind = "temporary"     // 临时用地
	Felling       GrantKind = "felling"       // 林木采伐许可
)

// Grant is an approval as the layer of its kind has it.
type Grant struct {
	Kind    GrantKind
	Number  string // 批准文号
	Name    string
	Purpose string // of temporary land
	Date    time.Time
	Polygon orb.Polygon
	Area    float64 // in the CRS of the grid, m²
}

// Approval states of a patch on a night, as a careful clerk would write them who sees the layers of that night.
const (
	Unmatched = "unmatched"
	Matched   = "matched"
	Partial   = "partial"
	Expired   = "expired"
	Later     = "later"
)

// day is the date of the permit in a story.
func (p permit) day(before time.Time) time.Time {
	if p.since > 0 {
		return nightDays[p.since-1].AddDate(0, 0, 10)
	}
	return before.AddDate(0, 0, -p.age)
}

// triage is the approval state, on a night, of a patch that was first seen on the night first.
func (l life) triage(part stretch, first, night int, before time.Time) string {
	best := Unmatched
	rank := map[string]int{Unmatched: 0, Later: 1, Expired: 2, Partial: 3, Matched: 4}
	for _, p := range l.permits {
		if p.void || p.listed > night || p.covered(part) == 0 {
			continue
		}
		state := Matched
		switch day := p.day(before); {
		case day.After(nightDays[first-1]):
			state = Later
		case p.valid > 0 && day.AddDate(p.valid, 0, 0).Before(nightDays[night-1]):
			state = Expired
		case p.covered(part) < 0.95:
			state = Partial
		}
		if rank[state] > rank[best] {
			best = state
		}
	}
	return best
}
