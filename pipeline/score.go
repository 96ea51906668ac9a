package pipeline

import (
	"fmt"
	"math"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"tuban/pipeline/report"
)

// ScorePart is one reason why a patch is more or less likely to be real.
type ScorePart struct {
	Code string
	// Value is 0 (against it) to 1 (for it); Weight its share of the score.
	Value, Weight float64
}

// The parts of a score and their weights, in the order in which they are shown. What the pixels say counts for more than
// half, and size for little, because the largest false patches are whole fields; a part that a patch does not have (a kind
// without strength, a run without normalisation) is left out, and the others make up the whole.
var scoreParts = []struct {
	code   string
	weight float64
	name   report.Text
}{
	{"strength", 60, report.Text{ZH: "变化强度", EN: "strength"}},
	{"shape", 20, report.Text{ZH: "形状", EN: "shape"}},
	{"size", 5, report.Text{ZH: "面积", EN: "size"}},
	{"season", 10, report.Text{ZH: "季节", EN: "season"}},
	{"radiometry", 5, report.Text{ZH: "辐射一致性", EN: "radiometry"}},
}

// ScorePartName is what a part of the score is called; a code that is none stands for itself.
func ScorePartName(code string) report.Text {
	for _, s := range scoreParts {
		if s.code == code {
			return s.name
		}
	}
	return report.Text{ZH: code, EN: code}
}

// DropWeak is the reason of a patch whose score is below the rules' operating point.
const DropWeak = "below_operating_point"

// sliverHint stands with a patch that is no wider than the dates lie apart.
const sliverHint = "细长，宽度不超过配准误差，可能为错位"

// rate gives a patch its score, 0 to 100, with its parts, and the hints that go with it. strength is the mean of what the
// kind's rule says, 0 to 1; NaN when it says nothing.
func (p *Plan) rate(q *Patch, strength float64) {
	pixel := (p.Pixel.X + p.Pixel.Y) / 2
	width := meanWidth(q.Geom, p.Pixel.X, p.Pixel.Y, p.Grid.Transform)
	tolerance := p.adjust.tolerance(p, q) * pixel
	add := func(code string, value float64) {
		if math.IsNaN(value) {
			return
		}
		for _, s := range scoreParts {
			if s.code == code {
				q.Parts = append(q.Parts, ScorePart{code, max(0, min(value, 1)), s.weight})
			}
		}
	}
	add("strength", strength)
	// Twice as wide as the tolerance, and a few pixels more, is beyond doubt.
	add("shape", (width-tolerance)/(tolerance+4*pixel))
	// A patch of sixteen times the minimum is as sure as its size can make it.
	if least := p.leastArea(q.Kind); least > 0 {
		add("size", math.Log2(q.Area/least)/4)
	}
	add("season", p.seasonValue(q))
	add("radiometry", p.adjust.radiometry(p, q))
	var sum, weights float64
	for _, s := range q.Parts {
		sum += s.Value * s.Weight
		weights += s.Weight
	}
	if weights > 0 {
		q.Score = math.Round(1000*sum/weights) / 10
	}
	if width <= tolerance {
		q.Hints = append(q.Hints, sliverHint)
	}
	if q.Dropped == "" && q.Score < p.Rules.OperatingPoint {
		q.Dropped = DropWeak
	}
}

// leastArea is the minimum area of a kind in m².
func (p *Plan) leastArea(kind int) float64 {
	k := p.Rules.Kinds[kind]
	if k.MinPixels > 0 {
		return float64(k.MinPixels) * p.Pixel.X * p.Pixel.Y
	}
	return k.MinArea
}

// seasonValue is 1 where crops grow at both dates, less where bare land or snow is what the day shows anyway.
func (p *Plan) seasonValue(q *Patch) float64 {
	b, a := p.Calendar.On(p.BeforeOrigins[q.Before].Date), p.Calendar.On(p.AfterOrigins[q.After].Date)
	switch {
	case b.Snow || a.Snow:
		return 0
	case b.Growing && a.Growing:
		return 1
	case b.Growing || a.Growing:
		return 0.4
	}
	return 0.6 // both bare: structure alone speaks
}

// tolerance is the width in pixels that misregistration can give a sliver of the patch's pair.
func (a *adjustment) tolerance(p *Plan, q *Patch) float64 {
	if a.pairs == nil {
		return defaultTolerance
	}
	return a.pairs[p.pair(int32(q.Before), int32(q.After))].tolerance
}

// defaultTolerance in pixels is that of dates whose registration nobody measured.
const defaultTolerance = 1

// radiometry is 1 where the values of the patch's pair are normalised, and less where they are as they came.
func (a *adjustment) radiometry(p *Plan, q *Patch) float64 {
	if a.pairs == nil {
		return math.NaN()
	}
	if a.pairs[p.pair(int32(q.Before), int32(q.After))].scaling == nil {
		return 0.5
	}
	return 1
}

// meanWidth is twice the area by the outline's length, in metres: the width of what is long. mx and my are metres per pixel.
func meanWidth(mp orb.MultiPolygon, mx, my float64, transform [6]float64) float64 {
	// To metres by the size of a pixel: exact enough for a width, in degrees too.
	sx, sy := mx/math.Abs(transform[1]), my/math.Abs(transform[5])
	var area, length float64
	for _, poly := range mp {
		for i, ring := range poly {
			scaled := make(orb.Ring, len(ring))
			for k, v := range ring {
				scaled[k] = orb.Point{(v[0] - ring[0][0]) * sx, (v[1] - ring[0][1]) * sy}
			}
			a := math.Abs(planar.Area(scaled))
			if i > 0 {
				a = -a
			}
			area += a
			length += planar.Length(scaled)
		}
	}
	if length == 0 {
		return 0
	}
	return 2 * area / length
}

// parts writes the parts of the score, as "strength 0.82, shape 1.00".
func (p *Patch) parts() string {
	var out []string
	for _, s := range p.Parts {
		out = append(out, fmt.Sprintf("%s %.2f", s.Code, s.Value))
	}
	return strings.Join(out, ", ")
}
