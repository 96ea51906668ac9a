package pipeline

import (
	"context"
	"testing"

	"tuban/classify/triage"
	"tuban/classify/watch"
	"tuban/raster"
	"tuban/raster/vector"
)

// watchedLand is a result over imagery of one tone, in which two places are watched.
func watchedLand(t *testing.T) (*result, *images) {
	t.Helper()
	im := &images{origin: testGrid, files: map[string]*rasterFile{}}
	scene := func(name string) []raster.Scene {
		s := raster.Scene{ID: name, URI: name, Bands: map[raster.Role]raster.Band{}}
		f := &rasterFile{place: testGrid.Window(), planes: map[raster.Role][]float32{}}
		for i, r := range []raster.Role{raster.Blue, raster.Green, raster.Red, raster.NIR} {
			s.Bands[r] = raster.Band{Index: i + 1}
			f.planes[r] = make([]float32, testGrid.Pixels())
			raster.Fill(f.planes[r], []float32{400, 700, 600, 3000}[i])
		}
		im.files[name] = f
		return []raster.Scene{s}
	}
	p := planOf(t, `
limits:
  green: {of: ndvi, low: [交通运输用地], high: [耕地, 林地], default: 0.4, least: 0.3, most: 0.45}
  grain: {of: grain, low: [耕地], high: [建设用地], default: 0.1, least: 0.09, most: 0.14}
indices:
  grain: sqrt(pantex(15)) / mean(80)
kinds:
  - {code: greener, type: LT, when: after.ndvi > limit.green and after.grain < limit.grain}
`, scene("before"), scene("after"))
	if err := p.needs(); err != nil {
		t.Fatal(err)
	}
	p.Triage, p.Watch = &triage.Rules{}, &vector.LayerSpec{}
	r := &result{plan: p, scan: &scanned{}, legal: &legalLayers{}, measured: &Measured{}}
	for _, l := range p.Rules.Limits {
		r.measured.Limits = append(r.measured.Limits, ResolvedLimit{Name: l.Param, Value: l.Default})
	}
	r.vigils = []vigil{{watched: watched{id: "a", geom: box(2, 2, 9, 9)}}, {watched: watched{id: "b", geom: box(12, 3, 20, 15)}}}
	return r, im
}

// What could not be read under a watched place is said in the manifest, once, and the product is not complete.
func TestUnreadableUnderWatchedPlaces(t *testing.T) {
	for _, damaged := range []bool{false, true} {
		r, im := watchedLand(t)
		if damaged {
			im.files["after"].damaged = raster.Window{X: 4, Y: 4, W: 1, H: 1}
			r.scan.failures = []ReadFailure{{Scene: "after", Window: testGrid.Window(), Error: errDisk.Error()}}
		}
		if err := r.look(context.Background(), drivers(im, layers{}), nil, Options{}.withDefaults()); err != nil {
			t.Fatal(err)
		}
		if damaged != (len(r.watchFailures) > 0) {
			t.Errorf("damaged %v: failures %v", damaged, r.watchFailures)
		}
		for scanned := range 2 {
			if scanned == 1 {
				r.scan.failures = nil
			}
			m := r.manifest(Options{})
			want := 0
			if damaged {
				want = 1
			}
			if m.Complete == damaged || len(m.Failures) != want {
				t.Errorf("damaged %v: complete %v, failures %v", damaged, m.Complete, m.Failures)
			}
		}
		for _, v := range r.vigils {
			if damaged != (v.state == watch.Undecidable) {
				t.Errorf("damaged %v: place %s is %s (%s)", damaged, v.id, v.state, v.reason)
			}
		}
	}
}
