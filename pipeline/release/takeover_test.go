package release

import (
	"slices"
	"testing"

	"tuban/pipeline/register"
)

// drawn is a decision that passes a patch which a person drew from one meridian to another: of these candidates, under the name of
// the first, or under a name of its own.
func drawn(t *testing.T, key string, x0, x1 float64, from ...string) register.Event {
	t.Helper()
	e := pass(key, from[0], from[0])
	shape, err := register.NewShape(rectangle(x0, x1), testCRS)
	if err != nil {
		t.Fatal(err)
	}
	e.Decision.Redrawn, e.Decision.Values = &shape, map[string]string{"HSX": "20250820", "XZQDM": "220122"}
	for _, cid := range from {
		e.Decision.From = append(e.Decision.From, register.Version{CID: cid, GV: cid})
	}
	return e
}

func numbers(list []register.Release) (out []string) {
	for _, r := range list {
		out = append(out, r.JCBH)
	}
	return out
}

// current are the numbers that no other replaced, and what bears them.
func current(s *register.State) (out []string) {
	for _, r := range s.Releases() {
		if s.Replaced(r.JCBH) == "" {
			out = append(out, r.CID+" "+r.JCBH)
		}
	}
	return out
}

// Patches that become one leave one number: its release takes the place of all that they had, whether people merged them or the
// run did. Of a number in a county that the merged patch does not reach, the county must be told.
func TestMergedPatchesLeaveOneNumber(t *testing.T) {
	a, b := patch{"a", "a", "220122", -60, -40, "", ""}, patch{"b", "b", "220122", -40, -10, "", ""}
	other := patch{"b", "b", "220182", -40, -10, "", ""}
	whole := patch{"a", "a2", "220122", -60, -10, "", "220122202500001 220122202500002"}
	for _, c := range []struct {
		name   string
		first  []patch
		second []patch
		merge  register.Event
		want   []string
		orphan []string
	}{
		{"people merge them", []patch{a, b}, []patch{a, b}, drawn(t, "run", -60, -10, "a", "b"), []string{"a 220122202500003"}, nil},
		{"the run merges them", []patch{a, b}, []patch{whole}, pass("later", "a", "a2"), []string{"a 220122202500003"}, nil},
		{"people merge across counties", []patch{a, other}, []patch{a, other}, drawn(t, "run", -60, -10, "a", "b"), []string{"b 220182202500001", "a 220122202500002"}, []string{"220182202500001"}},
	} {
		dir := t.TempDir()
		appendAll(t, dir, pass("run", "a", "a"), pass("run", "b", "b"))
		before := numbers(carryOut(t, planning(t, "run", c.first, nil), dir).Releases)
		appendAll(t, dir, c.merge)
		plan := carryOut(t, planning(t, c.merge.Decision.Run, c.second, nil), dir)
		state := open(t, dir).State()
		if got := current(state); len(before) != 2 || !slices.Equal(got, c.want) || !slices.Equal(plan.Orphans, c.orphan) {
			t.Errorf("%s: %v current, orphans %v; want %v, %v", c.name, got, plan.Orphans, c.want, c.orphan)
		}
		again := carryOut(t, planning(t, c.merge.Decision.Run, c.second, nil), dir)
		if len(again.Releases) > 0 || !slices.Equal(again.Orphans, c.orphan) {
			t.Errorf("%s, again: released %v, orphans %v", c.name, numbers(again.Releases), again.Orphans)
		}
	}
}

// A patch that took in another, and holds as it was judged, is not released again; the other's number is told.
func TestMergedIntoOneThatHolds(t *testing.T) {
	dir := t.TempDir()
	appendAll(t, dir, pass("run", "a", "a"), pass("run", "b", "b"))
	carryOut(t, planning(t, "run", []patch{{"a", "a", "220122", -60, -40, "", ""}, {"b", "b", "220122", -40, -39, "", ""}}, nil), dir)
	plan := carryOut(t, planning(t, "later", []patch{{"a", "a2", "220122", -60, -39, "pass", "220122202500001 220122202500002"}}, nil), dir)
	if len(plan.Releases) != 0 || !slices.Equal(plan.Orphans, []string{"220122202500002"}) {
		t.Errorf("released %v, orphans %v", numbers(plan.Releases), plan.Orphans)
	}
}

