package pipeline

import (
	"fmt"
	"slices"

	"tuban/pipeline/runfile"
	"tuban/raster"
	"tuban/raster/sensor"
	"tuban/raster/stac"
)

// STACScene is one item of a catalogue as an entry of a scene list, with what the item says of the file's numbers.
type STACScene struct {
	Entry runfile.Scene
	Bands []stac.Band
}

// FromSTAC makes entries of the items that were read from base, for the entry of a run file that names them. What the run
// file declares counts before what an item says: date, bands or sensor, cloud mask.
func FromSTAC(items []stac.Item, base string, entry runfile.Scene) ([]STACScene, error) {
	var out []STACScene
	for _, it := range items {
		s, err := fromItem(it, base, entry)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", base, err)
		}
		out = append(out, s)
	}
	return out, nil
}

func fromItem(it stac.Item, base string, entry runfile.Scene) (STACScene, error) {
	image, err := it.Image(entry.Asset)
	if err != nil {
		return STACScene{}, err
	}
	s := STACScene{Entry: entry, Bands: image.Bands}
	s.Entry.STAC, s.Entry.Asset = "", ""
	if s.Entry.URI, err = image.Resolve(base); err != nil {
		return s, fmt.Errorf("item %s: %w", it.ID, err)
	}
	if s.Entry.Date == "" {
		// A mosaic with seam lines has a day per piece, so that its item need not have one.
		if s.Entry.Date, err = it.Day(); err != nil && entry.Seams == nil {
			return s, err
		}
	}
	if entry.Bands == nil && entry.Sensor == "" {
		roles, err := image.ByRole()
		if err != nil {
			return s, fmt.Errorf("item %s: %w: declare the bands", it.ID, err)
		}
		for role, index := range roles {
			if s.Entry.Bands == nil {
				s.Entry.Bands = map[string]int{}
			}
			s.Entry.Bands[string(role)] = index
		}
		// Where the item names no bands, its sensor tells them only if their order is certain; else the file has to.
		if _, err := sensor.Find(it.Sensor); err == nil || s.Entry.Bands != nil {
			s.Entry.Sensor = it.Sensor
		}
	}
	if mask, ok := it.Cloud(); ok && entry.Cloud == nil {
		uri, err := mask.Asset.Resolve(base)
		if err != nil {
			return s, fmt.Errorf("item %s: its cloud mask: %w", it.ID, err)
		}
		s.Entry.Cloud = &runfile.Cloud{Source: uri, Cloud: mask.Cloud, Shadow: mask.Shadow}
	}
	return s, nil
}

// Complete adds to what a file says of its numbers what the item says: a no-data value, scale and offset where the file has
// none. The file counts before the item, because values may have been rewritten since the item was made.
func (s STACScene) Complete(info raster.Info) raster.Info {
	info.Bands = slices.Clone(info.Bands)
	for _, b := range s.Bands {
		if b.Index > len(info.Bands) {
			break
		}
		own := &info.Bands[b.Index-1]
		if own.NoData == nil {
			own.NoData = b.NoData
		}
		if own.Scale == 1 && own.Offset == 0 {
			own.Scale, own.Offset = b.Scale, b.Offset
		}
	}
	return info
}
