// Package redraw says what of a patch's attributes still holds when its outline is another: drawn anew by a person, merged,
// split, or cut at the boundary of a county.
package redraw

import (
	"context"
	_ "embed"
	"encoding/csv"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"tuban/pipeline"
	"tuban/raster/ellipsoid"
)

//go:embed fields.csv
var fieldsCSV string

// How a field is had for another outline: it stays (keep), the land below says it (land), or the land where it is asked and else
// it stays (either). Any other field is unknown: null.
var how = func() map[string]string {
	rows, err := csv.NewReader(strings.NewReader(fieldsCSV)).ReadAll()
	if err != nil {
		panic(err) // the table is part of the program
	}
	out := map[string]string{}
	for _, r := range rows[1:] {
		out[r[0]] = r[1]
	}
	return out
}()

func keeps(field string) bool { return how[field] == "keep" || how[field] == "either" }

// OfLand reports whether the land below an outline says what the field is.
func OfLand(field string) bool { return how[field] == "land" || how[field] == "either" }

// Land says what lies below outlines in the product of the manifest: pipeline.Remeasure with a run.
type Land func(ctx context.Context, m *pipeline.Manifest, list []pipeline.Outline) ([]map[string]string, error)

// Outline is what Land is asked about a patch with these values and this outline.
func Outline(values map[string]string, mp orb.MultiPolygon) pipeline.Outline {
	return pipeline.Outline{
		CID: values["cid"], Kind: values["kind"], Before: values["QSX"], After: values["HSX"], First: values["SCFX"], Geom: mp,
	}
}

// Ask replaces what the land says of an outline by what was measured there; see pipeline.Remeasure.
func Ask(values, measured map[string]string) {
	for field, h := range how {
		if h == "keep" {
			continue
		}
		if v := measured[field]; v != "" {
			values[field] = v
		} else {
			delete(values, field)
		}
	}
}

// Values are the attributes of a patch under the outline mp: those of base that still hold, and what area in m², with two
// decimals, and mp say. note is appended to what a reader should mind (TS).
func Values(base map[string]string, mp orb.MultiPolygon, area float64, s *pipeline.Surveyor, note string) (map[string]string, error) {
	out := map[string]string{}
	for field, v := range base {
		if keeps(field) {
			out[field] = v
		}
	}
	lon, lat, err := s.Centroid(mp)
	if err != nil {
		return nil, err
	}
	Measure(out, area)
	out["LON"], out["LAT"] = number(lon, 7), number(lat, 7)
	out["TS"] = Note(base["TS"], note)
	return out, nil
}

// Measure sets the fields of the area, in m².
func Measure(values map[string]string, area float64) {
	values["JCMJ"], values["MJ"], values["MJM"] = number(area, 2), number(area, 2), number(ellipsoid.Mu(area), 2)
}

// noteWidth is the width of TS in characters.
const noteWidth = 254

// Note adds a note to those there are, once, before them: where not all of it fits, the newest is what must be read.
func Note(notes, note string) string {
	if note == "" || strings.Contains(notes, note) {
		return notes
	}
	if notes != "" {
		note += "；" + notes
	}
	if r := []rune(note); len(r) > noteWidth {
		return string(r[:noteWidth-1]) + "…"
	}
	return note
}

func number(v float64, decimals int) string { return strconv.FormatFloat(v, 'f', decimals, 64) }
