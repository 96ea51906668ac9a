package isolate

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// watched is a guard of a child in this process, which is made to look as large as a test wants.
func watched(t *testing.T, o Options) (c *Child, look func(mebibytes int, after time.Duration) (cause, []Op)) {
	t.Helper()
	c = joined(t, newDocket())
	statm, err := os.Create(filepath.Join(t.TempDir(), "statm"))
	if err != nil {
		t.Fatal(err)
	}
	g := &guard{board: c.board, statm: statm, stall: o.Stall, limit: o.Memory}
	t.Cleanup(g.close)
	now := time.Now()
	return c, func(mebibytes int, after time.Duration) (cause, []Op) {
		t.Helper()
		text := fmt.Sprintf("%12d %12d 0 0 0 0 0\n", 1<<30, mebibytes<<20/os.Getpagesize())
		if _, err := statm.WriteAt([]byte(text), 0); err != nil {
			t.Fatal(err)
		}
		now = now.Add(after)
		return g.look(now)
	}
}

func enter(t *testing.T, c *Child, i int) (token int) {
	t.Helper()
	token, err := c.Enter(operation(i))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// Memory is the fault of what was in work while it grew, not of what came when it was full.
func TestGuardBlamesGrowth(t *testing.T) {
	c, look := watched(t, Options{Stall: time.Hour, Memory: 400 << 20})
	enter(t, c, 1)
	look(50, watchEvery)
	enter(t, c, 2)
	if why, _ := look(390, watchEvery); why != "" {
		t.Fatalf("%s below the limit", why)
	}
	enter(t, c, 3)
	why, ops := look(410, watchEvery)
	if want := []Op{operation(1), operation(2)}; why != grown || len(ops) != 2 || !slices.Contains(want, ops[0]) || !slices.Contains(want, ops[1]) {
		t.Errorf("%s: %v, want %v", why, ops, want)
	}
}

// A stall is of one operation, however many of its kind came before it; and a pause of the guard itself is none.
func TestGuardFindsStalls(t *testing.T) {
	c, look := watched(t, Options{Stall: 5 * time.Second, Memory: 400 << 20})
	for range 100 {
		token := enter(t, c, 1)
		look(50, time.Second)
		c.Leave(token)
	}
	enter(t, c, 2)
	look(50, time.Second)
	if why, _ := look(50, 12*time.Hour); why != "" {
		t.Errorf("%s after a night in which both were stopped", why)
	}
	for i := range 3 {
		if why, _ := look(50, time.Second); why != "" {
			t.Fatalf("%s after %d seconds", why, i+2)
		}
	}
	if why, ops := look(50, time.Second); why != stalled || !slices.Equal(ops, []Op{operation(2)}) {
		t.Errorf("%s: %v", why, ops)
	}
}
