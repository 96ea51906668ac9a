package isolate

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"testing"
)

// TestMain makes the test binary the child of its own supervisors.
func TestMain(m *testing.M) {
	switch {
	case IsChild():
		os.Exit(childMain(os.Args[1:]))
	case os.Getenv("ISOLATE_TEST_PARENT") != "":
		_, err := Supervise(context.Background(), Options{Args: []string{"hold"}, Stdout: os.Stdout, Stderr: os.Stderr})
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// childMain does what its first argument says.
func childMain(args []string) int {
	c, err := Join()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	end := func(code int) int {
		c.Finish(code)
		return code
	}
	switch args[0] {
	case "work":
		return end(doWork(c, args[1]))
	case "say":
		fmt.Println("to stdout")
		fmt.Fprintln(os.Stderr, "to stderr")
		_, _ = syscall.Write(2, []byte("a library's word\n"))
		return end(7)
	case "collect":
		log.SetOutput(io.Discard) // which held standard error
		for range 5 {             // whatever nobody holds is closed now
			runtime.GC()
		}
		_, err := syscall.Write(2, []byte("heard\n"))
		if err != nil {
			return end(1)
		}
		return end(0)
	case "fault": // outside of any operation
		fmt.Println("a child")
		fault(args[1])
	case "hold":
		stop := make(chan os.Signal, 1)
		signal.Notify(stop, syscall.SIGTERM)
		if _, err := c.Enter(Op{What: "decode", URI: "held"}); err != nil {
			return end(1)
		}
		fmt.Println(os.Getpid())
		<-stop
		return end(130)
	}
	return 1
}

// work is what a child is to do: n operations by some workers.
type work struct {
	N, Workers int
	// Poison gives the fault of an operation.
	Poison map[int]string
	// Together makes the operations of the first child wait for one another, so that all are in work when one faults.
	Together bool
}

func operation(i int) Op { return Op{What: "decode", URI: "a.tif", Window: [4]int{i, 0, 1, 1}} }

// result is what the last child prints.
type result struct{ Done, Banned []int }

func doWork(c *Child, text string) int {
	var w work
	if err := json.Unmarshal([]byte(text), &w); err != nil {
		return 1
	}
	var r result
	var mu sync.Mutex
	var inside, all sync.WaitGroup
	first := len(c.docket.suspects)+len(c.docket.banned) == 0
	inside.Add(w.N)
	queue := make(chan int, w.N)
	for i := range w.N {
		queue <- i
	}
	close(queue)
	for range w.Workers {
		all.Go(func() {
			for i := range queue {
				token, err := c.Enter(operation(i))
				if err == nil {
					if w.Together && first {
						inside.Done()
						inside.Wait()
					}
					if how := w.Poison[i]; how != "" {
						for range 50 { // so that others are in work too
							runtime.Gosched()
						}
						fault(how)
					}
					c.Leave(token)
				}
				mu.Lock()
				if err == nil {
					r.Done = append(r.Done, i)
				} else {
					r.Banned = append(r.Banned, i)
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	slices.Sort(r.Done)
	slices.Sort(r.Banned)
	_ = json.NewEncoder(os.Stdout).Encode(r)
	return 0
}

var hoard [][]byte

// fault does what a decoder with a defect does.
func fault(how string) {
	switch how {
	case "segv":
		_ = syscall.Kill(os.Getpid(), syscall.SIGSEGV)
		select {}
	case "touch":
		mem, _ := syscall.Mmap(-1, 0, 4096, syscall.PROT_NONE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
		mem[0] = 1
	case "kill":
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	case "hang":
		var p [2]int
		_ = syscall.Pipe(p[:])
		_, _ = syscall.Read(p[0], make([]byte, 1))
	case "grow":
		for {
			b := make([]byte, 4<<20)
			for i := 0; i < len(b); i += 4096 {
				b[i] = 1
			}
			hoard = append(hoard, b)
		}
	case "exit":
		os.Exit(9)
	case "panic":
		panic("a defect of ours")
	case "hangup":
		_ = syscall.Kill(os.Getpid(), syscall.SIGHUP)
		select {}
	}
}
