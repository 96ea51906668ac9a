package pipeline

import (
	"context"
	"image"

	"golang.org/x/sync/errgroup"

	"tuban/pipeline/picture"
	"tuban/raster"
)

// canvas renders the imagery of a date in any view of the run's grid.
type canvas struct {
	imagery Imagery
	plan    *Plan
	stretch [2]picture.Stretch
}

// mapView is how the map shows the run.
func (p *Plan) mapView() picture.View {
	return picture.Fit(p.Grid.Window(), mapEdge, mapLeast, p.Pixel.X, p.Pixel.Y)
}

// sketchShare of the memory may be taken by what the map is drawn from.
const sketchShare = 12

// sketch has the map drawn from what is decoded for other reasons from now on, where the imagery can; end forgets it.
func (p *Plan) sketch(im Imagery, o Options) (end func()) {
	sketcher, ok := im.(Sketcher)
	if !ok || !p.wants("report") {
		return func() {}
	}
	view, free := p.mapView().Grid(p.Grid), o.Memory/sketchShare
	for _, scenes := range [][]raster.Scene{p.Before, p.After} {
		free -= sketcher.Sketch(view, scenes, pictureRoles(scenes), free)
	}
	return sketcher.EndSketches
}

// both renders the two dates at once.
func (c *canvas) both(ctx context.Context, v picture.View) ([2]*image.RGBA, error) {
	var out [2]*image.RGBA
	g, ctx := errgroup.WithContext(ctx)
	for d := range out {
		g.Go(func() (err error) {
			out[d], err = c.render(ctx, d, v)
			return err
		})
	}
	err := g.Wait()
	return out, err
}

// stripPixels is how much of a picture is rendered at once: its planes, the scene and its source take nine times as much memory.
const stripPixels = 1 << 18

// render shows date d (0 before, 1 after): natural colour where the scenes have it, else grey.
func (c *canvas) render(ctx context.Context, d int, v picture.View) (*image.RGBA, error) {
	g := v.Grid(c.plan.Grid)
	out := image.NewRGBA(image.Rect(0, 0, v.W, v.H))
	rows := max(1, stripPixels/max(1, v.W))
	for y := 0; y < v.H; y += rows {
		strip := g.Crop(raster.Window{Y: y, W: v.W, H: min(rows, v.H-y)})
		part, err := c.strip(ctx, d, strip)
		if err != nil {
			return nil, err
		}
		copy(out.Pix[y*out.Stride:], part.Pix)
	}
	return out, nil
}

// strip renders date d on the grid g.
func (c *canvas) strip(ctx context.Context, d int, g raster.Grid) (*image.RGBA, error) {
	scenes := [2][]raster.Scene{c.plan.Before, c.plan.After}[d]
	roles := pictureRoles(scenes)
	planes := make([][]float32, len(roles))
	for i := range planes {
		planes[i] = make([]float32, g.W*g.H)
		raster.Fill(planes[i], raster.NaN)
	}
	for _, s := range scenes {
		part, err := c.imagery.Preview(ctx, s, g, roles)
		if err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			continue // the gap is reported where it counts; here it stays hatched
		}
		for k := range planes[0] {
			if planes[0][k] == planes[0][k] {
				continue
			}
			for i := range planes {
				planes[i][k] = part[i][k]
			}
		}
	}
	return c.stretch[d].Render(g.W, g.H, planes), nil
}

// pictureRoles are red, green and blue where every scene has them, else the first role of the first scene.
func pictureRoles(scenes []raster.Scene) []raster.Role {
	rgb := []raster.Role{raster.Red, raster.Green, raster.Blue}
	natural := true
	for _, s := range scenes {
		natural = natural && len(s.Missing(rgb)) == 0
	}
	if natural {
		return rgb
	}
	for _, r := range raster.Roles {
		if scenes[0].Has(r) {
			return []raster.Role{r}
		}
	}
	return rgb
}

// stretch is the display range of a date: from the measured quantiles, so that pictures of one run look alike.
func (m *Measured) stretch(date string, p *Plan) picture.Stretch {
	scenes := p.Before
	if date == "after" {
		scenes = p.After
	}
	return m.stretchOf(date, pictureRoles(scenes))
}

// stretchOf is the display range of some bands of a date: one, or three.
func (m *Measured) stretchOf(date string, roles []raster.Role) picture.Stretch {
	var s picture.Stretch
	for i := range s.Lo {
		s.Lo[i], s.Hi[i] = 0, 1
		for _, b := range m.Bands {
			if b.Date == date && b.Role == roles[i%len(roles)] && b.P98 > b.P02 {
				// A little beyond the quantiles: roofs and water keep some drawing.
				margin := (b.P98 - b.P02) * 0.1
				s.Lo[i], s.Hi[i] = b.P02-margin, b.P98+margin
			}
		}
	}
	return s
}
