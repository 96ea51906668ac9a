package rules

import (
	"fmt"
	"math"
	"slices"

	"tuban/classify/bandmath"
	"tuban/classify/clean"
	"tuban/classify/landclass"
	"tuban/classify/ruletext"
	"tuban/raster/spell"
)

// check returns everything that is wrong with f for a survey of the system sys; "" accepts what any system knows.
func (f *File) check(sys landclass.System) Problems {
	c := checker{file: f, systems: landclass.Systems}
	if sys != "" {
		c.systems = []landclass.System{sys}
	}
	c.names()
	switch {
	case len(f.Kinds) == 0:
		c.add("kinds", "there is no kind: a rules file needs at least one")
	case !slices.ContainsFunc(f.Kinds, func(k Kind) bool { return !k.IsOff() }):
		c.add("kinds", "every kind is off: a rules file needs at least one that is looked for")
	}
	if !(f.OperatingPoint >= 0 && f.OperatingPoint <= 100) {
		c.add("operating_point", "the operating point %g is not between 0 and 100", f.OperatingPoint)
	}
	c.limit("kinds", len(f.Kinds), MaxKinds)
	c.limit("categories", len(f.Categories), MaxCategories)
	seen := map[string]bool{}
	for i, k := range f.Kinds {
		path := fmt.Sprintf("kinds[%d]", i)
		c.code(path+".code", k.Code, seen)
		c.kind(path, k)
	}
	seen = map[string]bool{}
	for i, cat := range f.Categories {
		path := fmt.Sprintf("categories[%d]", i)
		c.code(path+".code", cat.Code, seen)
		c.category(path, cat)
	}
	return c.problems
}

type checker struct {
	file     *File
	systems  []landclass.System
	problems Problems
	options  bandmath.Options
	// brokenName says that expressions cannot be judged, because a name that they may use is wrong.
	brokenName bool
}

func (c *checker) add(path, format string, args ...any) {
	c.problems = append(c.problems, c.file.source.Problem(path, fmt.Sprintf(format, args...)))
}

// each returns the errors that were joined in err.
func each(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	if err == nil {
		return nil
	}
	return []error{err}
}

// fail adds err, if there is one.
func (c *checker) fail(path string, err error) {
	if err != nil {
		c.add(path, "%v", err)
	}
}

func (c *checker) limit(path string, n, most int) {
	if n > most {
		c.add(path, "there are %d, at most %d are allowed", n, most)
	}
}

func (c *checker) code(path, code string, seen map[string]bool) {
	c.fail(path, ruletext.CheckCode(code, seen))
}

func (c *checker) kind(path string, k Kind) {
	if k.Type == "" {
		c.add(path+".type", "the 图斑类型 after the change is missing: write type: JZ for buildings, YH, DT, SM, …")
	} else {
		c.fail(path+".type", landclass.CheckAfterType(k.Type))
	}
	c.selectors(path+".eligible", k.Eligible)
	if k.When == "" {
		c.add(path+".when", `the condition is missing: write such as when: before.ndvi > 0.3 and after.ndvi < 0.2`)
	} else {
		c.expression(path+".when", bandmath.Source{Text: k.When, Condition: true})
	}
	_, err := clean.Parse(k.Clean)
	c.fail(path+".clean", err)
	if !(k.Bridge >= 0 && k.Bridge <= MaxBridge) {
		c.add(path+".bridge", "bridge %g m is not between 0 and %d m", k.Bridge, MaxBridge)
	}
	if !(k.MinArea >= 0 && k.MinArea <= MaxMinArea) {
		c.add(path+".min_area", "minimum area %g m² is not between 0 and %g m²", k.MinArea, float64(MaxMinArea))
	}
	if k.MinPixels < 0 || k.MinPixels > math.MaxInt32 {
		c.add(path+".min_pixels", "minimum of %d pixels is not possible", k.MinPixels)
	}
	c.evidence(path, k.Evidence)
	c.strength(path, k.Strength)
	if k.RGB != nil {
		c.colour(path+".rgb", k)
	}
}

func (c *checker) evidence(path string, list []string) {
	c.limit(path+".evidence", len(list), MaxEvidence)
	for i, e := range list {
		c.expression(fmt.Sprintf("%s.evidence[%d]", path, i), bandmath.Source{Text: e})
	}
}

func (c *checker) strength(path, text string) {
	if text != "" {
		c.expression(path+".strength", bandmath.Source{Text: text})
	}
}

// colour checks what decides a kind without near infrared: neither the condition nor its evidence may need more than
// red, green and blue.
func (c *checker) colour(path string, kind Kind) {
	k := *kind.RGB
	if k.When == "" {
		c.add(path+".when", `the condition is missing: write such as when: before.exg > 0.1 and after.exg < 0.05`)
	} else {
		c.expression(path+".when", bandmath.Source{Text: "true", Condition: true, Colour: k.When})
	}
	c.evidence(path, k.Evidence)
	c.strength(path, k.Strength)
	for i, e := range k.Evidence {
		c.colourValue(fmt.Sprintf("%s.evidence[%d]", path, i), e)
	}
	c.colourValue(path+".strength", k.Strength)
	when := bandmath.Source{Text: kind.When, Condition: true}
	if _, err := c.compile(when); err == nil {
		if _, ok := c.beyond(when); !ok {
			c.add(path+".when", "the kind's when needs nothing beyond red, green and blue, so that rgb would never decide: remove it")
		}
	}
}

func (c *checker) colourValue(path, text string) {
	if in, ok := c.beyond(bandmath.Source{Text: text}); ok {
		c.add(path, "%s needs %s, which imagery of red, green and blue has not: name these, indices or textures of them", text, in)
	}
}

// beyond returns the first input of a source that is beyond red, green and blue; a source that is wrong has none.
func (c *checker) beyond(s bandmath.Source) (bandmath.Input, bool) {
	p, err := c.compile(s)
	if err != nil {
		return bandmath.Input{}, false
	}
	for _, in := range p.Inputs() {
		if !in.Visible() {
			return in, true
		}
	}
	return bandmath.Input{}, false
}

func (c *checker) compile(s bandmath.Source) (*bandmath.Program, error) {
	return bandmath.Compile([]bandmath.Source{s}, c.options)
}

func (c *checker) category(path string, cat Category) {
	var codes []string
	for _, k := range c.file.Kinds {
		codes = append(codes, k.Code)
	}
	for i, code := range cat.Kinds {
		if !slices.Contains(codes, code) {
			c.add(fmt.Sprintf("%s.kinds[%d]", path, i), "there is no kind %q%s", code, spell.Hint(code, codes))
		}
	}
	if cat.Where != "" {
		_, err := conditions(c.selector).Condition(cat.Where)
		c.fail(path+".where", err)
	}
}

// expression compiles one band-math source alone, so that each place gets its own message.
func (c *checker) expression(path string, s bandmath.Source) {
	if c.brokenName {
		return
	}
	_, err := c.compile(s)
	c.fail(path, err)
}

// selector returns an error when no system in question knows s.
func (c *checker) selector(s string) error {
	var first error
	for _, sys := range c.systems {
		_, err := sys.Select(s)
		if err == nil {
			return nil
		}
		if first == nil {
			first = err
		}
	}
	return first
}
