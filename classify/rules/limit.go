package rules

import (
	"fmt"
	"slices"
	"strings"

	"tuban/classify/bandmath"
	"tuban/classify/landclass"
)

// Method is how a limit without survey classes is found from the values of a sample.
type Method string

// The methods: Otsu and Kittler split values into two classes, by the largest variance between them or by the smallest error
// of two normal distributions; Outlier finds the values that are not of the one population that most are of.
const (
	Otsu    Method = "otsu"
	Kittler Method = "kittler"
	Outlier Method = "outlier"
)

var methods = []string{string(Otsu), string(Kittler), string(Outlier)}

// Limit is a number that conditions name, limit.NAME, and that a run finds from its own pixels.
type Limit struct {
	Name string
	// Of is the value that the limit divides: over the bare names of one date when there are classes, else over those of both.
	Of string
	// Low and High are selectors of survey classes on which Of is typically below and above the limit. Both or neither.
	Low, High []string
	// Method finds the limit where there are no classes; "" where there are.
	Method Method
	// Default holds where the limit cannot be found; nil leaves it unknown there. Least and Most bound what is found.
	Default, Least, Most *float64
}

// trained says that the limit is found from survey classes.
func (l Limit) trained() bool { return len(l.Low)+len(l.High) > 0 }

// source is the value that the limit divides.
func (l Limit) source() bandmath.Source {
	s := bandmath.Source{Name: "limit " + l.Name, Text: l.Of}
	if l.trained() {
		s.Date = bandmath.Before
	}
	return s
}

// Lacking says why a limit or the weights of a model cannot be found in a run; "" when they can.
type Lacking string

// What Compile sets.
const (
	// NoSurvey: survey classes are wanted, but the run has no survey.
	NoSurvey Lacking = "no survey"
	// NoBands: no scene of a date has the bands that its values are computed from.
	NoBands Lacking = "no bands"
)

// CompiledLimit is a Limit that the run depends on.
type CompiledLimit struct {
	Limit
	// Param is the program's parameter.
	Param string
	// Source is the program's value source of Of, for a limit with classes on the before date; -1 when Lacking.
	Source int
	// Lacking says why the limit cannot be found. It then keeps its default or is unknown.
	Lacking Lacking

	low, high []landclass.Selection
}

// LowHas reports whether the values on a survey class are typically below the limit.
func (l CompiledLimit) LowHas(code string) bool { return anyHas(l.low, code) }

// HighHas reports whether the values on a survey class are typically above the limit.
func (l CompiledLimit) HighHas(code string) bool { return anyHas(l.high, code) }

func (r *reader) limit(name string, raw rawLimit) Limit {
	path := "limits." + name
	r.Place(path, raw.Of, raw.Method, raw.Default, raw.Least, raw.Most)
	return Limit{
		Name:    name,
		Of:      r.Text(path+".of", raw.Of),
		Low:     r.List(path+".low", raw.Low),
		High:    r.List(path+".high", raw.High),
		Method:  Method(strings.ToLower(r.Text(path+".method", raw.Method))),
		Default: r.Number(path+".default", raw.Default),
		Least:   r.Number(path+".least", raw.Least),
		Most:    r.Number(path+".most", raw.Most),
	}
}

func (c *checker) limitOf(l Limit) {
	path := "limits." + l.Name
	c.name(path, l.Name)
	switch {
	case l.trained() && l.Method != "":
		c.add(path+".method", "survey classes and a method exclude each other: remove one")
	case l.trained() && (len(l.Low) == 0 || len(l.High) == 0):
		c.add(path, "give both low and high: the classes below and those above the limit")
	case l.trained():
		c.classes(path, "low", l.Low, "high", l.High)
	case l.Method == "":
		c.add(path, "say how the limit is found: low and high for survey classes, or method: otsu, kittler or outlier")
	case !slices.Contains(methods, string(l.Method)):
		c.add(path+".method", "unknown method %q: there are %s", l.Method, strings.Join(methods, ", "))
	}
	if l.Of == "" {
		c.add(path+".of", "the value is missing that the limit divides: write such as of: ndvi")
	} else {
		c.measured(path+".of", l.source(), fmt.Sprintf("limit.%s", l.Name))
	}
	least, most := l.Least, l.Most
	switch {
	case least != nil && most != nil && !(*least < *most):
		c.add(path+".least", "least %g is not below most %g", *least, *most)
	case l.Default != nil && (least != nil && *l.Default < *least || most != nil && *l.Default > *most):
		c.add(path+".default", "default %g is not between least and most", *l.Default)
	}
}
