package synth_test

import (
	"testing"

	"tuban/raster/synth"
)

func TestHardCountiesHaveFurtherKinds(t *testing.T) {
	count := map[string]int{}
	built := map[string]int{}
	for seed := range uint64(3) {
		c := synth.New(synth.Options{Size: 4096, Seed: seed, Conditions: conditions("summer")})
		for _, ch := range c.Changes() {
			count[ch.Kind]++
			if ch.Kind == "built" {
				switch {
				case ch.Area < 200:
					built["small"]++
				case ch.Area < 400:
					built["middle"]++
				default:
					built["large"]++
				}
			}
			s := measure(c, ch.Polygon)
			ok := true
			switch ch.Kind {
			case "greenhouse":
				ok = s.ndvi[0] > 0.5 && s.ndvi[1] < 0.3 && s.bright[1] > 1.5*s.bright[0]
			case "pv":
				ok = s.ndvi[0] > 0.4 && s.ndvi[1] < s.ndvi[0]-0.1
			case "pond":
				ok = s.ndwi[0] < 0 && s.ndwi[1] > 0
			case "planting", "cleared", "sand":
				ok = s.ndvi[1] < s.ndvi[0]-0.05
			case "removed":
				ok = s.rough[0] > s.rough[1] && s.ndvi[0] < 0.25
			case "regreened":
				ok = s.ndvi[0] < 0.2 && s.ndvi[1] > 0.4
			}
			if !ok {
				t.Errorf("seed %d: %s of %.0f m² on %s: %+v", seed, ch.Kind, ch.Area, ch.ParcelCode, s)
			}
		}
	}
	for _, k := range []string{"greenhouse", "pv", "pond", "planting", "removed", "regreened", "cleared", "sand"} {
		if count[k] < 3 {
			t.Errorf("%d changes of kind %s", count[k], k)
		}
	}
	if built["small"] == 0 || built["middle"] < 20 || built["large"] < 30 || built["small"] > built["middle"] {
		t.Errorf("built: %v", built)
	}
}
