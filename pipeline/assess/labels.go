package assess

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"tuban/pipeline"
	"tuban/raster"
)

// Labels say what the values of a raster reference mean. Where Changed and Unchanged are both empty they are recognised.
type Labels struct {
	Changed   []int `json:"changed"`
	Unchanged []int `json:"unchanged"`
	// Ignored pixels are not labelled; so are those without data, and beyond the edge.
	Ignored []int `json:"ignored"`
	// AllChanges makes every value that is neither Unchanged nor Ignored a change.
	AllChanges bool `json:"-"`
}

// truth is what a reference says of a pixel.
type truth uint8

const (
	unlabelled truth = iota
	unchanged
	changed
	unknownValue
)

// of says what the value v of a reference means; NaN is no data.
func (l Labels) of(v float32) truth {
	n := int(v)
	switch {
	case v != v:
		return unlabelled
	case float32(n) != v:
		return unknownValue
	case slices.Contains(l.Changed, n):
		return changed
	case slices.Contains(l.Unchanged, n):
		return unchanged
	case slices.Contains(l.Ignored, n):
		return unlabelled
	case l.AllChanges:
		return changed
	}
	return unknownValue
}

// labelled is an opened raster reference, on the product's grid.
type labelled struct {
	uri    string
	pixels pipeline.Pixels
	labels Labels
	noData *float64
	// stored is where what the file does not store holds 0, as GDAL has it: on the product's grid, without a no-data value.
	stored raster.Window
}

// openLabels opens a raster reference. It may lie on another grid: the pixel nearest to the product's counts.
func (p *product) openLabels(ctx context.Context, info raster.Info, l Labels) (*labelled, error) {
	uri := info.URI
	switch {
	case !info.GeoTransform || info.Native.CRS == "":
		return nil, badInput(fmt.Errorf("%s has no georeference or no coordinate reference system: assign those of the imagery (gdal_edit.py -a_srs EPSG:n -a_ullr MINX MAXY MAXX MINY FILE)", uri))
	case len(info.Bands) != 1:
		return nil, badInput(fmt.Errorf("%s has %d bands: give the one with the labels (gdal_translate -b n FILE out.tif)", uri, len(info.Bands)))
	}
	s := categories(info)
	if same, err := p.Coordinates.SameCRS(info.Native.CRS, p.grid.CRS); err == nil && same {
		s.Native.CRS = p.grid.CRS
	}
	if err := p.meets(uri, s.Native.CRS, s.Native.Bounds(s.Native.Window())); err != nil {
		return nil, err
	}
	px, err := p.Imagery.Open(p.grid, []raster.Scene{s}, []raster.Role{raster.Mask}, 0)
	if err != nil {
		return nil, badInput(err)
	}
	r := &labelled{uri: uri, pixels: px, labels: l, noData: info.Bands[0].NoData}
	if _, _, ok := p.grid.Offset(s.Native); ok && r.noData == nil {
		r.stored = px.Footprint(0)
	}
	if len(l.Changed)+len(l.Unchanged) == 0 {
		if err := r.recognise(ctx, p.grid); err != nil {
			px.Close()
			return nil, err
		}
	}
	if tag := r.noData; tag != nil && *tag == math.Trunc(*tag) && r.labels.of(float32(*tag)) == unknownValue {
		r.labels.Ignored = append(slices.Clone(r.labels.Ignored), int(*tag))
	}
	return r, nil
}

// meets refuses a reference that lies elsewhere.
func (p *product) meets(uri, crs string, b raster.Bounds) error {
	if b.Empty() {
		return badInput(fmt.Errorf("%s is empty: give the layer with --layer, or another file", uri))
	}
	here, err := p.Coordinates.TransformBounds(crs, p.grid.CRS, b)
	if err != nil {
		return badInput(fmt.Errorf("%s: %w", uri, err))
	}
	if p.grid.Cover(here).Empty() {
		q := p.grid.Bounds(p.grid.Window())
		return badInput(fmt.Errorf("%s lies at %.9g %.9g … %.9g %.9g, the product at %.9g %.9g … %.9g %.9g (%s): they do not overlap: check that it is the reference of this land, and its coordinate reference system and zone",
			uri, here.MinX, here.MinY, here.MaxX, here.MaxY, q.MinX, q.MinY, q.MaxX, q.MaxY, p.grid.CRS))
	}
	return nil
}

