package isolate

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"sync"

	"golang.org/x/sys/unix"
)

// crashLine is how the Go runtime begins what it says of a crash.
var crashLine = regexp.MustCompile(`^(SIG[A-Z]+: |panic: |fatal error: |unexpected fault address |runtime: )`)

// maxDump bounds what is kept of a crash's text.
const maxDump = 64 << 10

// listener takes what a child writes to its standard error, which the Go runtime, the C library and C++ use. It passes
// the lines on until a crash begins, and keeps the rest.
type listener struct {
	to   io.Writer
	line []byte
	dump bytes.Buffer
}

// listen reads r to its end.
func (l *listener) listen(r io.Reader) {
	buf := make([]byte, 4096)
	for {
		n, err := r.Read(buf)
		for _, part := range bytes.SplitAfter(buf[:n], []byte("\n")) {
			l.line = append(l.line, part...)
			if bytes.HasSuffix(part, []byte("\n")) || len(l.line) > maxDump {
				l.take()
			}
		}
		if err != nil {
			l.take()
			return
		}
	}
}

// take ends a line.
func (l *listener) take() {
	if l.dump.Len() == 0 && !crashLine.Match(l.line) {
		_, _ = l.to.Write(l.line)
	} else if l.dump.Len() < maxDump {
		l.dump.Write(l.line)
	}
	l.line = l.line[:0]
}

// signal is the name of the signal of a fault in native code that the text speaks of, such as "segmentation fault"; ""
// if it speaks of none. ownFault says that it is the Go program that failed: an unrecovered panic, a deadlock, the end of memory.
func (l *listener) signal() (name string, ownFault bool) {
	for line := range strings.Lines(l.dump.String()) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "panic: "):
			return "", true
		case strings.HasPrefix(line, "fatal error: ") && line != "fatal error: fault" && !strings.HasPrefix(line, "fatal error: unexpected signal"):
			return "", true
		case strings.HasPrefix(line, "SIGQUIT"):
			return "", true // somebody asked where the program is
		}
		line = strings.TrimPrefix(line, "[signal ")
		if word, _, ok := strings.Cut(line, ":"); ok && strings.HasPrefix(word, "SIG") {
			if s := unix.SignalNum(word); s != 0 {
				return s.String(), false
			}
		}
	}
	return "", false
}

// lockedWriter lets a child's own output and what the listener passes on share a writer.
type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}
