package release

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"tuban/pipeline"
	"tuban/pipeline/register"
)

// checkNumbers: numbers are unique, dense from 1 in each county and year, and in the order of the events.
func checkNumbers(t tb, list []register.Release) {
	t.Helper()
	last := map[string]int{}
	for _, r := range list {
		county, year, serial, ok := register.SplitJCBH(r.JCBH)
		if !ok || county != r.County || serial != last[county+year]+1 {
			t.Fatalf("%s of %s follows serial %d", r.JCBH, r.County, last[county+year])
		}
		last[county+year] = serial
	}
}

// Whatever is decided, in whatever order and between whatever releases: numbers are dense and unique, nothing that was released
// changes, a release made again does nothing, one patch of one version has one current number per county, and what was merged into
// another has none beside it that nobody is told of.
func TestNumbersLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "release-")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		gv := map[string]int{}
		var before []register.Event
		for night := range rapid.IntRange(1, 4).Draw(t, "nights") {
			key := fmt.Sprintf("run%d", night)
			var patches []patch
			for _, cid := range []string{"a", "b", "c", "d"} {
				if rapid.Bool().Draw(t, "grows") {
					gv[cid]++
				}
				x0 := rapid.Float64Range(-90, 40).Draw(t, "west")
				x0 = math.Round(x0)
				// The run says that it was another one in part before.
				had := ""
				if from := rapid.SampledFrom([]string{"", "a", "b", "gone"}).Draw(t, "ancestor"); from != "" {
					list, _ := open(t, dir).State().Current(from)
					had = strings.Join(numbers(list), " ")
				}
				patches = append(patches, patch{cid, fmt.Sprintf("%s%d", cid, gv[cid]), "", x0, x0 + 50, "", had})
			}
			p := planning(t, key, patches, twoCounties())
			for range rapid.IntRange(0, 3).Draw(t, "rounds") {
				q := rapid.SampledFrom(patches).Draw(t, "judged")
				e := pass(key, q.cid, q.gv)
				if with := rapid.SampledFrom(patches).Draw(t, "merged with"); with.cid != q.cid && rapid.Bool().Draw(t, "merged") {
					shape, err := register.NewShape(rectangle(min(q.x0, with.x0), max(q.x1, with.x1)), testCRS)
					if err != nil {
						t.Fatal(err)
					}
					e.Decision.Redrawn, e.Decision.Values = &shape, map[string]string{"HSX": "20250820"}
					e.Decision.From = []register.Version{e.Decision.Version, {CID: with.cid, GV: with.gv}}
				}
				appendAll(t, dir, e)
				p.cuts = map[int][]piece{}
				carryOut(t, p, dir)
				if again := carryOut(t, p, dir); len(again.Releases) > 0 {
					t.Fatalf("released again: %v", again.Releases)
				}
			}
			reg := open(t, dir)
			if !slices.EqualFunc(before, reg.Events[:len(before)], func(a, b register.Event) bool { return a.Prev == b.Prev }) {
				t.Fatal("events were changed")
			}
			before = reg.Events
			state := reg.State()
			checkNumbers(t, state.Releases())
			var told []string
			if len(before) > 0 {
				told = carryOut(t, p, dir).Orphans
			}
			for _, d := range state.Decisions() {
				for _, v := range d.From {
					parts, _ := state.Current(v.CID)
					for _, r := range parts {
						if d.Run == key && v.CID != d.CID && !slices.Contains(told, r.JCBH) {
							t.Fatalf("%s was merged into %s, and still has %s", v.CID, d.CID, r.JCBH)
						}
					}
				}
			}
			for _, q := range patches {
				current, _ := state.Current(q.cid)
				counties := map[string]bool{}
				for _, r := range current {
					if counties[r.County] {
						t.Fatalf("%s has two current numbers in %s", q.cid, r.County)
					}
					counties[r.County] = true
				}
			}
		}
	})
}

