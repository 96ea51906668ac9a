package register

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tuban/pipeline"
)

var noon = time.Date(2025, 9, 1, 12, 0, 0, 0, time.UTC)

func decision(cid string) Event {
	return Event{Decision: &Decision{Version: Version{CID: cid, GV: "g" + cid}, Verdict: Pass, By: "甲", Second: "乙", On: "2025-09-01"}}
}

func release(jcbh string) Event {
	return Event{Release: &Release{Version: Version{CID: "c" + jcbh}, JCBH: jcbh, County: jcbh[:6], AreaM2: 812.4, Values: map[string]string{"XMC": "农安县"}}}
}

// What was appended, in however many calls, is what a later Open reads, in order.
func TestEventsComeBackInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "register-")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		var want []string
		r, err := Open(filepath.Join(dir, "new"))
		if err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(1, 4).Draw(t, "appends") {
			var batch []Event
			for range rapid.IntRange(0, 3).Draw(t, "events") {
				cid := rapid.StringMatching(`[0-9a-f]{4}|图斑\n`).Draw(t, "cid")
				want = append(want, cid)
				batch = append(batch, decision(cid))
			}
			if err := r.Append(noon, batch, nil); err != nil {
				t.Fatal(err)
			}
		}
		again, err := Open(filepath.Join(dir, "new"))
		if err != nil {
			t.Fatal(err)
		}
		if again.Hash() != r.Hash() || len(again.Events) != len(want) {
			t.Fatalf("%d events, %s; want %d, %s", len(again.Events), again.Hash(), len(want), r.Hash())
		}
		for i, e := range again.Events {
			if e.Decision.CID != want[i] || e.Seq != int64(i+1) || !e.At.Equal(noon) {
				t.Fatalf("event %d: %+v", i+1, e)
			}
		}
	})
}

// A byte that was changed anywhere but in the last line is noticed, and said with the line; so is a line that is missing.
func TestWhatWasChangedIsNoticed(t *testing.T) {
	dir := t.TempDir()
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Append(noon, []Event{decision("a"), release("2201220001"), decision("b")}, nil); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(r.Path())
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(whole, []byte("\n"))
	refused := func(what string, b []byte) {
		t.Helper()
		if err := os.WriteFile(r.Path(), b, 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := Open(dir)
		var input *pipeline.InputError
		if !errors.As(err, &input) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for i := range len(lines[0]) + len(lines[1]) {
		b := bytes.Clone(whole)
		b[i] ^= 1
		refused(fmt.Sprintf("byte %d changed", i), b)
	}
	refused("without its second line", slicesJoin(lines[0], lines[2]))
	refused("without its first line", slicesJoin(lines[1], lines[2]))
	refused("with a line twice", slicesJoin(lines[0], lines[0], lines[1]))
}

func slicesJoin(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// A crash while events are written, wherever it cuts them short, leaves none of them: what was acknowledged before is all that is
// there, and the next events take their place.
func TestAnAppendCutShortIsNotThere(t *testing.T) {
	dir := t.TempDir()
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, batch := range [][]Event{{decision("a"), decision("b")}, {decision("c"), release("2201220001"), decision("d")}} {
		if err := r.Append(noon, batch, nil); err != nil {
			t.Fatal(err)
		}
	}
	whole, err := os.ReadFile(r.Path())
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(whole, []byte("\n"))
	first := len(lines[0]) + len(lines[1])
	for cut := 1; cut < len(whole); cut++ {
		want := 0
		if cut >= first {
			want = 2
		}
		if err := os.WriteFile(r.Path(), whole[:cut], 0o644); err != nil {
			t.Fatal(err)
		}
		s, err := Open(dir)
		if err != nil || len(s.Events) != want {
			t.Fatalf("cut at byte %d: %d events, want %d, %v", cut, len(s.Events), want, err)
		}
		if cut%7 > 0 && cut != first+len(lines[2]) {
			continue
		}
		if err := s.Append(noon, []Event{decision("e")}, nil); err != nil {
			t.Fatal(err)
		}
		s, err = Open(dir)
		if err != nil || len(s.Events) != want+1 || s.Events[want].Decision.CID != "e" {
			t.Fatalf("cut at byte %d and appended: %+v, %v", cut, s.Events, err)
		}
	}
}

// Events of which some are missing in the middle of their Append are no register; those of an earlier version, which do not count
// what is to come, are.
func TestWhatIsToCome(t *testing.T) {
	for _, c := range []struct {
		more []int
		want int
	}{{[]int{0, 0, 0}, 3}, {[]int{2, 1, 0}, 3}, {[]int{0, 1, 0}, 3}, {[]int{0, 2, 1}, 1}, {[]int{0, 0, 1}, 2}, {[]int{2, 0, 0}, -1}, {[]int{1, 1, 0}, -1}, {[]int{-1, 0, 0}, -1}} {
		var b []byte
		last := ""
		for i, more := range c.more {
			e := decision("a")
			e.Seq, e.Prev, e.At, e.More = int64(i+1), last, noon, more
			line, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			last = hash(line)
			b = append(append(b, line...), '\n')
		}
		var r Register
		err := r.read(b)
		if (err != nil) != (c.want < 0) || err == nil && len(r.Events) != c.want {
			t.Errorf("%v: %d events, %v; want %d", c.more, len(r.Events), err, c.want)
		}
	}
}

// Those who append at once see each other's events before they are allowed to, so that nobody acts on what is no longer so.
func TestAppendsAtOnceTakeTurns(t *testing.T) {
	dir := t.TempDir()
	const people, each = 8, 5
	var all sync.WaitGroup
	for p := range people {
		all.Go(func() {
			for k := range each {
				r, err := Open(dir)
				if err != nil {
					t.Error(err)
					return
				}
				next := 0
				err = r.Append(noon, []Event{release(fmt.Sprintf("220122%02d%02d", p, k))}, func(now *Register) error {
					next = len(now.Events) + 1
					return nil
				})
				if err != nil {
					t.Error(err)
					return
				}
				if got := r.Events[next-1].Release.JCBH; got != fmt.Sprintf("220122%02d%02d", p, k) {
					t.Errorf("event %d is that of %s", next, got)
				}
			}
		})
	}
	all.Wait()
	r, err := Open(dir)
	if err != nil || len(r.Events) != people*each {
		t.Fatalf("%d events, %v", len(r.Events), err)
	}
}

func TestARefusedAppendLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	no := errors.New("no")
	if err := r.Append(noon, []Event{decision("a")}, func(*Register) error { return no }); !errors.Is(err, no) {
		t.Fatal(err)
	}
	if err := r.Append(noon, []Event{decision("a"), {}}, nil); err == nil {
		t.Error("an event that says nothing was taken")
	}
	if r, err = Open(dir); err != nil || len(r.Events) != 0 {
		t.Errorf("%d events, %v", len(r.Events), err)
	}
}

// FuzzRead: whatever stands in the file is events that chain, or an error, never a panic.
func FuzzRead(f *testing.F) {
	var r Register
	good, err := r.lines(noon, []Event{decision("a"), release("2201220001")})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:len(good)-2])
	f.Add([]byte("{}\n"))
	f.Add([]byte("null\n\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var r Register
		if err := r.read(b); err != nil {
			return
		}
		if r.size > int64(len(b)) || (r.size > 0 && b[r.size-1] != '\n') {
			t.Fatalf("size %d of %d bytes", r.size, len(b))
		}
		for i, e := range r.Events {
			if e.Seq != int64(i+1) || e.check() != nil {
				t.Fatalf("event %d: %+v", i, e)
			}
		}
	})
}
