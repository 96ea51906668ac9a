package pipeline

import (
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tuban/classify/irmad"
	"tuban/classify/object"
	"tuban/classify/register"
	"tuban/raster"
)

// changeRules read the change statistic beside textures.
const changeRules = `
kinds:
  - code: moved
    type: JZ
    when: change > 6
    evidence: [change]
  - code: rough
    type: DT
    when: after.deviation(10) > before.deviation(10)
    clean: open 3
`

// bend is a field that differs from place to place on the test grid.
func bend(scale float64) *register.Field {
	f := register.Field{Verdict: register.Corrected, W: testGrid.W, H: testGrid.H, NX: 3, NY: 2}
	for i := range f.NX * f.NY {
		f.DX, f.DY = append(f.DX, scale*float64(i%3-1)), append(f.DY, scale*(0.5-float64(i%2)))
	}
	return &f
}

// adjusted is a plan of two after scenes, so of two pairs, each adjusted in its own way.
func adjusted(t interface{ Fatal(...any) }) (*Plan, *images) { return adjustedFor(t, changeRules) }

// adjustedFor is that of other rules, which read at least the change statistic.
func adjustedFor(t interface{ Fatal(...any) }, text string) (*Plan, *images) {
	p, im := rgb(t, text)
	second := p.After[0]
	second.ID, second.URI = "second", "second"
	p.After = append(p.After, second)
	f := &rasterFile{place: raster.Window{X: 3, W: testGrid.W - 3, H: testGrid.H}, planes: map[raster.Role][]float32{}}
	state := uint32(9)
	for _, r := range []raster.Role{raster.Blue, raster.Green, raster.Red} {
		for range f.place.Pixels() {
			state = state*1664525 + 1013904223
			f.planes[r] = append(f.planes[r], float32(state>>28))
		}
	}
	im.files["second"] = f
	// The first scene has a hole in the middle, which the second fills.
	first := im.files["after"]
	for k := range first.place.Pixels() {
		if x := int(k) % first.place.W; x > 8 && x < 15 {
			for _, plane := range first.planes {
				plane[k] = raster.NaN
			}
		}
	}
	p.AfterOrigins = sceneOrigins(p.After)
	change := &irmad.Transform{
		A: [][]float64{{0.3, 0, 0}, {0, 0.2, 0.1}}, B: [][]float64{{0.3, 0, 0.05}, {0, 0.2, 0}},
		MeanX: []float64{7, 7, 7}, MeanY: []float64{7, 7, 7}, Sigma: []float64{1, 0.7},
	}
	p.adjust = adjustment{halo: 4, pairs: []pairAdjustment{
		{scaling: []scaling{{1.1, 0.3, asIs.floor}, {0.9, 0, 2}, {1, -1, asIs.floor}}, field: bend(1.3), change: change, bands: []int{0, 1, 2}},
		{field: bend(-0.6), change: change, bands: []int{0, 1, 2}},
	}}
	return p, im
}

// The tile law holds for what brings the dates together: shifts, gains, the change statistic, several pairs in a tile.
func TestTileLawAdjusted(t *testing.T) {
	p, im := adjusted(t)
	p.Tile = 100
	want := fused(t, p.scanned(t, im, t.TempDir()).runs)
	pairs := map[uint16]bool{}
	for _, r := range want {
		if r.Kind > 0 {
			pairs[r.Pair] = true
		}
	}
	if len(pairs) != 2 {
		t.Fatalf("the test fires in the pairs %v only", pairs)
	}
	rapid.Check(t, func(t *rapid.T) {
		p.Tile, p.Workers = rapid.IntRange(1, 25).Draw(t, "tile"), rapid.IntRange(1, 4).Draw(t, "workers")
		got := p.scanned(t, im, filepath.Join(tempDir(t), "scan"))
		if !reflect.DeepEqual(fused(t, got.runs), want) {
			t.Fatalf("tiles of %d, %d workers: other runs", p.Tile, p.Workers)
		}
	})
}

// A pair that cannot be compared fires nowhere, and says so.
func TestRefusedPairIsNotJudgeable(t *testing.T) {
	p, im := adjusted(t)
	p.Tile = 7
	p.adjust.pairs[0].refused, p.adjust.refuses = otherScale, true
	refused := 0
	for _, r := range fused(t, p.scanned(t, im, t.TempDir()).runs) {
		if r.Kind > 0 && r.Pair == 0 {
			t.Fatalf("%+v", r)
		}
		if r.Kind == 0 && r.Reason.String() == "not-judgeable" {
			refused += int(r.Pixels())
		}
	}
	if refused < 100 {
		t.Errorf("%d pixels are not judgeable", refused)
	}
}

// Normalisation of any window is that of each pixel alone.
func TestNormaliseIsPerPixel(t *testing.T) {
	p, _ := adjusted(t)
	p.adjust.pairs[1].refused, p.adjust.refuses = otherScale, true
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "n")
		label := func(most int32) *rapid.Generator[[]int32] {
			return rapid.SliceOfN(rapid.Int32Range(-3, most), n, n)
		}
		from := [2][]int32{label(0).Draw(t, "before"), label(1).Draw(t, "after")}
		values := rapid.SliceOfN(rapid.Float32Range(-100, 100), 3*n, 3*n).Draw(t, "values")
		b := raster.Block{Window: raster.Window{W: n, H: 1}, Planes: [][]float32{values[:n], values[n : 2*n], values[2*n:]}}
		want := slices.Clone(values)
		wantRefused := make([]refusal, n)
		for k := range n {
			if from[0][k] < 0 || from[1][k] < 0 {
				continue
			}
			for i := range 3 {
				v := &want[i*n+k]
				if from[1][k] == 1 {
					wantRefused[k] = otherScale
					continue
				}
				s := p.adjust.pairs[0].scaling[i]
				*v = max(float32(*v*s.gain)+s.offset, s.floor)
			}
		}
		a := &adjuster{plan: p}
		a.normalise(&b, from)
		for k := range want {
			if values[k] != want[k] {
				t.Fatalf("value %d is %v, not %v", k, values[k], want[k])
			}
		}
		if !slices.Equal(a.refused, wantRefused) {
			t.Fatalf("refused %v, want %v", a.refused, wantRefused)
		}
	})
}

// A kind that does not compare values is decided all the same.
func TestRefusedPairLeavesKindsThatHoldAnyhow(t *testing.T) {
	p, im := adjusted(t)
	p.Tile = 7
	for i := range p.adjust.pairs {
		p.adjust.pairs[i].refused = otherScale
		p.adjust.pairs[i].scaling = nil
	}
	p.adjust.refuses = true
	p.Rules.Kinds[0].Anyhow = true
	kinds := map[uint8]bool{}
	for _, r := range fused(t, p.scanned(t, im, t.TempDir()).runs) {
		kinds[r.Kind] = true
		if r.Kind == 0 && r.Undecided&1 != 0 && r.Reason == object.NotJudgeable {
			t.Fatalf("the first kind is undecided: %+v", r)
		}
	}
	if !kinds[1] || kinds[2] {
		t.Errorf("kinds %v fire", kinds)
	}
	// Where the dates show other places, nothing holds.
	for i := range p.adjust.pairs {
		p.adjust.pairs[i].refused = misplaced
	}
	for _, r := range fused(t, p.scanned(t, im, t.TempDir()).runs) {
		if r.Kind != 0 {
			t.Fatalf("%+v fires where the dates lie elsewhere", r)
		}
	}
}
