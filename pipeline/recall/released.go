package recall

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"tuban/classify/day"
	"tuban/pipeline"
	"tuban/raster/vector"

	"github.com/paulmach/orb/encoding/wkb"
)

// within reports whether a day of an after image lies in the bounds. A release without one is within all.
func (o SurveyOptions) within(text string) bool {
	d, err := day.Parse(text)
	if err != nil || d.IsZero() {
		return true
	}
	return !d.Before(o.Since) && (o.Until.IsZero() || !d.After(o.Until))
}

// days says the bounds in a message.
func (o SurveyOptions) days() string {
	switch {
	case !o.Since.IsZero() && !o.Until.IsZero():
		return " with an after image from " + o.Since.Format("2006-01-02") + " to " + o.Until.Format("2006-01-02")
	case !o.Since.IsZero():
		return " with an after image since " + o.Since.Format("2006-01-02")
	case !o.Until.IsZero():
		return " with an after image until " + o.Until.Format("2006-01-02")
	}
	return ""
}

// oneSystem brings the outlines of releases to the reference system of the first: the counties of a province lie in several zones.
func oneSystem(ctx context.Context, d pipeline.Drivers, list []*release) (crs string, err error) {
	crs = list[0].Shape.CRS
	others := map[string][]*release{}
	for _, r := range list {
		if r.geom, err = r.Shape.Polygons(); err != nil {
			return "", pipeline.NewInputError(fmt.Errorf("release %s: %w", r.JCBH, err))
		}
		same, err := d.Coordinates.SameCRS(crs, r.Shape.CRS)
		if err != nil {
			return "", pipeline.NewInputError(fmt.Errorf("release %s: %w", r.JCBH, err))
		}
		if !same {
			others[r.Shape.CRS] = append(others[r.Shape.CRS], r)
		}
	}
	for from, group := range others {
		if err := transform(ctx, d.Vectors, group, from, crs); err != nil {
			return "", err
		}
	}
	return crs, nil
}

// transform brings outlines from one reference system to another, by way of a file: layers are read in any system.
func transform(ctx context.Context, v pipeline.Vectors, list []*release, from, to string) (err error) {
	dir, err := os.MkdirTemp("", "tuban-recall-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "releases.gpkg")
	t := vector.Table{Name: "releases", CRS: from, Geometry: "MultiPolygon", Fields: []vector.Field{{Name: "n", Type: vector.Int64}}}
	t.Rows = func(yield func(vector.Row, error) bool) {
		for i, r := range list {
			b, err := wkb.Marshal(r.geom)
			if !yield(vector.Row{WKB: b, Values: []any{int64(i)}}, err) {
				return
			}
		}
	}
	if err := v.WriteGeoPackage(ctx, path, []vector.Table{t}, vector.WriteOptions{}); err != nil {
		return err
	}
	return v.ReadLayer(ctx, vector.LayerSpec{Source: path, Layer: "releases", Fields: []string{"n"}}, to, func(f vector.Feature) error {
		i, err := strconv.Atoi(f.Values[0])
		if err != nil {
			return err
		}
		if f.Problem != "" {
			return fmt.Errorf("release %s: %s", list[i].JCBH, f.Problem)
		}
		list[i].geom, err = vector.Polygons(f.WKB)
		return err
	})
}
