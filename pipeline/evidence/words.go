package evidence

import (
	_ "embed"
	"encoding/csv"
	"strings"
)

//go:embed words.csv
var wordsText string

//go:embed controls.csv
var controlsText string

// words are the Chinese words for the codes of a product, by set and code.
var words = func() map[[2]string]string {
	out := map[[2]string]string{}
	for _, r := range table(wordsText) {
		out[[2]string{r[0], r[1]}] = r[2]
	}
	return out
}()

// word is the Chinese word for a code; one that has none stands for itself.
func word(set, code string) string {
	if w, ok := words[[2]string{set, code}]; ok {
		return w
	}
	return code
}

// control is a line of the table of controlled areas: the code of its layer, and the fields of `changes` with the area in m²
// that a patch has of it, gross and net of ridges. net is "" where there is none.
type control struct{ layer, gross, net, name string }

var controls = func() (out []control) {
	for _, r := range table(controlsText) {
		out = append(out, control{r[0], r[1], r[2], r[3]})
	}
	return out
}()

// table reads an embedded table without its header. It is part of the program, so that a mistake in it is a caller's bug.
func table(text string) [][]string {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		panic("evidence: " + err.Error())
	}
	return rows[1:]
}
