package review

import (
	"archive/zip"
	"bytes"
	"context"
	"embed"
	"encoding/xml"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"tuban/classify/rules"
	"tuban/pipeline"
	"tuban/pipeline/product"
	"tuban/raster"
	"tuban/raster/vector"
)

//go:embed qgis/*.tmpl
var templates embed.FS

// project is a QGIS project: what its templates are filled with.
type project struct {
	Title, Abstract, CRS string
	Extent               raster.Bounds
	Groups               []group
	Relations            []relation
}

// group is a group of the layer tree.
type group struct {
	Name   string
	Hidden bool
	Layers []*mapLayer
}

// relation leads from a row of the review layer to rows about the same candidate.
type relation struct{ ID, Name, Child, Parent string }

// Layers are those of all groups, from the top.
func (p *project) Layers() []*mapLayer {
	var out []*mapLayer
	for _, g := range p.Groups {
		out = append(out, g.Layers...)
	}
	return out
}

// authority recognises a reference system that goes by a code; any other is WKT.
var authority = regexp.MustCompile(`^[A-Z]+:\d+$`)

var projectTemplate = template.Must(template.New("project.tmpl").Funcs(template.FuncMap{
	"authority": authority.MatchString,
	"x": func(s string) string {
		var b strings.Builder
		_ = xml.EscapeText(&b, []byte(s)) // a Builder takes all
		return b.String()
	},
}).ParseFS(templates, "qgis/*.tmpl"))

// writeProject writes review.qgz into the folder of a working copy. It returns the scenes that it cannot show.
func writeProject(ctx context.Context, d pipeline.Drivers, p *product.Product, names []string, list []line, dir string) (unreachable []string, err error) {
	file, err := rules.Parse("the rules in the manifest", []byte(p.Manifest.Rules))
	if err != nil {
		return nil, pipeline.NewInputError(fmt.Errorf("%s: %w", p.Dir, err))
	}
	q := &project{
		Title:    "图斑判读 " + p.Manifest.Name,
		Abstract: pipeline.Clue + "。编辑图层 review，保存后用 tuban review import 导入。",
		CRS:      p.Manifest.Grid.CRS, Extent: p.Manifest.Grid.Bounds(p.Manifest.Grid.Window()),
	}
	helpers, relations, err := helperLayers(ctx, d.Vectors, dir, q)
	if err != nil {
		return nil, err
	}
	edited := reviewLayer(q, names, file, relations)
	if b := extent(list); b != raster.EmptyBounds() {
		edited.Extent, q.Extent = b, b
	}
	for i := range relations {
		relations[i].Parent = edited.ID
	}
	q.Relations = relations
	images, unreachable, err := imageLayers(ctx, d, p, dir)
	if err != nil {
		return nil, err
	}
	q.Groups = append([]group{{Name: "判读", Layers: []*mapLayer{edited}}}, helpers...)
	q.Groups = append(q.Groups, images...)
	var b bytes.Buffer
	if err := projectTemplate.Execute(&b, q); err != nil {
		return nil, err
	}
	return unreachable, pipeline.ReplaceFile(filepath.Join(dir, ProjectName), func(w io.Writer) error {
		z := zip.NewWriter(w)
		f, err := z.Create(strings.TrimSuffix(ProjectName, ".qgz") + ".qgs")
		if err != nil {
			return err
		}
		if _, err := f.Write(b.Bytes()); err != nil {
			return err
		}
		return z.Close()
	})
}

// extent is that of the rows, with a margin.
func extent(list []line) raster.Bounds {
	b := raster.EmptyBounds()
	for _, l := range list {
		if len(l.geom) > 0 {
			g := l.geom.Bound()
			b = b.Extend(g.Min[0], g.Min[1]).Extend(g.Max[0], g.Max[1])
		}
	}
	if b == raster.EmptyBounds() {
		return b
	}
	dx, dy := (b.MaxX-b.MinX)/20, (b.MaxY-b.MinY)/20
	return raster.Bounds{MinX: b.MinX - dx, MinY: b.MinY - dy, MaxX: b.MaxX + dx, MaxY: b.MaxY + dy}
}

// helperLayers are the layers of the copied product that are shown beside, those of them that it has.
func helperLayers(ctx context.Context, v pipeline.Vectors, dir string, q *project) (groups []group, relations []relation, err error) {
	for _, r := range table("layers") {
		spec := vector.LayerSpec{Source: filepath.Join(dir, BaseName), Layer: r["layer"]}
		info, err := v.DescribeLayer(ctx, spec)
		if err != nil {
			if _, broken := v.DescribeLayer(ctx, vector.LayerSpec{Source: spec.Source, Layer: "changes"}); broken != nil {
				return nil, nil, pipeline.NewInputError(broken)
			}
			continue // a product of an earlier version, or of a run that was not given the layer
		}
		l := &mapLayer{
			ID: "product_" + r["layer"], Name: r["zh"], Source: "./" + BaseName + "|layername=" + r["layer"],
			Hidden: r["shown"] != "1", Table: r["group"] == "表", CRS: q.CRS, Extent: info.Bounds,
			Preview: r["preview"],
		}
		for i, name := range append([]string{"fid"}, info.Fields...) {
			f := formField{Name: name, Index: i}
			if i > 0 && len(info.Aliases) > 0 {
				f.Alias = info.Aliases[i-1]
			}
			l.Fields = append(l.Fields, f)
		}
		l.Styles = []style{{Name: "default", Only: class{Colour: r["colour"], Stroke: r["stroke"], Pattern: r["pattern"], Fill: r["fill"], Width: "0.4", Dashed: true}}}
		if l.Table && slices.Contains(info.Fields, "cid") {
			relations = append(relations, relation{ID: "rel_" + r["layer"], Name: r["zh"], Child: l.ID})
		}
		i := slices.IndexFunc(groups, func(g group) bool { return g.Name == r["group"] })
		if i < 0 {
			i = len(groups)
			groups = append(groups, group{Name: r["group"], Hidden: l.Table})
		}
		groups[i].Layers = append(groups[i].Layers, l)
	}
	return groups, relations, nil
}
