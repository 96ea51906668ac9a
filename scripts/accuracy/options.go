package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// part is a part of the document that can be measured by itself.
type part string

// The parts, in the document's order. Each has tables of its own; -only leaves out the rest.
const (
	partReal     part = "real"     // labelled pairs; needs TUBAN_TESTDATA
	partCounties part = "counties" // simulated counties
	partQuiet    part = "quiet"    // simulated land on which nothing changed
	partAblation part = "ablation" // the same again, with one thing switched off
)

var parts = []part{partReal, partCounties, partQuiet, partAblation}

// options are what a document is made by.
type options struct {
	data  string // folder of the labelled pairs; "" for none
	work  string // folder of counties and products
	tuban string // the program; "" to build it
	out   string // the document
	only  []part
	size  int      // edge of a county in pixels
	seeds []uint64 // of the counties
	jobs  int      // runs at once
}

func parseOptions(args []string, usage io.Writer) (options, error) {
	var o options
	var only, seeds string
	f := flag.NewFlagSet("accuracy", flag.ContinueOnError)
	f.SetOutput(usage)
	f.StringVar(&o.work, "work", filepath.Join(os.TempDir(), "tuban-accuracy"), "`folder` of counties and products; they stay there for another start")
	f.StringVar(&o.tuban, "tuban", "", "the `program` to measure, of this source; by default it is built")
	f.StringVar(&o.out, "out", "docs/accuracy.md", "the document")
	f.StringVar(&only, "only", "", "the `parts` to measure, separated by commas: real, counties, quiet, ablation; by default all")
	f.IntVar(&o.size, "size", 5000, "edge of a simulated county in pixels of 0.5 m")
	f.StringVar(&seeds, "seeds", "11,12,13", "seeds of the simulated counties")
	f.IntVar(&o.jobs, "jobs", 1, "runs at once")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if f.NArg() > 0 {
		return o, fmt.Errorf("unknown argument %q: there are rgb, and the flags that -help lists", f.Arg(0))
	}
	if o.size < 512 || o.jobs < 1 {
		return o, fmt.Errorf("-size %d, -jobs %d: a county has 512 pixels or more, and one job or more runs", o.size, o.jobs)
	}
	o.only = parts
	if only != "" {
		o.only = nil
		for name := range strings.SplitSeq(only, ",") {
			p := part(strings.TrimSpace(name))
			if !slices.Contains(parts, p) {
				return o, fmt.Errorf("-only %s: unknown part %q of %v", only, name, parts)
			}
			o.only = append(o.only, p)
		}
	}
	for s := range strings.SplitSeq(seeds, ",") {
		n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 64)
		if err != nil || slices.Contains(o.seeds, n) {
			return o, fmt.Errorf("-seeds %s: %q is not a whole number, or stands there twice", seeds, s)
		}
		o.seeds = append(o.seeds, n)
	}
	return o, nil
}

// has says whether a part is to be measured.
func (o options) has(p part) bool { return slices.Contains(o.only, p) }
