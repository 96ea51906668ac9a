package recall

import (
	"context"
	_ "embed"
	"iter"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/paulmach/orb/encoding/wkb"

	"tuban/pipeline"
	"tuban/pipeline/book"
	"tuban/raster/vector"
)

//go:embed recallwords.csv
var wordsCSV string

// word is what people call an answer or a reason.
func word(what, code string) string {
	for _, r := range rows("recallwords.csv", wordsCSV, 3) {
		if r[0] == what && r[1] == code {
			return r[2]
		}
	}
	return code
}

func column(name string, width int, alias string) vector.Field {
	return vector.Field{Name: name, Type: vector.String, Width: width, Alias: alias}
}

func measured(name, alias string) vector.Field {
	return vector.Field{Name: name, Type: vector.Float, Width: 18, Precision: 2, Alias: alias}
}

var shareColumn = vector.Field{Name: "share", Type: vector.Float, Width: 8, Precision: 4, Alias: "被变更调查图斑覆盖的比例"}

// tables are the layers of recall.gpkg.
func (s *Surveyed) tables() []vector.Table {
	answered := func(r *release) bool { return !r.hidden() && r.answer != Unanswered }
	unanswered := func(r *release) bool { return !r.hidden() && r.answer == Unanswered }
	return []vector.Table{
		s.releaseTable("answered", "变更调查已响应的下发图斑", answered),
		s.releaseTable("unanswered", "变更调查未响应的下发图斑", unanswered),
		s.changeTable("missed", "未曾下发的变更图斑", s.missed),
		s.changeTable("truth", "变更图斑（可作 tuban assess 的参考）", s.truth),
	}
}

// releaseTable has a row for each release that keep takes.
func (s *Surveyed) releaseTable(name, title string, keep func(*release) bool) vector.Table {
	t := vector.Table{
		Name: name, Title: title, CRS: s.CRS, Geometry: "MultiPolygon",
		Fields: []vector.Field{
			column("JCBH", 24, "监测编号"), column("cid", 16, "候选编号"), column("XZQDM", 6, "行政区代码"), column("XMC", 60, "县名称"), column("TBLX", 4, "图斑类型"),
			column("QSX", 8, "前时相"), column("HSX", 8, "后时相"), measured("JCMJ", "监测面积（平方米）"),
			column("answer", 16, "响应情况代码"), column("XYQK", 30, "响应情况"), shareColumn,
			column("BGQDLBM", 5, "变更前地类"), column("BGHDLBM", 5, "变更后地类"), column("BGBSM", 40, "变更图斑标识"), measured("BGMJ", "变更面积（平方米，按原图层）"),
			column("HCLB", 120, "县级核查类别"), column("BZ", 254, "备注"),
		},
	}
	t.Rows = each(s.releases, func(r *release) (vector.Row, bool, error) {
		if !keep(r) {
			return vector.Row{}, false, nil
		}
		row := vector.Row{Values: []any{
			r.JCBH, r.CID, text(r.County), text(r.Values["XMC"]), text(r.Values["TBLX"]), text(r.Values["QSX"]), text(r.Values["HSX"]), pipeline.Cents(r.AreaM2),
			string(r.answer), word("answer", string(r.answer)), share(r.covered, r.area), nil, nil, nil, nil, nil, pipeline.Clue,
		}}
		if c := r.by; c != nil {
			row.Values[11], row.Values[12], row.Values[13], row.Values[14] = text(c.from), text(c.to), text(c.id), c.given()
		}
		if r.returned != nil {
			row.Values[15], _ = conclusion(r.returned.Level1, r.returned.Level2, r.returned.Level3)
		}
		var err error
		row.WKB, err = wkb.Marshal(r.geom)
		return row, true, err
	})
	return t
}

// changeTable has a row for each change; `type` is what `tuban assess` takes the kind from.
func (s *Surveyed) changeTable(name, title string, list []*change) vector.Table {
	t := vector.Table{
		Name: name, Title: title, CRS: s.CRS, Geometry: "MultiPolygon",
		Fields: []vector.Field{
			column("BSM", 40, "变更图斑标识"), column("type", 32, "变化类型代码"), column("BHLX", 30, "变化类型"), column("BGQDLBM", 5, "变更前地类"), column("BGHDLBM", 5, "变更后地类"),
			column("BGXW", 20, "变更行为"), measured("MJ", "面积（平方米）"), measured("BGMJ", "变更面积（平方米，按原图层）"), shareColumn,
			column("flagged", 3, "是否下发"), column("reason", 16, "未下发原因代码"), column("YY", 30, "未下发原因"),
		},
	}
	t.Rows = each(list, func(c *change) (vector.Row, bool, error) {
		found := c.held(s.Overlap)
		row := vector.Row{Values: []any{
			text(c.label()), c.code, c.name, text(c.from), text(c.to), text(c.act), pipeline.Cents(c.area), c.given(), share(c.covered, c.area), "是", nil, nil,
		}}
		if !found {
			row.Values[9], row.Values[10], row.Values[11] = "否", text(string(c.reason)), nil
			if c.reason != "" {
				row.Values[11] = word("reason", string(c.reason))
			}
		}
		var err error
		row.WKB, err = wkb.Marshal(c.geom)
		return row, true, err
	})
	return t
}

// label identifies a change: by the layer's identifier, else by the number of its feature.
func (c *change) label() string {
	if c.id != "" {
		return c.id
	}
	return "#" + strconv.FormatInt(c.fid, 10)
}

// given is the area that the layer writes, nil where that is no number.
func (c *change) given() any {
	v, err := strconv.ParseFloat(c.written, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return v
}

// share is a part of a whole in four decimals, nil of nothing.
func share(part, whole float64) any {
	if whole <= 0 {
		return nil
	}
	return math.Round(min(part/whole, 1)*1e4) / 1e4
}

// each makes rows of a list; an item may have none.
func each[T any](list []T, row func(T) (vector.Row, bool, error)) iter.Seq2[vector.Row, error] {
	return func(yield func(vector.Row, error) bool) {
		for _, x := range list {
			r, has, err := row(x)
			if (has || err != nil) && !yield(r, err) {
				return
			}
		}
	}
}

// sorted puts missed changes in the order in which they are worth a look: the largest first.
func (s *Surveyed) sorted() []*change {
	return slices.SortedStableFunc(slices.Values(s.missed), func(a, b *change) int {
		switch {
		case a.area > b.area:
			return -1
		case a.area < b.area:
			return 1
		}
		return 0
	})
}

// Files of a comparison; the package comes with recall.xlsx, recall.html and recall.json.
const (
	Name        = "recall"
	PackageName = "recall.gpkg"
)

// Write leaves the comparison in the folder dir: the package, and what [book.Book.Save] leaves. at is the time that the files record as
// their own.
func (s *Surveyed) Write(ctx context.Context, v pipeline.Vectors, dir, version string, at time.Time) error {
	if err := book.Prepare(dir, Name); err != nil {
		return err
	}
	if err := v.WriteGeoPackage(ctx, filepath.Join(dir, PackageName), s.tables(), vector.WriteOptions{Clock: at}); err != nil {
		return err
	}
	return s.Book(version).Save(dir, Name, s, at)
}
