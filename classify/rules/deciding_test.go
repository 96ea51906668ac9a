package rules

import (
	"math"
	"strings"
	"testing"

	"tuban/classify/bandmath"
	"tuban/classify/landclass"
	"tuban/raster"
)

// sceneOf has the bands of the letters: b, g, r, n for near infrared, s for short-wave infrared.
func sceneOf(letters string) raster.Scene {
	s := raster.Scene{ID: letters, Bands: map[raster.Role]raster.Band{}}
	for _, c := range letters {
		s.Bands[map[rune]raster.Role{'b': raster.Blue, 'g': raster.Green, 'r': raster.Red, 'n': raster.NIR, 's': raster.SWIR1}[c]] = raster.Band{Index: 1}
	}
	return s
}

// scenesOf reads "bgrn bgr | bgr": before scenes, a stroke, after scenes.
func scenesOf(text string) Scenes {
	before, after, _ := strings.Cut(text, "|")
	var s Scenes
	for _, f := range strings.Fields(before) {
		s.Before = append(s.Before, sceneOf(f))
	}
	for _, f := range strings.Fields(after) {
		s.After = append(s.After, sceneOf(f))
	}
	return s
}

// What the scenes leave to decide is all that is compiled.
func TestDeciding(t *testing.T) {
	f, err := Parse("f", []byte(`
kinds:
  - code: two
    type: JZ
    when: before.nir > 1 and after.nir < 1
    evidence: [after.nir]
    rgb: {when: after.red > before.red, evidence: [after.red, before.red]}
  - code: one
    type: JZ
    when: after.nir < 1 and after.swir1 < 1
    rgb: {when: after.red > 1}
  - {code: none, type: JZ, when: after.nir > 2, evidence: [after.nir]}
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		scenes    string
		by        [3]Deciding
		evidence  string // what two publishes
		inputs    string // what two reads
		evidences int
	}{
		{"|", [3]Deciding{ByWhen, ByWhen, ByWhen}, "after.nir", "before.nir after.nir", 1},
		{"bgrns | bgrns", [3]Deciding{ByWhen, ByWhen, ByWhen}, "after.nir", "before.nir after.nir", 1},
		{"bgr | bgrns", [3]Deciding{ByColour, ByWhen, ByWhen}, "after.red before.red", "before.red after.red", 2},
		{"bgrn | bgr", [3]Deciding{ByColour, ByColour, ByWhen}, "after.red before.red", "before.red after.red", 2},
		{"bgr bgrn | bgr", [3]Deciding{ByColour, ByColour, ByWhen}, "after.red before.red", "before.red after.red", 2},
		{"bgr bgrn | bgrn", [3]Deciding{ByBoth, ByColour, ByWhen}, "after.nir", "before.red before.nir after.red after.nir", 1},
		{"bgrns | bgrns bgr", [3]Deciding{ByBoth, ByBoth, ByWhen}, "after.nir", "before.red before.nir after.red after.nir", 1},
		// Near infrared here, short-wave infrared there: no scene has both.
		{"bgrn | bgrn bgrs", [3]Deciding{ByBoth, ByColour, ByWhen}, "after.nir", "before.red before.nir after.red after.nir", 1},
	} {
		r, err := f.Compile("", scenesOf(c.scenes))
		if err != nil {
			t.Fatal(err)
		}
		for k, by := range c.by {
			if r.Kinds[k].By != by {
				t.Errorf("%s: %s is decided by %q, want %q", c.scenes, r.Kinds[k].Code, r.Kinds[k].By, by)
			}
		}
		var inputs []string
		for _, in := range r.Program.Needs(0) {
			inputs = append(inputs, in.String())
		}
		if got := strings.Join(r.Kinds[0].Published, " "); got != c.evidence || strings.Join(inputs, " ") != c.inputs {
			t.Errorf("%s: evidence %q from %q", c.scenes, got, inputs)
		}
		if _, ok := r.EvidenceSource(0, c.evidences); ok {
			t.Errorf("%s: more than %d evidence sources", c.scenes, c.evidences)
		}
		if _, ok := r.EvidenceSource(0, c.evidences-1); !ok {
			t.Errorf("%s: fewer than %d evidence sources", c.scenes, c.evidences)
		}
	}
}

// Near infrared everywhere costs nothing: the program is that of the rules without rgb.
func TestColourIsFreeWithNearInfrared(t *testing.T) {
	f, err := Parse(DefaultName, Default(true))
	if err != nil {
		t.Fatal(err)
	}
	with, err := f.Compile("", scenesOf("bgrn bgrn | bgrn"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range f.Kinds {
		f.Kinds[i].RGB = nil
	}
	without, err := f.Compile("", scenesOf("bgrn bgrn | bgrn"))
	if err != nil || with.Program.String() != without.Program.String() {
		t.Errorf("%v\n%s\nwant\n%s", err, with.Program, without.Program)
	}
}

func TestColourProblems(t *testing.T) {
	const kind = "kinds:\n  - code: a\n    type: JZ\n    when: after.nir > 1\n    rgb:\n"
	for _, c := range []struct{ text, want string }{
		{"      when: after.ndvi > 1\n", "6:13: kinds[0].rgb.when: after.nir is beyond colour"},
		{"      when: after.mine > 1\nindices: {mine: swir1 / red}\n", "kinds[0].rgb.when: after.swir1 is beyond colour"},
		{"      when: after.red\n", "6:13: kinds[0].rgb.when: this place needs a condition"},
		{"      when: after.reed > 1\n", "did you mean red?"},
		{"      when: {a: b}\n", "kinds[0].rgb.when: one value is wanted here, not a mapping"},
		{"      evidence: [after.red]\n", "kinds[0].rgb.when: the condition is missing"},
		{"      when: after.red > 1\n      evidence: [after.red, after.ndwi]\n", "7:29: kinds[0].rgb.evidence[1]: after.ndwi needs after.nir"},
		{"      when: after.red > 1\n      evidence: [after.red > 1]\n", "7:18: kinds[0].rgb.evidence[0]"},
		{"      when: after.red > 1\n      evidence: [after.red, after.red, after.red, after.red, after.red]\n", "there are 5, at most 4"},
		{"      whem: after.red > 1\n", `unknown key "whem" (did you mean "when"?)`},
	} {
		_, err := Parse("f", []byte(kind+c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s:\n%v\nwant mention of\n%s", c.text, err, c.want)
		}
	}
	_, err := Parse("f", []byte("kinds:\n  - {code: a, type: JZ, when: after.exg > 1, rgb: {when: after.red > 1}}\n"))
	if err == nil || !strings.Contains(err.Error(), "rgb would never decide: remove it") {
		t.Error(err)
	}
}

// What the default rules call one pixel of a plain landscape in colour alone, as a display shows it; in reflectance one kind may
// pass for another, but what changes is found and what stays is not. Reflectance as blue, green, red; the standard deviation of
// the texture as a part of brightness, near and in a wide window. All around, the land is what it was at the pixel. Of several kinds
// the first wins.
func TestDefaultKindsInColour(t *testing.T) {
	f, err := Parse(DefaultName, Default(true))
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Compile(landclass.TD1055, scenesOf("bgr | bgr"))
	if err != nil {
		t.Fatal(err)
	}
	program := r.Program.Bind(map[string]float32{"limit.grain": 0.09, "limit.green": 0.4})
	inColour := map[string]bool{"built": true, "trees_lost": true, "ground": true}
	type pixel struct{ blue, green, red, texture, wide float64 }
	crop := pixel{0.03, 0.06, 0.04, 0.1, 0.1}
	trees := pixel{0.02, 0.04, 0.025, 0.3, 0.3}
	roof := pixel{0.24, 0.25, 0.27, 0.3, 0.3}
	blueRoof := pixel{0.33, 0.26, 0.19, 0.05, 0.3} // its walls are beyond the small window
	ploughed := pixel{0.045, 0.055, 0.065, 0.05, 0.05}
	dug := pixel{0.12, 0.17, 0.23, 0.05, 0.05}
	pond := pixel{0.06, 0.07, 0.05, 0.02, 0.02}
	yard := pixel{0.12, 0.14, 0.16, 0.05, 0.05}
	for _, c := range []struct {
		name          string
		before, after pixel
		want          string
	}{
		{"a crop stays", crop, crop, ""},
		{"a crop becomes a roof", crop, roof, "built ground"},
		{"a crop becomes a smooth blue roof", crop, blueRoof, "built"},
		{"a bare yard is built on", yard, roof, "built"},
		{"a field is dug up", crop, dug, "ground"},
		{"a field becomes a pond", crop, pond, ""},
		{"a roof stays", roof, roof, ""},
		{"a pond stays", pond, pond, ""},
		{"woodland becomes soil", trees, dug, "trees_lost ground"},
		{"a yard is swept", yard, ploughed, ""},
	} {
		class := map[pixel]string{crop: "0103", trees: "0301", roof: "0702", pond: "1104", yard: "0702"}[c.before]
		for coding, code := range map[string]func(v float64) float64{
			"reflectance": func(v float64) float64 { return v },
			"numbers":     func(v float64) float64 { return 10000 * v },
			"display":     func(v float64) float64 { return 255 * math.Pow(v/0.45, 1/2.2) },
		} {
			inputs := make([][]float32, len(r.Program.Inputs()))
			for i, in := range r.Program.Inputs() {
				p := c.before
				if in.Date == bandmath.After {
					p = c.after
				}
				v, ok := map[string]float64{"blue": code(p.blue), "green": code(p.green), "red": code(p.red), "nir": math.NaN()}[in.Name]
				switch {
				case ok:
				case in.Name == "growing":
					v = 1
				case in.Name == "mean":
					v = (code(c.before.blue) + code(c.before.green) + code(c.before.red)) / 3
				default:
					texture := p.texture
					if in.Size > 20 {
						texture = p.wide
					}
					// A display shows contrast as its coding does: by the slope at the pixel's brightness.
					mean := (p.blue + p.green + p.red) / 3
					sd := (code(mean*1.001) - code(mean)) / 0.001 * texture
					v = sd * sd
				}
				inputs[i] = []float32{float32(v)}
			}
			m := program.NewMachine()
			m.Begin(1, inputs)
			var fired []string
			for k, kind := range r.Kinds {
				switch v := m.Condition(k)[0]; {
				case !inColour[kind.Code] && v == 2:
					t.Errorf("%s, %s: %s without near infrared", c.name, coding, kind.Code)
				case inColour[kind.Code] && v == 1:
					t.Errorf("%s, %s: %s is unknown", c.name, coding, kind.Code)
				case v == 2 && kind.Eligible(class):
					fired = append(fired, kind.Code)
				}
			}
			got := strings.Join(fired, " ")
			if (got == "") != (c.want == "") || coding == "display" && got != c.want {
				t.Errorf("%s, %s: %q, want %q", c.name, coding, got, c.want)
			}
		}
	}
}
