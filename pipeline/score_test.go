package pipeline

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tuban/classify/rules"
	"tuban/classify/season"
)

// scored is a plan of one kind of at least 200 m², in season unless days say otherwise.
func scored(before, after string) *Plan {
	day := func(s string) time.Time {
		t, err := time.Parse(time.DateOnly, s)
		if err != nil {
			panic(err)
		}
		return t
	}
	p := &Plan{
		Grid: testGrid, Calendar: season.Northeast(), Rules: &rules.Rules{},
		BeforeOrigins: []Origin{{Name: "b", Date: day(before)}}, AfterOrigins: []Origin{{Name: "a", Date: day(after)}},
	}
	p.Pixel.X, p.Pixel.Y = 2, 2
	p.Rules.Kinds = []rules.CompiledKind{{Kind: rules.Kind{Code: "k", MinArea: 200}}}
	return p
}

func (p *Plan) rated(w, h int, strength float64) *Patch {
	q := &Patch{Geom: box(0, 0, float64(w), float64(h)), Area: float64(4 * w * h)}
	p.rate(q, strength)
	return q
}

// A score lies between 0 and 100, its parts between 0 and 1; more strength, and more of everything, never lowers it.
func TestScoreIsMonotonous(t *testing.T) {
	p := scored("2024-08-14", "2025-08-20")
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 60).Draw(t, "w"), rapid.IntRange(1, 60).Draw(t, "h")
		strength := rapid.Float64Range(-0.5, 1.5).Draw(t, "strength")
		q := p.rated(w, h, strength)
		if q.Score < 0 || q.Score > 100 || slices.ContainsFunc(q.Parts, func(s ScorePart) bool { return s.Value < 0 || s.Value > 1 }) {
			t.Fatalf("score %v of %v", q.Score, q.Parts)
		}
		if more := p.rated(w+rapid.IntRange(0, 9).Draw(t, "wider"), h+rapid.IntRange(0, 9).Draw(t, "higher"), strength+rapid.Float64Range(0, 1).Draw(t, "stronger")); more.Score < q.Score {
			t.Fatalf("%v, and with more of everything %v: %v, %v", q.Score, more.Score, q.Parts, more.Parts)
		}
	})
}

// Out of season a patch scores less than in it, and in snow least.
func TestSeasonLowersTheScore(t *testing.T) {
	last := 101.0
	for _, after := range []string{"2025-08-20", "2025-10-20", "2026-01-10"} {
		if s := scored("2024-08-14", after).rated(20, 20, 0.5).Score; s >= last {
			t.Errorf("%s scores %v, the season before %v", after, s, last)
		} else {
			last = s
		}
	}
}

// Without strength the other parts make up the whole.
func TestScoreWithoutStrength(t *testing.T) {
	p := scored("2024-08-14", "2025-08-20")
	if s := p.rated(100, 100, math.NaN()).Score; s != 100 {
		t.Errorf("a large compact patch in season scores %v", s)
	}
}

// What is no wider than the dates lie apart says so; what scores below the operating point is kept apart, unless it is
// dropped for another reason.
func TestHintsAndOperatingPoint(t *testing.T) {
	p := scored("2024-08-14", "2025-08-20")
	p.adjust = adjustment{pairs: []pairAdjustment{{tolerance: 3}}}
	if q := p.rated(60, 2, 0.5); !slices.Equal(q.Hints, []string{sliverHint}) {
		t.Errorf("hints %v", q.Hints)
	}
	if q := p.rated(60, 40, 0.5); len(q.Hints) != 0 {
		t.Errorf("hints %v", q.Hints)
	}
	p.Rules.OperatingPoint = 60
	if q := p.rated(20, 20, 0); q.Dropped != DropWeak || q.Score >= 60 {
		t.Errorf("score %v, dropped %q", q.Score, q.Dropped)
	}
	if q := p.rated(20, 20, 1); q.Dropped != "" || q.Score < 60 {
		t.Errorf("score %v, dropped %q", q.Score, q.Dropped)
	}
	q := &Patch{Geom: box(0, 0, 3, 3), Area: 36, Dropped: DropSmall}
	if p.rate(q, 0); q.Dropped != DropSmall {
		t.Errorf("dropped %q", q.Dropped)
	}
}