// The parts into which a run finds a patch split do not take each other's numbers, in whatever order they pass.
func TestPartsOfARunKeepTheirNumbers(t *testing.T) {
	dir := t.TempDir()
	appendAll(t, dir, pass("run", "a", "a"))
	carryOut(t, planning(t, "run", []patch{{"a", "a", "220122", -60, -10, "", ""}}, nil), dir)
	const had = "220122202500001"
	later := planning(t, "later", []patch{{"a", "a2", "220122", -60, -30, "", had}, {"c", "c", "220122", -30, -10, "", had}}, nil)
	for _, e := range []register.Event{pass("later", "c", "c"), pass("later", "a", "a2")} {
		appendAll(t, dir, e)
		carryOut(t, later, dir)
	}
	if again := carryOut(t, later, dir); len(again.Releases) > 0 {
		t.Errorf("released again: %v", numbers(again.Releases))
	}
	if got := current(open(t, dir).State()); !slices.Equal(got, []string{"c 220122202500002", "a 220122202500003"}) {
		t.Error(got)
	}
}

// A number whose patch people drew, added or split off, is told like any other when they take the patch back, by the product that
// it was released from and by one that has what it was split off.
func TestWhatPeopleDrewAndTookBack(t *testing.T) {
	dir := t.TempDir()
	part, lead, extra := drawn(t, "run", -30, -10, "a"), drawn(t, "run", -60, -30, "a"), drawn(t, "run", -90, -70, "extra")
	part.Decision.CID = "part"
	extra.Decision.GV, extra.Decision.From = "", nil
	appendAll(t, dir, lead, part, extra)
	first, later := planning(t, "run", []patch{{"a", "a", "220122", -60, -10, "", ""}}, nil), planning(t, "later", []patch{{"a", "a", "220122", -60, -10, "", ""}}, nil)
	if plan := carryOut(t, first, dir); len(plan.Releases) != 3 || len(plan.Orphans) > 0 {
		t.Fatalf("released %v, orphans %v", numbers(plan.Releases), plan.Orphans)
	}
	for _, e := range []register.Event{lead, part, extra} {
		if e.Decision.CID != "a" {
			e.Decision.Verdict, e.Decision.Reason = register.Reject, "cloud"
		}
		e.Decision.SourceHash = "anew"
		appendAll(t, dir, e)
	}
	state := open(t, dir).State()
	var gone, split []string
	for _, r := range state.Releases() {
		if r.CID != "a" {
			gone = append(gone, r.JCBH)
		}
		if r.CID == "part" {
			split = append(split, r.JCBH)
		}
	}
	for _, p := range []struct {
		*planner
		want []string
	}{{first, gone}, {later, split}} {
		plan := carryOut(t, p.planner, dir)
		if len(plan.Releases) > 0 || !slices.Equal(plan.Orphans, p.want) {
			t.Errorf("%s: released %v, orphans %v; want %v", p.known.key, numbers(plan.Releases), plan.Orphans, p.want)
		}
	}
}

// The parts of a split that were released are carried out, though no verdict of the whole holds in a later product: they are left
// only where the run found that it is the same no more, and where they were never released.
func TestPartsThatWereCarriedOut(t *testing.T) {
	for _, c := range []struct {
		name    string
		carried bool
		held    string
		left    int
	}{{"the same", true, "", 0}, {"grown", true, "grown", 1}, {"never released", false, "", 1}} {
		dir := t.TempDir()
		lead, part := drawn(t, "run", -60, -30, "a"), drawn(t, "run", -30, -10, "a")
		lead.Decision.Verdict, lead.Decision.Reason, part.Decision.CID = register.Reject, "cloud", "part"
		appendAll(t, dir, lead, part)
		if c.carried {
			carryOut(t, planning(t, "run", []patch{{"a", "a", "220122", -60, -10, "", ""}}, nil), dir)
		}
		plan := carryOut(t, planning(t, "later", []patch{{"a", "a2", "220122", -61, -10, c.held, ""}}, nil), dir)
		if len(plan.Releases) > 0 || len(plan.Left) != c.left || plan.Already != 1-c.left {
			t.Errorf("%s: released %v, left %v, %d already", c.name, numbers(plan.Releases), plan.Left, plan.Already)
		}
	}
}
