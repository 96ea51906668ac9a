package isolate

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// outcome is what a supervised command left.
type outcome struct {
	code        int
	err         error
	out, errout string
	lines       []string
}

func supervise(o Options, args ...string) outcome {
	var r outcome
	var out, errout strings.Builder
	o.Args, o.Stdout, o.Stderr = args, &out, &errout
	o.Report = func(line string) { r.lines = append(r.lines, line) }
	r.code, r.err = Supervise(context.Background(), o)
	r.out, r.errout = out.String(), errout.String()
	return r
}

func superviseWork(t *testing.T, o Options, w work) (result, outcome) {
	t.Helper()
	text, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	r := supervise(o, "work", string(text))
	var got result
	if r.err != nil || r.code != 0 {
		t.Fatalf("code %d, %v\n%s%s", r.code, r.err, strings.Join(r.lines, "\n"), r.errout)
	}
	if err := json.Unmarshal([]byte(r.out), &got); err != nil {
		t.Fatalf("%v: %s", err, r.out)
	}
	return got, r
}

// optionsFor are tight limits on the one thing that the fault breaks.
func optionsFor(fault string) Options {
	o := Options{Memory: 200 << 20}
	if fault == "hang" {
		o.Stall = 300 * time.Millisecond
	}
	return o
}

// Without a fault nobody sees that there are two processes.
func TestTransparent(t *testing.T) {
	r := supervise(Options{}, "say")
	if r.code != 7 || r.err != nil || r.out != "to stdout\n" || len(r.lines) != 0 {
		t.Errorf("%+v", r)
	}
	if r.errout != "to stderr\na library's word\n" && r.errout != "a library's word\nto stderr\n" {
		t.Errorf("standard error: %q", r.errout)
	}
}

// What is said of a crash late in a run is still heard.
func TestStandardErrorStaysOpen(t *testing.T) {
	if r := supervise(Options{}, "collect"); r.code != 0 || r.errout != "heard\n" {
		t.Errorf("%+v", r)
	}
}

// Each fault costs the operation that it happened in, and the line says what it was.
func TestFaults(t *testing.T) {
	for _, c := range []struct {
		fault, says string
		restarts    int
	}{
		{"segv", "crashed (segmentation fault)", 1},
		{"touch", "crashed (segmentation fault)", 1},
		{"exit", "was ended from within (exit status 9)", 1},
		{"hang", "gave no answer here within 300ms", 1},
		// The first time it may have been somebody else's doing.
		{"kill", "was killed from outside", 2},
		{"grow", "wanted more than 200 MiB of memory here", 2},
	} {
		t.Run(c.fault, func(t *testing.T) {
			got, r := superviseWork(t, optionsFor(c.fault), work{N: 5, Workers: 1, Poison: map[int]string{3: c.fault}})
			if !slices.Equal(got.Done, []int{0, 1, 2, 4}) || !slices.Equal(got.Banned, []int{3}) {
				t.Errorf("%+v", got)
			}
			last := r.lines[len(r.lines)-1]
			if len(r.lines) != c.restarts || !strings.HasPrefix(last, "a.tif at column 3, row 0 (1 × 1 pixels): the decoder "+c.says) {
				t.Errorf("%q", r.lines)
			}
			if strings.Contains(r.errout, "goroutine") || strings.Contains(r.errout, "SIG") {
				t.Errorf("the terminal shows a crash dump:\n%s", r.errout)
			}
		})
	}
}

// Of many operations in work when one of them faults, that one is found.
func TestCulpritAmongMany(t *testing.T) {
	for _, fault := range []string{"segv", "kill", "hang", "grow"} {
		got, r := superviseWork(t, optionsFor(fault), work{N: 8, Workers: 8, Poison: map[int]string{5: fault}, Together: true})
		if !slices.Equal(got.Done, []int{0, 1, 2, 3, 4, 6, 7}) || !slices.Equal(got.Banned, []int{5}) {
			t.Errorf("%s: %+v, %q", fault, got, r.lines)
		}
	}
}

