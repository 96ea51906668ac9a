package assess

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"golang.org/x/sync/errgroup"

	"tuban/pipeline/picture"
	"tuban/raster"
	"tuban/raster/vector"
)

const (
	// chipEdge is the edge of a picture in pixels, chipGap the white between the dates.
	chipEdge, chipGap = 320, 8
	// chipLeast pixels of the imagery around a point are shown, even where that is more ground than asked for.
	chipLeast = 32
	// overview is the longer edge of the picture from which the contrast is measured.
	overview = 512
	// chipsAtOnce pictures are made together: most of the time goes into reading.
	chipsAtOnce = 4
)

// marker rings the pixel that is to be interpreted.
var marker = color.RGBA{255, 220, 0, 255}

// picturing renders the imagery of both dates.
type picturing struct {
	p       *product
	dates   [2][]raster.Scene
	roles   [2][]raster.Role
	stretch [2]picture.Stretch
	metre   [2]float64 // size of a pixel in metres
}

// writeChips leaves a picture per point, before beside after, and the sheet that shows them all.
func (p *product) writeChips(ctx context.Context, d *Design, o DrawOptions) error {
	c, days, err := p.picturing(ctx)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(o.Out, chipFolder), 0o755); err != nil {
		return badInput(err)
	}
	done := make(chan struct{})
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(chipsAtOnce + 1)
	g.Go(func() error {
		for n := range d.Points {
			select {
			case <-done:
				if o.Chips != nil {
					o.Chips(n+1, len(d.Points))
				}
			case <-gctx.Done():
				return gctx.Err()
			}
		}
		return nil
	})
	for _, q := range d.Points {
		g.Go(func() error {
			img, err := c.chip(gctx, q, o.Chip)
			if err != nil {
				return err
			}
			// The best compression would take most of the time that a sample takes.
			var b bytes.Buffer
			if err := png.Encode(&b, img); err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(o.Out, chipFolder, chipName(q.ID)), b.Bytes(), 0o644); err != nil {
				return badInput(err)
			}
			select {
			case done <- struct{}{}:
				return nil
			case <-gctx.Done():
				return gctx.Err()
			}
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return writeSheet(filepath.Join(o.Out, sheetName), d, days)
}

func chipName(id int) string { return fmt.Sprintf("%05d.png", id) }

// picturing finds the product's imagery where the manifest says that it is, and measures its contrast.
func (p *product) picturing(ctx context.Context) (c *picturing, days [2]string, err error) {
	c = &picturing{p: p}
	described, err := p.describedScenes(ctx)
	if err != nil {
		return nil, days, err
	}
	for _, in := range p.manifest.Inputs {
		date := slices.Index([]string{"before", "after"}, in.Role)
		if date < 0 {
			continue
		}
		info, err := p.Imagery.Inspect(ctx, in.URI)
		if err != nil {
			return nil, days, badInput(fmt.Errorf("%w: the pictures need the imagery where the run found it; put it there, or leave them out with --no-chips", err))
		}
		s := sceneOf(info, described[date])
		if same, err := p.Coordinates.SameCRS(s.Native.CRS, p.grid.CRS); err == nil && same {
			s.Native.CRS = p.grid.CRS
		}
		c.dates[date] = append(c.dates[date], s)
	}
	if c.metre[0], c.metre[1], err = p.Coordinates.GroundSize(p.grid); err != nil {
		return nil, days, badInput(err)
	}
	view := picture.Fit(p.grid.Window(), overview, 0, c.metre[0], c.metre[1])
	for date := range c.dates {
		c.roles[date] = shownRoles(c.dates[date])
		planes, err := c.planes(ctx, date, view)
		if err != nil {
			return nil, days, err
		}
		c.stretch[date] = picture.Measure(planes, 0, 0)
		days[date] = described[date].days()
	}
	return c, days, nil
}

// sceneRows are what the product says of the scenes of a date.
type sceneRows []struct{ id, day, bands string }

func (p *product) describedScenes(ctx context.Context) (rows [2]sceneRows, err error) {
	spec, _, err := p.layer(ctx, scenes, []string{"id", "date", "day", "bands"})
	if err != nil {
		return rows, err
	}
	err = p.Vectors.ReadLayer(ctx, spec, p.grid.CRS, func(f vector.Feature) error {
		v, date := f.Values, 0
		if v[1] == "after" {
			date = 1
		}
		rows[date] = append(rows[date], struct{ id, day, bands string }{v[0], v[2], v[3]})
		return nil
	})
	if err != nil {
		return rows, badInput(fmt.Errorf("%s, layer %s: %w", spec.Source, scenes, err))
	}
	return rows, nil
}

// days are the first and the last day of acquisition.
func (r sceneRows) days() string {
	var list []string
	for _, x := range r {
		list = append(list, x.day)
	}
	slices.Sort(list)
	if list = slices.Compact(list); len(list) < 2 {
		return strings.Join(list, "")
	}
	return list[0] + "–" + list[len(list)-1]
}

// sceneOf is a file as the run read it: its bands as the product says, or as the file itself does.
func sceneOf(info raster.Info, rows sceneRows) raster.Scene {
	base := filepath.Base(info.URI)
	s := raster.Scene{
		ID: strings.TrimSuffix(base, path.Ext(base)), URI: info.URI, Native: info.Native, Alpha: info.Alpha,
		BlockW: info.BlockW, BlockH: info.BlockH, DataType: info.DataType, Bytes: info.Bytes, Bands: map[raster.Role]raster.Band{},
	}
	roles := map[raster.Role]int{}
	for _, b := range info.Bands {
		if _, taken := roles[b.Role]; b.Role != "" && !taken {
			roles[b.Role] = b.Index
		}
	}
	for _, r := range rows {
		// A mosaic's origins carry the seam's day and sensor in their names; all have the file's bands.
		if r.id == s.ID || strings.HasPrefix(r.id, s.ID+"#") || len(rows) == 1 {
			clear(roles)
			for _, pair := range strings.Fields(r.bands) {
				role, index, _ := strings.Cut(pair, "=")
				if n, err := strconv.Atoi(index); err == nil && n >= 1 && n <= len(info.Bands) {
					roles[raster.Role(role)] = n
				}
			}
			break
		}
	}
	for role, index := range roles {
		b := info.Bands[index-1]
		band := raster.Band{Index: index, Scale: b.Scale, Offset: b.Offset}
		if b.NoData != nil {
			band.NoData, band.HasNoData = *b.NoData, true
		}
		s.Bands[role] = band
		if index == s.Alpha {
			s.Alpha = 0
		}
	}
	return s
}

// shownRoles are red, green and blue where every scene has them, else the first role of the first scene.
func shownRoles(list []raster.Scene) []raster.Role {
	rgb := []raster.Role{raster.Red, raster.Green, raster.Blue}
	if len(list) == 0 || !slices.ContainsFunc(list, func(s raster.Scene) bool { return len(s.Missing(rgb)) > 0 }) {
		return rgb
	}
	for _, r := range raster.Roles {
		if list[0].Has(r) {
			return []raster.Role{r}
		}
	}
	return rgb
}

// planes reads a date in a view: in list order, the first valid pixel wins.
func (c *picturing) planes(ctx context.Context, date int, v picture.View) ([][]float32, error) {
	planes := make([][]float32, len(c.roles[date]))
	for i := range planes {
		planes[i] = make([]float32, v.W*v.H)
		raster.Fill(planes[i], raster.NaN)
	}
	for _, s := range c.dates[date] {
		part, err := c.p.Imagery.Preview(ctx, s, v.Grid(c.p.grid), c.roles[date])
		if err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			continue // what cannot be read stays hatched
		}
		for k := range planes[0] {
			if planes[0][k] != planes[0][k] {
				for i := range planes {
					planes[i][k] = part[i][k]
				}
			}
		}
	}
	return planes, nil
}

