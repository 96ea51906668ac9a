package recall

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"tuban/pipeline"
	"tuban/pipeline/assess"
	"tuban/pipeline/register"
	"tuban/pipeline/verification"
)

// SurveyOptions say how to compare the annual change layer with what was released.
type SurveyOptions struct {
	LayerOptions
	// Register is the folder of the register.
	Register string
	// Products are finished products that the releases are from. They say why a change was missed, and what they never saw is not
	// counted as missed.
	Products []string
	// Since and Until bound the day of the after image of the releases; the zero time is no bound.
	Since, Until time.Time
	// Types are those of changes that releases should hold; none means those of the table.
	Types []string
	// Overlap is the share from which on a release is answered, and a change found; 0 is a half.
	Overlap float64
	// MinArea is the smallest change in m² that can be missed.
	MinArea float64
}

// Answer is how the annual survey stands to a release.
type Answer string

// The answers.
const (
	// Answered: the survey has a change there, to a class that agrees.
	Answered Answer = "answered"
	// Otherwise: the survey has a change there, to a class that says something else than the release.
	Otherwise Answer = "other_class"
	// Unanswered: it has none, or none large enough.
	Unanswered Answer = "unanswered"
)

// Reason is why a change was in no release.
type Reason string

// The reasons; those but the last need the product.
const (
	// Held: it was a candidate of the product, and not released.
	Held Reason = "candidate"
	// Dropped: it was a candidate that the product did not publish.
	Dropped Reason = "dropped"
	// Unseen: the product could not observe it.
	Unseen Reason = "unobserved"
	// NotFound: the product observed it, and did not find it.
	NotFound Reason = "not_found"
	// NotReleased: nothing else is known.
	NotReleased Reason = "not_released"
)

// Reasons are all reasons, in the order in which they are told.
var Reasons = []Reason{NotFound, Dropped, Held, Unseen, NotReleased}

// release is a current release with how it was answered.
type release struct {
	register.Release
	geom orb.MultiPolygon
	// area is its own, covered what changes of the survey cover of it, in m².
	area, covered float64
	answer        Answer
	// by is the change with the most of it; nil without any.
	by *change
	// returned is what the county said of it; nil without.
	returned *register.Return
}

// Surveyed is what the comparison came to.
type Surveyed struct {
	Layer     *Layer  `json:"layer"`
	Register  string  `json:"register"`
	CRS       string  `json:"crs"`
	Overlap   float64 `json:"overlap"`
	MinAreaM2 float64 `json:"min_area_m2"`
	// Types are those that releases should hold; Products were looked at.
	Types    []string `json:"types"`
	Products []string `json:"products,omitempty"`
	// Answers counts the releases by how they were answered; Hidden are left out of it, and of all tables: their returned
	// category is in no export.
	Answers map[Answer]int `json:"answers"`
	Hidden  int            `json:"hidden,omitempty"`
	// Found counts the changes that releases hold, Missed the others, by reason; both of Types alone and large enough. Other
	// are of other types, Small too small, Off off the products.
	Found  int            `json:"found"`
	Missed map[Reason]int `json:"missed"`
	Other  map[string]int `json:"other_types"`
	Small  int            `json:"small"`
	Off    int            `json:"off,omitempty"`

	releases []*release
	truth    []*change // of Types, on the products, whatever their size
	missed   []*change
	names    map[string]string
}

