package release

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"tuban/pipeline"
	"tuban/pipeline/register"
)

//go:embed numbering.csv
var numberingCSV string

// SerialWidth is the number of digits of the serial number, unless Options say otherwise.
var SerialWidth = func() int {
	rows, err := csv.NewReader(strings.NewReader(numberingCSV)).ReadAll()
	if err != nil {
		panic(err) // the table is part of the program
	}
	for _, r := range rows[1:] {
		if r[0] == "serial" {
			n, err := strconv.Atoi(r[1])
			if err != nil {
				panic(err)
			}
			return n
		}
	}
	panic("numbering.csv has no serial")
}()

// numberer issues 监测编号 behind those of a register.
type numberer struct {
	state  *register.State
	year   string
	width  int
	issued map[string]int
}

// next is the next 监测编号 of a county: its code, the year, and the serial number behind the highest that was issued there in
// that year, in whatever batch.
func (n *numberer) next(county string) (string, error) {
	if !isCode(county, 6) {
		return "", pipeline.NewInputError(fmt.Errorf("the county code %q has not six digits: correct the layer of units", county))
	}
	n.issued[county]++
	s := strconv.Itoa(n.state.Serial(county, n.year) + n.issued[county])
	if len(s) > n.width {
		return "", pipeline.NewInputError(fmt.Errorf("the serial numbers of county %s in %s are used up: %s has more than %d digits; give --serial-width %d", county, n.year, s, n.width, n.width+1))
	}
	return county + n.year + strings.Repeat("0", n.width-len(s)) + s, nil
}

// isCode reports whether s is so many digits.
func isCode(s string, digits int) bool {
	return len(s) == digits && strings.Trim(s, "0123456789") == ""
}
