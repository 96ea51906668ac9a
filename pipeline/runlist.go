package pipeline

import (
	"fmt"

	"tuban/classify/object"
)

// runBytes is what a run costs between scan and patches: itself, its copy by patch, labels and ring nodes.
const runBytes = 352

// runShare is the part of the memory that runs may take: a third, as the tiles' buffers are given back late.
const runShare = 3

// runList holds the runs of the finished tiles, as many as memory allows. Changes and gaps share the limit and are
// counted apart, so that the error names what there is too much of.
type runList struct {
	plan          *Plan
	memory        int64
	limit         int
	changes, gaps runBlocks
	fused         int // how many gaps the last fuse left
}

func newRunList(p *Plan, memory int64) *runList {
	return &runList{plan: p, memory: memory, limit: int(memory / runShare / runBytes)}
}

// add copies the runs of a tile. Gaps are cut by the seams of tiles, so those beyond the limit are fused before they
// count. To fuse only when they have doubled keeps the whole linear, and what waits is small: before it becomes
// polygons, a run is a quarter of runBytes.
func (l *runList) add(runs []object.Run) error {
	for _, r := range runs {
		if r.Kind != 0 {
			l.changes.add(r)
		} else {
			l.gaps.add(r)
		}
	}
	if l.gaps.n < 2*l.fused && l.changes.n+l.fused <= l.limit {
		return nil
	}
	return l.check()
}

// check fuses the gaps where there are more runs than the limit, and fails where there still are.
func (l *runList) check() error {
	if l.changes.n+l.gaps.n <= l.limit {
		return nil
	}
	if l.changes.n <= l.limit {
		fused, err := object.Fuse(l.gaps.take(nil))
		if err != nil {
			return err
		}
		l.gaps = blocksOf(fused)
		l.fused = len(fused)
	}
	switch {
	case l.changes.n+l.gaps.n <= l.limit:
		return nil
	case l.changes.n > l.limit || l.changes.n >= l.gaps.n:
		return badInput("the rules fire in %d separate spans of pixels, more than %d MiB of memory can hold: the change is speckled; clean more (`clean: majority 5`), make the conditions stricter, or give more with --memory", l.changes.n, l.memory>>20)
	}
	reason, n := l.dominant()
	return badInput("what could not be observed lies in %d separate spans of pixels, more than %d MiB of memory can hold; %d of them are %s: %s, or give more with --memory", l.gaps.n, l.memory>>20, n, reason, l.remedy(reason))
}

// dominant returns the reason of most gaps, and how many have it.
func (l *runList) dominant() (most object.Reason, n int) {
	var count [object.NotJudgeable + 1]int
	for g := range l.gaps.all() {
		count[g.Reason]++
	}
	for reason, c := range count {
		if c > n {
			most, n = object.Reason(reason), c
		}
	}
	return most, n
}

// remedy says what the user can change about gaps of the reason.
func (l *runList) remedy(reason object.Reason) string {
	switch reason {
	case object.Outside, object.NoData:
		return "cut `region:` to where the images of both dates have pixels, or give images without holes"
	case object.Cloud, object.Shadow:
		return "give clearer images, more than one for a date"
	case object.Unreadable:
		return "mend the images that could not be read"
	}
	count := make([]int, len(l.plan.Rules.Kinds))
	worst := 0
	for g := range l.gaps.all() {
		for k := range count {
			if g.Reason == reason && g.Undecided&(1<<k) != 0 {
				count[k]++
			}
		}
	}
	for k, c := range count {
		if c > count[worst] {
			worst = k
		}
	}
	return fmt.Sprintf("take kind %s, which these images cannot decide, out of the rules, or give images with the bands that it needs", l.plan.Rules.Kinds[worst].Code)
}

// take returns all runs, changes and gaps, and leaves the list empty.
func (l *runList) take() ([]object.Run, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	runs := make([]object.Run, 0, l.changes.n+l.gaps.n)
	runs = l.changes.take(runs)
	return l.gaps.take(runs), nil
}
