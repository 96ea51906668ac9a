package ruletext

import (
	"fmt"
	"regexp"
)

var codePattern = regexp.MustCompile(`^[a-z][a-z0-9_]{0,31}$`)

// CodeRemedy says what a code is like.
const CodeRemedy = "a code begins with a lower-case letter and has at most 32 of a–z, 0–9 and _"

// IsCode reports whether s can be a code.
func IsCode(s string) bool { return codePattern.MatchString(s) }

// CheckCode says what is wrong with a code among those that were seen, to which it is added.
func CheckCode(code string, seen map[string]bool) error {
	used := seen[code]
	seen[code] = true
	switch {
	case code == "":
		return fmt.Errorf("the code is missing: %s", CodeRemedy)
	case !IsCode(code):
		return fmt.Errorf("code %q is not possible: %s", code, CodeRemedy)
	case used:
		return fmt.Errorf("code %q is used twice: choose another", code)
	}
	return nil
}
