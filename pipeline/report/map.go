package report

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// mapFigure is the map as SVG. Lengths are in pixels of the base picture; those meant for the eye are multiples of U,
// the base pixels that one CSS pixel shows at the size the map has on the page.
type mapFigure struct {
	Image      template.HTMLAttr
	W, H       int
	Total      float64
	U          float64
	Layers     []mapLayer
	Labels     []label
	Unlabelled int
	Unobserved string
	Hatch      float64
	Scale      *scaleBar
	NorthUp    bool
	Legend     []legendItem
	Corners    string
}

// mapLayer is the shapes of one kind: outlines, and dots for those too small to be seen.
type mapLayer struct {
	ID    string
	Color string
	Path  string
	Dots  []orb.Point
}

type legendItem struct {
	X, Y  float64
	Color string
	Hatch bool
	Name  Text
	Note  string
}

type scaleBar struct {
	Length float64
	Text   string
}

// A4 leaves this many CSS pixels for the map; u follows from it.
const (
	mapWidth, mapHeight = 940.0, 1000.0
	// A shape whose longer edge is below this many CSS pixels also gets a dot.
	smallShape = 7.0
	legendRow  = 26.0
)

func newMap(r Report, kinds map[string]legend) (*mapFigure, error) {
	m := r.Map
	if len(m.Base.Data) == 0 {
		return nil, nil
	}
	image, err := embed(m.Base)
	if err != nil {
		return nil, fmt.Errorf("base picture: %w", err)
	}
	f := &mapFigure{Image: image, W: m.Base.W, H: m.Base.H, NorthUp: m.NorthUp}
	f.U = max(float64(f.W)/mapWidth, float64(f.H)/mapHeight)
	f.Hatch = 7 * f.U
	f.Unobserved = pathData(m.Unobserved, 0.5*f.U)

	index := make(map[string]int)
	counts := make(map[string]int)
	for _, k := range r.Kinds {
		index[k.Code] = len(f.Layers)
		f.Layers = append(f.Layers, mapLayer{ID: "kind" + strconv.Itoa(len(f.Layers)), Color: kinds[k.Code].Color})
	}
	paths := make([]strings.Builder, len(f.Layers))
	for _, s := range m.Shapes {
		i, ok := index[s.Kind]
		if !ok {
			return nil, fmt.Errorf("patch %d has the kind %q, which is not among the report's kinds", s.No, s.Kind)
		}
		counts[s.Kind]++
		b := s.Geom.Bound()
		if b.IsEmpty() {
			continue
		}
		writePath(&paths[i], s.Geom, 0.3*f.U)
		if max(b.Max[0]-b.Min[0], b.Max[1]-b.Min[1]) < smallShape*f.U {
			f.Layers[i].Dots = append(f.Layers[i].Dots, b.Center())
		}
	}
	for i := range paths {
		f.Layers[i].Path = paths[i].String()
	}
	if m.MetresPerPixel > 0 {
		f.Scale = newScaleBar(m.MetresPerPixel, float64(f.W), f.U)
	}
	f.Labels = placeLabels(m.Shapes, float64(f.W), float64(f.H), f.U, f.furniture()...)
	for _, s := range m.Shapes {
		if s.No > 0 {
			f.Unlabelled++
		}
	}
	f.Unlabelled -= len(f.Labels)
	if m.NorthWest != (orb.Point{}) || m.SouthEast != (orb.Point{}) {
		f.Corners = "西北角 " + degrees(m.NorthWest[0], m.NorthWest[1]) + "　东南角 " + degrees(m.SouthEast[0], m.SouthEast[1])
	}
	f.layLegend(r, kinds, counts)
	return f, nil
}

