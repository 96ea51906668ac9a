package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"tuban/pipeline"
	products "tuban/pipeline/product"
	"tuban/pipeline/register"
	"tuban/pipeline/runfile"
)

// nightRules see what a night of the tests shows.
const nightRules = `
kinds:
  - {code: built, type: JZ, when: after.red > 3000 and after.nir > 0, min_area: 200 m2}
  - {code: ground, type: DT, when: after.red > 2000, min_area: 200 m2}
`

// cell is the edge in metres of a character of a night.
const cell = 10

// nights are runs over one place, one after the other.
type nights struct {
	t        testing.TB
	dir      string
	before   runfile.Imagery
	register string
	// names are the letters that candidates got when they were first seen.
	names map[string]string
	last  string
	n     int
}

func newNights(t testing.TB) *nights {
	dir := t.TempDir()
	n := &nights{t: t, dir: dir, register: filepath.Join(dir, "register"), names: map[string]string{}}
	n.before = scenesOf(t, dir, "2024-08-14", []image{{name: "before", grid: testGrid(0, 0, 1, 160, 80), bands: 4, value: func(_, x, y int) float64 {
		return 1000 + 50*noise(1, x, y)
	}}})
	if err := os.WriteFile(filepath.Join(dir, "rules.yaml"), []byte(nightRules), 0o644); err != nil {
		t.Fatal(err)
	}
	return n
}

// file is the run file of a night whose image shows the picture so many pixels further to the right: # built, + dug, ? no data.
func (n *nights) file(picture string, right int) *runfile.File {
	n.n++
	lines := strings.Fields(picture)
	at := func(x, y int) byte {
		if y/cell < len(lines) && x/cell < len(lines[y/cell]) {
			return lines[y/cell][x/cell]
		}
		return '.'
	}
	after := image{name: fmt.Sprint("night", n.n), grid: testGrid(0, 0, 1, 160, 80), bands: 4, value: func(_, x, y int) float64 {
		v := 1000 + 50*noise(uint64(n.n), x, y)
		switch at(max(0, x-right), y) {
		case '?':
			return 0
		case '#':
			v += 3000
		case '+':
			v += 1500
		}
		return v
	}}
	return &runfile.File{Name: "nights", Rules: filepath.Join(n.dir, "rules.yaml"), Normalise: "none", Registration: "none", Clouds: "none", Outputs: []string{"gpkg"},
		Before: n.before, After: scenesOf(n.t, n.dir, fmt.Sprintf("2025-0%d-20", n.n), []image{after}), Earlier: n.last, Register: n.register}
}

// run runs a night and returns what became of the candidates, in the order of their names.
func (n *nights) run(f *runfile.File) string {
	n.t.Helper()
	out := filepath.Join(n.dir, fmt.Sprint("out", n.n))
	if _, err := detectWith(ctx, drivers(), f, pipeline.Options{Out: out, Clock: testClock}); err != nil {
		n.t.Fatal(err)
	}
	n.last = out
	changes, gone := n.rows("changes"), n.rows("gone")
	slices.SortFunc(changes, func(a, b products.Row) int {
		return cmp.Or(cmp.Compare(a.Geom.Bound().Min[0], b.Geom.Bound().Min[0]), cmp.Compare(b.Geom.Bound().Max[1], a.Geom.Bound().Max[1]))
	})
	var said []string
	for _, r := range changes {
		id := r.Text("cid")
		if n.names[id] == "" {
			n.names[id] = string(rune('A' + len(n.names)))
		}
		s := n.names[id] + " " + r.Text("track")
		for _, p := range strings.Fields(r.Text("prev")) {
			s += " " + n.names[p]
		}
		if v := r.Text("PDJL"); v != "" {
			s += " (" + v + ")"
		}
		if v := r.Text("FBBH"); v != "" {
			s += " [" + v + "]"
		}
		s += " since " + r.Text("SCFX")[4:6]
		if v := r.Text("TS"); v != "" {
			s += " " + v
		}
		said = append(said, s)
	}
	for _, r := range gone {
		said = append(said, n.names[r.Text("cid")]+" gone "+r.Text("reason")+" last "+r.Text("last")[4:6])
	}
	slices.Sort(said)
	return strings.Join(said, "; ")
}

func (n *nights) rows(layer string) []products.Row {
	n.t.Helper()
	p, err := products.Open(ctx, drivers(), n.last)
	if err != nil {
		n.t.Fatal(err)
	}
	rows, _, err := p.Layer(ctx, layer, "")
	if err != nil {
		n.t.Fatal(err)
	}
	return rows
}

// decide lets the register have a verdict on, or a release of, a candidate of the last night.
func (n *nights) decide(name string, event func(v register.Version, kind string, s register.Shape) register.Event) {
	n.t.Helper()
	for _, r := range n.rows("changes") {
		if n.names[r.Text("cid")] != name {
			continue
		}
		s, err := register.NewShape(r.Geom, testCRS)
		if err != nil {
			n.t.Fatal(err)
		}
		reg, err := register.Open(n.register)
		if err != nil {
			n.t.Fatal(err)
		}
		e := event(register.Version{CID: r.Text("cid"), GV: r.Text("gv")}, r.Text("kind"), s)
		if err := reg.Append(testClock, []register.Event{e}, nil); err != nil {
			n.t.Fatal(err)
		}
	}
}

