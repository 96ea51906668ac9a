package pipeline

import "tuban/pipeline/survey"

const (
	// cachedParcels is how many parcels a describer keeps, a power of two; cachedPoints the most points that one of them has, so
	// that all of them stay below 4 MiB.
	cachedParcels = 512
	cachedPoints  = 512
)

// parcelCache keeps the parcels that patches were overlaid with last, each at the place that its index names: patches come
// row by row, and those of a row lie on the parcels of the row before. It serves one goroutine.
type parcelCache [cachedParcels]survey.Parcel

// get returns parcel i of the store, which is always the same one. What it returns is shared: not to be changed.
func (c *parcelCache) get(store *survey.Store, i int32) (survey.Parcel, error) {
	slot := &c[i%cachedParcels]
	if slot.Index == i {
		return *slot, nil
	}
	p, err := store.Parcel(i)
	if err != nil {
		return p, err
	}
	points := 0
	for _, polygon := range p.Geom {
		for _, r := range polygon {
			points += len(r)
		}
	}
	if points <= cachedPoints {
		*slot = p
	}
	return p, nil
}
