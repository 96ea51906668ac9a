package synth

import (
	"time"

	"github.com/paulmach/orb"

	"tuban/raster"
)

// Options says which county to simulate. The zero value of all but Size is usable.
type Options struct {
	// Size is the width in pixels. A Size below 1 counts as 1.
	Size int
	// Height is the height in pixels; 0 means Size.
	Height int
	// Seed decides everything that is random: the same Options give the same county.
	Seed uint64
	// Pixel is the edge of a pixel in metres; 0 means 0.5. Textures are made for about 0.5.
	Pixel float64
	// Divided lays the land in two counties of several towns and villages each, instead of one with its villages, and gives the
	// survey adjustable parcels (可调整, codes with K).
	Divided bool
	// Conditions make the images hard to compare; the zero value is the plain county.
	Conditions Conditions
}

func (o Options) withDefaults() Options {
	o.Size = max(o.Size, 1)
	if o.Height <= 0 {
		o.Height = o.Size
	}
	if !(o.Pixel > 0) {
		o.Pixel = 0.5 // the scale of the finished mosaics that counties work with
	}
	return o
}

// Date is one of the two dates of a County.
type Date int

// The two dates.
const (
	Before Date = iota
	After
)

// County is a simulated county. Its methods do not change it and may be called concurrently.
type County struct {
	opt       Options
	grid      raster.Grid
	parcels   []Parcel
	changes   []Change
	traps     []Trap
	approvals []Approval
	days      [2]time.Time
	tale      *tale // nil: no story
	grants    []Grant
	watched   []Watched
	zones     []Layer
	separate  []label
	decided   []label
	holes     []rect // of the second image, in pixels
	scene     *scene
	finish    [2]*finish // nil: numbers are reflectance × 10,000
}

// Parcel is one parcel of the survey of the year before (DLTB).
type Parcel struct {
	ID       string // BSM
	Code     string // DLBM, TD/T 1055-2019
	Name     string // DLMC
	Unit     string // ZLDWDM, 19 digits
	UnitName string // ZLDWMC
	// Ground is the class of the ground, which is Code unless the survey is wrong.
	Ground string
	Ring   orb.Polygon
	// Ridge is the share of a cropland parcel that its field ridges take (KCXS), 0 for other land.
	Ridge float64
}

// Change is an injected change: its outline is the truth that detection is measured by.
type Change struct {
	// Kind is built, ground, water or trees, by the state after; with Conditions.Kinds also greenhouse, pv, pond,
	// planting, removed (a building gone), regreened, cleared (grassland made field or bare) and sand (works at the river).
	Kind string
	// Legal says that an approval dated before the second image covers the change.
	Legal bool
	// Polygon is in the CRS of the grid, Area its area there in m².
	Polygon orb.Polygon
	Area    float64
	// ParcelCode is the survey class at the middle of the change, Crossing whether it reaches over several parcels.
	ParcelCode string
	Crossing   bool
}

// Trap is a place that looks different at the two dates though nothing of interest changed:
// harvested, ploughed, mulch, fallow, sown, rotation, level (of a pond), roof (a new roof on an old house), cloud or shadow (of a cloud).
type Trap struct {
	Kind    string
	Polygon orb.Polygon
}

// Approval is a permit to use land.
type Approval struct {
	ID      string
	Kind    string // the permit in Chinese
	Date    time.Time
	Polygon orb.Polygon
}

// Grid returns the grid of both dates, in CGCS2000 / 3-degree Gauss–Kruger zone 42 with the zone in the easting.
func (c *County) Grid() raster.Grid { return c.grid }

// Day returns the day of a date, UTC midnight; of a mosaic with seams, that of its largest part.
func (c *County) Day(d Date) time.Time { return c.days[d] }

// Parcels returns the survey: a gapless partition of the grid's rectangle. The caller must not change it.
func (c *County) Parcels() []Parcel { return c.parcels }

// Changes returns the injected changes. They do not overlap and lie outside cloud, cloud shadow and missing data.
func (c *County) Changes() []Change { return c.changes }

// Traps returns what should not be found.
func (c *County) Traps() []Trap { return c.traps }

// Approvals returns the permits: those of the Legal changes, some that came too late, some that nobody has used.
func (c *County) Approvals() []Approval { return c.approvals }

// Grants returns the approvals as the layers have them; on a night of a story, those that are listed by then.
func (c *County) Grants() []Grant { return c.grants }

// Watched returns the list of places to look at every night; empty without a story.
func (c *County) Watched() []Watched { return c.watched }

func newGrid(o Options) raster.Grid {
	// About 44.5° N 125.7° E: the plain between the Songhua and the Yinma.
	const east, north = 42476000, 4929000
	return raster.Grid{
		CRS:       "EPSG:4530",
		Transform: [6]float64{east, o.Pixel, 0, north, 0, -o.Pixel},
		W:         o.Size, H: o.Height,
	}
}
