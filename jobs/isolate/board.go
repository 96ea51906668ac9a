package isolate

import (
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The board is a file in memory: a page of header, a page for each slot, and behind them, written once by the parent and
// read once by the child, what the child must know.
const (
	boardSlots = 64
	pageSize   = 4096
	boardSize  = pageSize * (1 + boardSlots)
	boardMagic = 0x7475_6261_6e01
)

// header is the board's first page.
type header struct {
	magic uint64
	// finished is 1 once the child has ended by itself, with the exit code.
	finished atomic.Uint32
	code     int32
}

// slot holds one operation in work.
type slot struct {
	// state is odd while the operation is in work, and another odd number for each operation.
	state   atomic.Uint64
	window  [4]int64
	what    uint16 // lengths in text
	uri     uint16
	text    [maxText]byte
	padding [4]byte
}

// The word and the address of an operation share the text of a slot.
const (
	maxText = pageSize - 8 - 32 - 4 - 4
	maxWhat = 32
	maxURI  = maxText - maxWhat
)

// A slot is exactly a page.
var _ [pageSize]byte = [unsafe.Sizeof(slot{})]byte{}

// board is the mapped file.
type board struct {
	file *os.File
	mem  []byte
}

// newBoard makes a board that carries text for the child.
func newBoard(text []byte) (*board, error) {
	fd, err := unix.MemfdCreate("tuban-board", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("making shared memory: %w", err)
	}
	f := os.NewFile(uintptr(fd), "board")
	if err := f.Truncate(boardSize); err != nil {
		f.Close()
		return nil, err
	}
	if _, err := f.WriteAt(text, boardSize); err != nil {
		f.Close()
		return nil, err
	}
	b, err := mapBoard(f)
	if err != nil {
		f.Close()
		return nil, err
	}
	b.header().magic = boardMagic
	return b, nil
}

// mapBoard maps the board in f, which then belongs to it.
func mapBoard(f *os.File) (*board, error) {
	mem, err := syscall.Mmap(int(f.Fd()), 0, boardSize, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("mapping shared memory: %w", err)
	}
	return &board{f, mem}, nil
}

func (b *board) close() {
	_ = syscall.Munmap(b.mem)
	b.file.Close()
}

func (b *board) header() *header { return (*header)(unsafe.Pointer(&b.mem[0])) }

func (b *board) slot(i int) *slot { return (*slot)(unsafe.Pointer(&b.mem[pageSize*(1+i)])) }

// enter notes an operation. The state is set last: a child that is killed in between has not begun it.
func (s *slot) enter(o Op) {
	what, uri := o.What[:min(len(o.What), maxWhat)], o.URI[max(0, len(o.URI)-maxURI):]
	for i, v := range o.Window {
		s.window[i] = int64(v)
	}
	s.what, s.uri = uint16(len(what)), uint16(len(uri))
	copy(s.text[copy(s.text[:], what):], uri)
	s.state.Add(1)
}

func (s *slot) leave() { s.state.Add(1) }

// busy returns the number of the operation in work, 0 if there is none.
func (s *slot) busy() uint64 {
	if n := s.state.Load(); n&1 == 1 {
		return n
	}
	return 0
}

// op returns the operation of a slot whose process has ended.
func (s *slot) op() Op {
	what := min(int(s.what), maxWhat)
	uri := min(int(s.uri), maxText-what)
	o := Op{What: string(s.text[:what]), URI: string(s.text[what : what+uri])}
	for i := range o.Window {
		o.Window[i] = int(s.window[i])
	}
	return o
}
