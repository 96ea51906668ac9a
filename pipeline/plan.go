package pipeline

import (
	"context"
	"path/filepath"
	"slices"
	"sync"

	"github.com/paulmach/orb"

	"tuban/classify/bandmath"
	"tuban/classify/landclass"
	"tuban/classify/object"
	"tuban/classify/rules"
	"tuban/classify/season"
	"tuban/classify/texture"
	"tuban/classify/triage"
	"tuban/pipeline/overlay"
	"tuban/pipeline/runfile"
	"tuban/raster"
	"tuban/raster/vector"
)

// Plan is everything about a run that is known before a pixel is read. It is a value: `tuban plan` prints it, Detect
// executes it.
type Plan struct {
	Name string
	// Grid is the run's grid; Pixel the ground size of a pixel in metres.
	Grid  raster.Grid
	Pixel object.Metric
	// Scenes of each date, in mosaic order.
	Before, After []raster.Scene
	// Origins say what was taken when, and by what: one for each scene, or several for a mosaic with seam lines. A pair of them
	// is numbered before·len(after) + after.
	BeforeOrigins, AfterOrigins []Origin
	besides                     [2]besides
	// Extents are the bounds in the run's CRS of the before and the after scenes.
	Extents [2][]raster.Bounds
	// Region is the run's polygon in pixel coordinates; nil when the whole grid belongs to the run. RegionName says in
	// Chinese where it comes from.
	Region     orb.MultiPolygon
	RegionName string
	// OffParcel says that land on no parcel belongs to the run: a region was declared, or there is no survey.
	OffParcel bool

	Rules     *rules.Rules
	RulesText []byte
	// Triage says which approvals count for a patch, and which patches come first; TriageText is its file.
	Triage     *triage.Rules
	TriageText []byte
	// Survey is nil for a run without one.
	Survey *SurveyPlan
	// Layers are the legal layers, a group for each kind, in the order of the catalogue.
	Layers  []overlay.Group
	Outputs []string

	// Earlier and Register are the folders of the last product and of the register of decisions; "" without.
	Earlier, Register string
	// Watch is the layer of places that are judged beside; nil for none.
	Watch *vector.LayerSpec

	// Planes are the inputs of the rules' program; Roles the bands they are computed from.
	Planes []Plane
	Roles  []raster.Role
	// Probabilities are the rasters that stand in the place of models; roles of their own among Roles.
	Probabilities []Probability
	// CleanHalo and TextureHalo are the pixels that a tile reads beyond its core.
	CleanHalo, TextureHalo int

	// Tile is the edge of a tile, Workers the tiles in work at once, CacheBytes the decoded pixels kept per date.
	Tile, Workers int
	CacheBytes    int64
	// EdgeBytes of CacheBytes are for the edges of storage blocks, while the tiles are scanned.
	EdgeBytes int64
	// Swath is how many tiles across are taken row by row.
	Swath int
	// WorkerBytes is what one tile in work occupies.
	WorkerBytes int64

	// Judging says of each kind by what it is decided; Gaps lists the scenes in which a kind is not judgeable.
	Judging []Judging
	Gaps    []Lack
	// Warnings are what the user should know before starting, and the reader of the report; Advice is about how the run is
	// made, which does not change the product.
	Warnings, Advice []string
	// Sources are the files that the run reads.
	Sources []Source
	// Key names the product: a hash of inputs, rules, settings and version. InputKey is that of what is observed alone,
	// whatever the rules look for in it; ScanKey that of the rules' part which decides what a tile leaves.
	Key, InputKey, ScanKey string
	// Asked names what the run file asks for, with the rules, whatever of it can be read.
	Asked string
	// Skipped are scenes that cannot be read at all; the run goes on without them, and says so.
	Skipped []ReadFailure

	// Normalise and Registration say whether the dates are brought to each other, Seed where a large run is measured.
	Normalise, Registration bool
	// Clouds says whether clouds are guessed where no mask is given.
	Clouds   bool
	Seed     int
	Calendar season.Calendar
	// adjust is empty before the run was measured.
	adjust adjustment
	// guess is what is taken for clouds, by date; nil before the run was measured, and where nothing is guessed.
	guess [2]*guessed
}

