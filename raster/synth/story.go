package synth

import (
	"fmt"
	"time"

	"github.com/paulmach/orb"
)

// nightDays are the days of the images of a story's nights, in the growing season of the north-east.
var nightDays = [Nights]time.Time{date(2025, 7, 16), date(2025, 8, 5), date(2025, 8, 20), date(2025, 9, 8)}

// StoryOptions says which story to simulate.
type StoryOptions struct {
	// County is the land. Of its Conditions, the second image's day and further parts are the nights', and the sky is clear,
	// so that the truth of every night is known everywhere.
	County Options
	// Still leaves light, noise and place of the images as they are: two nights then differ only where the land does.
	Still bool
}

// Story is a county on several nights: one image of the first date, and an image of each night. Its changes have lives: they
// appear, grow, split, merge, vanish and return, and are approved before, between or after. Every site is laid out once, and
// what a night shows of it is drawn alike on all nights.
type Story struct {
	nights [Nights]*County
	sights [Nights][]Sight
}

// Sight is what is known of a patch on a night: one that the night shows, or one of an earlier night that it does not.
type Sight struct {
	// ID is the identity, the same on every night on which the patch continues; Life names what becomes of its site.
	ID, Life string
	Kind     string // as in Change
	// Polygon is the patch, or for one that is gone its last outline, in the CRS of the grid.
	Polygon  orb.Polygon
	Relation Relation
	// Reason is why a patch is gone: NotSeen or Unobserved.
	Reason string
	// Returned says that it was gone on the night before.
	Returned bool
	// From are the identities of earlier patches that it came from or took up, its own apart. One that was taken up is known no longer.
	From []string
	// First is the night, counted from 1, on which its identity began.
	First int
	// Triage is the approval state by the layers of this night.
	Triage string
}

// tale is what makes a county one of a night of a story.
type tale struct {
	night int
	still bool
	// plots are the sites of the lives, then of the watched places; the first night finds them, and missing names one that it
	// found no room for.
	plots   []plot
	missing string
	sights  []Sight
}

// NewStory lays out the county of each night. It is an error where the county has no room for a site of each life: 1,000 metres
// by 1,000 are enough for most seeds.
func NewStory(o StoryOptions) (*Story, error) {
	s := &Story{}
	var plots []plot
	for k := range s.nights {
		t := &tale{night: k + 1, still: o.Still, plots: plots}
		s.nights[k] = newCounty(o.County, t)
		if t.missing != "" {
			g := s.nights[k].Grid()
			return nil, fmt.Errorf("a county of %d × %d pixels of %g m has no room for the site %q of a story: give it a larger size, or another seed",
				g.W, g.H, g.Transform[1], t.missing)
		}
		plots, s.sights[k] = t.plots, t.sights
	}
	return s, nil
}

// Night is the county of a night, counted from 1: its second image, the changes that it shows, the layers that were there by then.
func (s *Story) Night(k int) *County { return s.nights[k-1] }

// Sights are the patches known on a night, counted from 1.
func (s *Story) Sights(k int) []Sight { return s.sights[k-1] }

// settings are the options of the county of a night.
func (t *tale) settings(o Options) Options {
	c := &o.Conditions
	c.ClearSky, c.NoChange, c.Kinds = true, false, false
	c.Season.Others = [2]time.Time{}
	if !c.Season.Before.IsZero() {
		c.Season.After = nightDays[t.night-1]
	}
	return o
}

// expose makes the take of the second date one of the night: no two images of a place lie alike, and no two are lit alike.
func (t *tale) expose(seed uint64, k *take) {
	k.day = nightDays[t.night-1]
	if t.still {
		return
	}
	d := newDice(seed, partStory<<8+uint64(t.night))
	k.salt = d.Uint64()
	k.moved = add(k.moved, pt{d.between(-0.2, 0.2), d.between(-0.2, 0.2)})
	for b := range k.air.gain {
		k.air.gain[b] *= float32(d.between(0.98, 1.02))
	}
}
