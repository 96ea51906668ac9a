package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"tuban/classify/ranked"
	"tuban/pipeline/report"
	"tuban/pipeline/survey"
	"tuban/raster"
)

// Measured is what is global to a run and comes from its pixels: measured once, before the tiles, on sample blocks at
// fixed positions in one order, then printed, stored, hashed and handed to every tile.
type Measured struct {
	// Bands holds robust quantiles of each band of each date.
	Bands []BandStat `json:"bands"`
	// Pairs says, for each pair of origins that meets, how the after pixels are brought to the before ones.
	Pairs []PairMeasure `json:"pairs,omitempty"`
	// Limits and Models are what the rules leave to the pixels.
	Limits []ResolvedLimit `json:"limits,omitempty"`
	Models []ResolvedModel `json:"models,omitempty"`
	// CloudsUnseen says why clouds were not looked for; "" when they were, or nobody asked.
	CloudsUnseen string `json:"clouds_unseen,omitempty"`
	// CloudsPartly says that some imagery could not be read while they were looked for: another try may find more.
	CloudsPartly bool `json:"clouds_partly,omitempty"`
	// Unread counts the windows that could not be read while measuring.
	Unread int `json:"unread,omitempty"`
	// Edges are the filled edges of the scenes that have one.
	Edges []EdgeStat `json:"edges,omitempty"`
	// Clouds says, by date, what the bands were taken to show where no mask was given.
	Clouds []CloudStat `json:"clouds,omitempty"`
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
	for _, q := range m.Pairs {
		out = append(out, q.list()...)
	}
	out = append(out, m.resolvedValues()...)
	for _, e := range m.Edges {
		out = append(out, MeasuredValue{e.Date + ".edge " + e.Scene, fmt.Sprintf("%d pixels of no data", e.Pixels)})
	}
	for _, c := range m.Clouds {
		out = append(out, c.value())
	}
	return out
}

// scaleLimit is how many times brighter one date may be before its numbers must be of another kind: season and light
// alone stay well below.
const scaleLimit = 5

// warnings says what the measurements reveal about the two dates.
func (m *Measured) warnings() []report.Text {
	var out []report.Text
	raw := len(m.Pairs) == 0
	for _, q := range m.Pairs {
		raw = raw || q.State != Normalised
	}
	out = append(out, pairWarnings(m.Pairs)...)
	if raw {
		out = append(out, m.scales()...)
	}
	if m.Unread > 0 {
		out = append(out, report.Text{
			ZH: fmt.Sprintf("实测阶段有 %d 处影像读取失败，实测参数未包含这些位置。", m.Unread),
			EN: fmt.Sprintf("%d windows could not be read while measuring; the measured values leave them out.", m.Unread),
		})
	}
	if m.CloudsUnseen != "" {
		out = append(out, report.Text{
			ZH: "未自动识别云和云影：请核对影像，或提供云掩膜。",
			EN: fmt.Sprintf("Clouds were not looked for (%s): check the imagery, or give masks.", m.CloudsUnseen),
		})
	}
	if m.CloudsPartly {
		out = append(out, report.Text{
			ZH: "自动识别云和云影时有部分影像未能读取，其中的云未被剔除：请重新运行同一命令。",
			EN: "Some imagery could not be read while clouds were looked for, so that clouds there are not hidden: run the same command again.",
		})
	}
	return append(append(out, cloudWarnings(m.Clouds)...), m.unresolved()...)
}

// scales says whether the numbers of the dates are of one kind.
func (m *Measured) scales() []report.Text {
	before := map[raster.Role]float64{}
	for _, b := range m.Bands {
		if b.Date == "before" && b.N > 0 {
			before[b.Role] = b.P50
		}
	}
	for _, b := range m.Bands {
		p, ok := before[b.Role]
		if b.Date != "after" || b.N == 0 || !ok || !slices.Contains(raster.Roles, b.Role) || p <= 0 || b.P50 <= 0 {
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

// hash names what of the measurement the tiles go by: tiles scanned under another one are not mixed in. The quantiles of the
// bands are for pictures only.
func (m *Measured) hash() (string, error) {
	tiles := *m
	tiles.Bands, tiles.Unread = nil, 0
	b, err := json.Marshal(tiles)
	if err != nil {
		return "", fmt.Errorf("naming what was measured: %w", err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:4]), nil
}

// measure reads the spots of both dates, and says how the dates are brought to each other. It returns the plan as the tiles
// execute it.
func (p *Plan) measure(ctx context.Context, d Drivers, store *survey.Store, o Options) (*Plan, *Measured, error) {
	at, err := p.places(ctx, d, store)
	if err != nil {
		return nil, nil, err
	}
	q := *p
	m := &Measured{}
	kept, closeKept, err := q.keepSpots(ctx, d, at, o)
	defer closeKept()
	if err != nil {
		return nil, nil, err
	}
	seen, err := q.observe(ctx, kept, store, at, p.Registration, o)
	if err != nil {
		return nil, nil, err
	}
	m.Bands, m.Unread = bandStats(seen), seen.unread
	pairs := q.pairsOf(seen)
	fields := q.register(seen.chips, pairs)
	q.adjust = q.aligning(fields)
	if q.adjust.halo > 0 {
		o.Progress.Stage("measure aligned", int64(len(at.windows)))
		*seen = observed{} // not both at once
		if seen, err = q.observe(ctx, kept, store, at, false, o); err != nil {
			return nil, nil, err
		}
		m.Unread += seen.unread
	}
	for _, pair := range pairs {
		m.Pairs = append(m.Pairs, q.measurePair(pair, fields[pair], seen))
	}
	q.adjust = q.adjusting(m.Pairs, pairs, fields)
	if err := q.guessClouds(ctx, d, seen, m, pairs, o); err != nil {
		return nil, nil, err
	}
	if err := q.resolve(ctx, kept, store, at, m, o); err != nil {
		return nil, nil, err
	}
	return &q, m, nil
}

// bandStats are the distributions of what was seen.
func bandStats(seen *observed) []BandStat {
	var out []BandStat
	for date, name := range dateNames {
		for i, plane := range seen.values[date] {
			values := ranked.Of(plane)
			s := BandStat{Date: name, Role: seen.roles[i], N: values.N}
			if s.N == 0 && !slices.Contains(raster.Roles, s.Role) {
				continue // a probability of the other date
			}
			if s.N > 0 {
				at := func(q float64) float64 { return float64(values.At(int(q * float64(s.N-1)))) }
				s.P02, s.P50, s.P98 = at(0.02), at(0.5), at(0.98)
			}
			out = append(out, s)
		}
	}
	return out
}

// warnOnce returns what tells the log of the first unreadable window of each scene, and counts them all.
func warnOnce(o Options) (failed func(ReadFailure), count *int) {
	var mu sync.Mutex
	said := map[string]bool{}
	count = new(int)
	return func(f ReadFailure) {
		mu.Lock()
		defer mu.Unlock()
		*count++
		if !said[f.Scene] {
			said[f.Scene] = true
			o.Log.Warn("part of a scene is unreadable", "scene", f.Scene, "error", f.Error)
		}
	}, count
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
