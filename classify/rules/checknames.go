package rules

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"tuban/classify/bandmath"
	"tuban/classify/landclass"
	"tuban/classify/ruletext"
)

// options are what the names of the file mean.
func (f *File) options() bandmath.Options {
	o := bandmath.Options{Indices: f.Indices, Pairs: f.Pairs}
	for _, l := range f.Limits {
		o.Limits = append(o.Limits, l.Name)
	}
	for _, m := range f.Models {
		o.Models = append(o.Models, m.math())
	}
	return o
}

// names checks what the file gives names to, first of all: while that is wrong, expressions cannot be judged.
func (c *checker) names() {
	c.limit("indices", len(c.file.Indices), MaxIndices)
	c.limit("pairs", len(c.file.Pairs), MaxIndices)
	c.limit("limits", len(c.file.Limits), MaxLimits)
	c.limit("models", len(c.file.Models), MaxModels)
	c.options = c.file.options()
	models := c.options.Models
	// Without models that are computed first: what is wrong with their features is then said at the feature.
	c.options.Models = nil
	for _, m := range models {
		if m.Raster {
			c.options.Models = append(c.options.Models, m)
		}
	}
	c.brokenName = c.defined()
	sound := true
	for _, m := range c.file.Models {
		sound = c.modelOf(m) && sound
	}
	c.options.Models = models
	c.brokenName = c.brokenName || !sound || c.defined()
	for _, l := range c.file.Limits {
		c.limitOf(l)
	}
}

// defined compiles the names alone, and reports whether something is wrong with them.
func (c *checker) defined() bool {
	_, err := bandmath.Compile(nil, c.options)
	for _, err := range each(err) {
		c.fail(c.placeOf(err), err)
	}
	return err != nil
}

// placeOf returns the path of the name that err is about.
func (c *checker) placeOf(err error) string {
	var at *bandmath.Error
	if !errors.As(err, &at) {
		return "indices"
	}
	for _, m := range c.file.Models {
		if at.Source == m.Name || at.Source == m.Probability() {
			return "models." + m.Name
		}
	}
	if slices.Contains(slices.Collect(maps.Keys(c.file.Pairs)), at.Source) {
		return "pairs." + at.Source
	}
	return "indices." + at.Source
}

func (c *checker) name(path, name string) {
	if !ruletext.IsCode(name) {
		c.add(path, "the name %q is not possible: %s", name, ruletext.CodeRemedy)
	}
}

// measured checks a value that a run evaluates on a sample in order to find a number: it must depend on pixels alone.
func (c *checker) measured(path string, s bandmath.Source, whose string) {
	if c.brokenName {
		return
	}
	s.Name = "" // the path says it
	p, err := c.compile(s)
	switch {
	case err != nil:
		c.fail(path, err)
	case len(p.Params()) > 0:
		c.add(path, "this depends on %s, but %s is found from pixels alone: leave that out", p.Params()[0], whose)
	case len(p.Inputs()) == 0:
		c.add(path, "this reads no pixels: name a band, an index or a texture")
	}
}

// classes checks two lists of selectors that must not share a class.
func (c *checker) classes(path, a string, first []string, b string, second []string) {
	before := len(c.problems)
	c.selectors(path+"."+a, first)
	c.selectors(path+"."+b, second)
	if len(c.problems) > before {
		return
	}
	shared := ""
	for _, sys := range c.systems {
		x, err := selections(sys, first)
		if err != nil {
			continue
		}
		y, err := selections(sys, second)
		if err != nil {
			continue
		}
		classes := sys.Classes()
		i := slices.IndexFunc(classes, func(l landclass.Class) bool { return l.Code != l.First && anyHas(x, l.Code) && anyHas(y, l.Code) })
		if i < 0 {
			return
		}
		shared = classes[i].Code
	}
	if shared != "" {
		c.add(path, "class %s is in both %s and %s: it can train nothing", shared, a, b)
	}
}

func (c *checker) selectors(path string, list []string) {
	for i, s := range list {
		c.fail(fmt.Sprintf("%s[%d]", path, i), c.selector(s))
	}
}
