package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"tuban/pipeline/assess"
	outcome "tuban/pipeline/product"
	"tuban/raster/geos"
	"tuban/raster/synth"
)

// following compares the products of a story's nights with its truth, night by night, and remembers which candidate is which patch.
type following struct {
	story *synth.Story
	// cids are the candidates by the identities of the truth; verdicts what the office said of them as long as it holds, jcbh the
	// numbers under which they were released.
	cids, verdicts map[string]string
	jcbh           map[string][]string
}

func newFollowing(s *synth.Story) *following {
	return &following{s, map[string]string{}, map[string]string{}, map[string][]string{}}
}

// nightScore counts what of a night agrees with the truth; wrong says what does not.
type nightScore struct {
	found, identities, relations, triage, gone, watch, verdicts, released tally
	wrong                                                                 []string
	// beside counts published patches that are none of the truth.
	beside int
}

type tally struct{ right, of int }

// sameGround is how much of a true outline a patch must cover, and be covered by it, to be that patch.
const sameGround = 0.5

func (f *following) compare(ctx context.Context, dir string, night int) (*nightScore, error) {
	p, err := outcome.Open(ctx, drivers(), dir)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	layers := map[string][]outcome.Row{}
	for _, name := range []string{"changes", "gone", "lineage", "watch"} {
		if layers[name], _, err = p.Layer(ctx, name, ""); err != nil {
			return nil, err
		}
	}
	s := &nightScore{}
	at, err := f.find(ctx, layers["changes"], night)
	if err != nil {
		return nil, err
	}
	s.beside = len(layers["changes"]) - len(at)
	for _, k := range f.story.Sights(night) {
		if k.Relation == synth.IsGone {
			f.missed(s, k, layers["gone"])
			continue
		}
		r, ok := at[k.ID]
		if s.check(&s.found, ok, "%s (%s) is not found", k.ID, k.Life); ok {
			f.judge(s, k, r, layers["lineage"])
		}
	}
	watched := map[string]outcome.Row{}
	for _, r := range layers["watch"] {
		watched[r.Text("id")] = r
	}
	for _, w := range f.story.Night(night).Watched() {
		r, overdue := watched[w.ID], map[synth.Answer]string{synth.Yes: "是", synth.No: "否"}[w.Overdue]
		s.check(&s.watch, r.Text("state") == w.State && r.Text("overdue") == overdue,
			"%s (%s) is %s, overdue %q; watch has %q, %q, %q", w.ID, w.Name, w.State, overdue, r.Text("state"), r.Text("overdue"), r.Text("reason"))
	}
	return s, nil
}

// find returns the published patch of each patch that the night shows.
func (f *following) find(ctx context.Context, changes []outcome.Row, night int) (map[string]outcome.Row, error) {
	var sights []synth.Sight
	var truths []orb.MultiPolygon
	for _, k := range f.story.Sights(night) {
		if k.Relation != synth.IsGone {
			sights, truths = append(sights, k), append(truths, orb.MultiPolygon{k.Polygon})
		}
	}
	outlines, order := make([]orb.MultiPolygon, len(changes)), make([]int, len(changes))
	for i, r := range changes {
		outlines[i], order[i] = r.Geom, i
	}
	pieces, _, err := assess.Overlay(ctx, geometry{geos.New()}, truths, outlines, order, func(mp orb.MultiPolygon) (float64, error) { return planar.Area(mp), nil })
	if err != nil {
		return nil, err
	}
	at := map[string]outcome.Row{}
	for i, k := range sights {
		for _, piece := range pieces[i] {
			if r := changes[piece.Patch]; piece.Area >= sameGround*planar.Area(k.Polygon) && piece.Area >= sameGround*planar.Area(r.Geom) {
				at[k.ID] = r
			}
		}
	}
	return at, nil
}

