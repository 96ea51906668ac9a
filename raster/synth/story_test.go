package synth_test

import (
	"math"
	"reflect"
	"sync"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"tuban/raster/synth"
)

var stillStory = sync.OnceValues(func() (*synth.Story, error) {
	o := synth.Options{Size: 1100, Height: 1000, Seed: 11, Pixel: 1, Divided: true}
	return synth.NewStory(synth.StoryOptions{County: o, Still: true})
})

func still(t *testing.T) *synth.Story {
	t.Helper()
	s, err := stillStory()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// mark is what the truth says of a patch or a watched place on a night, as far as it shows.
type mark struct {
	look  string
	where orb.Polygon
	fresh bool
}

func marks(s *synth.Story, night int) map[string]mark {
	out := map[string]mark{}
	for _, k := range s.Sights(night) {
		m := mark{k.Kind, k.Polygon, k.Relation == synth.IsNew}
		if k.Relation == synth.IsGone {
			m.look = k.Reason
		}
		out[k.ID] = m
	}
	for _, w := range s.Night(night).Watched() {
		out[w.ID] = mark{look: w.State, where: w.Polygon}
	}
	return out
}

// difference is a place at which a night of a story differs from the next by the truth: by what is there, or what hides it;
// all of it, or somewhere in it.
type difference struct {
	where orb.Polygon
	all   bool
}

func differences(s *synth.Story, night int) (out []difference) {
	was, is := marks(s, night), marks(s, night+1)
	for id, m := range was {
		switch n, still := is[id]; {
		case !still || n.look == m.look && planar.Area(n.where) != planar.Area(m.where):
			out = append(out, difference{where: m.where})
		case n.look != m.look:
			out = append(out, difference{m.where, true})
		}
	}
	for id, n := range is {
		if m, before := was[id]; !before || planar.Area(n.where) != planar.Area(m.where) {
			out = append(out, difference{n.where, n.fresh})
		}
	}
	return out
}

// Two nights of a still story differ where the truth says, or some metres beside it by shadow and lean, and nowhere else; and
// all nights share the image of the first date.
func TestNightsDifferWhereTheTruthSays(t *testing.T) {
	s := still(t)
	g := s.Night(1).Grid()
	first := image(s.Night(1), synth.Before)
	was := image(s.Night(1), synth.After)
	for night := 1; night < synth.Nights; night++ {
		c := s.Night(night + 1)
		if !reflect.DeepEqual(image(c, synth.Before), first) {
			t.Errorf("night %d has another image of the first date", night+1)
		}
		is := image(c, synth.After)
		places := differences(s, night)
		changed := make([]int, len(places))
		const beside = 14
		for i := range is[0] {
			if was[0][i] == is[0][i] && was[1][i] == is[1][i] && was[2][i] == is[2][i] && was[3][i] == is[3][i] {
				continue
			}
			x, y := g.Point(float64(i%g.W)+0.5, float64(i/g.W)+0.5)
			known := false
			for k, p := range places {
				in := planar.PolygonContains(p.where, orb.Point{x, y})
				if in {
					changed[k]++
				}
				known = known || in || p.where.Bound().Pad(beside).Contains(orb.Point{x, y}) && planar.DistanceFrom(p.where, orb.Point{x, y}) < beside
			}
			if !known {
				t.Fatalf("night %d differs at pixel %d, %d, where the truth has no change", night+1, i%g.W, i/g.W)
			}
		}
		for k, p := range places {
			if share := float64(changed[k]) / planar.Area(p.where); p.all && share < 0.95 {
				t.Errorf("night %d: of a change of %.0f m², %d pixels differ", night+1, planar.Area(p.where), changed[k])
			}
		}
		was = is
	}
}

// On nights that are not still, the land looks a little different everywhere, but the truth is the same.
func TestNightsHaveTheirOwnLight(t *testing.T) {
	o := synth.Options{Size: 1100, Height: 1000, Seed: 11, Pixel: 1, Divided: true}
	s, err := synth.NewStory(synth.StoryOptions{County: o})
	if err != nil {
		t.Fatal(err)
	}
	a, b := image(s.Night(3), synth.After), image(s.Night(4), synth.After)
	n := 0
	for i := range a[0] {
		if a[0][i] != b[0][i] {
			n++
		}
	}
	if n < len(a[0])/2 {
		t.Errorf("%d of %d pixels differ", n, len(a[0]))
	}
	for night := 1; night <= synth.Nights; night++ {
		if !reflect.DeepEqual(s.Sights(night), still(t).Sights(night)) {
			t.Errorf("the truth of night %d depends on the light", night)
		}
	}
}

// Every relation, reason, approval state and state of a watched place occurs; changes are the patches that are seen.
func TestAStoryHasItAll(t *testing.T) {
	s := still(t)
	missing := map[string]bool{
		"new": true, "same": true, "grown": true, "shrunk": true, "split": true, "merged": true, "gone": true, "not_seen": true,
		"unobserved": true, "unmatched": true, "matched": true, "partial": true, "expired": true, "later": true, "standing": true,
		"cleared": true, "vegetated": true, "undecidable": true, "returned": true, "yes": true, "no": true, "unknown": true,
	}
	for night := 1; night <= synth.Nights; night++ {
		seen := 0
		for _, k := range s.Sights(night) {
			delete(missing, string(k.Relation))
			delete(missing, k.Reason)
			if k.Returned {
				delete(missing, "returned")
			}
			if k.Relation != synth.IsGone {
				seen++
				delete(missing, k.Triage)
			}
		}
		if n := len(s.Night(night).Changes()); n != seen {
			t.Errorf("night %d: %d changes, %d patches that are seen", night, n, seen)
		}
		for _, w := range s.Night(night).Watched() {
			delete(missing, w.State)
			delete(missing, string(w.Overdue))
		}
	}
	for k := range missing {
		t.Errorf("no night has %q", k)
	}
}

// An approval that counts covers its patch with room to spare, and approvals of later nights are those of earlier ones and more.
func TestGrantsCoverWhatTheyMatch(t *testing.T) {
	s := still(t)
	for night := 1; night <= synth.Nights; night++ {
		grants := s.Night(night).Grants()
		for _, k := range s.Sights(night) {
			most := 0.0
			for _, g := range grants {
				if g.Kind == synth.Expropriation {
					continue // by itself it lets nobody build
				}
				n, in := 0, 0
				for _, p := range k.Polygon[0] {
					n++
					if planar.PolygonContains(g.Polygon, p) {
						in++
					}
				}
				most = math.Max(most, float64(in)/float64(n))
			}
			if k.Relation != synth.IsGone && k.Triage == synth.Matched && most < 1 {
				t.Errorf("night %d: %s (%s) is matched, and no approval holds all of its outline", night, k.ID, k.Life)
			}
			if k.Triage == synth.Unmatched && most > 0 {
				t.Errorf("night %d: %s (%s) is unmatched, and an approval holds a part of its outline", night, k.ID, k.Life)
			}
		}
		if night > 1 {
			if was := s.Night(night - 1).Grants(); len(grants) < len(was) {
				t.Errorf("night %d has %d approvals, the night before %d", night, len(grants), len(was))
			}
		}
	}
}

func TestASmallCountyHasNoRoomForAStory(t *testing.T) {
	if _, err := synth.NewStory(synth.StoryOptions{County: synth.Options{Size: 300, Pixel: 1, Seed: 1}}); err == nil {
		t.Error("a county of 300 m has a site of every life")
	}
}
