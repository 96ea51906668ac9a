package pipeline

import (
	"fmt"
	"strconv"
	"time"

	"tuban/pipeline/runfile"
	"tuban/raster"
)

// SceneRecord says how a run read a scene, so that it can be shown again exactly as it was judged: which bands, on which grid,
// what is no data, and what hides the land. Records stand in mosaic order.
type SceneRecord struct {
	ID string `json:"id"`
	// URI is where the run found the file.
	URI string `json:"uri"`
	// Day is YYYY-MM-DD, "" where only seam lines tell it.
	Day    string                     `json:"day,omitempty"`
	Sensor string                     `json:"sensor,omitempty"`
	Bands  map[raster.Role]BandRecord `json:"bands"`
	Alpha  int                        `json:"alpha,omitempty"`
	Grid   raster.Grid                `json:"grid"`
	// Block is the width and height of the file's storage block.
	Block    [2]int         `json:"block"`
	DataType string         `json:"data_type"`
	EdgeFill bool           `json:"edge_fill,omitempty"`
	Seams    *runfile.Seams `json:"seams,omitempty"`
	Cloud    *runfile.Cloud `json:"cloud,omitempty"`
}

// BandRecord is a raster.Band. NoData is "" where the band has none: a text, because it may be no number.
type BandRecord struct {
	Index  int     `json:"index"`
	Scale  float64 `json:"scale"`
	Offset float64 `json:"offset"`
	NoData string  `json:"nodata,omitempty"`
}

// ImageryRecord has the scenes of both dates.
type ImageryRecord struct {
	Before []SceneRecord `json:"before"`
	After  []SceneRecord `json:"after"`
}

// imageryRecord writes down the scenes of the plan.
func (p *Plan) imageryRecord() *ImageryRecord {
	return &ImageryRecord{Before: p.sceneRecords(0), After: p.sceneRecords(1)}
}

func (p *Plan) sceneRecords(d int) []SceneRecord {
	var out []SceneRecord
	for i, s := range p.scenes(d) {
		r := SceneRecord{
			ID: s.ID, URI: s.URI, Sensor: s.Sensor, Bands: map[raster.Role]BandRecord{}, Alpha: s.Alpha, Grid: s.Native,
			Block: [2]int{s.BlockW, s.BlockH}, DataType: s.DataType, EdgeFill: s.EdgeFill,
		}
		if !s.Date.IsZero() {
			r.Day = s.Date.Format(time.DateOnly)
		}
		for role, b := range s.Bands {
			band := BandRecord{Index: b.Index, Scale: b.Scale, Offset: b.Offset}
			if b.HasNoData {
				band.NoData = strconv.FormatFloat(b.NoData, 'g', -1, 64)
			}
			r.Bands[role] = band
		}
		if i < len(p.besides[d].entries) {
			e := p.besides[d].entries[i]
			r.Seams = e.Seams
			if e.Cloud != nil {
				c := e.Cloud.For(s.URI)
				r.Cloud = &c
			}
		}
		out = append(out, r)
	}
	return out
}

// scene is the inverse of the record, without the scene's collar, and the entry of a scene list that names what hides it.
func (r SceneRecord) scene() (raster.Scene, runfile.Scene, error) {
	s := raster.Scene{
		ID: r.ID, URI: r.URI, Sensor: r.Sensor, Bands: map[raster.Role]raster.Band{}, Alpha: r.Alpha, Native: r.Grid,
		BlockW: r.Block[0], BlockH: r.Block[1], DataType: r.DataType, EdgeFill: r.EdgeFill,
	}
	entry := runfile.Scene{URI: r.URI, Date: r.Day, Seams: r.Seams, Cloud: r.Cloud}
	var err error
	if r.Day != "" {
		if s.Date, err = runfile.Day(r.Day); err != nil {
			return s, entry, fmt.Errorf("scene %s: %w", r.ID, err)
		}
	}
	for role, b := range r.Bands {
		band := raster.Band{Index: b.Index, Scale: b.Scale, Offset: b.Offset, HasNoData: b.NoData != ""}
		if band.HasNoData {
			if band.NoData, err = strconv.ParseFloat(b.NoData, 64); err != nil {
				return s, entry, fmt.Errorf("scene %s, band %s: %w", r.ID, role, err)
			}
		}
		s.Bands[role] = band
	}
	return s, entry, nil
}