// furniture is where the scale bar and the north arrow stand.
func (f *mapFigure) furniture() (out []orb.Bound) {
	if f.Scale != nil {
		out = append(out, orb.Bound{Min: orb.Point{f.Mul(10), f.Down(46)}, Max: orb.Point{f.Mul(22) + f.Scale.Length, f.Down(12)}})
	}
	if f.NorthUp {
		out = append(out, orb.Bound{Min: orb.Point{f.Right(52), f.Mul(6)}, Max: orb.Point{f.Right(8), f.Mul(60)}})
	}
	return out
}

// layLegend sets the legend below the picture, row by row, each item as wide as its text.
func (f *mapFigure) layLegend(r Report, kinds map[string]legend, counts map[string]int) {
	var items []legendItem
	for _, k := range r.Kinds {
		l := kinds[k.Code]
		items = append(items, legendItem{Color: l.Color, Name: l.Name, Note: whole(counts[k.Code]) + " 个"})
	}
	if f.Unobserved != "" {
		items = append(items, legendItem{Hatch: true, Name: Text{"未观测或不可判断", "Not observed"}})
	}
	margin := 12.0
	x, y := margin, margin
	for i := range items {
		it := &items[i]
		width := 26 + textWidth(it.Name.ZH+it.Note, 13) + textWidth(it.Name.EN, 11) + 34
		if x > margin && x+width > float64(f.W)/f.U-margin {
			x, y = margin, y+legendRow
		}
		it.X, it.Y = x*f.U, float64(f.H)+y*f.U
		x += width
	}
	y += legendRow
	f.Legend = items
	f.Total = float64(f.H) + (y+4)*f.U
}

// newScaleBar is a round length (1, 2 or 5 times a power of ten metres) of at most a fifth of the map.
func newScaleBar(metres, w, u float64) *scaleBar {
	most := metres * min(w/4, 200*u)
	length := math.Pow(10, math.Floor(math.Log10(most)))
	for _, f := range []float64{5, 2} {
		if length*f <= most {
			length *= f
			break
		}
	}
	text := strconv.FormatFloat(length, 'g', -1, 64) + " m"
	if length >= 1000 {
		text = strconv.FormatFloat(length/1000, 'g', -1, 64) + " km"
	}
	return &scaleBar{Length: length / metres, Text: text}
}

// Mul returns n CSS pixels in pixels of the base picture; Down is the same counted from the bottom of the picture.
func (f *mapFigure) Mul(n float64) float64  { return n * f.U }
func (f *mapFigure) Down(n float64) float64 { return float64(f.H) - n*f.U }

// Right is n CSS pixels from the right edge of the picture.
func (f *mapFigure) Right(n float64) float64 { return float64(f.W) - n*f.U }

// pathData writes mp as the d of an SVG path, to a tenth of a pixel; vertices closer than least to the one before are left out.
func pathData(mp orb.MultiPolygon, least float64) string {
	var b strings.Builder
	writePath(&b, mp, least)
	return b.String()
}

func writePath(b *strings.Builder, mp orb.MultiPolygon, least float64) {
	for _, p := range mp {
		for _, r := range p {
			writeRing(b, r, least)
		}
	}
}

func writeRing(b *strings.Builder, r orb.Ring, least float64) {
	if n := len(r); n > 1 && r[0] == r[n-1] {
		r = r[:n-1]
	}
	var last orb.Point
	drawn := false
	for _, q := range r {
		switch {
		case math.IsNaN(q[0]+q[1]) || math.IsInf(q[0]+q[1], 0):
			continue
		case !drawn:
			b.WriteByte('M')
		case math.Abs(q[0]-last[0]) < least && math.Abs(q[1]-last[1]) < least:
			continue
		default:
			b.WriteByte('L')
		}
		last, drawn = q, true
		b.WriteString(tenth(q[0]))
		b.WriteByte(' ')
		b.WriteString(tenth(q[1]))
	}
	if drawn {
		b.WriteByte('Z')
	}
}

func tenth(v float64) string {
	s := strconv.FormatFloat(v, 'f', 1, 64)
	s = strings.TrimSuffix(s, ".0")
	if s == "-0" {
		return "0"
	}
	return s
}
