package pipeline

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"tuban/pipeline/overlay"
	"tuban/pipeline/survey"
	"tuban/raster/vector"
)

// Without a layer of villages the survey's location codes tell them, within the county that a layer gives; what the codes
// put elsewhere stays with the county, and land on no parcel goes with most of the part.
func TestLocationLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir := tempDir(t)
		d := described(t, dir)
		codes := []string{"2201221012010000000", "220122101202", "2201221", "220122", "2201231012010000000", "", "22012210X201"}
		locations := map[string]string{codes[0]: "220122101201", codes[1]: "220122101202", codes[2]: "220122", codes[3]: "220122", codes[4]: "220123101201", codes[6]: "220122"}
		var features []vector.Feature
		var columns []string // the location of a column of pixels, "-" for land on no parcel
		for x := 0; x < testGrid.W; {
			w := rapid.IntRange(1, 8).Draw(t, "width")
			code := rapid.SampledFrom(append(codes, "-")).Draw(t, "code")
			if code != "-" {
				features = append(features, vector.Feature{WKB: encode(box(float64(x), 0, float64(x+w), 17)), Values: []string{"0103", code, "村" + code}})
			}
			for range w {
				l := locations[code]
				if code == "-" {
					l = "-"
				}
				columns = append(columns, l)
			}
			x += w
		}
		d.plan.Survey = &SurveyPlan{System: "TD/T 1055-2019", Fields: []string{"DLBM", "ZLDWDM", nameField}, Unit: "ZLDWDM"}
		store, err := survey.Stage(context.Background(), filepath.Join(dir, "located"), layersOf("s", features), survey.Options{
			Layers: []vector.LayerSpec{{Source: "s"}}, Fields: d.plan.Survey.Fields, Grid: testGrid,
			Known: func(string) bool { return true }, Repairer: func() survey.Repairer { return cells{} },
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { store.Close() })
		d.store = store
		county := ""
		if rapid.Bool().Draw(t, "with a county") {
			county = "220122"
			lay(t, d, dir, "county", []legalFeature{{0, 0, testGrid.W, testGrid.H, map[overlay.Role]string{overlay.Code: county, overlay.Name: "甲县"}}})
		}

		runs, pixels := patchPixels(t)
		p, err := d.describe(runs)
		if err != nil {
			t.Fatal(err)
		}
		// In pixels, by the code that they should count under.
		want, bare := map[string]int{}, 0
		for _, q := range pixels {
			l := columns[q[0]]
			switch {
			case l == "-":
				bare++
			case county != "" && (len(l) < 6 || l[:6] != county):
				want[county]++
			default:
				want[l]++
			}
		}
		if len(p.Shares) == 0 {
			want = map[string]int{county: len(pixels)}
		} else {
			most := ""
			for _, code := range sortedCodes(floats(want)) {
				if want[code] > want[most] {
					most = code
				}
			}
			want[most] += bare
		}
		sum := int64(0)
		for _, u := range p.Legal.Units {
			sum += inCents(t, u.Area)
			share := p.Area * float64(want[u.Code]) / float64(len(pixels))
			if math.Abs(u.Area-share) > 0.03 {
				t.Fatalf("%q has %v m², want %v: %v, %v", u.Code, u.Area, share, want, columns)
			}
			delete(want, u.Code)
			if v := u.Village; v.Code != "" && v.Name == "" || county != "" && u.County != (Unit{county, "甲县"}) {
				t.Fatalf("%+v", u)
			}
		}
		for code, n := range want {
			if n > 0 {
				t.Fatalf("%q is missing: %v", code, fmt.Sprint(want))
			}
		}
		if sum != inCents(t, p.Area) {
			t.Fatalf("%d of %v", sum, p.Area)
		}
	})
}

func floats(m map[string]int) map[string]float64 {
	out := map[string]float64{}
	for k, v := range m {
		out[k] = float64(v)
	}
	return out
}