// Releases of many products into one register at once never issue one number, and leave none out.
func TestReleasesAtOnce(t *testing.T) {
	dir := t.TempDir()
	var all sync.WaitGroup
	for i := range 8 {
		key := fmt.Sprintf("run%d", i)
		var patches []patch
		var events []register.Event
		for k := range 5 {
			cid := fmt.Sprintf("%d-%d", i, k)
			patches = append(patches, patch{cid, cid, "220122", -60, -10, "", ""})
			events = append(events, pass(key, cid, cid))
		}
		all.Go(func() {
			appendAll(t, dir, events...)
			carryOut(t, planning(t, key, patches, nil), dir)
		})
	}
	all.Wait()
	list := open(t, dir).State().Releases()
	checkNumbers(t, list)
	if len(list) != 40 {
		t.Errorf("%d releases, want 40", len(list))
	}
}

// A patch across a boundary is cut there: the parts add up to it, and name it. A sliver gets no number.
func TestCutAtTheBoundary(t *testing.T) {
	for _, c := range []struct {
		name   string
		x0, x1 float64
		want   []string
	}{
		{"in one county", -60, -10, []string{"220122 -60 -10"}},
		{"half and half", -25, 25, []string{"220122 -25 0", "220182 0 25"}},
		{"the larger part first", -10, 40, []string{"220182 0 40", "220122 -10 0"}},
		{"a sliver by width stays with the larger part", -0.9, 50, []string{"220182 -0.9 50"}},
		{"a sliver by area too", -50, 0.4, []string{"220122 -50 0.4"}},
	} {
		p := planning(t, "run", []patch{{"a", "a", "", c.x0, c.x1, "", ""}}, twoCounties())
		pieces, err := p.cutter.cut(candidate{Standing: register.Standing{Decision: register.Decision{Version: register.Version{CID: "a"}}}, geom: rectangle(c.x0, c.x1), values: map[string]string{"HSX": "20250820", "GDMJ": "7.00"}})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		sum := 0.0
		for _, q := range pieces {
			b := q.geom.Bound()
			got = append(got, fmt.Sprintf("%s %g %g", q.county, b.Min[0], b.Max[0]))
			sum += q.area
			if q.values["HSX"] != "20250820" || (q.values["GDMJ"] != "") != (len(pieces) == 1) {
				t.Errorf("%s: values %v", c.name, q.values)
			}
		}
		whole, _ := p.cutter.surveyor.Area(rectangle(c.x0, c.x1))
		if !slices.Equal(got, c.want) || math.Abs(sum-pipeline.Cents(whole)) > 1e-6 {
			t.Errorf("%s: %v, %.2f m² of %.2f; want %v", c.name, got, sum, whole, c.want)
		}
	}
}

// A patch that was judged anew after its release gets a new number, which names the old one; the old stays as it was.
func TestSupersedes(t *testing.T) {
	dir := t.TempDir()
	appendAll(t, dir, pass("night1", "a", "a1"))
	carryOut(t, planning(t, "night1", []patch{{"a", "a1", "220122", -60, -10, "", ""}}, nil), dir)
	night2 := planning(t, "night2", []patch{{"a", "a2", "220122", -90, -10, "", ""}}, nil)
	plan := carryOut(t, night2, dir)
	if len(plan.Releases) != 0 || len(plan.Left) != 1 {
		t.Errorf("a grown patch that nobody judged: released %v, left %v", plan.Releases, plan.Left)
	}
	appendAll(t, dir, pass("night2", "a", "a2"))
	carryOut(t, night2, dir)
	state := open(t, dir).State()
	list := state.Releases()
	if len(list) != 2 || list[1].Supersedes != list[0].JCBH || state.Replaced(list[0].JCBH) != list[1].JCBH {
		t.Errorf("%+v", list)
	}
}

