package pipeline

import (
	"context"
	"runtime/pprof"
	"runtime/trace"
	"slices"
	"sync"
	"syscall"
	"time"
)

// Account is told by a run where its time goes and what it need not do. It is no part of the product, which depends
// neither on time nor on tiles. What it is told also marks profiles: each stage is a task of a trace, and a label of the
// samples of the goroutines that it starts. A nil Account is told in vain. Its methods are safe for concurrent use.
type Account struct {
	now func() time.Time
	cpu func() time.Duration

	mu     sync.Mutex
	start  reading
	stage  span // names a stage of stages; the zero value when none is running
	part   span // names a part of stage
	task   *trace.Task
	closed bool
	sums   Sums
}

// Sums are what an Account was told: the whole, the stages in the order in which they first began, and the tallies.
type Sums struct {
	Wall   time.Duration `json:"wall_ns"`
	CPU    time.Duration `json:"cpu_ns"` // of all threads of the process
	Stages []Spent       `json:"stages"`
	Counts []Counted     `json:"counts"`
}

// Spent is what a stage took, all its times together, or a part of it.
type Spent struct {
	Name string        `json:"name"`
	Wall time.Duration `json:"wall_ns"`
	CPU  time.Duration `json:"cpu_ns"`
	// Done are the units that were told to Progress: pixels of the scan, features of the survey.
	Done  int64   `json:"done,omitempty"`
	Parts []Spent `json:"parts,omitempty"`
}

// Counted is a tally: so many pieces, of so many pixels together.
type Counted struct {
	What   Tally `json:"what"`
	N      int64 `json:"n,omitempty"`
	Pixels int64 `json:"pixels,omitempty"`
}

// Tally names what a run counts besides its time. Each tile counts in exactly one of those that begin with Tiles.
type Tally string

// The tallies, each set by the scan.
const (
	TilesRead        Tally = "read"
	TilesOutside     Tally = "outside the region"        // never opened
	TilesNotEligible Tally = "nothing eligible"          // never opened
	TilesDenied      Tally = "denied by the before date" // the after date was not opened
	TilesNoImagery   Tally = "no imagery"                // no value of either date was found in or around them
	TilesResumed     Tally = "resumed"                   // taken from the journal of an earlier start
	PixelsDecoded    Tally = "decoded"                   // counted where Pixels has a method Decoded; the halos of tiles may count again
)

// Tiles are the tallies of which each tile has one.
var Tiles = []Tally{TilesRead, TilesOutside, TilesNotEligible, TilesDenied, TilesNoImagery, TilesResumed}

// reading is a time on both clocks.
type reading struct {
	wall time.Time
	cpu  time.Duration
}

// span is a stage or a part that is running.
type span struct {
	name  string
	began reading
}

// NewAccount begins an account; the whole begins now.
func NewAccount() *Account { return newAccount(time.Now, processorTime) }

func newAccount(now func() time.Time, cpu func() time.Duration) *Account {
	a := &Account{now: now, cpu: cpu}
	a.start = a.read()
	return a
}

// processorTime is what this process has taken of the processors, in its own code and in the kernel.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func (a *Account) read() reading { return reading{a.now(), a.cpu()} }

// Stage ends the stage that is running and begins another. A stage that comes again goes on.
func (a *Account) Stage(name string) {
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed || a.stage.name == name {
		return
	}
	at := a.read()
	a.end(at)
	a.stage = span{name, at}
	find(&a.sums.Stages, name)
	_, a.task = trace.NewTask(context.Background(), name)
	pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), pprof.Labels("stage", name)))
}

// Part ends the part of the stage that is running and begins another, such as a file that is written.
func (a *Account) Part(name string) {
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.stage.name == "" || a.closed {
		return
	}
	at := a.read()
	a.endPart(at)
	a.part = span{name, at}
}

// Count adds n pieces, of so many pixels together, to a tally.
func (a *Account) Count(what Tally, n, pixels int64) {
	if a == nil || n == 0 && pixels == 0 {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return
	}
	i := slices.IndexFunc(a.sums.Counts, func(c Counted) bool { return c.What == what })
	if i < 0 {
		i = len(a.sums.Counts)
		a.sums.Counts = append(a.sums.Counts, Counted{What: what})
	}
	a.sums.Counts[i].N += n
	a.sums.Counts[i].Pixels += pixels
}

// advance adds units to the stage that is running.
func (a *Account) advance(n int64) {
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.stage.name != "" {
		find(&a.sums.Stages, a.stage.name).Done += n
	}
}

// Sums ends the account, the first time that it is called, and returns what it was told until then.
func (a *Account) Sums() Sums {
	if a == nil {
		return Sums{}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.closed {
		at := a.read()
		a.end(at)
		a.sums.Wall, a.sums.CPU = at.wall.Sub(a.start.wall), at.cpu-a.start.cpu
		a.closed = true
		pprof.SetGoroutineLabels(context.Background())
	}
	return a.sums
}

// Counted returns a tally; zeros for one that was not counted.
func (s Sums) Counted(what Tally) Counted {
	for _, c := range s.Counts {
		if c.What == what {
			return c
		}
	}
	return Counted{What: what}
}

func (a *Account) end(at reading) {
	if a.stage.name == "" {
		return
	}
	a.endPart(at)
	find(&a.sums.Stages, a.stage.name).add(a.stage, at)
	a.stage = span{}
	a.task.End()
}

func (a *Account) endPart(at reading) {
	if a.part.name == "" {
		return
	}
	find(&find(&a.sums.Stages, a.stage.name).Parts, a.part.name).add(a.part, at)
	a.part = span{}
}

func (s *Spent) add(p span, until reading) {
	s.Wall += until.wall.Sub(p.began.wall)
	s.CPU += until.cpu - p.began.cpu
}

// find returns the entry of a name, which it adds where there is none.
func find(list *[]Spent, name string) *Spent {
	for i := range *list {
		if (*list)[i].Name == name {
			return &(*list)[i]
		}
	}
	*list = append(*list, Spent{Name: name})
	return &(*list)[len(*list)-1]
}
