package pipeline

import (
	"context"
	"fmt"
	"time"

	"github.com/paulmach/orb"

	"tuban/pipeline/runfile"
	"tuban/raster"
)

// Origin is what was taken on one day by one sensor: a scene, or the parts of a finished mosaic that its seam lines say so
// of. What a pixel shows, and when, is told by its origin.
type Origin struct {
	// Scene is the position of the scene among those of its date.
	Scene int
	Date  time.Time
	// Sensor is "" where nobody names it.
	Sensor string
	// Name is the scene's ID; that of a part has # and the feature id of the first seam polygon that says so.
	Name string
	// seam describes the polygon for errors, as "seam polygon 3 of seams.gpkg"; "" for a scene.
	seam string
	// outline is where the origin can have pixels, in the run's CRS: the scene's extent, or its seam polygons.
	outline orb.MultiPolygon
}

func (o Origin) String() string {
	if o.seam == "" {
		return fmt.Sprintf("%s (%s)", o.Name, o.Date.Format(time.DateOnly))
	}
	return fmt.Sprintf("%s (%s, %s)", o.Name, o.seam, o.Date.Format(time.DateOnly))
}

// dateNames are those of the two dates of a run, in the order in which it keeps what there is of each.
var dateNames = [2]string{"before", "after"}

// origins returns those of date d.
func (p *Plan) origins(d int) []Origin { return [2][]Origin{p.BeforeOrigins, p.AfterOrigins}[d] }

func (p *Plan) scenes(d int) []raster.Scene { return [2][]raster.Scene{p.Before, p.After}[d] }

// besides is what is known of the scenes of a date beside their pixels, by scene. Nil slices stand for nothing.
type besides struct {
	// entries are the scenes as the run file has them.
	entries []runfile.Scene
	seams   []*seams
	clouds  []*cloudMask
	// masks are the cloud masks that are rasters.
	masks []raster.Scene
}

// maxPairs is what a run can count (object.Run.Pair).
const maxPairs = 1 << 16

// openOrigins reads the seam lines and what is known of cloud masks, and finds what the scenes consist of. The run's grid
// must be known.
func (p *Plan) openOrigins(ctx context.Context, d Drivers) error {
	zones := &zoneReader{drivers: d, grid: p.Grid, layers: map[string]*zoneLayer{}}
	for date, to := range []*[]Origin{&p.BeforeOrigins, &p.AfterOrigins} {
		var err error
		if *to, err = p.openSeams(ctx, zones, date); err != nil {
			return err
		}
		if err := p.openClouds(ctx, zones, date); err != nil {
			return err
		}
	}
	return p.checkOrigins()
}

// checkOrigins makes sure that all before origins are older than all after ones, and that their pairs can be counted.
func (p *Plan) checkOrigins() error {
	if b, a := len(p.BeforeOrigins), len(p.AfterOrigins); b*a > maxPairs {
		return badInput("%d before and %d after scenes, or days and sensors of their seam lines, make more than 65,536 pairs: split the run by county", b, a)
	}
	for _, b := range p.BeforeOrigins {
		for _, a := range p.AfterOrigins {
			if !b.Date.Before(a.Date) {
				return badInput("the before scene %s is not older than the after scene %s: check their dates, or swap before and after", b, a)
			}
		}
	}
	return nil
}

// pair numbers a before and an after origin; unpair is its inverse.
func (p *Plan) pair(before, after int32) uint16 {
	return uint16(int(before)*len(p.AfterOrigins) + int(after))
}

func (p *Plan) unpair(pair uint16) (before, after int) {
	n := len(p.AfterOrigins)
	return int(pair) / n, int(pair) % n
}

// besideSources lists the files beside the scenes that decide what is seen, each once: their URI and role, without fingerprints.
func (p *Plan) besideSources() []Source {
	var out []Source
	seen := map[Source]bool{}
	add := func(role, uri string) {
		if s := (Source{Role: role, URI: uri}); !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	for d, name := range dateNames {
		for i, e := range p.besides[d].entries {
			if e.Seams != nil {
				add("seams "+name, e.Seams.Source)
			}
			if e.Cloud != nil {
				add("cloud "+name, e.Cloud.For(p.scenes(d)[i].URI).Source)
			}
		}
	}
	return out
}

// besideKey is what of the settings of seam lines and cloud masks decides the pixels of scene i of date d: not where they lie, but
// which of the run's files they are.
func (p *Plan) besideKey(d, i int) []any {
	if i >= len(p.besides[d].entries) {
		return nil
	}
	var key []any
	sources := p.besideSources()
	file := func(role, uri string) int {
		for k, s := range sources {
			if s.Role == role+" "+dateNames[d] && s.URI == uri {
				return k
			}
		}
		return -1
	}
	e := p.besides[d].entries[i]
	if e.Seams != nil {
		s := *e.Seams
		s.Source = ""
		key = append(key, "seams", file("seams", e.Seams.Source), s)
	}
	if e.Cloud != nil {
		c := e.Cloud.For(p.scenes(d)[i].URI)
		at := file("cloud", c.Source)
		c.Source = ""
		key = append(key, "cloud", at, c)
	}
	return key
}
