package export

import (
	"encoding/csv"
	"fmt"
	"strings"
)

// embedded are the rows of an embedded CSV below its header; a mistake in one is a mistake of the program.
func embedded(name, text string, columns int) [][]string {
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = columns
	rows, err := r.ReadAll()
	if err != nil {
		panic(fmt.Sprintf("export: %s: %v", name, err))
	}
	return rows[1:]
}
