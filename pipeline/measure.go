package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"tuban/pipeline/report"
	"tuban/raster"
)

// Measured is what is global to a run and comes from its pixels: measured once, before the tiles, on sample blocks at
// fixed positions in one order, then printed, stored, hashed and handed to every tile. Relative normalisation, the
// registration grid and limits from the survey belong here; a run file that says none leaves them out.
type Measured struct {
	// Bands holds robust quantiles of each band of each date.
	Bands []BandStat `json:"bands"`
	// Edges are the filled edges of the scenes that have one.
	Edges []EdgeStat `json:"edges,omitempty"`
}

// BandStat is the distribution of a band's valid values in the sample.
type BandStat struct {
	Date string      `json:"date"`
	Role raster.Role `json:"role"`
	// N values were valid; P02, P50 and P98 are their quantiles.
	N             int     `json:"n"`
	P02, P50, P98 float64 `json:",omitempty"`
}

// MeasuredValue is one line of what was measured.
type MeasuredValue struct{ Name, Value string }

func (m *Measured) list() []MeasuredValue {
	var out []MeasuredValue
	for _, b := range m.Bands {
		v := "no valid value in the sample"
		if b.N > 0 {
			v = fmt.Sprintf("p02 %.6g, p50 %.6g, p98 %.6g (n = %d)", b.P02, b.P50, b.P98, b.N)
		}
		out = append(out, MeasuredValue{b.Date + "." + string(b.Role), v})
	}
	for _, e := range m.Edges {
		out = append(out, MeasuredValue{e.Date + ".edge " + e.Scene, fmt.Sprintf("%d pixels of no data", e.Pixels)})
	}
	return out
}

// scaleLimit is how many times brighter one date may be before its numbers must be of another kind: season and light
// alone stay well below.
const scaleLimit = 5

// warnings says what the measurements reveal about the two dates.
func (m *Measured) warnings() []report.Text {
	before := map[raster.Role]float64{}
	for _, b := range m.Bands {
		if b.Date == "before" && b.N > 0 {
			before[b.Role] = b.P50
		}
	}
	for _, b := range m.Bands {
		p, ok := before[b.Role]
		if b.Date != "after" || b.N == 0 || !ok || p <= 0 || b.P50 <= 0 {
			continue
		}
		if f := b.P50 / p; f > scaleLimit || f < 1.0/scaleLimit {
			return []report.Text{{
				ZH: fmt.Sprintf("两时相影像的数值尺度不同（%s 波段中位数 %.4g 与 %.4g）：比较亮度的规则不可用，请统一为反射率或同一量纲。", b.Role, p, b.P50),
				EN: fmt.Sprintf("The dates have different scales (median of %s: %.4g and %.4g): conditions that compare brightness between them do not work; bring both to one unit.", b.Role, p, b.P50),
			}}
		}
	}
	return nil
}

// hash names the measurement: tiles scanned under another one are not mixed in.
func (m *Measured) hash() (string, error) {
	b, err := json.Marshal(m)
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:4]), err
}

const (
	// samplePositions per axis and sampleEdge pixels: 36 blocks of 64² are 147,456 pixels, enough for quantiles.
	samplePositions = 6
	sampleEdge      = 64
)

// measure reads the sample blocks of both dates.
func (p *Plan) measure(ctx context.Context, d Drivers, o Options) (*Measured, error) {
	m := &Measured{}
	o.Progress.Stage("measure", 2*samplePositions*samplePositions)
	roles := displayRoles(p.Roles)
	for date, name := range dateNames {
		open, err := p.openDate(d.Imagery, date, roles, 16<<20)
		if err != nil {
			return nil, err
		}
		stats, err := p.sample(ctx, open.mosaic(), o)
		open.Close()
		if err != nil {
			return nil, err
		}
		for i, values := range stats {
			s := BandStat{Date: name, Role: roles[i], N: len(values)}
			if len(values) > 0 {
				slices.Sort(values)
				at := func(q float64) float64 { return float64(values[int(q*float64(len(values)-1))]) }
				s.P02, s.P50, s.P98 = at(0.02), at(0.5), at(0.98)
			}
			m.Bands = append(m.Bands, s)
		}
	}
	return m, nil
}

// sample returns the valid values of each role at the fixed positions. A block that cannot be read has none.
func (p *Plan) sample(ctx context.Context, m *mosaic, o Options) ([][]float32, error) {
	said := map[string]bool{}
	m.failed = func(f ReadFailure) {
		if !said[f.Scene] { // the scan lists them all
			said[f.Scene] = true
			o.Log.Warn("part of a scene is unreadable", "scene", f.Scene, "error", f.Error)
		}
	}
	values := make([][]float32, len(m.roles))
	var block, scratch raster.Block
	var from []int32
	for j := range samplePositions {
		for i := range samplePositions {
			w := raster.Window{
				X: (2*i+1)*p.Grid.W/(2*samplePositions) - sampleEdge/2, Y: (2*j+1)*p.Grid.H/(2*samplePositions) - sampleEdge/2,
				W: sampleEdge, H: sampleEdge,
			}.Intersect(p.Grid.Window())
			from = grow(from, int(w.Pixels()))
			if err := m.read(ctx, w, &block, &scratch, from); err != nil {
				return nil, err
			}
			for r, plane := range block.Planes {
				for _, v := range plane {
					if v == v {
						values[r] = append(values[r], v)
					}
				}
			}
			o.Progress.Advance(1)
		}
	}
	return values, nil
}

// displayRoles adds to the roles that the rules need those that pictures show.
func displayRoles(roles []raster.Role) []raster.Role {
	out := slices.Clone(roles)
	for _, r := range []raster.Role{raster.Red, raster.Green, raster.Blue} {
		if !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}
