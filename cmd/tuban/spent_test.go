package main

import (
	"strings"
	"testing"
	"time"

	"tuban/pipeline"
)

// What a run prints of its time, from clocks that tick as told.
func TestSpentText(t *testing.T) {
	s := pipeline.Sums{
		Wall: 40 * time.Second, CPU: 61 * time.Second,
		Stages: []pipeline.Spent{
			{Name: "plan", Wall: 40 * time.Millisecond, CPU: 30 * time.Millisecond},
			{Name: "scan", Wall: 30 * time.Second, CPU: 55 * time.Second, Done: 1000e6},
			{Name: "write", Wall: 9960 * time.Millisecond, CPU: 5970 * time.Millisecond, Parts: []pipeline.Spent{
				{Name: "changes.runs", Wall: 190 * time.Millisecond, CPU: 20 * time.Millisecond},
				{Name: "a-file-with-a-long-name.gpkg", Wall: 6 * time.Second, CPU: 5 * time.Second},
			}},
		},
		Counts: []pipeline.Counted{
			{What: pipeline.TilesRead, N: 60, Pixels: 500e6}, {What: pipeline.TilesResumed, N: 25, Pixels: 250e6},
			{What: pipeline.TilesNoImagery, N: 4, Pixels: 40e6}, {What: pipeline.TilesNotEligible, N: 9, Pixels: 90e6},
			{What: pipeline.TilesOutside, N: 2, Pixels: 120e6}, {What: pipeline.PixelsDecoded, Pixels: 1234.56e6},
		},
	}
	const want = `where the time went                     wall share         cpu
  plan                                 0.0 s    0%       0.0 s
  scan                                30.0 s   75%      55.0 s  25.0 Mpx/s
  write                               10.0 s   25%       6.0 s
    a-file-with-a-long-name.gpkg       6.0 s   15%       5.0 s
  all                                 40.0 s  100%      61.0 s
  2 of 100 tiles, 12.0% of the pixels, never opened: outside the region
  9 of 100 tiles, 9.0% of the pixels, never opened: no land of a class that any kind is eligible for
  4 of 100 tiles, 4.0% of the pixels, not examined: no imagery of either date; their eligible land is unobserved
  25 of 100 tiles, 25.0% of the pixels, done by an earlier start
  the scan decoded 1234.6 Mpx of images
`
	var got strings.Builder
	printSpent(&got, s)
	if got.String() != want {
		t.Errorf("this:\n%s\nnot this:\n%s", got.String(), want)
	}
	got.Reset()
	printSpent(&got, pipeline.Sums{})
	if got.String() != "" {
		t.Errorf("of nothing: %s", got.String())
	}
}

// Whatever becomes of a tile that is not read has a reason to print.
func TestEverySkipHasAReason(t *testing.T) {
	for _, what := range pipeline.Tiles {
		if (skipReasons[what] == "") != (what == pipeline.TilesRead) {
			t.Errorf("%s: %q", what, skipReasons[what])
		}
	}
}
