package pipeline

import (
	"fmt"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"tuban/raster"
)

// sceneOrigins are those of scenes without seam lines: one each, in order.
func sceneOrigins(scenes []raster.Scene) []Origin {
	out := make([]Origin, len(scenes))
	for i, s := range scenes {
		out[i] = Origin{Scene: i, Date: s.Date, Sensor: s.Sensor, Name: s.ID}
	}
	return out
}

// twinRank has the reasons for which a pixel has no value, those that count more behind the others.
var twinRank = []int32{fromOutside, fromNoData, fromUnfit, fromShadow, fromCloud, fromUnreadable}

// rectangleZone is a zone of half pixels of the run's grid.
func rectangleZone(x0, y0, x1, y1 float64) zone {
	z := zone{geom: orb.MultiPolygon{{{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}}}}
	z.window = pixelsAround(z.geom)
	return z
}

func drawZones(t *rapid.T, name string) []zone {
	var out []zone
	for range rapid.IntRange(1, 4).Draw(t, name) {
		x, y := rapid.IntRange(-4, 44).Draw(t, "zx"), rapid.IntRange(-4, 30).Draw(t, "zy")
		w, h := rapid.IntRange(1, 40).Draw(t, "zw"), rapid.IntRange(1, 30).Draw(t, "zh")
		out = append(out, rectangleZone(float64(x)/2, float64(y)/2, float64(x+w)/2, float64(y+h)/2))
	}
	return out
}

// drawBesides gives some scenes of date d seam lines or a cloud mask, and returns the origins that they make.
func (w *world) drawBesides(t *rapid.T, d int) []Origin {
	var all []Origin
	b := &w.plan.besides[d]
	scenes := w.plan.scenes(d)
	b.seams, b.clouds = make([]*seams, len(scenes)), make([]*cloudMask, len(scenes))
	for i := range scenes {
		all = append(all, Origin{Scene: i, Date: time.Unix(0, 0), Name: fmt.Sprint(i)})
		if rapid.IntRange(0, 2).Draw(t, "seamed") == 0 {
			s := &seams{zones: drawZones(t, "seams"), rest: -1}
			parts := rapid.IntRange(1, 3).Draw(t, "origins")
			for range s.zones {
				s.origin = append(s.origin, int32(len(all)-1+rapid.IntRange(0, parts-1).Draw(t, "origin")))
			}
			for range parts - 1 {
				all = append(all, Origin{Scene: i, Name: fmt.Sprint(i, "#")})
			}
			if rapid.Bool().Draw(t, "rest") {
				s.rest = int32(len(all) - 1)
			}
			b.seams[i] = s
		}
		switch rapid.IntRange(0, 3).Draw(t, "cloud") {
		case 0:
			b.clouds[i] = &cloudMask{raster: -1, zones: drawZones(t, "clouds")}
		case 1:
			b.clouds[i] = w.drawMask(t, d, i)
		}
	}
	return all
}

// drawMask makes a raster mask that lies anywhere, of values 0 to 4: 1 or all of them are cloud, 2 is shadow, 4 says nothing.
func (w *world) drawMask(t *rapid.T, d, i int) *cloudMask {
	uri := fmt.Sprint("mask", d, i)
	f := &rasterFile{planes: map[raster.Role][]float32{}, broken: rapid.IntRange(0, 5).Draw(t, "broken mask") == 0}
	f.place = raster.Window{
		X: rapid.IntRange(-5, 12).Draw(t, "mx"), Y: rapid.IntRange(-5, 12).Draw(t, "my"),
		W: rapid.IntRange(1, 30).Draw(t, "mw"), H: rapid.IntRange(1, 30).Draw(t, "mh"),
	}
	seed := rapid.IntRange(0, 100).Draw(t, "mask seed")
	for k := range f.place.Pixels() {
		x, y := int(k)%f.place.W, int(k)/f.place.W
		f.planes[raster.Mask] = append(f.planes[raster.Mask], float32((x/3*5+y/2*7+seed)%5))
	}
	w.files.files[uri] = f
	b := &w.plan.besides[d]
	four := float32(4)
	m := &cloudMask{source: uri, raster: len(b.masks), shadow: []float32{2}, noData: &four}
	if rapid.Bool().Draw(t, "listed") {
		m.cloud = []float32{1}
	}
	b.masks = append(b.masks, raster.Scene{ID: uri, URI: uri, Bands: map[raster.Role]raster.Band{raster.Mask: {Index: 1}}})
	return m
}

// holds reports whether the centre of pixel (x, y) lies in a zone; centres on its left and top edges do.
func (z zone) holds(x, y int) bool {
	cx, cy := float64(x)+0.5, float64(y)+0.5
	a, b := z.geom[0][0][0], z.geom[0][0][2]
	return cx >= a[0] && cx < b[0] && cy >= a[1] && cy < b[1]
}

// besides is the origin of a pixel that scene i of date d has a value for, or why it counts as none.
func (w *world) besides(d, i, x, y int) int32 {
	b := w.plan.besides[d]
	from := int32(-1)
	for k, o := range w.plan.origins(d) {
		if o.Scene == i && from < 0 {
			from = int32(k)
		}
	}
	if s := b.seams[i]; s != nil {
		from = s.rest
		for k, z := range s.zones {
			if z.holds(x, y) {
				from = s.origin[k]
				break
			}
		}
		if from < 0 {
			from = fromNoData
		}
	}
	c := b.clouds[i]
	if c == nil {
		return from
	}
	if c.raster < 0 {
		for _, z := range c.zones {
			if z.holds(x, y) {
				return fromCloud
			}
		}
		return from
	}
	f := w.files.files[c.source]
	v := f.at([]raster.Role{raster.Mask}, x, y)[0]
	switch {
	case v != v, v == 0, v == 3 && c.cloud != nil:
	case f.broken:
	case v == 1, v == 3:
		from = fromCloud
	case v == 2:
		from = fromShadow
	case v == 4:
		from = fromNoData
	}
	if f.broken && v == v {
		return fromUnreadable
	}
	return from
}