// A patch that is the same but for the jitter of its outline keeps the number that it has, and gets its first one without
// being judged again.
func TestJitterIsNoReason(t *testing.T) {
	dir := t.TempDir()
	appendAll(t, dir, pass("night1", "a", "a1"))
	carryOut(t, planning(t, "night1", []patch{{"a", "a1", "220122", -60, -10, "", ""}}, nil), dir)
	appendAll(t, dir, pass("night1", "b", "b1"))
	plan := carryOut(t, planning(t, "night2", []patch{{"a", "a2", "220122", -61, -10, "pass", ""}, {"b", "b2", "220122", -61, -10, "pass", ""}}, nil), dir)
	if len(plan.Releases) != 1 || plan.Releases[0].CID != "b" || plan.Already != 1 {
		t.Errorf("released %+v, %d already", plan.Releases, plan.Already)
	}
}

// What may not be released is left with a reason: not checked by a second person, judged in another geometry.
func TestLeft(t *testing.T) {
	dir := t.TempDir()
	alone, other := pass("run", "a", "a"), pass("earlier", "b", "b0")
	alone.Decision.Second = ""
	elsewhere := pass("far", "z", "z")
	appendAll(t, dir, alone, other, elsewhere)
	plan := carryOut(t, planning(t, "run", []patch{{"a", "a", "220122", -60, -10, "", ""}, {"b", "b1", "220122", -60, -10, "", ""}}, nil), dir)
	var cids []string
	for _, l := range plan.Left {
		cids = append(cids, l.CID)
	}
	if len(plan.Releases) != 0 || !slices.Equal(cids, []string{"a", "b"}) {
		t.Errorf("released %v, left %v", plan.Releases, plan.Left)
	}
}

// What is released has the area of its own outline, whatever the decision that brought the outline said.
func TestReleasedArea(t *testing.T) {
	dir := t.TempDir()
	e := drawn(t, "run", -60, -20, "a")
	e.Decision.Values["JCMJ"], e.Decision.Values["MJ"], e.Decision.Values["MJM"] = "1000.00", "1000.00", "1.50"
	appendAll(t, dir, e)
	p := planning(t, "run", []patch{{"a", "a", "220122", -60, -10, "", ""}}, nil)
	area, err := p.cutter.surveyor.Area(rectangle(-60, -20))
	if err != nil {
		t.Fatal(err)
	}
	r := carryOut(t, p, dir).Releases[0]
	want := fmt.Sprintf("%.2f", area)
	if r.Values["JCMJ"] != want || r.Values["MJ"] != want || r.Values["MJM"] == "1.50" || r.AreaM2 != pipeline.Cents(area) {
		t.Errorf("%.2f m², %v; want %s", r.AreaM2, r.Values, want)
	}
}

// Digits that do not suffice are an error, never a longer number.
func TestSerialsUsedUp(t *testing.T) {
	dir := t.TempDir()
	appendAll(t, dir, register.Event{Release: &register.Release{JCBH: "220122202599999", County: "220122"}}, pass("run", "a", "a"))
	p := planning(t, "run", []patch{{"a", "a", "220122", -60, -10, "", ""}}, nil)
	if _, err := p.plan(context.Background(), open(t, dir)); err == nil {
		t.Error("no error")
	}
	p.options.SerialWidth = 6
	if plan := carryOut(t, p, dir); plan.Releases[0].JCBH != "2201222025100000" {
		t.Error(plan.Releases[0].JCBH)
	}
}

// A folder of another batch, or of a product, is not taken.
func TestFolderIsFree(t *testing.T) {
	dir := t.TempDir()
	if err := free(dir, "b", "run"); err != nil {
		t.Error(err)
	}
	if err := (&Package{Batch: "a", Run: "run"}).write(dir); err != nil {
		t.Fatal(err)
	}
	if free(dir, "a", "run") != nil || free(dir, "b", "run") == nil || free(dir, "a", "other") == nil {
		t.Error("the folder of another batch was taken")
	}
	out := t.TempDir()
	if err := os.WriteFile(filepath.Join(out, pipeline.ManifestName), []byte("{}"), 0o644); err != nil {
		t.Fatal(err)
	}
	if free(out, "a", "run") == nil {
		t.Error("the folder of a product was taken")
	}
}
