package track

import "github.com/paulmach/orb"

// Relation is what a candidate is to the earlier ones. Follow sets it.
type Relation string

// The relations. A candidate that was never published is New until it is, with the identity and the first day that it has.
const (
	New    Relation = "new"
	Same   Relation = "same"
	Grown  Relation = "grown"
	Shrunk Relation = "shrunk"
	Split  Relation = "split"
	Merged Relation = "merged"
)

// Relations lists all relations in the order in which they are counted and shown.
var Relations = []Relation{New, Same, Grown, Shrunk, Split, Merged}

// Reason is why an earlier candidate is not among those of a run.
type Reason string

// The reasons. Unobserved and Off say nothing about the ground.
const (
	NotSeen    Reason = "not_seen"
	Unobserved Reason = "unobserved"
	Off        Reason = "off"
)

// Reasons lists all reasons in the order in which they are counted and shown.
var Reasons = []Reason{NotSeen, Unobserved, Off}

// Known is a candidate of earlier runs.
type Known struct {
	CID, GV string
	// Kind is the code of the kind of change, Type its type afterwards (TBLX).
	Kind, Type string
	// Geom is the outline that was last found, in the run's CRS; Area its m².
	Geom orb.MultiPolygon
	Area float64
	// First and Last are the days (YYYYMMDD) of the after imagery that showed it first and last.
	First, Last string
	// Verdict is the verdict that held for this version, "" for none; Released the JCBH under which it was released.
	Verdict  string
	Released []string
	// Published says that the candidate was published in some run.
	Published bool
	// Gone says why it was not found in the last run; "" when it was.
	Gone Reason
	// Drawn says that a person drew it and no run has found it yet: that a run does not find it says nothing.
	Drawn bool
}

// Found is a candidate of this run.
type Found struct {
	GV, Kind, Type string
	Geom           orb.MultiPolygon
	Area           float64
	// Day is that of the after imagery (YYYYMMDD).
	Day       string
	Published bool
}

// Link is an earlier candidate that a candidate goes back to, with the m² that both cover.
type Link struct {
	CID, GV, Kind string
	Area          float64
}

// Fate is what became of the earlier candidates that one of this run goes back to. The zero value is that of no history.
type Fate struct {
	CID      string
	Relation Relation
	// Links are the earlier candidates, that of the largest overlap first.
	Links []Link
	// First is the day (YYYYMMDD) of the after imagery that showed the case first.
	First string
	// Verdict is the earlier verdict that holds for this version, "" for none; Released lists the JCBH of earlier releases.
	Verdict  string
	Released []string
	// Hints are what a reviewer should know, in Chinese.
	Hints []string
}

// Measure is the geometry that tracking needs: exact, in one plane, of one goroutine.
type Measure interface {
	// Divide returns what of a lies in b, and what does not.
	Divide(a, b orb.MultiPolygon) (in, out orb.MultiPolygon, err error)
	// Area is the area in m².
	Area(orb.MultiPolygon) (float64, error)
	// Width is the mean width in pixels of a long polygon: twice the area by the length of its outline.
	Width(orb.Polygon) float64
}
