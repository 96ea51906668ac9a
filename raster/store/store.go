package store

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"golang.org/x/sync/singleflight"
)

// Store is objects on disk and in S3. It is safe for concurrent use.
type Store struct {
	opts   Options
	tuning tuning
	roots  *x509.CertPool

	memory memory
	looks  singleflight.Group
	cache  *blockCache

	mu   sync.Mutex
	conn *remote
}

// New makes a Store. The file of certificates is read now; nothing is contacted, and the shared configuration is not
// read, before an address in S3 is used.
func New(ctx context.Context, o Options) (*Store, error) { return open(ctx, o, defaultTuning()) }

func open(ctx context.Context, o Options, t tuning) (*Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := o.validate(); err != nil {
		return nil, err
	}
	roots, err := trusted(o.CA)
	if err != nil {
		return nil, err
	}
	o = o.withDefaults()
	return &Store{opts: o, tuning: t, roots: roots, cache: newBlockCache(o.CacheBytes)}, nil
}

// remote is the S3 side, connected at the first use.
func (s *Store) remote(ctx context.Context, op, uri string) (*remote, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn != nil {
		return s.conn, nil
	}
	conn, err := connect(ctx, s.opts, s.tuning, s.roots)
	if err != nil {
		kind := KindOther
		var none *noCredentials
		if errors.As(err, &none) {
			kind = KindNoCredentials
		}
		return nil, &Error{Op: op, URI: uri, Kind: kind, Err: err, Remedy: "check the profile and the shared configuration files"}
	}
	s.conn = conn
	return conn, nil
}

// resolve is remote and parseObject.
func (s *Store) resolve(ctx context.Context, op, uri string) (*remote, address, error) {
	a, err := parseObject(op, uri)
	if err != nil {
		return nil, a, err
	}
	r, err := s.remote(ctx, op, uri)
	return r, a, err
}

// Stat describes one object, or a folder. It always asks; an object in S3 that is no longer what an earlier look saw
// is a KindChanged error.
func (s *Store) Stat(ctx context.Context, uri string) (Object, error) {
	const op = "looking at"
	if !inS3(uri) {
		st, err := os.Stat(uri)
		if err != nil {
			return Object{}, diskError(op, uri, err)
		}
		if !st.IsDir() {
			s.memory.forget(uri)
			err = s.memory.pin(op, uri, fileIdentity(st))
		}
		return described(uri, st), err
	}
	a, err := parse(op, uri)
	if err != nil {
		return Object{}, err
	}
	r, err := s.remote(ctx, op, uri)
	if err != nil {
		return Object{}, err
	}
	absent := error(&Error{Op: op, URI: uri, Kind: KindNotFound})
	if a.folder() != a.key {
		id, err := r.look(ctx, op, a)
		if err == nil {
			err = s.memory.pin(op, uri, id)
			return Object{URI: uri, Size: id.size, Version: id.version()}, err
		}
		if kindOf(err) != KindNotFound {
			return Object{}, err
		}
		absent = err
	}
	dir, err := r.isFolder(ctx, op, a)
	if err != nil {
		return Object{}, err
	}
	if !dir {
		return Object{}, absent
	}
	return Object{URI: uri, Dir: true}, nil
}

// List returns the objects below a folder, at any depth, sorted by address. In S3 a folder without objects is none.
func (s *Store) List(ctx context.Context, uri string) ([]Object, error) {
	if !inS3(uri) {
		return listDisk(ctx, uri)
	}
	a, err := parse("listing", uri)
	if err != nil {
		return nil, err
	}
	r, err := s.remote(ctx, "listing", uri)
	if err != nil {
		return nil, err
	}
	return r.list(ctx, a)
}

// Glob returns the addresses of the objects and folders that match a pattern (*, ?, [a-z]; never across /), sorted.
func (s *Store) Glob(ctx context.Context, pattern string) ([]string, error) {
	if !inS3(pattern) {
		return globDisk(pattern)
	}
	r, a, err := s.resolve(ctx, "looking for", pattern)
	if err != nil {
		return nil, err
	}
	return r.glob(ctx, a)
}

// ReadAt fills buf from off on, or fails; the object must still be the one that Stat described.
func (s *Store) ReadAt(ctx context.Context, uri string, buf []byte, off int64) error {
	const op = "reading"
	if !inS3(uri) {
		f, id, err := openFile(op, uri)
		if err != nil {
			return err
		}
		defer f.Close()
		if pinned, _ := s.memory.recall(uri); pinned != nil && !pinned.same(id) {
			return changed(op, uri)
		}
		if err := within(op, uri, off, len(buf), id.size); err != nil {
			return err
		}
		if _, err = f.ReadAt(buf, off); err != nil && !errors.Is(err, io.EOF) {
			return diskError(op, uri, err)
		}
		return ctx.Err()
	}
	r, a, id, err := s.pinned(ctx, op, uri)
	if err != nil {
		return err
	}
	if err := within(op, uri, off, len(buf), id.size); err != nil {
		return err
	}
	for len(buf) > 0 && err == nil {
		n := min(len(buf), largest)
		err = r.readRange(ctx, op, a, id, off, buf[:n])
		buf, off = buf[n:], off+int64(n)
	}
	s.memory.fail(uri, err)
	return err
}

