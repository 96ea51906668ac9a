package review

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"tuban/pipeline"
	"tuban/pipeline/register"
)

// earlier are the decisions of another import.
func earlier(t testing.TB, dir string, rows ...sheetRow) {
	t.Helper()
	c := copyOf(t, 0, rows...)
	c.path = "elsewhere"
	if out := c.importTo(t, dir); len(out.Problems) > 0 {
		t.Fatal(out.Problems)
	}
}

// addedAs are the fields of a patch that a person added, with the cid that its row brings.
func addedAs(cid string) []string {
	return []string{"cid", cid, "CZ", "add", "kind", "built", "category", "cropland_lost", "QSX", "20240814", "HSX", "20250820"}
}

// Each complaint of the table, and what calls for it: a row by its number, and the code.
var complaints = []struct {
	name string
	rows []sheetRow
	want string
}{
	{"nothing", nil, ""},
	{"a sound verdict", []sheetRow{judged("a", "")}, ""},
	{"a note alone", []sheetRow{{"a", "", map[string]string{"PDBZ": "?"}}}, "1 verdict_missing"},
	{"an outline alone", []sheetRow{{"a", "100 100 40 20", nil}}, "1 verdict_missing"},
	{"another word", []sheetRow{judged("a", "", "PD", "ok")}, "1 verdict_unknown"},
	{"rejected for nothing", []sheetRow{judged("a", "", "PD", "reject")}, "1 reason_missing"},
	{"rejected for another word", []sheetRow{judged("a", "", "PD", "reject", "PDYY", "because")}, "1 reason_unknown"},
	{"rejected for something else", []sheetRow{judged("a", "", "PD", "reject", "PDYY", "other")}, "1 note_missing"},
	{"rejected, and so", []sheetRow{judged("a", "", "PD", "reject", "PDYY", "cloud", "FHR", "")}, ""},
	{"passed for a reason", []sheetRow{judged("a", "", "PDYY", "cloud")}, "1 reason_unwanted"},
	{"by nobody", []sheetRow{judged("a", "", "PDR", "  ")}, "1 by_missing"},
	{"passed by one", []sheetRow{judged("a", "", "FHR", "")}, "1 second_missing"},
	{"passed by one twice", []sheetRow{judged("a", "", "FHR", " 甲 ")}, "1 second_same"},
	{"deferred by one twice", []sheetRow{judged("a", "", "PD", "defer", "FHR", "甲")}, "1 second_same"},
	{"never", []sheetRow{judged("a", "", "PDRQ", "")}, "1 day_missing"},
	{"someday", []sheetRow{judged("a", "", "PDRQ", "九月")}, "1 day_unreadable"},
	{"next year", []sheetRow{judged("a", "", "PDRQ", "2026-09-10")}, "1 day_future"},
	{"as others write it", []sheetRow{judged("a", "", "PDRQ", "2025/9/1")}, ""},
	{"another operation", []sheetRow{judged("a", "", "CZ", "cut")}, "1 operation_unknown"},
	{"drawn and not said", []sheetRow{judged("a", "100 100 40 20")}, "1 operation_missing"},
	{"said and not drawn", []sheetRow{judged("a", "", "CZ", "redraw")}, "1 operation_idle"},
	{"drawn anew", []sheetRow{judged("a", "100 100 40 20", "CZ", "redraw")}, ""},
	{"drawn away", []sheetRow{judged("a", "-", "CZ", "redraw")}, "1 geometry_missing"},
	{"drawn badly", []sheetRow{judged("a", "bad 100 100 40 20", "CZ", "redraw")}, "1 geometry_invalid"},
	{"drawn small", []sheetRow{judged("a", "100 100 4 4", "CZ", "redraw")}, "1 geometry_small"},
	{"drawn small, and rejected", []sheetRow{judged("a", "100 100 4 4", "CZ", "redraw", "PD", "reject", "PDYY", "below_area")}, ""},
	{"drawn out of the grid", []sheetRow{judged("a", "-10 100 40 20", "CZ", "redraw")}, "1 geometry_outside"},
	{"drawn over another", []sheetRow{judged("a", "100 100 130 20", "CZ", "redraw")}, "1 redraw_covers"},
	{"merged with nothing", []sheetRow{judged("a", "", "CZ", "merge", "HB", "1")}, "1 merge_alone"},
	{"merged without a group", []sheetRow{judged("a", "", "CZ", "merge")}, "1 merge_alone"},
	{"a group without merging", []sheetRow{judged("a", "", "HB", "1")}, "1 merge_operation"},
	{"merged by two who differ", []sheetRow{judged("a", "", "CZ", "merge", "HB", "1"), judged("b", "", "CZ", "merge", "HB", "1", "PDR", "丙")}, "1 merge_differs 2 merge_differs"},
	{"merged", []sheetRow{judged("a", "", "CZ", "merge", "HB", "1"), judged("b", "", "CZ", "merge", "HB", "1")}, ""},
	{"merged by the editor, which deletes the other", []sheetRow{judged("a", "100 100 130 20", "CZ", "merge"), {"b", "deleted", nil}}, ""},
	{"split into one", []sheetRow{judged("a", "", "CZ", "split")}, "1 split_alone"},
	{"split", []sheetRow{judged("a", "100 100 15 20", "CZ", "split"), judged("a", "115 100 15 20", "CZ", "split")}, ""},
	{"split and half said", []sheetRow{judged("a", "100 100 15 20", "CZ", "split"), judged("a", "115 100 15 20")}, "1 split_operation 2 split_operation"},
	{"split with an overlap", []sheetRow{judged("a", "100 100 20 20", "CZ", "split"), judged("a", "115 100 15 20", "CZ", "split")}, "2 split_overlap"},
	{"split beyond", []sheetRow{judged("a", "100 100 15 20", "CZ", "split"), judged("a", "115 100 20 20", "CZ", "split")}, "2 split_outside"},
	{"split with a part left out", []sheetRow{judged("a", "100 100 10 20", "CZ", "split"), judged("a", "115 100 15 20", "CZ", "split")}, "1 split_incomplete 2 split_incomplete"},
	{"split, the rest rejected", []sheetRow{judged("a", "100 100 29 20", "CZ", "split"), judged("a", "129 100 1 20", "CZ", "split", "PD", "reject", "PDYY", "outline")}, ""},
	{"a patch that was missed", []sheetRow{judged("", "500 100 30 20", "CZ", "add", "kind", "built", "category", "cropland_lost", "QSX", "20240814", "HSX", "20250820")}, ""},
	{"one of no kind", []sheetRow{judged("", "500 100 30 20", "CZ", "add", "category", "cropland_lost", "QSX", "20240814", "HSX", "20250820")}, "1 add_kind"},
	{"one of no category", []sheetRow{judged("", "500 100 30 20", "CZ", "add", "kind", "built", "QSX", "20240814", "HSX", "20250820")}, "1 add_category"},
	{"one of no days", []sheetRow{judged("", "500 100 30 20", "CZ", "add", "kind", "built", "category", "cropland_lost", "QSX", "2024")}, "1 add_dates"},
	{"one that is there", []sheetRow{judged("", "105 100 30 20", "CZ", "add", "kind", "built", "category", "cropland_lost", "QSX", "20240814", "HSX", "20250820")}, "1 add_duplicate"},
	{"a copy of one that was added", []sheetRow{judged("", "500 100 30 20", addedAs("feed")...), judged("", "600 100 30 20", addedAs("feed")...)}, "1 add_twice 2 add_twice"},
	{"a copy of a candidate, moved away", []sheetRow{{"b", "", nil}, judged("b", "500 100 30 20", addedAs("b")...)}, ""},
	{"one that does not say so", []sheetRow{judged("", "500 100 30 20")}, "1 add_operation"},
	{"one from elsewhere", []sheetRow{judged("z", "500 100 30 20")}, "1 candidate_unknown"},
	{"one deleted", []sheetRow{{"a", "deleted", nil}}, "0 candidate_deleted"},
	{"a field that is not for editing", []sheetRow{judged("a", "", "JCMJ", "700.00")}, "1 readonly"},
	{"one in a row that nobody judged", []sheetRow{{"a", "", map[string]string{"HSX": "20250821"}}}, "1 readonly"},
	{"one judged by others since", []sheetRow{judged("c", "", "PD", "defer")}, "1 judged_since"},
	{"one judged by others since, alike", []sheetRow{judged("c", "")}, ""},
}

