package isolate

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// boardVariable tells a process that it is a child: it names the inherited files of the board, of the pipe that ends
// with the parent, and of the pipe for what is said by crashes.
const boardVariable = "TUBAN_BOARD"

// Child is this process as the child of a supervisor; hold it until the process ends. Its methods are safe for concurrent use.
type Child struct {
	board *board
	free  chan int
	// crashes is what os.Stderr was. Collected as garbage it would close its descriptor, and a file that is opened next,
	// a product, would receive what is said of a crash.
	crashes *os.File

	docket docket
	// alone is held for reading by ordinary operations, for writing by suspects; nobody takes it while there are none.
	alone   sync.RWMutex
	mu      sync.Mutex // of cleared
	cleared map[Op]bool
}

var isChild = os.Getenv(boardVariable) != ""

// IsChild says that this process was started by a supervisor.
func IsChild() bool { return isChild }

// Join returns this process as the child of the supervisor that started it, nil if none did. It must come first in the
// program: from then on the process ends when its parent does, and its standard error belongs to crashes alone:
// os.Stderr is another file that leads where the standard error led.
func Join() (*Child, error) {
	text := os.Getenv(boardVariable)
	if text == "" {
		return nil, nil
	}
	os.Unsetenv(boardVariable)
	var fds [3]int
	fields := strings.Split(text, ",")
	for i := range fds {
		if i >= len(fields) {
			return nil, fmt.Errorf("%s=%s names no inherited files: unset it", boardVariable, text)
		}
		fd, err := strconv.Atoi(fields[i])
		if err != nil || fd < 3 {
			return nil, fmt.Errorf("%s=%s names no inherited files: unset it", boardVariable, text)
		}
		fds[i] = fd
		syscall.CloseOnExec(fd)
	}
	c, err := join(os.NewFile(uintptr(fds[0]), "board"))
	if err != nil {
		return nil, fmt.Errorf("%s=%s: %w: unset it", boardVariable, text, err)
	}
	if err := endWith(fds[1]); err != nil {
		return nil, err
	}
	if c.crashes, err = divertStderr(fds[2]); err != nil {
		return nil, err
	}
	// The process was started as /proc/self/exe, and would be listed as "exe".
	_ = os.WriteFile("/proc/self/comm", []byte(filepath.Base(os.Args[0])), 0)
	return c, nil
}

// join maps the board in f and reads the docket behind it.
func join(f *os.File) (*Child, error) {
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if st.Size() < boardSize {
		return nil, errors.New("there is no board")
	}
	b, err := mapBoard(f)
	if err != nil {
		return nil, err
	}
	if b.header().magic != boardMagic {
		return nil, errors.New("there is no board")
	}
	text, err := io.ReadAll(io.NewSectionReader(f, boardSize, st.Size()-boardSize))
	if err != nil {
		return nil, err
	}
	d, err := decodeDocket(text)
	if err != nil {
		return nil, err
	}
	c := &Child{board: b, free: make(chan int, boardSlots), docket: d, cleared: map[Op]bool{}}
	for i := range boardSlots {
		c.free <- i
	}
	return c, nil
}

// Enter notes that the operation begins; the caller passes the token to Leave when it has ended. It waits while
// a suspect runs alone, or for all others to end if the operation is a suspect; so operations must not be nested, but by Beside. It
// returns a *BannedError, and no token, for an operation that an earlier child died of.
func (c *Child) Enter(o Op) (token int, err error) {
	if reason := c.docket.reason(o); reason != "" {
		return 0, &BannedError{o, reason}
	}
	alone := false
	if len(c.docket.suspects) > 0 {
		if alone = c.suspected(o); alone {
			c.alone.Lock()
		} else {
			c.alone.RLock()
		}
	}
	i := <-c.free
	c.board.slot(i).enter(o)
	if alone {
		return i + boardSlots, nil
	}
	return i, nil
}

// Beside is Enter within another operation of the same goroutine, for what is done together with it. It does not wait: it is not
// ok, and there is no token, where an operation is suspected, this one is banned, or too many are at work.
func (c *Child) Beside(o Op) (token int, ok bool) {
	if len(c.docket.suspects) > 0 || c.docket.reason(o) != "" {
		return 0, false
	}
	select {
	case i := <-c.free:
		c.board.slot(i).enter(o)
		return i, true
	default:
		return 0, false
	}
}

// Leave notes that the operation of the token has ended.
func (c *Child) Leave(token int) {
	i := token % boardSlots
	s := c.board.slot(i)
	s.leave()
	if token >= boardSlots {
		c.clear(s.op())
		c.free <- i
		c.alone.Unlock()
		return
	}
	c.free <- i
	if len(c.docket.suspects) > 0 {
		c.alone.RUnlock()
	}
}

// suspected says whether the operation must run alone.
func (c *Child) suspected(o Op) bool {
	stubborn, ok := c.docket.suspects[o.key()]
	if !ok || stubborn {
		return ok
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.cleared[o.key()]
}

// clear notes that a suspect has survived.
func (c *Child) clear(o Op) {
	c.mu.Lock()
	c.cleared[o.key()] = true
	c.mu.Unlock()
}

// Finish tells the parent that this process ends by itself with the exit code; the caller exits next. What happens
// after it is no fault any more. A nil Child does nothing.
func (c *Child) Finish(code int) {
	if c == nil {
		return
	}
	h := c.board.header()
	h.code = int32(code)
	h.finished.Store(1)
}
