package landclass

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	// Codes that only change surveys of TD/T 1055 write: letters inside or behind, and two classes whose digits the other system
	// leaves free.
	tellsTD1055 = regexp.MustCompile(`^(0305|0307|\d\dH\d[A-Z]?|\d{4}[KA])$`)
	// First two digits from 13, and six-digit codes, exist in the other system alone; but 1301 to 1304 are also codes of a
	// separate layer beside a TD/T 1055 survey and tell nothing.
	tellsYDYH = regexp.MustCompile(`^(1[3-9]|2[0-4])(\d\d|\d{4})?$|^(0[1-9]|1[0-2])\d{4}$`)
	separate  = regexp.MustCompile(`^130[1-4]$`)
)

// Tells returns the system that code belongs to and no other; "" for the many codes that tell nothing, among them those
// that no system knows.
func Tells(code string) System {
	var s System
	switch code = normal(code); {
	case tellsTD1055.MatchString(code):
		s = TD1055
	case tellsYDYH.MatchString(code) && !separate.MatchString(code):
		s = YDYH
	}
	if _, ok := s.Lookup(code); !ok {
		return ""
	}
	return s
}

// Detect weighs the telling codes among codes (code → number of parcels) and returns the system they speak for and the codes
// that do, sorted. It returns "" when none tells or both systems are told of equally often: then a person must declare it.
func Detect(codes map[string]int64) (s System, telling []string) {
	weight := map[System]int64{}
	told := map[System][]string{}
	for code, n := range codes {
		if t := Tells(code); t != "" && n > 0 {
			weight[t] += n
			told[t] = append(told[t], code)
		}
	}
	switch {
	case weight[TD1055] > weight[YDYH]:
		s = TD1055
	case weight[YDYH] > weight[TD1055]:
		s = YDYH
	}
	slices.Sort(told[s])
	return s, told[s]
}

// Check returns an error when the codes of a survey (code → number of parcels) contradict the declared system s: when more
// parcels carry codes that only the other system has than codes that only s has. A few strange codes are no contradiction;
// they are unknown codes, to be reported.
func (s System) Check(codes map[string]int64) error {
	other, telling := Detect(codes)
	if other == "" || other == s {
		return nil
	}
	shown := telling
	if len(shown) > 5 {
		shown = append(slices.Clone(shown[:5]), "…")
	}
	return fmt.Errorf("the survey is declared as %s, but its codes %s exist in %s only: declare that system, or name the right class field",
		s, strings.Join(shown, ", "), other)
}
