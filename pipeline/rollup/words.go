package rollup

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strings"
	"sync"
)

//go:embed words.csv
var wordsCSV string

//go:embed layers.csv
var layersCSV string

// words maps dimension and code to what people call it.
var words = sync.OnceValue(func() map[[2]string]string {
	out := map[[2]string]string{}
	for _, r := range table("words.csv", wordsCSV, 3) {
		out[[2]string{r[0], r[1]}] = r[2]
	}
	return out
})

// legalLayer is a column of a product about a legal layer.
type legalLayer struct {
	code, column, flag, name string
	outside                  bool
}

var legalLayers = sync.OnceValue(func() (out []legalLayer) {
	for _, r := range table("layers.csv", layersCSV, 5) {
		out = append(out, legalLayer{code: r[0], column: r[1], flag: r[2], outside: r[3] == "yes", name: r[4]})
	}
	return out
})

// table are the rows of an embedded table, below its heading.
func table(name, text string, columns int) [][]string {
	r := csv.NewReader(strings.NewReader(text))
	r.Comment, r.FieldsPerRecord = '#', columns
	rows, err := r.ReadAll()
	if err != nil {
		panic(fmt.Sprintf("rollup: %s: %v", name, err)) // a broken build, not bad data
	}
	return rows[1:]
}

// none is the value of a patch that has none in a dimension.
const none = "none"

// Names are what people call the values of a dimension, by code.
type Names map[Dimension]map[string]string

// learn remembers a name that a product has for a value; the first one counts.
func (n Names) learn(d Dimension, code, name string) {
	if n[d] == nil {
		n[d] = map[string]string{}
	}
	if n[d][code] == "" {
		n[d][code] = name
	}
}

// of is what people call a value.
func (n Names) of(d Dimension, code string) string {
	if name := n[d][code]; name != "" {
		return name
	}
	if name := words()[[2]string{string(d), code}]; name != "" {
		return name
	}
	for _, l := range legalLayers() {
		if d == ByOverlay && l.code == code {
			return l.name
		}
	}
	return code
}
