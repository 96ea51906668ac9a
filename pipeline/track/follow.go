package track

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"tuban/raster/nearby"
)

// link says that an earlier candidate and one of this run are of one case, by their positions.
type link struct {
	known, found int
	overlap
}

// Follow finds what the candidates of this run go back to. Fates stand beside found; unseen are the positions in known of what no
// candidate of this run goes back to. known has each CID once, found each GV once.
func Follow(m Measure, s Settings, known []Known, found []Found) (fates []Fate, unseen []int, err error) {
	c := comparer{m, s}
	links, err := c.links(known, found)
	if err != nil {
		return nil, nil, err
	}
	parents := chosen(known, found, links)
	continues := assign(known, found, parents)
	children := make([]int, len(known))
	seen := make([]bool, len(known))
	taken := map[string]bool{}
	for _, k := range known {
		taken[k.CID] = true
	}
	for f, list := range parents {
		for _, l := range list {
			seen[l.known] = true
			if found[f].Published {
				children[l.known]++
			}
		}
	}
	fates = make([]Fate, len(found))
	for f := range found {
		others := 0
		for _, l := range parents[f] {
			others = max(others, children[l.known])
		}
		if found[f].Published {
			others--
		}
		if fates[f], err = c.fate(known, found[f], parents[f], others > 0); err != nil {
			return nil, nil, err
		}
		if k := continues[f]; k >= 0 {
			fates[f].CID = known[k].CID
		} else {
			fates[f].CID = fresh(found[f].GV, taken)
		}
	}
	for k := range known {
		if !seen[k] {
			unseen = append(unseen, k)
		}
	}
	return fates, unseen, nil
}

// links finds all pairs that are of one case.
func (c comparer) links(known []Known, found []Found) ([]link, error) {
	geoms := make([]orb.MultiPolygon, len(known))
	for i, k := range known {
		geoms[i] = k.Geom
	}
	near := nearby.New(geoms)
	var out []link
	for f := range found {
		for _, k := range near.Touching(found[f].Geom) {
			o, ok, err := c.shared(known[k], found[f])
			if err != nil {
				return nil, err
			}
			if ok {
				o.area = math.Round(o.area*100) / 100 // in whole cents, so that equal overlaps tie
				out = append(out, link{k, f, o})
			}
		}
	}
	slices.SortFunc(out, func(a, b link) int {
		return cmp.Or(cmp.Compare(b.area, a.area), cmp.Compare(known[a.known].CID, known[b.known].CID), cmp.Compare(found[a.found].GV, found[b.found].GV))
	})
	return out, nil
}

// chosen are the links that count, by candidate, the largest first: to what was there in the last run if anything was, else the largest
// to what had gone, else the largest to what was never published.
func chosen(known []Known, found []Found, links []link) [][]link {
	out := make([][]link, len(found))
	for _, counts := range []func(Known) bool{
		func(k Known) bool { return k.Published && k.Gone == "" },
		func(k Known) bool { return k.Published && k.Gone != "" },
		func(k Known) bool { return !k.Published },
	} {
		chosen := make([][]link, len(found))
		for _, l := range links {
			k := known[l.known]
			if len(out[l.found]) == 0 && counts(k) && (len(chosen[l.found]) == 0 || k.Published && k.Gone == "") {
				chosen[l.found] = append(chosen[l.found], l)
			}
		}
		for f, list := range chosen {
			if len(list) > 0 {
				out[f] = list
			}
		}
	}
	return out
}

// assign says which earlier candidate each one of this run continues, −1 for none: published ones first, by the area they share.
func assign(known []Known, found []Found, parents [][]link) []int {
	continues := make([]int, len(found))
	var all []link
	for f, list := range parents {
		continues[f] = -1
		all = append(all, list...)
	}
	slices.SortFunc(all, func(a, b link) int {
		rank := func(l link) int {
			if found[l.found].Published {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(b.area, a.area), cmp.Compare(known[a.known].CID, known[b.known].CID), cmp.Compare(found[a.found].GV, found[b.found].GV))
	})
	used := make([]bool, len(known))
	for _, l := range all {
		if !used[l.known] && continues[l.found] < 0 {
			used[l.known], continues[l.found] = true, l.known
		}
	}
	return continues
}

// fresh is an identity that nothing has or had: the version's own, and where an earlier candidate that has moved on is called that,
// one made of it.
func fresh(gv string, taken map[string]bool) string {
	id := gv
	for n := 1; taken[id]; n++ {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", gv, n))
		id = hex.EncodeToString(sum[:8])
	}
	taken[id] = true
	return id
}