// Whatever is poisoned, and in whatever order the work is done: all else is done, and each fault is told once.
func TestOnlyThePoisonedAreLost(t *testing.T) {
	rounds := 12
	if testing.Short() {
		rounds = 3
	}
	for seed := range rounds {
		rng := rand.New(rand.NewPCG(uint64(seed), 1))
		w := work{N: 1 + rng.IntN(40), Workers: 1 + rng.IntN(6), Poison: map[int]string{}}
		for range rng.IntN(5) {
			w.Poison[rng.IntN(w.N)] = []string{"segv", "touch", "kill", "exit"}[rng.IntN(4)]
		}
		var want result
		for i := range w.N {
			if w.Poison[i] == "" {
				want.Done = append(want.Done, i)
			} else {
				want.Banned = append(want.Banned, i)
			}
		}
		got, r := superviseWork(t, Options{}, w)
		if !slices.Equal(got.Done, want.Done) || !slices.Equal(got.Banned, want.Banned) {
			t.Fatalf("seed %d: %+v\ngot  %+v\nwant %+v\n%q", seed, w, got, want, r.lines)
		}
		for i := range w.Poison {
			told := 0
			for _, line := range r.lines {
				if strings.HasPrefix(line, operation(i).String()) && strings.HasSuffix(line, "continuing without it") {
					told++
				}
			}
			if told != 1 {
				t.Errorf("seed %d: operation %d was told %d times: %q", seed, i, told, r.lines)
			}
		}
	}
}

// What no operation explains is tried once more, then given up; a panic of the program, at once and with its trace.
func TestGivesUp(t *testing.T) {
	for _, c := range []struct {
		fault    string
		children int
		says     string
	}{
		{"segv", 2, "crashed (segmentation fault), again"},
		{"kill", 2, "or a machine with more memory"},
		{"panic", 1, "panic: a defect of ours"},
	} {
		r := supervise(Options{}, "fault", c.fault)
		if n := strings.Count(r.out, "a child"); n != c.children || r.err == nil || !strings.Contains(r.err.Error(), c.says) {
			t.Errorf("%s: %d children, %v", c.fault, n, r.err)
		}
	}
}

// A signal that asks the child to end is no fault.
func TestAskedToEnd(t *testing.T) {
	if signal.Ignored(syscall.SIGHUP) {
		t.Skip("SKIPPED: hangups are ignored here, as under nohup, so that none reaches the child")
	}
	r := supervise(Options{}, "fault", "hangup")
	if r.code != 128+1 || r.err != nil || len(r.lines) != 0 {
		t.Errorf("%+v", r)
	}
}

// An interrupted parent asks its child to end, and waits for it.
func TestInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	r, w := io.Pipe()
	go func() {
		_, _ = bufio.NewReader(r).ReadString('\n')
		cancel()
	}()
	code, err := Supervise(ctx, Options{Args: []string{"hold"}, Stdout: w, Stderr: os.Stderr})
	if code != 130 || err != nil {
		t.Errorf("code %d, %v", code, err)
	}
	if _, err := Supervise(ctx, Options{Args: []string{"hold"}}); !errors.Is(err, context.Canceled) {
		t.Errorf("started when it is over already: %v", err)
	}
}

// A parent that is killed takes its child along.
func TestParentKilled(t *testing.T) {
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), "ISOLATE_TEST_PARENT=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	var pid int
	if _, err := fmt.Fscanln(lines, &pid); err != nil || pid == cmd.Process.Pid {
		t.Fatalf("child %d of %d: %v", pid, cmd.Process.Pid, err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	// The child holds the other end of the pipe for as long as it lives.
	ended := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, lines)
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Errorf("the child %d lives on", pid)
	}
	_ = cmd.Wait()
}