// conventions are the values that references usually have: unchanged, changed.
var conventions = [][2]int{{0, 1}, {0, 255}, {1, 2}}

// recognise finds the convention that the reference's values follow. A value to ignore that a convention needs is no
// longer ignored.
func (r *labelled) recognise(ctx context.Context, g raster.Grid) error {
	counts := map[float32]int64{}
	err := eachTile(ctx, g, func(w raster.Window) error {
		plane, err := r.read(ctx, w, nil)
		for _, v := range plane {
			if v == v {
				counts[v]++
			}
		}
		if len(counts) > 256 {
			return badInput(fmt.Errorf("%s has more than 256 values: it is no reference of labels; give one, or polygons", r.uri))
		}
		return err
	})
	if err != nil {
		return err
	}
	values := slices.Sorted(maps.Keys(counts))
	for _, c := range conventions {
		rest := slices.DeleteFunc(slices.Clone(values), func(v float32) bool {
			n := int(v)
			return float32(n) == v && (n == c[0] || n == c[1] || slices.Contains(r.labels.Ignored, n)) || r.noData != nil && float64(v) == *r.noData
		})
		_, active := counts[float32(c[1])]
		// 0 and 255 are a picture of changes rather than a map without one, of which part is not labelled.
		if len(rest) == 0 && (active || len(values) == 1 && values[0] == 0) {
			r.labels.Unchanged, r.labels.Changed = []int{c[0]}, []int{c[1]}
			r.labels.Ignored = slices.DeleteFunc(slices.Clone(r.labels.Ignored), func(n int) bool { return n == c[1] || n == c[0] })
			return nil
		}
	}
	if r.labels.AllChanges && counts[0] > 0 {
		r.labels.Unchanged = []int{0}
		return nil
	}
	if len(values) == 0 {
		return badInput(fmt.Errorf("%s has no value on the product's land: check that it is the reference of this land", r.uri))
	}
	var parts []string
	for _, v := range values[:min(12, len(values))] {
		parts = append(parts, fmt.Sprintf("%s (%d pixels)", strconv.FormatFloat(float64(v), 'f', -1, 32), counts[v]))
	}
	return badInput(fmt.Errorf("%s has the values %s: say which of them mean changed, unchanged and not labelled, as in --value 1 --no-value 0 --ignore 255", r.uri, strings.Join(parts, ", ")))
}

// read returns the values over w, in buf where it is large enough.
func (r *labelled) read(ctx context.Context, w raster.Window, buf []float32) ([]float32, error) {
	buf = grown(buf, int(w.Pixels()))
	if err := r.pixels.Read(ctx, 0, w, [][]float32{buf}); err != nil {
		return buf, err
	}
	in := r.stored.Intersect(w)
	for y := in.Y; y < in.Y+in.H; y++ {
		o := (y-w.Y)*w.W + in.X - w.X
		for i, v := range buf[o : o+in.W] {
			if v != v {
				buf[o+i] = 0
			}
		}
	}
	return buf, nil
}

// truth fills dst with what the reference says over w.
func (r *labelled) truth(ctx context.Context, w raster.Window, dst []truth, buf []float32) ([]float32, error) {
	buf, err := r.read(ctx, w, buf)
	if err != nil {
		return buf, badInput(err)
	}
	for i, v := range buf {
		if dst[i] = r.labels.of(v); dst[i] == unknownValue {
			return buf, badInput(fmt.Errorf("%s has the value %g at column %d, row %d of the product: say what it means with --value, --no-value or --ignore (values of either can be listed, as in --no-value 0,10)",
				r.uri, v, w.X+i%w.W, w.Y+i/w.W))
		}
	}
	return buf, nil
}

// tileEdge is the edge of the windows in which products are gone through.
const tileEdge = 1024

// eachTile visits the grid window by window.
func eachTile(ctx context.Context, g raster.Grid, visit func(raster.Window) error) error {
	for _, t := range raster.Tiles(g, tileEdge, 0) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := visit(t.Core); err != nil {
			return err
		}
	}
	return nil
}
