package pipeline

import (
	"context"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tuban/classify/object"
	"tuban/classify/rules"
	"tuban/raster"
)

// compileFor makes rules of their text for the scenes of a plan.
func compileFor(t interface{ Fatal(...any) }, text string, before, after []raster.Scene) *rules.Rules {
	f, err := rules.Parse("test", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Compile("", rules.Scenes{Before: before, After: after})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const colourRules = `
kinds:
  - {code: green, type: LT, when: before.ndvi > 0.3 and after.ndvi < 0.2, evidence: [before.ndvi], rgb: {when: before.exg > 0.1 and after.exg < 0.05, evidence: [after.exg]}}
  - {code: wet, type: SM, when: after.ndwi > 0.2}
  - {code: red, type: JZ, when: after.red > before.red}
`

// What `tuban plan` and the report say beforehand, from the bands alone.
func TestJudging(t *testing.T) {
	rgb, four := rgbRoles, fourRoles
	scenes := func(id string, roles ...[]raster.Role) (out []raster.Scene) {
		for i, r := range roles {
			out = append(out, scene(id+string(rune('1'+i)), r...))
		}
		return out
	}
	for _, c := range []struct {
		name          string
		before, after []raster.Scene
		by            [3]rules.Deciding
		colour, gaps  string // of green: scenes decided by colour; of all kinds: scenes that cannot be judged
		zh, en        string // parts of what is said of green
	}{
		{"near infrared everywhere", scenes("b", four), scenes("a", four, four), [3]rules.Deciding{"when", "when", "when"}, "", "",
			"由近红外波段参与判定", "decided with nir"},
		{"colour after", scenes("b", four), scenes("a", rgb), [3]rules.Deciding{"rgb", "", "when"}, "a1", "wet a1",
			"影像缺少近红外波段，按颜色和纹理判定", "by colour and texture, which is less certain: no pair of scenes has nir"},
		{"both", scenes("b", four, rgb), scenes("a", rgb, four), [3]rules.Deciding{"when and rgb", "when", "when"}, "b2 a1", "wet a1",
			"前时相影像 b2 、后时相影像 a1 缺少该波段", "by colour and texture, which is less certain, with the before scene b2, the after scene a1"},
		{"one scene is red alone", scenes("b", rgb), scenes("a", rgb, []raster.Role{raster.Red}), [3]rules.Deciding{"rgb", "", "when"}, "b1 a1", "green a2, wet a1, wet a2",
			"后时相影像 a2 缺少蓝、绿波段，其范围内无法判定", "not judgeable with the after scene a2, for want of blue green"},
		{"red alone", scenes("b", rgb), scenes("a", []raster.Role{raster.Red}), [3]rules.Deciding{"", "", "when"}, "b1", "green a1, wet a1",
			"全部范围无法判定", "not judgeable anywhere"},
	} {
		p := &Plan{Rules: compileFor(t, colourRules, c.before, c.after), Pixel: object.Metric{X: 1, Y: 1}, Before: c.before, After: c.after}
		if err := p.needs(); err != nil {
			t.Fatal(err)
		}
		var colour, gaps []string
		for k, j := range p.Judging {
			if j.By != c.by[k] {
				t.Errorf("%s: %s is decided by %q, want %q", c.name, j.Kind, j.By, c.by[k])
			}
			if whole := c.by[k] == rules.ByWhen && !strings.Contains(c.gaps, j.Kind); j.Whole() != whole {
				t.Errorf("%s: %s whole: %v", c.name, j.Kind, j.Whole())
			}
		}
		for _, l := range p.Judging[0].Colour {
			colour = append(colour, l.Scene)
		}
		for _, l := range p.Gaps {
			gaps = append(gaps, l.Kind+" "+l.Scene)
		}
		if got := strings.Join(colour, " "); got != c.colour {
			t.Errorf("%s: by colour with %q, want %q", c.name, got, c.colour)
		}
		if got := strings.Join(gaps, ", "); got != c.gaps {
			t.Errorf("%s: not judgeable %q, want %q", c.name, got, c.gaps)
		}
		if say := p.Judging[0].Text(); !strings.Contains(say.ZH, c.zh) || !strings.Contains(say.EN, c.en) {
			t.Errorf("%s: says %q, %q", c.name, say.ZH, say.EN)
		}
	}
}

// A long list of scenes is cut, but counted.
func TestJudgingOfManyScenes(t *testing.T) {
	var before []raster.Scene
	for i := range 60 {
		before = append(before, scene(string(rune('A'+i)), rgbRoles...))
	}
	before = append(before, scene("z", fourRoles...))
	after := []raster.Scene{scene("a", fourRoles...)}
	p := &Plan{Rules: compileFor(t, colourRules, before, after), Before: before, After: after}
	if say := p.judge(p.Rules.Kinds[0]).Text(); !strings.Contains(say.ZH, "等 60 景影像") || !strings.Contains(say.EN, "and 56 more") || len(say.ZH) > 400 {
		t.Errorf("%q, %q", say.ZH, say.EN)
	}
}

// Rules over red and near infrared, for the scenes that drawScenes makes.
const mixedColour = `
kinds:
  - code: a
    type: JZ
    when: before.nir > 4 and after.nir < 5 and after.red > 1
    evidence: [before.nir, after.red]
    rgb: {when: before.red > 4 and after.red < 6, evidence: [after.red]}
  - {code: b, type: DT, when: after.nir > 6, rgb: {when: after.red > before.red}}
  - {code: c, type: LT, when: before.nir - after.nir > 2}
`

// verdict is what a scan says of one pixel.
type verdict struct {
	kind      uint8
	undecided uint32
	pair      uint16
}

// verdicts scans the whole grid as one tile, without a survey.
func verdicts(t *rapid.T, p *Plan, im *images) ([]verdict, [2][]int32) {
	e, err := p.eligibility(nil)
	if err != nil {
		t.Fatal(err)
	}
	mosaics := openMosaics(t, p, im)
	s := newTileScanner(p, e, mosaics[0], mosaics[1])
	runs := scanOne(t, s, p.Grid.Window())
	out := make([]verdict, p.Grid.Pixels())
	for _, r := range runs {
		for x := r.X0; x < r.X1; x++ {
			v := &out[int(r.Y)*p.Grid.W+int(x)]
			if r.Kind > 0 {
				v.kind, v.pair = r.Kind, r.Pair
			}
			v.undecided |= r.Undecided
		}
	}
	return out, wholeGrid(t, p, mosaics).from
}

// openMosaics are both dates of the plan, whose failures nobody hears of.
func openMosaics(t rapid.TB, p *Plan, im Imagery) (out [2]*mosaic) {
	t.Helper()
	for d := range out {
		open, err := p.openDate(im, d, p.Roles, 0)
		if err != nil {
			t.Fatal(err)
		}
		out[d] = open.mosaic()
		out[d].failed = func(ReadFailure) {}
	}
	return out
}

// wholeGrid is a view of all of the run.
func wholeGrid(t rapid.TB, p *Plan, mosaics [2]*mosaic) *view {
	v := newView(p, mosaics[0], mosaics[1])
	n := p.Grid.Pixels()
	if err := v.load(context.Background(), p.Grid.Window(), [2][]int32{make([]int32, n), make([]int32, n)}); err != nil {
		t.Fatal(err)
	}
	return v
}

// planOf is a run of scenes on the test grid, by rules of their text.
func planOf(t interface{ Fatal(...any) }, text string, before, after []raster.Scene) *Plan {
	p := &Plan{Grid: testGrid, Workers: 1, Pixel: object.Metric{X: 2, Y: 2}, Before: before, After: after, OffParcel: true}
	p.BeforeOrigins, p.AfterOrigins = make([]Origin, len(before)), make([]Origin, len(after))
	for i := range before {
		p.BeforeOrigins[i].Scene = i
	}
	for i := range after {
		p.AfterOrigins[i].Scene = i
	}
	p.Rules = compileFor(t, text, before, after)
	return p
}

// The law of mixed runs: what two scenes show is judged as in a run of these two scenes alone, whatever bands the others have.
func TestMixedScenesAreJudgedByPair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		im := &images{origin: testGrid, files: map[string]*rasterFile{}}
		before, after := drawScenes(t, im, "before"), drawScenes(t, im, "after")
		plan := func(before, after []raster.Scene) *Plan {
			p := planOf(t, mixedColour, before, after)
			if err := p.planes(p.Rules.Program); err != nil {
				t.Fatal(err)
			}
			return p
		}
		mixed := plan(before, after)
		got, from := verdicts(t, mixed, im)
		for i := range before {
			for j := range after {
				alone, aloneFrom := verdicts(t, plan(before[i:i+1], after[j:j+1]), im)
				for at := range got {
					if from[0][at] != int32(i) || from[1][at] != int32(j) {
						continue
					}
					if aloneFrom[0][at] < 0 || aloneFrom[1][at] < 0 {
						continue // alone, the rules read none of the scene's bands: it is not judgeable there
					}
					want := alone[at]
					if got[at].kind != want.kind || got[at].undecided != want.undecided {
						t.Fatalf("pixel %d of the scenes %v and %v: %+v, alone %+v", at, before[i].Bands, after[j].Bands, got[at], want)
					}
				}
			}
		}
	})
}