// draw lets the register have a patch that a person drew where no run found one, and its release.
func (n *nights) draw(name string, ring orb.Ring, number string) {
	n.t.Helper()
	s, err := register.NewShape(orb.MultiPolygon{{ring}}, testCRS)
	if err != nil {
		n.t.Fatal(err)
	}
	reg, err := register.Open(n.register)
	if err != nil {
		n.t.Fatal(err)
	}
	n.names["drawn"] = name
	v := register.Version{CID: "drawn"}
	if err := reg.Append(testClock, []register.Event{
		{Decision: &register.Decision{Version: v, Kind: "built", Verdict: register.Pass, By: "甲", On: "2025-09-01", Redrawn: &s, Values: map[string]string{"HSX": "20250120"}}},
		{Release: &register.Release{Version: v, JCBH: number, County: "220122", Batch: "1", Shape: s}},
	}, nil); err != nil {
		n.t.Fatal(err)
	}
}

// TestNights is one place over six nights: what appears, grows, splits, merges, is hidden, vanishes and comes back keeps its name, and what
// people said of it for as long as it holds.
func TestNights(t *testing.T) {
	n := newNights(t)
	verdict := func(v register.Verdict) func(register.Version, string, register.Shape) register.Event {
		return func(ver register.Version, kind string, s register.Shape) register.Event {
			return register.Event{Decision: &register.Decision{Version: ver, Kind: kind, Verdict: v, By: "甲", On: "2025-09-01", Judged: s}}
		}
	}
	release := func(number string) func(register.Version, string, register.Shape) register.Event {
		return func(ver register.Version, _ string, s register.Shape) register.Event {
			return register.Event{Release: &register.Release{Version: ver, JCBH: number, County: "220122", Batch: "1", Shape: s}}
		}
	}
	for i, night := range []struct {
		picture string
		right   int
		want    []string
		after   func()
	}{
		{`
			##..###..++.....
			##..###..++.....
			................
			##..##.###......
			##..##.###......`, 0, []string{
			"A new since 01", "B new since 01", "C new since 01", "D new since 01", "E new since 01", "F new since 01",
		}, func() {
			n.decide("A", verdict(register.Unchanged))
			n.decide("C", verdict(register.Pass))
			n.decide("C", release("2201222025000001"))
			n.decide("D", verdict(register.Pass))
			n.draw("X", box(130, 0, 150, 20), "2201222025000002")
		}},
		{`
			##..####.##.....
			##..####.##.....
			................
			....######......
			....######......`, 0, []string{
			"A same (unchanged) since 01", "B gone not_seen last 01",
			"C grown [2201222025000001] since 01 曾判定：拟下发，范围已扩大，须重新判定",
			"E merged D since 01 曾判定：拟下发，图斑已合并，须重新判定",
			"F grown since 01 变化类型由 DT 变为 JZ",
		}, nil},
		{`
			??..##.#........
			??..##.#........
			................
			....###.........
			....###.........`, 0, []string{
			"A gone unobserved last 02", "B gone not_seen last 01",
			"C split [2201222025000001] since 01 曾判定：拟下发，范围已缩小，须重新判定",
			"E shrunk since 01", "F gone not_seen last 02",
			"H split C [2201222025000001] since 01 曾判定：拟下发，图斑已拆分，须重新判定",
		}, nil},
		{`
			##..##.#.....##.
			##..##.#.....##.
			................
			##..###.........
			##..###.........`, 1, []string{
			"A same (unchanged) since 01", "B same since 01 消失后再次出现",
			"C same [2201222025000001] since 01 曾判定：拟下发，范围已缩小，须重新判定",
			"E same since 01", "F gone not_seen last 02", "H same [2201222025000001] since 01", "X same (pass) [2201222025000002] since 01",
		}, nil},
	} {
		got := n.run(n.file(night.picture, night.right))
		if want := strings.Join(night.want, "; "); got != want {
			t.Errorf("night %d: %s\nwant     %s", i+1, got, want)
		}
		if night.after != nil {
			night.after()
		}
	}
}

// What was before decides the key of a product, and not which pixels are looked at: a resumed run reads none again.
func TestHistoryKey(t *testing.T) {
	n := newNights(t)
	f := n.file("## ##", 0)
	plan := func() *pipeline.Plan {
		p, err := pipeline.NewPlan(ctx, drivers(), f, pipeline.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	first := plan()
	n.run(f)
	n.decide("A", func(v register.Version, kind string, s register.Shape) register.Event {
		return register.Event{Decision: &register.Decision{Version: v, Kind: kind, Verdict: register.Defer, By: "甲", On: "2025-09-01", Judged: s}}
	})
	decided := plan()
	f.Earlier = n.last
	followed := plan()
	keys := []string{first.Key, decided.Key, followed.Key}
	slices.Sort(keys)
	if len(slices.Compact(keys)) != 3 || first.InputKey != decided.InputKey || decided.InputKey != followed.InputKey {
		t.Errorf("keys %v, inputs %s %s %s", keys, first.InputKey, decided.InputKey, followed.InputKey)
	}
	if _, err := detectWith(ctx, drivers(), f, pipeline.Options{Out: n.last, Clock: testClock, Force: true}); err == nil || !strings.Contains(err.Error(), "would replace the earlier input") {
		t.Errorf("replacing the earlier product: %v", err)
	}
	f.Earlier = t.TempDir()
	if _, err := pipeline.NewPlan(ctx, drivers(), f, pipeline.Options{}); err == nil || !strings.Contains(err.Error(), "holds no finished product") {
		t.Errorf("an empty folder before: %v", err)
	}
}
