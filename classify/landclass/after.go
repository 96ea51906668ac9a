package landclass

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"tuban/raster/spell"
)

//go:embed tblx.csv
var tblxCSV []byte

type afterType struct {
	code, name, nameEN, group string
	minArea                   float64
}

var afterTypes = sync.OnceValue(func() []afterType {
	var out []afterType
	for _, r := range readCSV(tblxCSV, 5) {
		a, err := strconv.ParseFloat(r[4], 64)
		if err != nil {
			panic(fmt.Sprintf("landclass: embedded table: %v", err)) // a broken build, not bad data
		}
		out = append(out, afterType{r[0], r[1], r[2], r[3], a})
	}
	return out
})

// AfterType returns the names of a 图斑类型 (TBLX, what a patch is after the change) and its group: construction, transport,
// disturbance, agri, water, unused or sea. A type without its leading zero, as some data write 1 for 01, is understood.
func AfterType(code string) (name, nameEN, group string, ok bool) {
	t, ok := after(code)
	return t.name, t.nameEN, t.group, ok
}

// MinArea returns the minimum mapping unit of a 图斑类型 in m²: 200 for construction and roads, 400 for agricultural, 600 for
// other land. Disturbed ground (DT, TD, …) has none in the standard and gets 200.
func MinArea(code string) (m2 float64, ok bool) {
	t, ok := after(code)
	return t.minArea, ok
}

// CheckAfterType returns an error that suggests what was meant when code is no 图斑类型.
func CheckAfterType(code string) error {
	if _, ok := after(code); ok {
		return nil
	}
	var codes []string
	for _, t := range afterTypes() {
		codes = append(codes, t.code)
	}
	return fmt.Errorf("unknown 图斑类型 %q%s: imagery can show JZ (building), YH (hardened), DT or TD (ground moved), SM or KT (water), LT (bare soil) and others", code, spell.Hint(code, codes))
}

func after(code string) (afterType, bool) {
	code = normal(code)
	if len(code) == 1 {
		code = "0" + code
	}
	for _, t := range afterTypes() {
		if t.code == code {
			return t, true
		}
	}
	return afterType{}, false
}

// AfterGroups are the groups of 图斑类型, in the order of the table.
func AfterGroups() []string {
	var out []string
	for _, t := range afterTypes() {
		if !slices.Contains(out, t.group) {
			out = append(out, t.group)
		}
	}
	return out
}
