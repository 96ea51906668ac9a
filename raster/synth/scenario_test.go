package synth_test

import (
	"testing"

	"tuban/raster/synth"
)

func TestQuietPairsHaveNoChange(t *testing.T) {
	for _, s := range synth.Scenarios() {
		c := synth.New(synth.Options{Size: 900, Height: 700, Seed: 3, Conditions: s.Conditions})
		if quiet := s.Conditions.NoChange; quiet != (len(c.Changes()) == 0) || quiet && len(c.Approvals()) > 0 {
			t.Errorf("%s: %d changes, %d approvals", s.Name, len(c.Changes()), len(c.Approvals()))
		}
		for _, tr := range c.Traps() {
			if s.Conditions.NoChange && tr.Kind != "rotation" {
				t.Errorf("%s: a trap of kind %s", s.Name, tr.Kind)
			}
		}
		if got, is := synth.FindScenario(s.Name); !is || got.Conditions != s.Conditions {
			t.Errorf("%s is not found by its name", s.Name)
		}
	}
	if s := synth.Scenarios()[0]; s.Name != "plain" || s.Conditions != (synth.Conditions{}) {
		t.Errorf("the first scenario is %s", s.Name)
	}
}
