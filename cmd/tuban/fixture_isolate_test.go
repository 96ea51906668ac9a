package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"tuban/jobs/isolate"
	"tuban/raster"
	"tuban/raster/gdal"
)

// commandVariable makes the test binary a program that executes its own command line.
const commandVariable = "TUBAN_TEST_COMMAND"

// TestMain makes the test binary the child of the command lines that it tests.
func TestMain(m *testing.M) {
	if isolate.IsChild() {
		code := process(func(w gdal.Watcher) { gdal.Watch(faultyFromEnvironment(w)) })
		notePeak()
		os.Exit(code)
	}
	if os.Getenv(commandVariable) != "" {
		code := process(gdal.Watch)
		notePeak()
		os.Exit(code)
	}
	code := m.Run()
	for _, dir := range sharedFolders {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

// sharedFolders are those that several tests use; they go when all are done.
var sharedFolders []string

// peakVariable names a file to which each process of a program adds the largest memory that it held, in KiB. What the kernel
// tells a parent of its children's largest memory counts that of the parent itself.
const peakVariable = "TUBAN_TEST_PEAK"

func notePeak() {
	status, err := os.ReadFile("/proc/self/status")
	path := os.Getenv(peakVariable)
	if path == "" || err != nil {
		return
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		return
	}
	defer f.Close()
	fmt.Fprintln(f, strings.Fields(rest)[0])
}

// program returns tuban as a process of its own, not yet started.
func program(args ...string) *exec.Cmd {
	cmd := exec.Command("/proc/self/exe", args...)
	cmd.Env = append(os.Environ(), commandVariable+"=1")
	return cmd
}

// defect makes a child fault in one operation, as a native library with a defect would.
type defect struct {
	What, File string
	Window     raster.Window
	// How is segv, hang or grow.
	How string
}

const defectVariable = "TUBAN_TEST_DEFECT"

// set gives the defect to the children of this test.
func (d defect) set(t *testing.T) {
	t.Helper()
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(defectVariable, string(text))
}

// faulty is a watcher in whose operations the defect shows.
type faulty struct {
	gdal.Watcher
	defect
}

func faultyFromEnvironment(w gdal.Watcher) gdal.Watcher {
	var d defect
	if text := os.Getenv(defectVariable); text == "" || json.Unmarshal([]byte(text), &d) != nil {
		return w
	}
	return faulty{w, d}
}

func (f faulty) Enter(op gdal.Op) (token int, err error) {
	token, err = f.Watcher.Enter(op)
	if err == nil && f.in(op) {
		f.show()
	}
	return token, err
}

func (f faulty) Beside(op gdal.Op) (token int, ok bool) {
	token, ok = f.Watcher.Beside(op)
	if ok && f.in(op) {
		f.show()
	}
	return token, ok
}

// in reports whether the defect shows in op.
func (d defect) in(op gdal.Op) bool {
	return op.What == d.What && strings.HasSuffix(op.URI, d.File) && op.Window == d.Window
}

func (d defect) show() {
	switch d.How {
	case "segv":
		_ = syscall.Kill(os.Getpid(), syscall.SIGSEGV)
		select {}
	case "hang":
		var p [2]int
		_ = syscall.Pipe(p[:])
		_, _ = syscall.Read(p[0], make([]byte, 1))
	case "grow":
		for {
			b, err := syscall.Mmap(-1, 0, 4<<20, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
			for i := 0; i < len(b) && err == nil; i += 4096 {
				b[i] = 1
			}
		}
	}
}
