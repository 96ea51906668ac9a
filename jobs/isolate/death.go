package isolate

import (
	"fmt"
	"os"
	"syscall"
	"time"
)

// cause is how a child came to its end.
type cause string

const (
	finished cause = "finished" // by itself, with an exit code
	crashed  cause = "crashed"  // by a fault in native code
	stalled  cause = "stalled"  // killed by the guard: an operation gave no answer
	grown    cause = "grown"    // killed by the guard: it held too much memory
	killed   cause = "killed"   // SIGKILL from somebody else, such as the kernel short of memory
	asked    cause = "asked"    // by a signal that asks programs to end, or a closed pipe
	failed   cause = "failed"   // the Go program itself panicked
)

// death is the end of a child.
type death struct {
	cause cause
	code  int
	// how says it in words, after "the process".
	how string
	// ops were in work and may be the cause.
	ops []Op
	// dump is what the Go runtime wrote.
	dump string
}

// autopsy finds out how a child ended that the guard did not kill.
func autopsy(b *board, st *os.ProcessState, l *listener) death {
	h := b.header()
	if h.finished.Load() == 1 {
		return death{cause: finished, code: int(h.code)}
	}
	d := death{cause: crashed, dump: l.dump.String()}
	for i := range boardSlots {
		if s := b.slot(i); s.busy() != 0 {
			d.ops = append(d.ops, s.op())
		}
	}
	name, own := l.signal()
	ws, _ := st.Sys().(syscall.WaitStatus)
	switch {
	case own:
		d.cause, d.code, d.how = failed, ws.ExitStatus(), "failed"
	case name != "":
		d.how = fmt.Sprintf("crashed (%s)", name)
	case !ws.Signaled():
		d.how = fmt.Sprintf("was ended from within (exit status %d)", ws.ExitStatus())
	default:
		switch sig := ws.Signal(); sig {
		case syscall.SIGSEGV, syscall.SIGBUS, syscall.SIGFPE, syscall.SIGILL, syscall.SIGABRT, syscall.SIGTRAP, syscall.SIGSYS:
			d.how = fmt.Sprintf("crashed (%s)", sig)
		case syscall.SIGKILL:
			d.cause, d.how = killed, "was killed from outside (by the kernel, if memory ran out)"
		default:
			d.cause, d.code = asked, 128+int(sig)
		}
	}
	return d
}

// reason says of a banned operation why it is banned.
func (d death) reason(o Options) string {
	switch d.cause {
	case stalled:
		return fmt.Sprintf("the decoder gave no answer here within %s", o.Stall.Round(time.Millisecond))
	case grown:
		return fmt.Sprintf("the decoder wanted more than %s of memory here", gibibytes(o.Memory))
	}
	return "the decoder " + d.how + " here"
}

func gibibytes(n int64) string {
	if n < 1<<30 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
}
