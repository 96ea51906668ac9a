package export

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/planar"
)

// TestParquetIsReadByAnother: Arrow sees the columns in their order and types, with texts, numbers, days, nulls and geometry.
func TestParquetIsReadByAnother(t *testing.T) {
	for _, schema := range Schemas() {
		t.Run(schema, func(t *testing.T) {
			j := jobOf(t, Options{Schema: schema}, usual(t, 1, "220122"), patch(t, 2, map[string]string{"XZQDM": "220122", "HSX": "20250820", "JCMJ": "0.1", "TZ": "é农"}))
			path := inTemp(t, "a.parquet")
			if err := j.writeParquet(t.Context(), path, j.plan.Packages[0]); err != nil {
				t.Fatal(err)
			}
			table, geo := readParquet(t, path)
			defer table.Release()
			if table.NumRows() != 2 || int(table.NumCols()) != len(j.cols)+1 {
				t.Fatalf("%d rows, %d columns", table.NumRows(), table.NumCols())
			}
			for i, c := range j.cols {
				f := table.Schema().Field(i)
				want := map[string]arrow.DataType{"string": arrow.BinaryTypes.String, "float": arrow.PrimitiveTypes.Float64, "int": arrow.PrimitiveTypes.Int32,
					"int64": arrow.PrimitiveTypes.Int64, "date": arrow.FixedWidthTypes.Date32}[string(c.Type)]
				if f.Name != c.Name || f.Type.ID() != want.ID() || !f.Nullable {
					t.Errorf("column %d is %v, want %s %s", i, f, c.Name, want)
				}
				for n, at := range j.plan.Packages[0].rows {
					v, err := j.fill.value(c, j.src.rows[at], n+1)
					if err != nil {
						t.Fatal(err)
					}
					if got := text(table.Column(i).Data().Chunk(0), n); got != fmt.Sprint(v) {
						t.Errorf("row %d, %s: %s, want %v", n, c.Name, got, v)
					}
				}
			}
			shapes := table.Column(len(j.cols)).Data().Chunk(0).(*array.Binary)
			g, err := wkb.Unmarshal(shapes.Value(0))
			if err != nil || math.Abs(planar.Area(g)-100) > 1e-6 {
				t.Errorf("the geometry is %v, %v", g, err)
			}
			column := geo.Columns[geo.Primary]
			if geo.Version != "1.1.0" || column.Encoding != "WKB" || len(column.BBox) != 4 || column.BBox[2] != 42_500_050 || len(column.CRS) == 0 {
				t.Errorf("metadata %+v", geo)
			}
			if _, ok := g.(orb.MultiPolygon); !ok || column.Types[0] != "MultiPolygon" {
				t.Errorf("a %T, said to be %v", g, column.Types)
			}
		})
	}
}

type geoMetadata struct {
	Version string
	Primary string `json:"primary_column"`
	Columns map[string]struct {
		Encoding string
		Types    []string `json:"geometry_types"`
		CRS      json.RawMessage
		BBox     []float64
	}
}

func readParquet(t *testing.T, path string) (arrow.Table, geoMetadata) {
	t.Helper()
	f, err := file.OpenParquetFile(path, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	if clue := f.MetaData().KeyValueMetadata().FindValue("description"); clue == nil || *clue != title {
		t.Error("the file does not say that it is a clue")
	}
	var geo geoMetadata
	if err := json.Unmarshal([]byte(*f.MetaData().KeyValueMetadata().FindValue("geo")), &geo); err != nil {
		t.Fatal(err)
	}
	r, err := pqarrow.NewFileReader(f, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		t.Fatal(err)
	}
	table, err := r.ReadTable(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return table, geo
}

// text is a value as fmt prints what was written.
func text(a arrow.Array, i int) string {
	if a.IsNull(i) {
		return "<nil>"
	}
	switch a := a.(type) {
	case *array.Float64:
		return fmt.Sprint(a.Value(i))
	case *array.Date32:
		return a.Value(i).ToTime().Format("2006-01-02")
	}
	return a.ValueStr(i)
}
