package landclass

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"strings"
	"sync"
)

//go:embed td1055.csv
var td1055CSV []byte

//go:embed ydyh2023.csv
var ydyhCSV []byte

// table is a system's classes with the ways to find them.
type table struct {
	classes []Class
	byCode  map[string]Class
	// names maps every name a selector may use, in lower case, to what it selects.
	names map[string]Selection
}

var tables = sync.OnceValue(func() map[System]*table {
	return map[System]*table{TD1055: readTable(TD1055, td1055CSV), YDYH: readTable(YDYH, ydyhCSV)}
})

// readTable parses an embedded table; the tests read each, so that a mistake in one cannot reach a user.
func readTable(s System, text []byte) *table {
	t := &table{byCode: map[string]Class{}, names: map[string]Selection{}}
	rows := readCSV(text, 6)
	firstName := map[string]string{}
	for _, r := range rows {
		if r[0] == r[3] {
			firstName[r[0]] = r[1]
		}
	}
	groups := map[string]map[string]bool{}
	for _, r := range rows {
		if r[0] != r[3] {
			if groups[r[3]] == nil {
				groups[r[3]] = map[string]bool{}
			}
			groups[r[3]][r[4]] = true
		}
	}
	for _, r := range rows {
		c := Class{Code: r[0], Name: r[1], NameEN: r[2], First: r[3], FirstName: firstName[r[3]], Group: r[4]}
		if own := groups[c.Code]; c.Group == "" && c.Code == c.First && len(own) == 1 {
			for c.Group = range own { // a 一级类 all of whose classes are of one group is of that group
			}
		}
		c.Cropland = c.First == cropland
		c.Adjustable = strings.HasSuffix(c.Code, "K")
		t.classes = append(t.classes, c)
		t.byCode[c.Code] = c
	}
	// The wider meaning of a name wins: 特殊用地 is the 一级类 before it is a class.
	add := func(name string, sel Selection) {
		if name = strings.ToLower(name); name != "" {
			if _, taken := t.names[name]; !taken {
				sel.System = s
				t.names[name] = sel
			}
		}
	}
	for g, names := range map[string][]string{
		Agricultural: {Agricultural, "agricultural", "agriculture"},
		Construction: {Construction, "construction"},
		Unused:       {Unused, "unused"},
	} {
		for _, n := range names {
			add(n, Selection{group: g})
		}
	}
	for _, n := range []string{"可调整", "adjustable"} {
		add(n, Selection{adjustable: true})
	}
	for i, r := range rows {
		if c := t.classes[i]; c.Code == c.First {
			for _, n := range append([]string{c.Name, c.NameEN}, strings.Split(r[5], ";")...) {
				add(n, Selection{first: c.First})
			}
		}
	}
	for _, c := range t.classes {
		add(c.Name, Selection{prefix: c.Code})
		add(c.NameEN, Selection{prefix: c.Code})
	}
	return t
}

// cropland is the 一级类 of 耕地 in either system.
const cropland = "01"

// readCSV parses an embedded table of n columns and leaves its header row out.
func readCSV(text []byte, n int) [][]string {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comment = '#'
	r.FieldsPerRecord = n
	rows, err := r.ReadAll()
	if err != nil {
		panic(fmt.Sprintf("landclass: embedded table: %v", err)) // a broken build, not bad data
	}
	return rows[1:]
}
