package pipeline

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"tuban/classify/bandmath"
	"tuban/pipeline/overlay"
	"tuban/raster"
	"tuban/raster/burn"
)

// Estimate is what a run would read and need, found without reading pixels.
type Estimate struct {
	Tiles int
	// Tiles that are skipped: outside the region's polygons, without any eligible parcel, without imagery of a date.
	OutsideRegion, NothingEligible, NoImagery int
	// ReadBytes is the share of the files that the other tiles lie on. Memory and Scratch are in bytes.
	ReadBytes, Memory, Scratch int64
	Survey                     *SurveyReport
	Layers                     []overlay.Report
	Warnings                   []string
}

// Estimate stages the survey and the legal layers in a temporary folder, and says which tiles a run would read.
func (p *Plan) Estimate(ctx context.Context, d Drivers, o Options) (*Estimate, error) {
	o = o.withDefaults()
	d = d.fetchingInto(filepath.Join(o.workFolder(), "inputs"))
	e := &Estimate{Memory: ownBytes + p.storageBytes() + 2*p.CacheBytes + int64(p.Workers)*p.WorkerBytes}
	elig := &eligibility{grid: p.Grid, region: p.Region}
	dir, err := os.MkdirTemp("", "tuban-plan-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if p.Survey != nil {
		store, report, err := p.stage(ctx, d, dir, o)
		if err != nil {
			return nil, err
		}
		defer store.Close()
		e.Survey, e.Warnings = report, report.warnings()
		if elig, err = p.eligibility(store); err != nil {
			return nil, err
		}
	}
	legal, err := p.stageLayers(ctx, d, dir, o)
	if err != nil {
		return nil, err
	}
	defer legal.Close()
	e.Layers = legal.reports
	for _, r := range e.Layers {
		e.Warnings = append(e.Warnings, r.Warnings()...)
	}
	var covers [2][]raster.Window
	for i := range covers {
		for _, b := range p.Extents[i] {
			covers[i] = append(covers[i], p.Grid.Cover(b))
		}
	}
	var wanted int64
	var near []int32
	for _, t := range p.tiles() {
		e.Tiles++
		eligible := elig.store == nil || elig.bare != 0
		if !eligible {
			near = elig.store.Near(near[:0], t.Core)
			for _, i := range near {
				eligible = eligible || elig.kinds[elig.store.Class(i)] != 0
			}
		}
		switch {
		case p.Region != nil && !touches(p, t.Core):
			e.OutsideRegion++
		case !eligible:
			e.NothingEligible++
		case !covered(covers[0], t.Core) || !covered(covers[1], t.Core):
			e.NoImagery++
		default:
			wanted += t.Core.Pixels()
		}
	}
	for i, scenes := range [][]raster.Scene{p.Before, p.After} {
		for k, s := range scenes {
			// The part of the file on the run's grid, and of that the part that is not skipped.
			part := float64(covers[i][k].Pixels()) / float64(max(1, s.Native.Pixels()))
			part *= float64(wanted) / float64(p.Grid.Pixels())
			e.ReadBytes += int64(min(1, part) * float64(s.Bytes))
		}
	}
	e.Scratch = p.scratchBytes()
	return e, nil
}

// scratchBytes guesses what a run leaves on disk on its way: a run of changed pixels takes about 24 bytes in the journal, and
// one in a thousand pixels is much. Before, there are the samples that it is measured from.
func (p *Plan) scratchBytes() int64 {
	at := p.spots(p.spotsPerAxis(), p.Seed)
	return max(p.keptBytes(at, p.keptHalos(at)), p.Grid.Pixels()/1000*24) + surveyBytes(p) + p.layerFeatures()*featureBytes
}

// featureBytes is what a feature takes in a stage file: some thirty points and its attributes.
const featureBytes = 640

// surveyBytes guesses the stage file's size.
func surveyBytes(p *Plan) int64 {
	if p.Survey == nil {
		return 0
	}
	return p.Survey.features() * featureBytes
}

// touches reports whether the region has a pixel in w.
func touches(p *Plan, w raster.Window) bool {
	in := make([]uint8, w.Pixels())
	burn.Fill(in, w, p.Region, 1)
	for _, v := range in {
		if v != 0 {
			return true
		}
	}
	return false
}

func covered(covers []raster.Window, w raster.Window) bool {
	for _, c := range covers {
		if !c.Intersect(w).Empty() {
			return true
		}
	}
	return false
}

// KindNeeds spells out the inputs of kind k, by date.
func (p *Plan) KindNeeds(k int) string {
	var parts []string
	for _, in := range p.Rules.Program.Needs(k) {
		parts = append(parts, inputName(in))
	}
	return strings.Join(parts, ", ")
}

func inputName(in bandmath.Input) string {
	if in.Size > 0 {
		return fmt.Sprintf("%s.%s over %g m", in.Date, in.Name, in.Size)
	}
	return fmt.Sprintf("%s.%s", in.Date, in.Name)
}
