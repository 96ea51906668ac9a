package history

import (
	"slices"

	"github.com/paulmach/orb"

	"tuban/pipeline"
	"tuban/pipeline/register"
	"tuban/pipeline/track"
)

// remember adds what the register says to what the last product did: the decisions that hold, releases, and patches that people drew.
// outline is a shape in the run's CRS, nil where it is in another.
func remember(past *pipeline.Past, r *register.Register, outline func(register.Shape) (orb.MultiPolygon, error)) error {
	state := r.State()
	for i := range past.Known {
		k := &past.Known[i]
		k.Released = slices.DeleteFunc(k.Released, func(jcbh string) bool { return state.Replaced(jcbh) != "" })
	}
	past.Issued = issued(r.Events, state)
	for _, d := range state.Decisions() {
		switch {
		case len(d.From) == 1 && d.From[0].CID != d.CID:
			continue // a part of a candidate; the part that goes on under its name says what it was judged
		case mixed(state, d.Decision):
			continue // its parts were judged differently: no verdict holds for the whole
		case d.GV == "":
			if err := draw(past, d.Decision, outline); err != nil {
				return err
			}
		}
		geom, err := outline(d.Judged)
		if err != nil {
			return err
		}
		if d.GV == "" && d.Redrawn != nil {
			if geom, err = outline(*d.Redrawn); err != nil {
				return err
			}
		}
		past.Judgements = append(past.Judgements, track.Judgement{CID: d.CID, GV: d.GV, Kind: d.Kind, Verdict: string(d.Verdict), Geom: geom})
		// What was merged was judged with the patch that it became a part of.
		for _, v := range d.From {
			if v.CID != d.CID {
				past.Judgements = append(past.Judgements, track.Judgement{CID: v.CID, GV: v.GV, Kind: d.Kind, Verdict: string(d.Verdict)})
			}
		}
	}
	return nil
}

// mixed reports whether a decision is about a part of a split whose other parts got another verdict.
func mixed(state *register.State, d register.Decision) bool {
	if len(d.From) != 1 {
		return false
	}
	return slices.ContainsFunc(state.About(d.From[0].CID), func(s register.Standing) bool { return s.Verdict != d.Verdict })
}

// draw makes a patch that a person added a known one, so that a run which comes to find it carries on its name and its numbers.
func draw(past *pipeline.Past, d register.Decision, outline func(register.Shape) (orb.MultiPolygon, error)) error {
	if d.Redrawn == nil || d.Verdict == register.Reject || slices.ContainsFunc(past.Known, func(k track.Known) bool { return k.CID == d.CID }) {
		return nil
	}
	geom, err := outline(*d.Redrawn)
	if err != nil || geom == nil {
		return err
	}
	past.Known = append(past.Known, track.Known{CID: d.CID, Kind: d.Kind, Geom: geom, First: d.Values["HSX"], Last: d.Values["HSX"], Published: true, Drawn: true})
	return nil
}

// issued lists the JCBH that hold, by the candidate that was released: the parent of a part, and what a merged or split patch was made of.
func issued(events []register.Event, state *register.State) map[string][]string {
	made := map[string][]string{}
	for _, e := range events {
		if d := e.Decision; d != nil {
			for _, v := range d.From {
				made[d.CID] = append(made[d.CID], v.CID)
			}
		}
	}
	out := map[string][]string{}
	for _, r := range state.Releases() {
		if state.Replaced(r.JCBH) != "" {
			continue
		}
		for _, id := range slices.Concat([]string{r.CID, r.Parent}, made[r.CID], made[r.Parent]) {
			if id != "" {
				out[id] = append(out[id], r.JCBH)
			}
		}
	}
	return out
}
