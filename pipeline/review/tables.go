package review

import (
	"embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"tuban/raster/vector"
)

//go:embed tables/*.csv
var tables embed.FS

// record is a row of a table by column.
type record map[string]string

// table is a table of the package by name; a broken one is a bug, which a test finds.
func table(name string) []record {
	f, err := tables.Open("tables/" + name + ".csv")
	if err != nil {
		panic(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		panic(fmt.Errorf("%s: %w", name, err))
	}
	var out []record
	for _, r := range rows[1:] {
		m := record{}
		for i, v := range r {
			m[rows[0][i]] = v
		}
		out = append(out, m)
	}
	return out
}

// list is a table whose rows have a code.
type list []record

var (
	verdicts   = list(table("verdicts"))
	reasons    = list(table("reasons"))
	operations = list(table("operations"))
	problems   = list(table("problems"))
	fields     = table("fields")
)

// find is the row of a code; nil when there is none.
func (l list) find(code string) record {
	for _, r := range l {
		if r["code"] == code {
			return r
		}
	}
	return nil
}

// codes lists the codes, as in "pass 拟下发、reject 驳回".
func (l list) codes() string {
	var out []string
	for _, r := range l {
		out = append(out, r["code"]+" "+r["zh"])
	}
	return strings.Join(out, "、")
}

// The operations on a geometry (CZ).
const (
	redrawn = "redraw"
	merged  = "merge"
	split   = "split"
	added   = "add"
)

// editing are the columns that people fill in, and the state at the export.
var editing = func() []vector.Field {
	var out []vector.Field
	for _, r := range fields {
		width, err := strconv.Atoi(r["width"])
		if err != nil {
			panic(err)
		}
		out = append(out, vector.Field{Name: r["name"], Type: vector.String, Width: width, Alias: r["zh"]})
	}
	return out
}()
