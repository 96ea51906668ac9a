package synth_test

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"testing"

	"tuban/raster/synth"
)

// The county without conditions is what earlier measurements were made on: its outlines and pixels stay.
func TestThePlainCountyStays(t *testing.T) {
	for _, g := range []struct {
		o    synth.Options
		want string
	}{
		{synth.Options{Size: 1500, Height: 1130, Seed: 7}, "24f0fe2bdb3dcce7"},
		{synth.Options{Size: 700, Height: 900, Seed: 5, Pixel: 0.8}, "371e6e6385da3713"},
	} {
		c := synth.New(g.o)
		h := sha256.New()
		fmt.Fprint(h, c.Changes(), c.Approvals(), c.Traps())
		for _, p := range c.Parcels() {
			fmt.Fprint(h, p.ID, p.Code, p.Name, p.Unit, p.UnitName, p.Ring)
		}
		w := c.Grid().Window()
		for d := range synth.Date(2) {
			planes := planesFor(w)
			c.Fill(d, w, planes)
			for _, p := range planes {
				_ = binary.Write(h, binary.LittleEndian, p)
			}
		}
		if got := hex.EncodeToString(h.Sum(nil))[:16]; got != g.want {
			t.Errorf("%+v: %s, want %s", g.o, got, g.want)
		}
	}
}
