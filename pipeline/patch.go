package pipeline

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"tuban/classify/object"
	"tuban/classify/rules"
	"tuban/pipeline/survey"
	"tuban/pipeline/track"
	"tuban/raster/coverage"
	"tuban/raster/ellipsoid"
)

// Patch is one change patch (疑似图斑) with its attributes. Areas are ellipsoidal, in m² with two decimals, and computed
// from Geom.
type Patch struct {
	// CID identifies the candidate in all runs, GV this version of it: a hash of its kind and raw geometry. They are the same where no
	// earlier run is known.
	CID, GV string
	Kind    int // position in the rules
	// Raw follows pixel edges, Geom is simplified by at most a pixel; both in the run's CRS.
	Raw, Geom orb.MultiPolygon
	Pixels    int64
	Area      float64
	// Shares split Area by survey class, largest first; Uncovered is on no parcel. Together they are Area exactly.
	Shares    []Share
	Uncovered float64
	// NetCropland is the cropland of Shares without field ridges (田坎), in m²; NaN where the survey does not say.
	NetCropland float64
	// Legal is what the legal layers say about it.
	Legal Legal
	// Main is the parcel with the largest share (the lowest index on a tie); its Index is 0 without one.
	Main survey.Parcel
	// Before and After are the origins that show most of the patch; Others the names of further ones that show parts.
	Before, After int
	Others        []string
	// Evidence holds the means of the kind's evidence over those of the patch's pixels that have a value; NaN where none has.
	Evidence []float64
	// Categories are positions in the rules, the main one first.
	Categories []int
	// Dropped is why the patch is not published; "" when it is.
	Dropped string
	// Score, 0 to 100, ranks patches by how likely they are real; Parts are what it is made of.
	Score float64
	Parts []ScorePart
	// Hints are what a reviewer should know beside, in Chinese.
	Hints []string
	// Triage is how it stands to approvals, and how soon it is to be looked at.
	Triage Triaged
	// Fate is what the patch is to the candidates of earlier runs.
	Fate track.Fate
	// Lon and Lat are the centroid in degrees.
	Lon, Lat float64
}

// DropSmall is the reason of a patch below its kind's minimum area.
const DropSmall = "below_min_area"

// describer turns groups of runs into patches. It holds the native engines of one goroutine.
type describer struct {
	plan    *Plan
	store   *survey.Store
	engine  Geometry
	geo     Geographer
	tracer  object.Tracer
	parcels parcelCache
	cutter  coverage.Cutter
	// on is where the patch in work lies.
	on ground
	// legal are the staged layers; they are shared by all goroutines.
	legal *legalLayers
}

func (d *describer) describe(runs []object.Run) (*Patch, error) {
	p := &Patch{Kind: int(runs[0].Kind) - 1}
	grid := d.plan.Grid
	p.Raw = toCRS(grid, d.tracer.Trace(runs))
	var err error
	if p.Geom, err = d.engine.Simplify(p.Raw, d.plan.pixelSize()); err != nil {
		return nil, fmt.Errorf("simplifying the patch at row %d, column %d: %w", runs[0].Y, runs[0].X0, err)
	}
	area, err := d.area(p.Geom)
	if err != nil {
		return nil, err
	}
	p.Area = cents(area)
	if p.GV, err = version(d.plan.Rules.Kinds[p.Kind].Code, p.Raw); err != nil {
		return nil, err
	}
	p.CID = p.GV
	if p.Lon, p.Lat, err = d.centroid(p.Geom); err != nil {
		return nil, err
	}
	strength := d.sums(p, runs)
	if err := d.settle(p, area); err != nil {
		return nil, err
	}
	d.plan.rate(p, strength)
	return p, nil
}

// settle says what p, of the given area in m², lies on, and what follows from it.
func (d *describer) settle(p *Patch, area float64) error {
	d.on = ground{alone: -1}
	if d.store != nil {
		if err := d.overlay(p, area); err != nil {
			return err
		}
	} else {
		p.Uncovered = p.Area
	}
	p.NetCropland = cents(p.NetCropland)
	if err := d.compare(p); err != nil {
		return err
	}
	return d.judge(p)
}

// pixelSize is the shorter side of a pixel, in units of the run's CRS.
func (p *Plan) pixelSize() float64 {
	return min(math.Abs(p.Grid.Transform[1]), math.Abs(p.Grid.Transform[5]))
}

// area is the ellipsoidal area in m² of a geometry in the run's CRS.
func (d *describer) area(mp orb.MultiPolygon) (float64, error) {
	ll, err := d.lonLat(mp)
	if err != nil {
		return 0, err
	}
	return ellipsoid.Area(ll), nil
}

