package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"tuban/pipeline"
)

// skipReasons says why tiles were not read or not looked at.
var skipReasons = map[pipeline.Tally]string{
	pipeline.TilesOutside:     "never opened: outside the region",
	pipeline.TilesNotEligible: "never opened: no land of a class that any kind is eligible for",
	pipeline.TilesDenied:      "read of the before date alone, which denies every kind there",
	pipeline.TilesNoImagery:   "not examined: no imagery of either date; their eligible land is unobserved",
	pipeline.TilesResumed:     "done by an earlier start",
}

// printSpent says where the time of a run went, stage by stage, and what it did not do and why. Shares are of the
// whole; a stage that holds more than one processor busy has more cpu than wall. Parts below half a percent are left out.
func printSpent(w io.Writer, s pipeline.Sums) {
	if len(s.Stages) == 0 {
		return
	}
	width := len("where the time went")
	for _, st := range s.Stages {
		width = max(width, len(st.Name)+2)
		for _, p := range st.Parts {
			width = max(width, len(p.Name)+4)
		}
	}
	line := func(name string, wall, cpu time.Duration, more string) {
		share := ""
		if s.Wall > 0 {
			share = fmt.Sprintf("%.0f%%", 100*wall.Seconds()/s.Wall.Seconds())
		}
		fmt.Fprintln(w, strings.TrimRight(fmt.Sprintf("%-*s %9.1f s %5s %9.1f s  %s", width, name, wall.Seconds(), share, cpu.Seconds(), more), " "))
	}
	fmt.Fprintf(w, "%-*s %11s %5s %11s\n", width, "where the time went", "wall", "share", "cpu")
	for _, st := range s.Stages {
		more := ""
		if st.Name == "scan" && st.Wall > 0 {
			more = fmt.Sprintf("%.1f Mpx/s", float64(st.Done-s.Counted(pipeline.TilesResumed).Pixels)/1e6/st.Wall.Seconds())
		}
		line("  "+st.Name, st.Wall, st.CPU, more)
		for _, p := range st.Parts {
			if 200*p.Wall >= s.Wall {
				line("    "+p.Name, p.Wall, p.CPU, "")
			}
		}
	}
	line("  all", s.Wall, s.CPU, "")
	printCounts(w, s)
}

// printCounts says what became of the tiles that were not read, and how much was decoded for the others.
func printCounts(w io.Writer, s pipeline.Sums) {
	var all pipeline.Counted
	for _, what := range pipeline.Tiles {
		c := s.Counted(what)
		all.N += c.N
		all.Pixels += c.Pixels
	}
	for _, what := range pipeline.Tiles {
		if c := s.Counted(what); c.N > 0 && what != pipeline.TilesRead {
			fmt.Fprintf(w, "  %d of %d tiles, %.1f%% of the pixels, %s\n", c.N, all.N, 100*float64(c.Pixels)/float64(all.Pixels), skipReasons[what])
		}
	}
	if c := s.Counted(pipeline.PixelsDecoded); c.Pixels > 0 {
		fmt.Fprintf(w, "  the scan decoded %.1f Mpx of images\n", float64(c.Pixels)/1e6)
	}
}