// Plane is one input of the rules' program.
type Plane struct {
	Date bandmath.Date
	Kind bandmath.InputKind
	// Role is that of a band or of a probability raster.
	Role raster.Role
	// Texture and Size are those of a texture, which is computed from the date's brightness.
	Texture texture.Kind
	Size    texture.Size
	// State is the name of a state of the date's scenes.
	State string
}

// NewPlan opens what the run file names, far enough to decide how the run will go.
func NewPlan(ctx context.Context, d Drivers, f *runfile.File, o Options) (*Plan, error) {
	given := o.Workers
	o = o.withDefaults()
	if o.Memory < leastMemory {
		return nil, badInput("%d MiB of memory is too little: give at least %d MiB", o.Memory>>20, leastMemory>>20)
	}
	p := &Plan{
		Name: f.Name, Workers: o.Workers, Outputs: slices.Clone(f.Outputs), Earlier: f.Earlier, Register: f.Register,
		Normalise: f.Normalise == runfile.Auto, Registration: f.Registration == runfile.Auto, Clouds: f.Clouds == runfile.Auto, Seed: f.Sample.Seed,
	}
	var err error
	if p.Calendar, err = f.Season.Calendar(); err != nil {
		return nil, badInput("season: %w", err)
	}
	d = d.fetchingInto(filepath.Join(o.workFolder(), "inputs"))
	if err := p.openDates(ctx, d, f, o.Strict); err != nil {
		return nil, err
	}
	if err := p.loadRules(ctx, d, f); err != nil {
		return nil, err
	}
	if err := p.place(ctx, d, f); err != nil {
		return nil, err
	}
	if err := p.openLayers(ctx, d, f); err != nil {
		return nil, err
	}
	if err := p.openWatch(ctx, d, f.Watch); err != nil {
		return nil, err
	}
	if err := p.checkApprovals(); err != nil {
		return nil, err
	}
	if err := p.openOrigins(ctx, d); err != nil {
		return nil, err
	}
	if err := p.needs(); err != nil {
		return nil, err
	}
	if err := p.openProbabilities(ctx, d, f); err != nil {
		return nil, err
	}
	if p.Survey == nil && f.Rules == rules.DefaultName {
		p.Advice = append(p.Advice, "no survey: patches are where the dates differ most, so that other crops, harvested and ploughed fields count as change, and the kind of a patch is often wrong; with a survey the land classes and the calendar decide")
	}
	if given <= 0 && p.storageBytes() > 0 {
		p.Workers *= storageWorkers
	}
	if err := p.size(o); err != nil {
		return nil, err
	}
	asked := *f
	asked.Out, asked.Storage = "", runfile.Storage{}
	if p.Asked, err = hashOf([]any{asked, string(p.RulesText), string(p.TriageText)}); err != nil {
		return nil, err
	}
	return p, p.key(ctx, d, f, o.Version)
}

// openDates opens the scenes of both dates. They are inspected beside one another; what is wrong is said in the order of dates.
func (p *Plan) openDates(ctx context.Context, d Drivers, f *runfile.File, strict bool) (err error) {
	lists := [2]runfile.Imagery{f.Before, f.After}
	var files [2][]sceneFile
	var errs [2]error
	var looks sync.WaitGroup
	for i, list := range lists {
		looks.Go(func() { files[i], errs[i] = d.inspected(ctx, dateNames[i], list) })
	}
	looks.Wait()
	for i, to := range []*[]raster.Scene{&p.Before, &p.After} {
		if errs[i] != nil {
			return errs[i]
		}
		if *to, err = p.scenesOf(ctx, d, dateNames[i], files[i], strict); err != nil {
			return err
		}
	}
	return nil
}

