package export

import (
	"context"
	"errors"
	"path/filepath"

	"tuban/pipeline"
	"tuban/raster/vector"
)

// writeFiles writes the files of a package in the formats asked for at stem, and returns notes for people.
func (j *job) writeFiles(ctx context.Context, p Package, stem string) (notes []string, err error) {
	for _, f := range Formats() {
		if !j.o.Has(f) || f == PostGIS {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		err := j.writeFile(ctx, f, p, stem)
		if value := new(vector.ValueError); errors.As(err, &value) {
			err = pipeline.NewInputError(err)
		}
		if err != nil {
			return nil, err
		}
	}
	if j.o.Has(Shapefile) {
		notes = j.cutNotes(p)
	}
	return notes, nil
}

func (j *job) writeFile(ctx context.Context, f Format, p Package, stem string) error {
	o := vector.WriteOptions{Clock: j.o.Clock}
	switch f {
	case GeoPackage:
		return j.d.Vectors.WriteGeoPackage(ctx, stem+".gpkg", append([]vector.Table{j.layer(p)}, j.related(p)...), o)
	case Shapefile:
		// Tables that others prescribe have their widths; a product's own field may grow.
		o.Encoding, o.Exact = j.o.Encoding, j.o.Schema != Full
		return j.d.Vectors.WriteShapefile(ctx, stem+".shp", j.layer(p), o)
	case FileGDB:
		// Its id column is called OBJECTID, and counts the rows from 1.
		return j.d.Writers.WriteVector(ctx, stem+".gdb", append([]vector.Table{without(j.layer(p), "OBJECTID")}, j.related(p)...), o)
	case FlatGeobuf:
		return j.d.Writers.WriteVector(ctx, stem+".fgb", []vector.Table{j.layer(p)}, o)
	case GeoJSON:
		return j.d.Writers.WriteVector(ctx, stem+".geojson", []vector.Table{j.geographic(p)}, o)
	case KML:
		var names []string
		for _, i := range p.rows {
			names = append(names, label(j.src.rows[i]))
		}
		return j.d.Writers.WriteVector(ctx, stem+".kml", []vector.Table{named(j.geographic(p), names)}, o)
	case GeoParquet:
		return j.writeParquet(ctx, stem+".parquet", p)
	case XLSX:
		return j.writeWorkbook(stem+".xlsx", p)
	case HTML:
		return j.writePage(stem+".html", p)
	case STAC:
		return j.writeItem(filepath.Dir(stem), p)
	}
	panic("export: a format without a writer: " + string(f))
}