// Survey compares the annual change layer with the current releases of a register.
func Survey(ctx context.Context, d pipeline.Drivers, o SurveyOptions) (*Surveyed, error) {
	o.Overlap = cmp.Or(o.Overlap, 0.5)
	s := &Surveyed{Register: o.Register, Overlap: o.Overlap, MinAreaM2: o.MinArea, Types: o.Types, Products: o.Products, Answers: map[Answer]int{}, Missed: map[Reason]int{}, Other: map[string]int{}, names: map[string]string{}}
	if len(s.Types) == 0 {
		_, s.Types = TypeCodes()
	}
	var err error
	if s.releases, s.CRS, err = o.releases(ctx, d); err != nil {
		return nil, err
	}
	changes, layer, err := o.read(ctx, d, s.CRS)
	if err != nil {
		return nil, err
	}
	s.Layer = layer
	measure, err := pipeline.NewSurveyor(d.Coordinates, s.CRS)
	if err != nil {
		return nil, err
	}
	defer measure.Close()
	if err := s.overlay(ctx, d, changes, measure); err != nil {
		return nil, err
	}
	for _, r := range rows("types.csv", typesCSV, 5) {
		s.names[r[0]] = r[1]
	}
	for _, c := range changes {
		if slices.Contains(s.Types, c.code) {
			s.truth = append(s.truth, c)
		} else {
			s.Other[c.code]++
		}
	}
	if len(o.Products) > 0 {
		if err := s.explain(ctx, d, measure); err != nil {
			return nil, err
		}
	}
	s.settle()
	return s, nil
}

// overlay measures how much of each release the changes cover, and of each change the releases.
func (s *Surveyed) overlay(ctx context.Context, d pipeline.Drivers, changes []*change, measure *pipeline.Surveyor) error {
	objects, patches, order := make([]orb.MultiPolygon, len(changes)), make([]orb.MultiPolygon, len(s.releases)), make([]int, len(s.releases))
	var err error
	for i, c := range changes {
		objects[i] = c.geom
		if c.area, err = measure.Area(c.geom); err != nil {
			return err
		}
	}
	for i, r := range s.releases {
		patches[i], order[i] = r.geom, i
		if r.area, err = measure.Area(r.geom); err != nil {
			return err
		}
	}
	pieces, covered, err := assess.Overlay(ctx, d.Geometry(), objects, patches, order, measure.Area)
	if err != nil {
		return err
	}
	most := make([]float64, len(s.releases))
	for i, list := range pieces {
		for _, p := range list {
			changes[i].covered += p.Area
			if p.Area > most[p.Patch] {
				most[p.Patch], s.releases[p.Patch].by = p.Area, changes[i]
			}
		}
	}
	for i, r := range s.releases {
		r.covered = covered[i]
	}
	return nil
}

// settle decides what is answered, found and missed, and counts it.
func (s *Surveyed) settle() {
	sc := s.Layer.scheme
	for _, r := range s.releases {
		r.answer = Unanswered
		if r.by != nil && r.area > 0 && r.covered >= s.Overlap*r.area {
			r.answer = Answered
			if !sc.agrees(r.Values["TBLX"], r.by.to) {
				r.answer = Otherwise
			}
		}
		if r.hidden() {
			s.Hidden++
			continue
		}
		s.Answers[r.answer]++
	}
	for _, c := range s.truth {
		switch {
		case c.held(s.Overlap):
			s.Found++
		case c.area < s.MinAreaM2:
			s.Small++
		default:
			c.reason = cmp.Or(c.reason, NotReleased)
			s.Missed[c.reason]++
			s.missed = append(s.missed, c)
		}
	}
}

// hidden reports whether the county put the release into a category that is in no export.
func (r *release) hidden() bool {
	return r.returned != nil && verification.Suppressed(r.returned.Level1, r.returned.Level2, r.returned.Level3)
}

// releases reads the current releases within the days asked for, in one reference system.
func (o SurveyOptions) releases(ctx context.Context, d pipeline.Drivers) ([]*release, string, error) {
	reg, err := register.OpenExisting(o.Register)
	if err != nil {
		return nil, "", err
	}
	state := reg.State()
	var out []*release
	for _, r := range state.Releases() {
		if state.Replaced(r.JCBH) != "" || !o.within(r.Values["HSX"]) {
			continue
		}
		x := &release{Release: r}
		if ret, ok := state.Return(r.JCBH); ok {
			x.returned = &ret
		}
		out = append(out, x)
	}
	if len(out) == 0 {
		return nil, "", pipeline.NewInputError(fmt.Errorf("%s holds no release%s: give the folder that `tuban release` wrote to, and days of after images", reg.Path(), o.days()))
	}
	crs, err := oneSystem(ctx, d, out)
	return out, crs, err
}
