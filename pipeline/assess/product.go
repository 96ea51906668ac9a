package assess

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"tuban/classify/rules"
	"tuban/pipeline"
	"tuban/raster"
	"tuban/raster/spell"
	"tuban/raster/vector"
)

// Names of a product's files and layers, and the reason of candidates that were kept back below the operating point.
const (
	maskName    = "mask.tif"
	packageName = "changes.gpkg"
	changes     = "changes"
	changesRaw  = "changes_raw"
	dropped     = "dropped"
	unobserved  = "unobserved"
	scenes      = "scenes"
)

// ProductFiles are the files of a product that an assessment reads.
var ProductFiles = []string{pipeline.ManifestName, maskName, packageName}

// product is a finished product, opened for reading.
type product struct {
	Drivers
	dir      string
	manifest *pipeline.Manifest
	grid     raster.Grid
	// kinds are those of the rules that the product was made with; the mask's values are their positions from 1.
	kinds []rules.Kind
	// scored says that the candidates have a score.
	scored bool
}

// candidate is a published patch, or one that was kept back.
type candidate struct {
	cid, kind, landType, class string
	// category is the main one of categories.
	category   string
	categories []string
	published  bool
	score      float64 // NaN without one
	geom       orb.MultiPolygon
}

func open(d Drivers, dir string) (*product, error) {
	m, err := pipeline.ReadManifest(dir)
	if err != nil {
		return nil, badInput(fmt.Errorf("%s holds no finished product: %w: give the folder that `tuban run` left", dir, err))
	}
	file, err := rules.Parse(pipeline.Below(dir, pipeline.ManifestName)+": rules", []byte(m.Rules))
	if err != nil {
		return nil, badInput(fmt.Errorf("%w: the product was made by another version: run it again", err))
	}
	return &product{Drivers: d, dir: dir, manifest: m, grid: m.Grid, kinds: file.On()}, nil
}

// ordinals returns which mask values the kinds called codes have, all kinds when there are no codes.
func (p *product) ordinals(codes []string) (chosen [256]bool, err error) {
	var known []string
	for i, k := range p.kinds {
		known = append(known, k.Code)
		chosen[i+1] = len(codes) == 0 || slices.Contains(codes, k.Code)
	}
	for _, c := range codes {
		if !slices.Contains(known, c) {
			return chosen, badInput(fmt.Errorf("the product has no kind %q%s: its kinds are %s", c, spell.Hint(c, known), strings.Join(known, ", ")))
		}
	}
	return chosen, nil
}

// candidates reads the published patches and those below the operating point, in the order of the file; raw asks for
// outlines along pixel edges where the product has them.
func (p *product) candidates(ctx context.Context, kinds []string, raw bool) ([]candidate, error) {
	var list []candidate
	for _, layer := range []string{changes, dropped} {
		spec, info, err := p.layer(ctx, layer, []string{"cid", "kind", "TBLX", "category", "DLBM", "score", "reason", "categories"})
		if err != nil {
			return nil, err
		}
		p.scored = p.scored || layer == changes && hasField(info, "score")
		err = p.Vectors.ReadLayer(ctx, spec, p.grid.CRS, func(f vector.Feature) error {
			v := f.Values
			if layer == dropped && v[6] != pipeline.DropWeak || len(kinds) > 0 && !slices.Contains(kinds, v[1]) {
				return nil
			}
			c := candidate{cid: v[0], kind: v[1], landType: v[2], category: v[3], class: v[4], published: layer == changes, score: math.NaN()}
			if c.categories = strings.Fields(v[7]); len(c.categories) == 0 && c.category != "" {
				c.categories = []string{c.category}
			}
			if s, err := strconv.ParseFloat(v[5], 64); err == nil {
				c.score = s
			}
			var err error
			c.geom, err = vector.Polygons(f.WKB)
			list = append(list, c)
			return err
		})
		if err != nil {
			return nil, badInput(fmt.Errorf("%s, layer %s: %w", spec.Source, layer, err))
		}
	}
	if raw {
		return list, p.rawOutlines(ctx, list)
	}
	return list, nil
}

// rawOutlines replaces the outlines of published patches by those along pixel edges.
func (p *product) rawOutlines(ctx context.Context, list []candidate) error {
	at := map[string]int{}
	for i, c := range list {
		if c.published {
			at[c.cid] = i
		}
	}
	spec, _, err := p.layer(ctx, changesRaw, []string{"cid"})
	if err != nil {
		return err
	}
	err = p.Vectors.ReadLayer(ctx, spec, p.grid.CRS, func(f vector.Feature) (err error) {
		if i, ok := at[f.Values[0]]; ok {
			list[i].geom, err = vector.Polygons(f.WKB)
		}
		return err
	})
	if err != nil {
		return badInput(fmt.Errorf("%s, layer %s: %w", spec.Source, changesRaw, err))
	}
	return nil
}

// layer describes a layer of the product; of the fields, those that it lacks are left blank and read as null.
func (p *product) layer(ctx context.Context, name string, fields []string) (vector.LayerSpec, vector.LayerInfo, error) {
	spec := vector.LayerSpec{Source: filepath.Join(p.dir, packageName), Layer: name}
	info, err := p.Vectors.DescribeLayer(ctx, spec)
	if err != nil {
		return spec, info, badInput(fmt.Errorf("%w: the product is damaged; `tuban check` says how, `tuban run --force` makes it anew", err))
	}
	for _, f := range fields {
		if !hasField(info, f) {
			f = ""
		}
		spec.Fields = append(spec.Fields, f)
	}
	return spec, info, nil
}

func hasField(info vector.LayerInfo, name string) bool {
	return slices.ContainsFunc(info.Fields, func(f string) bool { return strings.EqualFold(f, name) })
}

// maskScene is mask.tif as a scene of categories.
func (p *product) maskScene(ctx context.Context) (raster.Scene, error) {
	path := filepath.Join(p.dir, maskName)
	info, err := p.Imagery.Inspect(ctx, path)
	if err != nil {
		return raster.Scene{}, badInput(fmt.Errorf("%w: the product is damaged; `tuban check` says how, `tuban run --force` makes it anew", err))
	}
	return categories(info), nil
}

// categories is the first band of a raster file as a scene of categories, without no-data.
func categories(info raster.Info) raster.Scene {
	return raster.Scene{
		ID: info.URI, URI: info.URI, Native: info.Native, Nearest: true,
		Bands:  map[raster.Role]raster.Band{raster.Mask: {Index: 1, Scale: 1}},
		BlockW: info.BlockW, BlockH: info.BlockH, DataType: info.DataType, Bytes: info.Bytes,
	}
}
