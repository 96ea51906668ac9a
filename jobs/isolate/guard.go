package isolate

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"time"
)

// guard watches a child from outside: how long each operation takes, how much memory the process holds.
type guard struct {
	board *board
	statm *os.File
	stall time.Duration
	limit int64

	last time.Time
	rss  int64
	seen [boardSlots]sighting
}

// sighting is what is known of the operation in a slot.
type sighting struct {
	number uint64
	// watched is how long the operation has been seen at work, rss what the process held just before it was first seen.
	watched time.Duration
	rss     int64
}

// maxStep bounds how much time may pass between two looks, for the operations: a longer pause was this process's own,
// stopped or starved together with its child.
const maxStep = time.Second

func newGuard(b *board, pid int, o Options) *guard {
	// A child that is gone already has no such file, and no memory.
	statm, _ := os.Open(fmt.Sprintf("/proc/%d/statm", pid))
	return &guard{board: b, statm: statm, stall: o.Stall, limit: o.Memory}
}

func (g *guard) close() { g.statm.Close() }

// look notes what the child is doing now. It returns why the child must be killed, and the operations that may be the
// cause, or "".
func (g *guard) look(now time.Time) (why cause, ops []Op) {
	step := time.Duration(0)
	if !g.last.IsZero() {
		step = min(now.Sub(g.last), maxStep)
	}
	g.last = now
	before := g.rss
	g.rss = g.resident()
	stuck := false
	for i := range g.seen {
		s := &g.seen[i]
		n := g.board.slot(i).busy()
		if n == 0 || n != s.number {
			*s = sighting{number: n, rss: before}
			continue
		}
		s.watched += step
		stuck = stuck || s.watched >= g.stall
	}
	if stuck {
		if ops := g.waiting(); len(ops) > 0 {
			return stalled, ops
		}
	}
	if g.rss > g.limit {
		return grown, g.growing()
	}
	return "", nil
}

// waiting returns the operations that give no answer, and those that may be done together with one that does not: what began
// not much later. Of several, each is tried by itself.
func (g *guard) waiting() (ops []Op) {
	stuck := false
	for i := range g.seen {
		s := g.seen[i]
		if s.number == 0 || s.watched < g.stall/2 {
			continue
		}
		op := g.board.slot(i).op()
		if g.board.slot(i).busy() != s.number {
			continue // it ended while it was read, and op may be of the next
		}
		ops = append(ops, op)
		stuck = stuck || s.watched >= g.stall
	}
	if !stuck {
		return nil
	}
	return ops
}

// growing returns the operations during which the process has grown much: what it holds otherwise is no fault of theirs.
func (g *guard) growing() []Op {
	var ops []Op
	for i := range g.seen {
		if s := g.seen[i]; s.number != 0 && g.rss-s.rss >= g.limit/4 {
			op := g.board.slot(i).op()
			if g.board.slot(i).busy() == s.number {
				ops = append(ops, op)
			}
		}
	}
	return ops
}

// resident is the memory that the child holds, in bytes.
func (g *guard) resident() int64 {
	var buf [128]byte
	n, _ := g.statm.ReadAt(buf[:], 0)
	fields := bytes.Fields(buf[:n])
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(string(fields[1]), 10, 64)
	return pages * int64(os.Getpagesize())
}
