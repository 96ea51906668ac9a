package landclass

import "strings"

// The three groups (三大类) that every class of land belongs to.
const (
	Agricultural = "农用地"
	Construction = "建设用地"
	Unused       = "未利用地"
)

// Class is one land class of a system.
type Class struct {
	Code   string
	Name   string // Chinese
	NameEN string // a translation, "" where there is none
	// First and FirstName are the code and name of the 一级类 it belongs to. First is not always the first two digits:
	// 0303 红树林地 is 湿地, 00.
	First, FirstName string
	// Group is the 三大类, one of Agricultural, Construction, Unused. It is "" for a 一级类 that mixes groups and for the sea.
	Group string
	// Cropland says that the class is 耕地; Adjustable that it is 可调整 (suffix K): not cropland, but counted beside it.
	Cropland, Adjustable bool
}

// Lookup returns the class of code. A code with a suffix letter that has no row of its own (0602C) is answered with the
// row of its stem, and Class.Code then differs from code. False means unknown: report it with its count, never drop it.
func (s System) Lookup(code string) (Class, bool) {
	t := tables()[s]
	if t == nil {
		return Class{}, false
	}
	if c, ok := t.byCode[code]; ok {
		return c, true
	}
	code = normal(code)
	if c, ok := t.byCode[code]; ok {
		return c, true
	}
	if n := len(code) - 1; n >= 4 && code[n] >= 'A' && code[n] <= 'Z' {
		c, ok := t.byCode[code[:n]]
		c.Adjustable = c.Adjustable || ok && code[n] == 'K'
		return c, ok
	}
	return Class{}, false
}

// Classes returns every class of the system in the order of its table, 一级类 included.
func (s System) Classes() []Class {
	t := tables()[s]
	if t == nil {
		return nil
	}
	return append([]Class(nil), t.classes...)
}

// normal is code as the tables write it.
func normal(code string) string { return strings.ToUpper(strings.TrimSpace(code)) }
