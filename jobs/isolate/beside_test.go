package isolate

import (
	"slices"
	"testing"
	"time"
)

// Beside never waits: where an operation must be done by itself, or there is no room, it says so.
func TestBeside(t *testing.T) {
	for _, c := range []struct {
		name  string
		known func(docket)
		ok    bool
	}{
		{"nothing is known", func(docket) {}, true},
		{"another is banned", func(d docket) { d.ban(operation(2), "it crashed") }, true},
		{"this one is banned", func(d docket) { d.ban(operation(1), "it crashed") }, false},
		{"another is suspected", func(d docket) { d.suspect([]Op{operation(2)}) }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDocket()
			c.known(d)
			child := joined(t, d)
			outer, err := child.Enter(operation(3))
			if err != nil {
				t.Fatal(err)
			}
			token, ok := child.Beside(operation(1))
			if ok != c.ok {
				t.Fatalf("ok is %v", ok)
			}
			if ok {
				child.Leave(token)
			}
			child.Leave(outer)
			if len(child.free) != boardSlots {
				t.Errorf("%d slots are free of %d", len(child.free), boardSlots)
			}
		})
	}
	t.Run("all slots are taken", func(t *testing.T) {
		child := joined(t, newDocket())
		for i := range boardSlots {
			enter(t, child, i)
		}
		if _, ok := child.Beside(operation(1)); ok {
			t.Error("there was room")
		}
	})
}

// Of two operations that are done together, either may be what gives no answer.
func TestGuardSuspectsWhatIsDoneTogether(t *testing.T) {
	c, look := watched(t, Options{Stall: 5 * time.Second, Memory: 400 << 20})
	enter(t, c, 1)
	look(50, time.Second)
	if _, ok := c.Beside(operation(2)); !ok {
		t.Fatal("not beside another")
	}
	var why cause
	var ops []Op
	for range 10 {
		if why, ops = look(50, time.Second); why != "" {
			break
		}
	}
	if want := []Op{operation(1), operation(2)}; why != stalled || len(ops) != 2 || !slices.Contains(ops, want[0]) || !slices.Contains(ops, want[1]) {
		t.Errorf("%s: %v, want %v", why, ops, want)
	}
}
