package review

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"tuban/pipeline"
	"tuban/pipeline/product"
	"tuban/raster"
)

// dates are the dates of a run as the manifest and the project call them, the later one on top.
var dates = []struct{ role, zh string }{{"after", "后时相影像"}, {"before", "前时相影像"}}

// imageLayers are the scenes of both dates in a group each, in the order of the mosaic; and those that cannot be shown, with
// the reason.
func imageLayers(ctx context.Context, d pipeline.Drivers, p *product.Product, dir string) (groups []group, unreachable []string, err error) {
	scenes, _, err := p.Layer(ctx, "scenes", "")
	if err != nil {
		return nil, nil, err
	}
	for _, date := range dates {
		g := group{Name: date.zh}
		for _, in := range p.Manifest.Inputs {
			if in.Role != date.role {
				continue
			}
			id := strings.TrimSuffix(filepath.Base(in.URI), filepath.Ext(in.URI))
			l := &mapLayer{ID: fmt.Sprintf("tuban_%s_%d", date.role, len(g.Layers)+1), Name: id, Raster: true}
			if l.Source, err = reach(in.URI, dir); err == nil {
				err = l.look(ctx, d, in.URI)
			}
			if err != nil {
				unreachable = append(unreachable, fmt.Sprintf("%s: %v", in.URI, err))
				continue
			}
			for _, s := range scenes {
				if s.Text("date") == date.role && (s.Text("id") == id || strings.HasPrefix(s.Text("id"), id+" ")) {
					l.declare(s.Text("bands"))
					if len(s.Text("day")) == 8 {
						l.Name = s.Text("day") + " " + id
					}
					break
				}
			}
			g.Layers = append(g.Layers, l)
		}
		if len(g.Layers) > 0 {
			groups = append(groups, g)
		}
	}
	return groups, unreachable, nil
}

// reach is a file as the project in dir names it: relative, so that the folders can be moved together.
func reach(uri, dir string) (string, error) {
	if strings.HasPrefix(uri, "s3://") {
		return "", fmt.Errorf("it lies in object storage: fetch it and add it to the project")
	}
	if _, err := os.Stat(uri); err != nil {
		return "", err
	}
	from, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	to, err := filepath.Abs(uri)
	if err != nil {
		return "", err
	}
	rel, err := filepath.Rel(from, to)
	if err != nil {
		return to, nil //nolint:nilerr // on another volume; the absolute path will do
	}
	if !strings.HasPrefix(rel, "..") {
		rel = "./" + rel
	}
	return filepath.ToSlash(rel), nil
}

// look fills in what the file says of itself.
func (l *mapLayer) look(ctx context.Context, d pipeline.Drivers, uri string) error {
	info, err := d.Imagery.Inspect(ctx, uri)
	if err != nil {
		return err
	}
	l.CRS, l.Extent = info.Native.CRS, info.Native.Bounds(info.Native.Window())
	l.Stretch, l.Low, l.High = info.DataType != "Byte", 0, 2500
	roles := map[raster.Role]int{}
	for _, b := range info.Bands {
		roles[b.Role] = b.Index
	}
	switch {
	case len(info.Bands) < 3:
		l.Gray, l.Bands, l.Stretch = true, []int{1}, true
	default:
		l.Bands = []int{1, 2, 3}
	}
	l.colour(roles)
	return nil
}

// declare takes bands as the run read them, in the notation of the layer `scenes`: blue=1 green=2 …
func (l *mapLayer) declare(bands string) {
	roles := map[raster.Role]int{}
	for _, w := range strings.Fields(bands) {
		role, index, _ := strings.Cut(w, "=")
		n := 0
		if _, err := fmt.Sscan(index, &n); err == nil {
			roles[raster.Role(role)] = n
		}
	}
	l.colour(roles)
}

// colour shows true colour where the bands are known.
func (l *mapLayer) colour(roles map[raster.Role]int) {
	r, g, b := roles[raster.Red], roles[raster.Green], roles[raster.Blue]
	if r > 0 && g > 0 && b > 0 {
		l.Gray, l.Bands = false, []int{r, g, b}
	}
}