// judge compares what the product says of a patch with the truth.
func (f *following) judge(s *nightScore, k synth.Sight, r outcome.Row, lineage []outcome.Row) {
	cid := r.Text("cid")
	if was, known := f.cids[k.ID]; known {
		s.check(&s.identities, cid == was, "%s (%s) was %s and is %s", k.ID, k.Life, was, cid)
	} else {
		other := ""
		for id, c := range f.cids {
			if c == cid {
				other = id
			}
		}
		s.check(&s.identities, other == "", "%s (%s) is %s, which is %s", k.ID, k.Life, cid, other)
		f.cids[k.ID] = cid
	}
	right := r.Text("track") == string(k.Relation)
	for _, from := range k.From {
		right = right && slices.ContainsFunc(lineage, func(l outcome.Row) bool { return l.Text("cid") == cid && l.Text("prev") == f.cids[from] }) &&
			slices.Contains(strings.Fields(r.Text("prev")), f.cids[from])
	}
	s.check(&s.relations, right, "%s (%s) is %s from %v; track is %q from %q", k.ID, k.Life, k.Relation, k.From, r.Text("track"), r.Text("prev"))
	s.check(&s.triage, r.Text("triage") == k.Triage, "%s (%s) is %s; triage is %q", k.ID, k.Life, k.Triage, r.Text("triage"))
	if verdict, judged := f.verdicts[k.ID]; judged {
		// A verdict is about the outline that was judged: once that is another one, it never holds again.
		if k.Relation != synth.IsSame {
			verdict = ""
			f.verdicts[k.ID] = ""
		}
		s.check(&s.verdicts, r.Text("PDJL") == verdict, "%s (%s): the verdict that holds is %q; PDJL is %q", k.ID, k.Life, verdict, r.Text("PDJL"))
	}
	f.numbers(s, k, r)
}

// numbers compares the numbers under which the patch was released, which no later night changes.
func (f *following) numbers(s *nightScore, k synth.Sight, r outcome.Row) {
	want := f.jcbh[k.ID]
	for _, from := range k.From {
		want = append(slices.Clone(want), f.jcbh[from]...)
	}
	slices.Sort(want)
	if len(want) > 0 {
		s.check(&s.released, slices.Equal(strings.Fields(r.Text("FBBH")), want), "%s (%s) was released as %v; FBBH is %q", k.ID, k.Life, want, r.Text("FBBH"))
	}
}

// missed compares what the product says of a patch that the night does not show.
func (f *following) missed(s *nightScore, k synth.Sight, gone []outcome.Row) {
	i := slices.IndexFunc(gone, func(r outcome.Row) bool { return r.Text("cid") == f.cids[k.ID] })
	if i < 0 {
		s.check(&s.gone, false, "%s (%s) is gone, %s; it is not in the layer gone", k.ID, k.Life, k.Reason)
		return
	}
	f.numbers(s, k, gone[i])
	s.check(&s.gone, gone[i].Text("reason") == k.Reason, "%s (%s) is gone, %s; the reason is %q", k.ID, k.Life, k.Reason, gone[i].Text("reason"))
}

func (s *nightScore) check(t *tally, right bool, format string, args ...any) {
	t.of++
	if right {
		t.right++
	} else {
		s.wrong = append(s.wrong, fmt.Sprintf(format, args...))
	}
}

// print says how much agrees with the truth, and what does not.
func (s *nightScore) print(w io.Writer) {
	fmt.Fprintln(w, "\nby the truth of this night:")
	for _, t := range []struct {
		name string
		tally
	}{
		{"patches found", s.found}, {"identities kept", s.identities}, {"relations", s.relations}, {"gone", s.gone}, {"approval states", s.triage},
		{"watched places", s.watch}, {"verdicts that hold", s.verdicts}, {"numbers of releases", s.released},
	} {
		if t.of > 0 {
			fmt.Fprintf(w, "  %-20s %3d of %3d\n", t.name, t.right, t.of)
		}
	}
	fmt.Fprintf(w, "  %-20s %3d\n", "false patches", s.beside)
	for _, x := range s.wrong {
		fmt.Fprintln(w, "    "+x)
	}
}