func TestComplaints(t *testing.T) {
	said := map[string]bool{}
	for _, c := range complaints {
		dir := t.TempDir()
		earlier(t, dir, judged("c", ""))
		w := copyOf(t, 0, c.rows...)
		out := w.importTo(t, dir)
		var got []string
		for _, p := range out.Problems {
			got = append(got, fmt.Sprintf("%d %s", p.FID, p.Code))
			said[p.Code] = true
			if p.ZH == "" || p.EN == "" || strings.Contains(p.String(), "%!") {
				t.Errorf("%s: %s", c.name, p)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", c.name, out.Problems, c.want)
		}
	}
	// Of those that no case calls for, each has a test of its own.
	for _, code := range []string{"verdict_cleared", "geometry_unreadable"} {
		said[code] = true
	}
	for _, p := range problems {
		if !said[p["code"]] {
			t.Errorf("no case calls for %s", p["code"])
		}
	}
}

// What is sound becomes the decision that it means.
func TestDecisions(t *testing.T) {
	for _, c := range []struct {
		name string
		rows []sheetRow
		want []string
	}{
		{"judged", []sheetRow{judged("a", ""), judged("b", "", "PD", "reject", "PDYY", "cloud")}, []string{"a pass", "b reject"}},
		{"drawn anew", []sheetRow{judged("a", "100 100 40 20", "CZ", "redraw")}, []string{"a* pass"}},
		{"merged", []sheetRow{judged("a", "", "CZ", "merge", "HB", "x"), judged("b", "200 100 40 20", "CZ", "merge", "HB", "x")}, []string{"a<ab* pass"}},
		{"merged by the editor", []sheetRow{judged("b", "100 100 130 20", "CZ", "merge"), {"a", "deleted", nil}}, []string{"a<ab* pass"}},
		{"split", []sheetRow{judged("a", "100 100 14 20", "CZ", "split"), judged("a", "114 100 16 20", "CZ", "split")}, []string{"#<a* pass", "a<a* pass"}},
		{"a patch that was added before, drawn anew", []sheetRow{judged("", "500 100 40 20", "cid", "feed", "CZ", "add", "kind", "built", "category", "cropland_lost", "QSX", "20240814", "HSX", "20250820")}, []string{"feed* pass"}},
	} {
		dir := t.TempDir()
		w := copyOf(t, 0, c.rows...)
		if out := w.importTo(t, dir); len(out.Problems) > 0 {
			t.Errorf("%s: %v", c.name, out.Problems)
		}
		got := standing(t, dir)
		for i, s := range got {
			if id, rest, ok := strings.Cut(s, "<"); ok && len(id) == 16 {
				got[i] = "#<" + rest
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
		// Again, and after others read it.
		again := copyOf(t, 0, c.rows...)
		if out := again.importTo(t, dir); len(out.New) > 0 || len(out.Problems) > 0 {
			t.Errorf("%s again: %d new, %v", c.name, len(out.New), out.Problems)
		}
	}
}

// A candidate that was copied, pasted and moved away is a patch of its own: what was decided of the candidate stays, and the same
// copy again adds nothing. So is a copy of a candidate of another product.
func TestPastedCopy(t *testing.T) {
	dir := t.TempDir()
	elsewhere := &register.Decision{Version: register.Version{CID: "far", GV: "far1"}, Run: "other", Verdict: register.Pass, By: "甲", Second: "乙", On: "2025-09-01"}
	reg, err := register.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := reg.Append(noon, []register.Event{{Decision: elsewhere}}, nil); err != nil {
		t.Fatal(err)
	}
	rows := []sheetRow{judged("a", ""), judged("a", "500 100 30 20", addedAs("a")...), judged("far", "600 100 30 20", addedAs("far")...)}
	for _, added := range []int{3, 0} {
		out := copyOf(t, 1, rows...).importTo(t, dir)
		if len(out.Problems) > 0 || len(out.New) != added {
			t.Fatalf("%d new, want %d; %v", len(out.New), added, out.Problems)
		}
	}
	got := standing(t, dir)
	own := 0
	for _, s := range got {
		if cid, _, _ := strings.Cut(s, "*"); len(cid) == 16 {
			own++
		}
	}
	if len(got) != 4 || own != 2 || !slices.Contains(got, "a pass") || !slices.Contains(got, "far pass") {
		t.Errorf("%v", got)
	}
}

// A split may be undone, or made in another way, until it stands as the last import has it.
func TestChangedMinds(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		rows []sheetRow
		want []string
	}{
		{[]sheetRow{judged("a", "100 100 14 20", "CZ", "split"), judged("a", "114 100 16 20", "CZ", "split")}, []string{"a<a*", "other<a*"}},
		{[]sheetRow{judged("a", "100 100 12 20", "CZ", "split"), judged("a", "112 100 18 20", "CZ", "split")}, []string{"a<a*", "other<a*"}},
		{[]sheetRow{judged("a", "")}, []string{"a"}},
		{[]sheetRow{judged("a", "", "CZ", "merge", "HB", "1"), judged("b", "", "CZ", "merge", "HB", "1")}, []string{"a<ab*"}},
		{[]sheetRow{judged("a", ""), judged("b", "", "PD", "defer")}, []string{"a", "b"}},
	} {
		w := copyOf(t, 0, c.rows...)
		w.source = fmt.Sprint(c.want, c.rows[0].outline)
		if out := w.importTo(t, dir); len(out.Problems) > 0 {
			t.Fatal(out.Problems)
		}
		var got []string
		for _, s := range standing(t, dir) {
			s, _, _ = strings.Cut(s, " ")
			if id, rest, ok := strings.Cut(s, "<"); ok && len(id) == 16 {
				s = "other<" + rest
			}
			got = append(got, s)
		}
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%v, want %v", got, c.want)
		}
	}
}

// A verdict that the register holds is not taken back by clearing it, nor an added patch by deleting it.
func TestNothingIsTakenBackInSilence(t *testing.T) {
	dir := t.TempDir()
	add := judged("", "500 100 30 20", "CZ", "add", "kind", "built", "category", "cropland_lost", "QSX", "20240814", "HSX", "20250820")
	w := copyOf(t, 0, judged("a", ""), add)
	if out := w.importTo(t, dir); len(out.Problems) > 0 || len(out.New) != 2 {
		t.Fatalf("%d new, %v", len(out.New), out.Problems)
	}
	w = copyOf(t, 0)
	w.rows[0].touched = true // it showed the verdict before
	var got []string
	for _, p := range w.importTo(t, dir).Problems {
		got = append(got, p.Code)
	}
	if !slices.Equal(got, []string{"verdict_cleared", "candidate_deleted"}) {
		t.Error(got)
	}
}

func TestOutlineThatCannotBeRead(t *testing.T) {
	w := copyOf(t, 0, judged("a", "-", "CZ", "redraw"))
	w.rows[0].Problem = "a LineString where a polygon is needed"
	if out := w.importTo(t, t.TempDir()); len(out.Problems) != 1 || out.Problems[0].Code != "geometry_unreadable" {
		t.Error(out.Problems)
	}
}

// noOverlay is an engine that cannot lay outlines over each other.
type noOverlay struct{ boxes }

func (noOverlay) Overlay(orb.MultiPolygon, []orb.MultiPolygon) ([]pipeline.Piece, orb.MultiPolygon, error) {
	return nil, nil, errors.New("TopologyException")
}

// Where the engine cannot tell what an outline lies on, the row is complained of, never taken for one that lies on nothing.
func TestOverlapThatCannotBeTold(t *testing.T) {
	for _, rows := range [][]sheetRow{
		{judged("", "105 100 30 20", addedAs("")...)},
		{judged("a", "100 100 130 20", "CZ", "redraw")},
		{judged("b", "100 100 130 20", "CZ", "merge"), {"a", "deleted", nil}},
	} {
		w := copyOf(t, 0, rows...)
		w.engine = noOverlay{}
		out := w.importTo(t, t.TempDir())
		if len(out.New) > 0 || len(out.Problems) == 0 || out.Problems[0].Code != "geometry_unreadable" || out.Problems[0].FID != 1 {
			t.Errorf("%v: %d new, %v", rows[0].fields["CZ"], len(out.New), out.Problems)
		}
	}
}

// What a person draws has the values that hold for any outline, its own area, and nothing that was measured on another.
func TestValuesOfADrawnPatch(t *testing.T) {
	dir := t.TempDir()
	w := copyOf(t, 0, judged("a", "100 100 40 20", "CZ", "redraw"))
	w.importTo(t, dir)
	reg, err := register.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	d := reg.Events[0].Decision
	got := maps.Clone(d.Values)
	if area, err := w.surveyor.Area(box("100 100 40 20")); err != nil || got["JCMJ"] != fmt.Sprintf("%.2f", area) {
		t.Errorf("JCMJ %s, want %.2f", got["JCMJ"], area)
	}
	if got["HSX"] != "20250820" || got["TS"] != "边界经人工重划" || got["LON"] == "" {
		t.Errorf("%v", got)
	}
	shape, err := d.Judged.Polygons()
	if err != nil || !unmoved(shape, box(found["a"])) {
		t.Errorf("judged %v, %v", shape, err)
	}
}
