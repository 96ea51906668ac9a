package register

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"tuban/pipeline"
)

// fileName is the file of events in the register's folder.
const fileName = "events.jsonl"

// Register is a register opened for reading; Append adds to it.
type Register struct {
	dir    string
	Events []Event
	// last is the hash of the last line, "" before the first; size the bytes up to its end.
	last string
	size int64
}

// Open reads the register in dir. A folder that is not there yet is an empty register. A line that was changed, or is out of
// order, is an error that names it. Events whose Append was cut short by a crash, or is still being made, were never acknowledged:
// all of them are left out.
func Open(dir string) (*Register, error) {
	r := &Register{dir: dir}
	f, err := os.Open(filepath.Join(dir, fileName))
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err != nil {
		return nil, pipeline.NewInputError(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	return r, r.read(b)
}

// Path is the file of events.
func (r *Register) Path() string { return filepath.Join(r.dir, fileName) }

// Hash names the content: the hash of the last line, which names the one before it, and so on; "" for an empty register.
func (r *Register) Hash() string { return r.last }

func (r *Register) read(b []byte) error {
	whole, at := *r, int64(0)
	for n, more := int64(1), 0; ; n++ {
		end := bytes.IndexByte(b, '\n')
		if end < 0 {
			*r = whole
			return nil
		}
		line := b[:end]
		var e Event
		if err := json.Unmarshal(line, &e); err != nil {
			return r.damaged(n, err)
		}
		if e.Seq != n || e.Prev != r.last {
			return r.damaged(n, fmt.Errorf("it is event %d after %.12s…, where event %d after %.12s… belongs", e.Seq, e.Prev, n, r.last))
		}
		if err := e.check(); err != nil {
			return r.damaged(n, err)
		}
		if e.More < 0 || more > 0 && e.More != more-1 {
			return r.damaged(n, fmt.Errorf("%d more are to follow it, where %d belong", e.More, more-1))
		}
		r.Events = append(r.Events, e)
		at += int64(end) + 1
		r.last, r.size, more = hash(line), at, e.More
		if more == 0 {
			whole = *r
		}
		b = b[end+1:]
	}
}

func (r *Register) damaged(line int64, err error) error {
	return pipeline.NewInputError(fmt.Errorf("%s: line %d: %w: the register was changed by something else; restore it from a copy", r.Path(), line, err))
}

func hash(line []byte) string {
	sum := sha256.Sum256(line)
	return hex.EncodeToString(sum[:])
}

func (e Event) check() error {
	n := 0
	for _, set := range []bool{e.Decision != nil, e.Release != nil, e.Return != nil} {
		if set {
			n++
		}
	}
	if n != 1 {
		return fmt.Errorf("%d of decision, release and return are set, where one must be", n)
	}
	return nil
}

// Append adds events, all of them or none, and returns once they are on disk. What another process added since Open is read
// first, and given to allow, which may refuse: so two importers never act on a state that is no longer so. at is the time of the
// events; their Seq and Prev are set here.
func (r *Register) Append(at time.Time, events []Event, allow func(*Register) error) error {
	if err := os.MkdirAll(r.dir, 0o755); err != nil {
		return pipeline.NewInputError(err)
	}
	f, err := os.OpenFile(r.Path(), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return pipeline.NewInputError(err)
	}
	defer f.Close()
	// The lock goes when the file is closed, also by a crash.
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return fmt.Errorf("locking %s: %w", r.Path(), err)
	}
	b, err := io.ReadAll(f)
	if err != nil {
		return err
	}
	now := &Register{dir: r.dir}
	if err := now.read(b); err != nil {
		return err
	}
	if allow != nil {
		if err := allow(now); err != nil {
			return err
		}
	}
	lines, err := now.lines(at, events)
	if err != nil {
		return err
	}
	if err := f.Truncate(now.size); err != nil {
		return err
	}
	if _, err := f.WriteAt(lines, now.size); err != nil {
		return errors.Join(fmt.Errorf("writing %s: %w", r.Path(), err), f.Truncate(now.size))
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("writing %s: %w", r.Path(), err)
	}
	if now.size == 0 {
		// The file may be new: its name must be on disk as well.
		syncFolders(r.dir)
	}
	next := &Register{dir: r.dir}
	if err := next.read(append(b[:now.size:now.size], lines...)); err != nil {
		return err
	}
	*r = *next
	return nil
}

// lines numbers and chains the events behind those of r.
func (r *Register) lines(at time.Time, events []Event) ([]byte, error) {
	var out []byte
	seq, last := int64(len(r.Events)), r.last
	for i, e := range events {
		seq++
		e.Seq, e.Prev, e.At, e.More = seq, last, at.UTC().Truncate(time.Second), len(events)-1-i
		if err := e.check(); err != nil {
			return nil, err
		}
		line, err := json.Marshal(e)
		if err != nil {
			return nil, err
		}
		last = hash(line)
		out = append(append(out, line...), '\n')
	}
	return out, nil
}

// syncFolders puts on disk what a folder, and the one that it is in, hold by name. Some file systems cannot be asked to, and keep
// names by themselves; what was written stands, so that is no error.
func syncFolders(dir string) {
	for _, name := range []string{dir, filepath.Dir(filepath.Clean(dir))} {
		if d, err := os.Open(name); err == nil {
			_ = d.Sync()
			_ = d.Close()
		}
	}
}
