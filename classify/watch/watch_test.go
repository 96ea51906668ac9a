package watch

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tuban/classify/landclass"
	"tuban/classify/rules"
	"tuban/raster"
)

// sight counts the pixels of a picture: b built, v vegetated, r bare, w water, c cloud, o off the run.
func sight(text string, growing bool) Sight {
	s := Sight{Kinds: map[string]int64{}, Unknown: map[string]int64{}}
	for _, r := range strings.Join(strings.Fields(text), "") {
		s.Pixels++
		switch r {
		case 'c':
			s.Unknown["cloud"]++
			continue
		case 'o':
			s.Unknown[Outside]++
			continue
		}
		s.Kinds[map[rune]string{'b': Built, 'v': Green, 'r': Bare, 'w': Water}[r]]++
		if growing {
			s.Growing++
		}
	}
	return s
}

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		name, picture string
		growing       bool
		want          State
		reason        string
	}{
		{"a villa", `
			rbbbbbr
			rbbbbbr
			rrrrrrr
			vvvvvvv`, true, Standing, ""},
		{"a villa in winter", `
			rbbbbbr
			rbbbbbr
			rrrrrrr
			rrrrrrr`, false, Standing, ""},
		{"pulled down", `
			rrrrrrr
			rrrrrrr
			rrvrrrr
			rrrrrrr`, true, Cleared, ""},
		{"pulled down, but seen in winter", `
			rrrrrrr
			rrrrrrr
			rrvrrrr
			rrrrrrr`, false, Undecidable, Season},
		{"flooded", `
			wwwwwww
			wwwwwww
			wwwwwww
			rrrrrrr`, true, Cleared, ""},
		{"overgrown", `
			vvvvvvv
			vvvvvvv
			vvvvvrr
			vvvrrrr`, true, Vegetated, ""},
		{"half of each", `
			vvvvrrr
			vvvvrrr
			vvvrrrr
			vvvrrrr`, true, Undecidable, Mixed},
		{"a ruin", `
			rrrrrrr
			rbbrrrr
			rbbbbrr
			rrrrrrr`, true, Undecidable, Mixed},
		{"under cloud", `
			ccccccc
			ccccbbr
			cccbbbb
			cccbbbb`, true, Undecidable, "cloud"},
		{"mostly off the run", `
			ooooooo
			ooooccc
			ooobbbb
			ooobbbb`, true, Undecidable, Outside},
		{"too small", "bbbb bbbb", true, Undecidable, TooSmall},
	} {
		if s, reason := Default().Judge(sight(c.picture, c.growing)); s != c.want || reason != c.reason {
			t.Errorf("%s: %s %s, want %s %s", c.name, s, reason, c.want, c.reason)
		}
	}
}

// Every sight has a state, with a reason exactly where it cannot be told; more of what is built never makes less of it stand.
func TestJudgeLaws(t *testing.T) {
	count := rapid.Int64Range(0, 200)
	rapid.Check(t, func(t *rapid.T) {
		s := Sight{Kinds: map[string]int64{}, Unknown: map[string]int64{}}
		for _, k := range []string{Built, Green, Bare, Water} {
			s.Kinds[k] = count.Draw(t, k)
			s.Pixels += s.Kinds[k]
		}
		s.Growing = rapid.Int64Range(0, s.Pixels).Draw(t, "growing")
		for _, k := range []string{"cloud", "no-data", Outside} {
			s.Unknown[k] = count.Draw(t, k)
			s.Pixels += s.Unknown[k]
		}
		state, reason := Default().Judge(s)
		if Default().Words[string(state)].ZH == "" || (state == Undecidable) != (Default().Reasons[reason].ZH != "") {
			t.Fatalf("%+v is %q for %q", s, state, reason)
		}
		s.Kinds[Built] += 50
		s.Pixels += 50
		if more, _ := Default().Judge(s); state == Standing && more != Standing {
			t.Errorf("%+v stands, with less built; now %s", s, more)
		}
	})
}

// The rules hold for every kind of scene and survey, and their kinds are those that are counted.
func TestPixels(t *testing.T) {
	scene := func(roles ...raster.Role) []raster.Scene {
		s := raster.Scene{Bands: map[raster.Role]raster.Band{}}
		for i, r := range roles {
			s.Bands[r] = raster.Band{Index: i + 1}
		}
		return []raster.Scene{s}
	}
	rgb := scene(raster.Blue, raster.Green, raster.Red)
	nir := scene(raster.Blue, raster.Green, raster.Red, raster.NIR)
	for _, sys := range []landclass.System{"", landclass.TD1055, landclass.YDYH} {
		for _, scenes := range []rules.Scenes{{Before: nir, After: nir}, {Before: nir, After: rgb}, {Before: rgb, After: rgb}, {Before: append(nir, rgb...), After: append(rgb, nir...)}} {
			r, err := Pixels().Compile(sys, scenes)
			if err != nil {
				t.Fatal(err)
			}
			var codes []string
			for _, k := range r.Kinds {
				codes = append(codes, k.Code)
			}
			if fmt.Sprint(codes) != fmt.Sprint([]string{Water, Green, Built, Bare}) {
				t.Errorf("kinds %v", codes)
			}
		}
	}
}

// People decide what is lawful.
func TestWords(t *testing.T) {
	for _, word := range []string{"合法", "违法"} {
		if strings.Contains(string(EmbeddedText()), word) {
			t.Errorf("the texts say %s", word)
		}
	}
}