// chip shows a point with its surroundings of so many metres, before beside after, its pixel marked in both.
func (c *picturing) chip(ctx context.Context, q SamplePoint, metres float64) (*image.RGBA, error) {
	x, y := float64(q.Column), float64(q.Row)
	pixel := orb.MultiPolygon{{{{x, y}, {x + 1, y}, {x + 1, y + 1}, {x, y + 1}, {x, y}}}}
	edge := max(chipLeast, int(math.Ceil(metres/max(c.metre[0], c.metre[1]))))
	v := picture.Fit(picture.Around(pixel.Bound(), 1, edge, c.p.grid.Window()), chipEdge, chipEdge, c.metre[0], c.metre[1])
	out := image.NewRGBA(image.Rect(0, 0, 2*v.W+chipGap, v.H))
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	for date := range c.dates {
		planes, err := c.planes(ctx, date, v)
		if err != nil {
			return nil, err
		}
		img := c.stretch[date].Render(v.W, v.H, planes)
		picture.Draw(img, []picture.Outline{{Geom: v.Geometry(pixel), Color: marker}}, picture.Strokes{Width: 1, MinSize: 24})
		draw.Draw(out, img.Rect.Add(image.Pt(date*(v.W+chipGap), 0)), img, image.Point{}, draw.Src)
	}
	return out, nil
}