func (p *Plan) loadRules(ctx context.Context, d Drivers, f *runfile.File) error {
	var sys landclass.System
	if f.Survey != nil {
		var err error
		if sys, err = landclass.ParseSystem(f.Survey.System); err != nil {
			return badInput("survey: %w", err)
		}
		p.Survey = &SurveyPlan{System: sys}
	}
	name := "the default rules"
	p.RulesText = rules.Default(f.Survey != nil)
	if f.Rules != "default" {
		name = f.Rules
		var err error
		if p.RulesText, err = d.readFile(ctx, f.Rules, rules.MaxBytes); err != nil {
			return badInput("rules: %w", err)
		}
	}
	file, err := rules.Parse(name, p.RulesText)
	if err != nil {
		return badInput("%w", err)
	}
	given, err := standIns(f, file)
	if err != nil {
		return err
	}
	if p.Rules, err = file.Compile(sys, rules.Scenes{Before: p.Before, After: p.After, Rasters: given}); err != nil {
		return badInput("%s: %w", name, err)
	}
	if p.ScanKey, err = scanKey(file); err != nil {
		return err
	}
	return p.loadTriage(ctx, d, f, file)
}

// place decides the run's grid: where both dates, the survey and the region overlap, on the run's lattice.
func (p *Plan) place(ctx context.Context, d Drivers, f *runfile.File) error {
	lattice, err := runLattice(f, p.Before)
	if err != nil {
		return err
	}
	c := d.Coordinates
	if err := unify(c, lattice.CRS, p.Before); err != nil {
		return err
	}
	if err := unify(c, lattice.CRS, p.After); err != nil {
		return err
	}
	if p.Extents[0], err = extents(c, lattice.CRS, p.Before); err != nil {
		return err
	}
	if p.Extents[1], err = extents(c, lattice.CRS, p.After); err != nil {
		return err
	}
	extent := union(p.Extents[0])
	meet := func(what string, b raster.Bounds) error {
		both := extent.Intersect(b)
		if both.Empty() || both.MinX == both.MaxX || both.MinY == both.MaxY {
			return disjoint(what, extent, b)
		}
		extent = both
		return nil
	}
	if err := meet("the before and the after imagery", union(p.Extents[1])); err != nil {
		return err
	}
	if f.Survey != nil {
		b, err := p.describeSurvey(ctx, d, f.Survey, lattice.CRS)
		if err != nil {
			return err
		}
		if err := meet("the imagery and the survey "+p.Survey.sources(), b); err != nil {
			return err
		}
	}
	var region orb.MultiPolygon
	p.OffParcel = f.Region != nil || f.Survey == nil
	p.RegionName = "两时相影像重叠范围"
	if f.Survey != nil {
		p.RegionName = "两时相影像与调查数据重叠范围"
	}
	if f.Region != nil {
		p.RegionName = f.Region.String()
		b, mp, err := readRegion(ctx, d, f.Region, lattice.CRS)
		if err != nil {
			return err
		}
		if err := meet("the imagery (with the survey) and the region "+f.Region.String(), b); err != nil {
			return err
		}
		region = mp
	}
	if p.Grid, err = cut(lattice, extent); err != nil {
		return err
	}
	p.Region = toPixels(p.Grid, region)
	giver := "grid"
	if f.Grid == nil {
		giver = "before: " + p.Before[0].URI
	}
	x, y, err := c.GroundSize(p.Grid)
	if err != nil {
		return badInput("%s: %w", giver, err)
	}
	if max(x, y) > maxPixel {
		return badInput("%s: a pixel of the run's grid would span %.0f × %.0f m, more than %d: declare a smaller one, as in `grid: {crs: EPSG:4530, pixel: 0.5}`, its size in units of the crs, which may be degrees", giver, x, y, maxPixel)
	}
	p.Pixel = object.Metric{X: x, Y: y}
	return nil
}

// maxPixel in metres is beyond any imagery that shows parcels.
const maxPixel = 1000
