package export

import (
	_ "embed"
	"fmt"
	"strconv"

	"github.com/paulmach/orb/planar"

	"tuban/pipeline"
	"tuban/pipeline/product"
	"tuban/raster/ellipsoid"
)

//go:embed sheet.csv
var sheetText string

// sheetColumn is a column of the verification table (核查表).
type sheetColumn struct {
	header, field, en string
	kind              sheetKind
	// width is in characters.
	width float64
}

// sheetKind says what a cell holds, and how it looks.
type sheetKind string

// The kinds. Those from kindLevel1 on are for the county to fill in.
const (
	kindNumber   sheetKind = "number"
	kindText     sheetKind = "text"
	kindDegrees  sheetKind = "degrees"
	kindEasting  sheetKind = "easting"
	kindNorthing sheetKind = "northing"
	kindArea     sheetKind = "area"
	kindMu       sheetKind = "mu"
	// kindShare is 亩 that add up to the patch's with the other shares.
	kindShare    sheetKind = "share"
	kindInteger  sheetKind = "integer"
	kindScore    sheetKind = "score"
	kindLevel1   sheetKind = "level1"
	kindLevel2   sheetKind = "level2"
	kindLevel3   sheetKind = "level3"
	kindBlank    sheetKind = "blank"
	kindBlankMu  sheetKind = "blank-mu"
	kindBlankDay sheetKind = "blank-day"
)

// decimals of the numbers of a kind; texts and what is left blank have none.
var decimals = map[sheetKind]int{
	kindNumber: 0, kindInteger: 0, kindDegrees: 7, kindEasting: 2, kindNorthing: 2, kindArea: 2, kindMu: 2, kindShare: 2, kindScore: 1, kindBlankMu: 2,
}

// toFill reports whether the county fills the column in.
func (k sheetKind) toFill() bool {
	switch k {
	case kindLevel1, kindLevel2, kindLevel3, kindBlank, kindBlankMu, kindBlankDay:
		return true
	}
	return false
}

var sheetColumns = parseSheet()

func parseSheet() []sheetColumn {
	var out []sheetColumn
	for _, r := range embedded("sheet.csv", sheetText, 5) {
		width, err := strconv.ParseFloat(r[3], 64)
		if err != nil {
			panic(fmt.Sprintf("export: sheet.csv: %v", r))
		}
		out = append(out, sheetColumn{header: r[0], kind: sheetKind(r[1]), field: r[2], width: width, en: r[4]})
	}
	return out
}

// cells are the values of a row of the table, each a string, float64 or nil; n counts rows from 1.
func cells(r product.Row, n int) []any {
	shares := mus(r)
	var x, y any
	if len(r.Geom) > 0 {
		c, _ := planar.CentroidArea(r.Geom)
		x, y = c[0], c[1]
	}
	out := make([]any, len(sheetColumns))
	for i, c := range sheetColumns {
		out[i] = c.cell(r, n, shares, x, y)
	}
	return out
}

func (c sheetColumn) cell(r product.Row, n int, shares map[string]float64, x, y any) any {
	switch c.kind {
	case kindNumber:
		return float64(n)
	case kindEasting:
		return x
	case kindNorthing:
		return y
	case kindShare:
		if v, ok := shares[c.field]; ok {
			return v
		}
		return nil
	case kindText:
		if s := r.Text(c.field); s != "" {
			return s
		}
		return nil
	}
	v, ok := r.Number(c.field)
	switch {
	case !ok || c.kind.toFill():
		return nil
	case c.kind == kindMu:
		return pipeline.Cents(ellipsoid.Mu(v))
	}
	return v
}
