package isolate

import (
	"errors"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/sys/unix"
	"pgregory.net/rapid"
)

// joined is a child within this process, whose parent knows d.
func joined(t testing.TB, d docket) *Child {
	t.Helper()
	text, err := d.encode()
	if err != nil {
		t.Fatal(err)
	}
	b, err := newBoard(text)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.close)
	fd, err := unix.Dup(int(b.file.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	c, err := join(os.NewFile(uintptr(fd), "board"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.board.close)
	return c
}

var ops = rapid.Custom(func(t *rapid.T) Op {
	o := Op{What: rapid.SampledFrom([]string{"open", "inspect", "preview", "decode"}).Draw(t, "what"), URI: rapid.String().Draw(t, "uri")}
	if rapid.Bool().Draw(t, "long") {
		o.URI += strings.Repeat("folder/", 600) + "name"
	}
	for i := range o.Window {
		o.Window[i] = rapid.Int().Draw(t, "window")
	}
	return o
})

// The parent reads from the board what the child is doing, and until when.
func TestBoardTellsTheParent(t *testing.T) {
	c := joined(t, newDocket())
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(ops, 1, boardSlots).Draw(t, "ops")
		tokens := map[int]Op{}
		for _, o := range list {
			token, err := c.Enter(o)
			if err != nil {
				t.Fatal(err)
			}
			tokens[token] = o
		}
		busy := 0
		for i := range boardSlots {
			if s := c.board.slot(i); s.busy() != 0 {
				busy++
				if got, want := s.op(), tokens[i]; got.key() != want.key() || got.Window != want.Window {
					t.Fatalf("slot %d: %+v, want %+v", i, got, want)
				}
			}
		}
		if busy != len(list) {
			t.Fatalf("%d slots are busy, want %d", busy, len(list))
		}
		for token := range tokens {
			c.Leave(token)
		}
		for i := range boardSlots {
			if c.board.slot(i).busy() != 0 {
				t.Fatalf("slot %d is busy still", i)
			}
		}
	})
}

// A ban is of one operation; that of a header is of all that read the header.
func TestBans(t *testing.T) {
	long := strings.Repeat("folder/", 600)
	d := newDocket()
	d.ban(Op{What: "decode", URI: "a", Window: [4]int{1, 2, 3, 4}}, "crashed")
	d.ban(Op{What: "inspect", URI: "b"}, "crashed")
	d.ban(Op{What: "open", URI: long + "c"}, "crashed")
	d.ban(Op{What: "preview", URI: "d", Window: [4]int{0, 0, 9, 9}}, "crashed")
	c := joined(t, d)
	for _, e := range []struct {
		op     Op
		banned bool
	}{
		{Op{What: "decode", URI: "a", Window: [4]int{1, 2, 3, 4}}, true},
		{Op{What: "decode", URI: "a", Window: [4]int{1, 2, 3, 5}}, false},
		{Op{What: "warp", URI: "a", Window: [4]int{1, 2, 3, 4}}, false},
		{Op{What: "decode", URI: "x", Window: [4]int{1, 2, 3, 4}}, false},
		{Op{What: "inspect", URI: "b"}, true},
		{Op{What: "open", URI: "b"}, true},
		{Op{What: "preview", URI: "b", Window: [4]int{0, 0, 1, 1}}, true},
		{Op{What: "decode", URI: "b", Window: [4]int{0, 0, 1, 1}}, false},
		{Op{What: "inspect", URI: long + "c"}, true},
		{Op{What: "inspect", URI: long + "d"}, false},
		{Op{What: "preview", URI: "d", Window: [4]int{0, 0, 9, 9}}, true},
		{Op{What: "open", URI: "d"}, false},
	} {
		token, err := c.Enter(e.op)
		var banned *BannedError
		if errors.As(err, &banned) != e.banned {
			t.Errorf("%+v: %v", e.op, err)
		}
		if err == nil {
			c.Leave(token)
		}
	}
}

// A suspect runs alone until it has survived once; a stubborn one, always.
func TestSuspectsRunAlone(t *testing.T) {
	mild, stubborn := operation(0), operation(1)
	d := newDocket()
	d.suspect([]Op{mild, stubborn})
	d.suspect([]Op{stubborn})
	c := joined(t, d)
	var inside, survived atomic.Int64
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for i := range 300 {
				o := operation((worker + i) % 7)
				token, err := c.Enter(o)
				if err != nil {
					t.Error(err)
					return
				}
				n := inside.Add(1)
				for range 20 { // others would come in now
					runtime.Gosched()
					n = max(n, inside.Load())
				}
				if alone := o == stubborn || o == mild && survived.Load() == 0; alone && n != 1 {
					t.Errorf("%v runs beside %d others", o, n-1)
				}
				inside.Add(-1)
				if o == mild {
					survived.Add(1)
				}
				c.Leave(token)
			}
		})
	}
	all.Wait()
	// Cleared, the suspect shares: two of it can be in work at once.
	first, err := c.Enter(mild)
	if err != nil {
		t.Fatal(err)
	}
	second, err := c.Enter(mild)
	if err != nil {
		t.Fatal(err)
	}
	c.Leave(first)
	c.Leave(second)
}

// More operations than slots wait for one another.
func TestMoreOperationsThanSlots(t *testing.T) {
	c := joined(t, newDocket())
	var all sync.WaitGroup
	var n atomic.Int64
	for i := range 4 * boardSlots {
		all.Go(func() {
			token, err := c.Enter(operation(i))
			if err == nil {
				n.Add(1)
				c.Leave(token)
			}
		})
	}
	all.Wait()
	if n.Load() != 4*boardSlots {
		t.Errorf("%d operations", n.Load())
	}
}

// Noting an operation costs no allocation.
func TestEnterDoesNotAllocate(t *testing.T) {
	c := joined(t, newDocket())
	o := operation(1)
	if n := testing.AllocsPerRun(100, func() {
		token, _ := c.Enter(o)
		c.Leave(token)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkEnter(b *testing.B) {
	d := newDocket()
	banned := newDocket()
	banned.ban(operation(7), "crashed")
	suspects := newDocket()
	suspects.suspect([]Op{operation(7)})
	o := Op{What: "decode", URI: "/data/imagery/2025/220122/GF2_PMS1_E125.2_N44.1_20250820_L1A0007354213-PAN1.tif", Window: [4]int{1024, 2048, 512, 512}}
	for _, v := range []struct {
		name string
		d    docket
	}{{"plain", d}, {"banned", banned}, {"suspects", suspects}} {
		b.Run(v.name, func(b *testing.B) {
			c := joined(b, v.d)
			b.ReportAllocs()
			for b.Loop() {
				token, _ := c.Enter(o)
				c.Leave(token)
			}
		})
		b.Run(v.name+"-parallel", func(b *testing.B) {
			c := joined(b, v.d)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					token, _ := c.Enter(o)
					c.Leave(token)
				}
			})
		})
	}
}