func (d *describer) lonLat(mp orb.MultiPolygon) (orb.MultiPolygon, error) {
	var points []orb.Point
	mapPoints(mp, func(x, y float64) (float64, float64) {
		points = append(points, orb.Point{x, y})
		return x, y
	})
	if err := d.pointsLonLat(points); err != nil {
		return nil, err
	}
	i := -1
	return mapPoints(mp, func(float64, float64) (float64, float64) {
		i++
		return points[i][0], points[i][1]
	}), nil
}

// pointsLonLat turns points in the run's CRS into longitudes and latitudes, in place.
func (d *describer) pointsLonLat(points []orb.Point) error {
	xs, ys := make([]float64, len(points)), make([]float64, len(points))
	for i, p := range points {
		xs[i], ys[i] = p[0], p[1]
	}
	if err := d.geo.ToLonLat(xs, ys); err != nil {
		return err
	}
	for i := range points {
		points[i] = orb.Point{xs[i], ys[i]}
	}
	return nil
}

// centroid is the plane centroid of the exterior rings, weighted by their areas, in degrees.
func (d *describer) centroid(mp orb.MultiPolygon) (lon, lat float64, err error) {
	var cx, cy, sum float64
	for _, p := range mp {
		r := p[0]
		// Relative to a vertex, so that large coordinates do not cancel.
		o := r[0]
		for i := 1; i < len(r); i++ {
			ax, ay, bx, by := r[i-1][0]-o[0], r[i-1][1]-o[1], r[i][0]-o[0], r[i][1]-o[1]
			w := ax*by - bx*ay
			cx += w * ((ax+bx)/3 + o[0])
			cy += w * ((ay+by)/3 + o[1])
			sum += w
		}
	}
	xs, ys := []float64{cx / sum}, []float64{cy / sum}
	err = d.geo.ToLonLat(xs, ys)
	return xs[0], ys[0], err
}

// sums adds up pixels, pairs of origins and evidence, and returns the mean strength of the pixels, NaN when none has one.
func (d *describer) sums(p *Patch, runs []object.Run) float64 {
	pairs := map[uint16]int64{}
	var total, missing [object.NEvidence]int64
	for _, r := range runs {
		p.Pixels += r.Pixels()
		pairs[r.Pair] += r.Pixels()
		for i, s := range r.Sums {
			total[i] += s
			missing[i] += int64(r.Missing[i])
		}
	}
	for i := range d.plan.Rules.Kinds[p.Kind].Published {
		p.Evidence = append(p.Evidence, float64(total[i])/1000/float64(p.Pixels-missing[i]))
	}
	order := make([]uint16, 0, len(pairs))
	for pair := range pairs {
		order = append(order, pair)
	}
	slices.SortFunc(order, func(a, b uint16) int { return cmp.Or(cmp.Compare(pairs[b], pairs[a]), cmp.Compare(a, b)) })
	p.Before, p.After = d.plan.unpair(order[0])
	main := []string{d.plan.BeforeOrigins[p.Before].Name, d.plan.AfterOrigins[p.After].Name}
	for _, pair := range order[1:] {
		b, a := d.plan.unpair(pair)
		for _, name := range []string{d.plan.BeforeOrigins[b].Name, d.plan.AfterOrigins[a].Name} {
			if !slices.Contains(main, name) && !slices.Contains(p.Others, name) {
				p.Others = append(p.Others, name)
			}
		}
	}
	if _, ok := d.plan.Rules.StrengthSource(p.Kind); !ok {
		return math.NaN()
	}
	return float64(total[strengthSum]) / 1000 / float64(p.Pixels-missing[strengthSum])
}

// strengthSum is the place of the strength among the sums of a run, behind the evidence.
const strengthSum = object.NEvidence - 1

// judge decides whether the patch is published, and its categories.
func (d *describer) judge(p *Patch) error {
	kind := d.plan.Rules.Kinds[p.Kind]
	if p.Area < kind.MinArea || p.Pixels < int64(kind.MinPixels) {
		p.Dropped = DropSmall
	}
	var err error
	p.Categories, err = d.plan.Rules.Match(rules.Facts{Kind: kind.Code, Area: p.Area, Classes: p.classes()})
	return err
}

// classes are the areas of Shares by class.
func (p *Patch) classes() map[string]float64 {
	classes := map[string]float64{}
	for _, s := range p.Shares {
		classes[s.Code] = s.Area
	}
	return classes
}

// cents rounds to two decimals.
func cents(v float64) float64 { return math.Round(v*100) / 100 }

// version hashes the kind and the raw geometry: the same change in the same imagery has the same version in every run.
func version(kind string, raw orb.MultiPolygon) (string, error) {
	b, err := wkb.Marshal(raw)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(append([]byte(kind+"\x00"), b...))
	return hex.EncodeToString(sum[:8]), nil
}
