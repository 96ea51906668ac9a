package isolate

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"syscall"
	"time"
)

// Options says what to run and how to watch it.
type Options struct {
	// Args are the arguments of the child, which is this program.
	Args []string
	// Stdin, Stdout and Stderr are the child's. Writers that are no files are written to one call at a time.
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Stall is how long a native operation may take; 0 means 5 minutes.
	Stall time.Duration
	// Memory is how many bytes the child may hold; 0 means 2 GiB.
	Memory int64
	// Report is told, before each restart, what happened and what follows; nil means that nobody is told. It is never
	// called concurrently.
	Report func(line string)
}

func (o Options) withDefaults() Options {
	// A decoder that is sound takes seconds for the largest block that is read.
	if o.Stall <= 0 {
		o.Stall = 5 * time.Minute
	}
	if o.Memory <= 0 {
		o.Memory = 2 << 30
	}
	if o.Report == nil {
		o.Report = func(string) {}
	}
	if _, ok := o.Stderr.(*os.File); !ok && o.Stderr != nil {
		o.Stderr = &lockedWriter{w: o.Stderr}
	}
	return o
}

const (
	// watchEvery is how often the guard looks: a decoder that allocates without bound takes some 2 GiB a second.
	watchEvery = 50 * time.Millisecond
	// grace is how long an interrupted child may take to end.
	grace = 30 * time.Second
)

// Supervise runs this program as a child, and again without what it died of, until a child ends by itself; it returns
// that child's exit code. A child that a signal asked to end, or a closed pipe, has 128 and the signal's number.
// When ctx ends the child is asked to end too; if it does so with an exit code, that is the result, else ctx's error.
func Supervise(ctx context.Context, o Options) (code int, err error) {
	o = o.withDefaults()
	j := &judge{options: o, docket: newDocket()}
	// The kernel's signal on the parent's death is one on the death of the thread that started the child.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for {
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		d, err := live(ctx, o, j.docket)
		switch {
		case err != nil:
			return 0, fmt.Errorf("starting a process of its own for native code: %w: without one, run with --isolate=false", err)
		case d.cause == finished:
			return d.code, nil
		case ctx.Err() != nil:
			return 0, ctx.Err()
		case d.cause == asked:
			return d.code, nil
		}
		line, err := j.learn(d)
		if err != nil {
			return 0, err
		}
		o.Report(line)
	}
}

// live starts a child with the docket and waits for its end.
func live(ctx context.Context, o Options, known docket) (death, error) {
	text, err := known.encode()
	if err != nil {
		return death{}, err
	}
	b, err := newBoard(text)
	if err != nil {
		return death{}, err
	}
	defer b.close()
	c, err := start(o, b)
	if err != nil {
		return death{}, err
	}
	defer c.close()
	g := newGuard(b, c.cmd.Process.Pid, o)
	defer g.close()

	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	interrupt := ctx.Done()
	var patience <-chan time.Time
	var verdict death
	for {
		select {
		case <-c.ended:
			if verdict.cause != "" && b.header().finished.Load() == 0 {
				return verdict, nil
			}
			return autopsy(b, c.cmd.ProcessState, &c.listener), nil
		case <-interrupt:
			interrupt = nil
			_ = c.cmd.Process.Signal(syscall.SIGTERM)
			timer := time.NewTimer(grace)
			defer timer.Stop()
			patience = timer.C
		case <-patience:
			_ = c.cmd.Process.Kill()
		case now := <-tick.C:
			if verdict.cause != "" {
				continue
			}
			why, ops := g.look(now)
			if why == "" {
				continue
			}
			verdict = death{cause: why, ops: ops, how: "gave no answer"}
			if why == grown {
				verdict.how = fmt.Sprintf("wanted more than %s of memory", gibibytes(o.Memory))
			}
			_ = c.cmd.Process.Kill()
		}
	}
}