func within(op, uri string, off int64, n int, size int64) error {
	if off >= 0 && off <= size && int64(n) <= size-off {
		return nil
	}
	return &Error{Op: op, URI: uri, Kind: KindInvalid, Err: io.ErrUnexpectedEOF,
		Remedy: fmt.Sprintf("%d bytes from %d on are beyond its end at %d", n, off, size)}
}

// pinned returns the version of an object that the first look saw, looking if nobody did.
func (s *Store) pinned(ctx context.Context, op, uri string) (*remote, address, identity, error) {
	for {
		id, err := s.memory.recall(uri)
		if err != nil {
			return nil, address{}, identity{}, err
		}
		r, a, err := s.resolve(ctx, op, uri)
		if err != nil {
			s.memory.fail(uri, err)
			return nil, a, identity{}, err
		}
		if id != nil {
			return r, a, *id, nil
		}
		_, err, shared := s.looks.Do(uri, func() (any, error) {
			id, err := r.look(ctx, op, a)
			if err == nil {
				err = s.memory.pin(op, uri, id)
			}
			s.memory.fail(uri, err)
			return nil, err
		})
		// Another reader's cancellation is none of ours.
		if err != nil && !(shared && ctx.Err() == nil && isCancelled(err)) {
			return nil, a, identity{}, err
		}
	}
}

// isCancelled reports whether a context ended; what ended for other reasons is an Error.
func isCancelled(err error) bool {
	var e *Error
	return !errors.As(err, &e) && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded))
}

// ReadFile returns the whole content, and fails on one larger than limit bytes.
func (s *Store) ReadFile(ctx context.Context, uri string, limit int64) ([]byte, error) {
	o, err := s.Stat(ctx, uri)
	if err == nil && o.Dir {
		err = &Error{Op: "reading", URI: uri, Kind: KindInvalid, Err: errors.New("it is a folder, not a file"), Remedy: "name a file"}
	}
	if err == nil && o.Size > limit {
		err = &Error{Op: "reading", URI: uri, Kind: KindInvalid,
			Err: fmt.Errorf("it has %d bytes, and %d are the most that such a file may have", o.Size, limit)}
	}
	if err != nil {
		return nil, err
	}
	buf := make([]byte, o.Size)
	return buf, s.ReadAt(ctx, uri, buf, 0)
}

// Fetch copies an object to the file at path, which appears whole or not at all.
func (s *Store) Fetch(ctx context.Context, uri, path string) error {
	const op = "fetching"
	if !inS3(uri) {
		pinned, _ := s.memory.recall(uri)
		return copyFile(ctx, op, uri, path, pinned)
	}
	if _, err := s.memory.recall(uri); kindOf(err) == KindNotFound {
		s.memory.forget(uri) // it may have come since
	}
	r, a, id, err := s.pinned(ctx, op, uri)
	if err != nil {
		return err
	}
	err = appear(path, func(f *os.File) error {
		if err := f.Truncate(id.size); err != nil {
			return err
		}
		err := r.fetch(ctx, a, id, f)
		s.memory.fail(uri, err)
		return err
	})
	var e *Error
	if err != nil && !errors.As(err, &e) {
		err = diskError(op, path, err)
	}
	return err
}

// Put copies the file at path to uri, which appears whole or not at all.
func (s *Store) Put(ctx context.Context, path, uri string) error {
	const op = "writing"
	if !inS3(uri) {
		s.memory.forget(uri)
		return copyFile(ctx, op, path, uri, nil)
	}
	r, a, err := s.resolve(ctx, op, uri)
	if err != nil {
		return err
	}
	id, err := r.put(ctx, a, path)
	s.memory.forget(uri)
	if err != nil {
		return err
	}
	return s.memory.pin(op, uri, id)
}

// Remove deletes an object; one that is not there is no error.
func (s *Store) Remove(ctx context.Context, uri string) error {
	const op = "removing"
	if !inS3(uri) {
		s.memory.forget(uri)
		if st, err := os.Lstat(uri); err == nil && st.IsDir() {
			return &Error{Op: op, URI: uri, Kind: KindInvalid, Err: errors.New("it is a folder"), Remedy: "name a file"}
		}
		if err := os.Remove(uri); err != nil && kindOf(diskError(op, uri, err)) != KindNotFound {
			return diskError(op, uri, err)
		}
		return nil
	}
	r, a, err := s.resolve(ctx, op, uri)
	if err != nil {
		return err
	}
	s.memory.forget(uri)
	return r.remove(ctx, op, a)
}
