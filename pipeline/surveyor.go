package pipeline

import "github.com/paulmach/orb"

// Surveyor measures geometry in one reference system, as the patches of a run are measured. It is for one goroutine.
type Surveyor struct{ describer }

// NewSurveyor returns a Surveyor for geometry in crs. Close releases it.
func NewSurveyor(c interface {
	Geographer(crs string) (Geographer, error)
}, crs string) (*Surveyor, error) {
	geo, err := c.Geographer(crs)
	if err != nil {
		return nil, &InputError{err}
	}
	return &Surveyor{describer{geo: geo}}, nil
}

// Area is the ellipsoidal area of mp in m², not rounded.
func (s *Surveyor) Area(mp orb.MultiPolygon) (float64, error) { return s.area(mp) }

// Centroid is the centre of mp as the patches' LON and LAT have it, in degrees.
func (s *Surveyor) Centroid(mp orb.MultiPolygon) (lon, lat float64, err error) { return s.centroid(mp) }

// Close releases what NewSurveyor took.
func (s *Surveyor) Close() { s.geo.Close() }

// Cents rounds an area to the two decimals that a product has.
func Cents(v float64) float64 { return cents(v) }
