package track

import (
	"slices"

	"github.com/paulmach/orb"
)

// Judgement is a decision of people about a version of a candidate.
type Judgement struct {
	CID, GV, Kind, Verdict string
	// Geom is the judged outline in the run's CRS, nil where it is not known in it.
	Geom orb.MultiPolygon
}

// Judged gives candidates the verdicts that hold for them. A verdict belongs to the version that was judged: it holds for the same
// kind in the same outline, or in one that differs from it by no more than Same allows, however many runs lie between. Where it does
// not hold, a hint says so. Of several judgements of a candidate, the last in the list counts.
func Judged(m Measure, s Settings, known []Known, found []Found, fates []Fate, list []Judgement) error {
	c := comparer{m, s}
	byCID, byGV := map[string]int{}, map[string]int{}
	for i, j := range list {
		byCID[j.CID] = i
		if j.GV != "" {
			byGV[j.GV] = i
		}
	}
	was := map[string]Known{}
	for _, k := range known {
		was[k.CID] = k
	}
	for i := range found {
		f, fate := found[i], &fates[i]
		at, ok := byCID[fate.CID]
		if other, same := byGV[f.GV]; same && (!ok || other > at) {
			at, ok = other, true
		}
		for _, id := range fate.Earlier() {
			if other, has := byCID[id]; has && !ok {
				at, ok = other, true
			}
		}
		if !ok {
			continue
		}
		j := list[at]
		holds, relation, err := c.holds(j, f, *fate, was[fate.CID])
		if err != nil {
			return err
		}
		if holds {
			fate.Verdict = j.Verdict
			continue
		}
		fate.hint(s.Hints["lapsed"], s.Verdicts[j.Verdict], s.Lapsed[string(relation)])
	}
	return nil
}

// holds reports whether a judgement is of this version of a candidate, and else what the candidate is to the version that was judged.
func (c comparer) holds(j Judgement, f Found, fate Fate, last Known) (bool, Relation, error) {
	switch {
	case j.GV == f.GV && j.GV != "":
		return true, Same, nil
	case j.CID != fate.CID:
		return false, fate.Relation, nil
	case j.Kind != f.Kind:
		return false, New, nil
	case len(j.Geom) == 0:
		// Where the outline is not known in this CRS, the runs since must have called the candidate the same, one after the other.
		return fate.Relation == Same && last.Verdict == j.Verdict, fate.Relation, nil
	}
	area, err := c.Area(j.Geom)
	if err != nil {
		return false, "", err
	}
	was := version{j.GV, j.Kind, f.Type, j.Geom, area}
	o, err := c.overlap(was, f.version())
	if err != nil {
		return false, "", err
	}
	r, err := c.relation(was, f.version(), o)
	return r == Same, r, err
}

// Carried gives candidates the verdicts of the last product where there is no register to ask.
func Carried(known []Known, found []Found, fates []Fate) {
	was := map[string]Known{}
	for _, k := range known {
		was[k.CID] = k
	}
	for i := range fates {
		k := was[fates[i].CID]
		if fates[i].Relation == Same && k.Kind == found[i].Kind {
			fates[i].Verdict = k.Verdict
		}
	}
}

// Issued adds the JCBH under which candidates were released, by the identity that was released.
func Issued(fates []Fate, issued map[string][]string) {
	for i := range fates {
		f := &fates[i]
		for _, id := range append(f.Earlier(), f.CID) {
			f.Released = append(f.Released, issued[id]...)
		}
		slices.Sort(f.Released)
		f.Released = slices.Compact(f.Released)
	}
}
