package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// partial ends the name of a file that is being written; such files are not listed.
const partial = ".part"

// diskError gives an error of the operating system its kind.
func diskError(op, uri string, err error) error {
	kind := KindOther
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s %s: %w", op, uri, err)
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		kind = KindNotFound
	case errors.Is(err, fs.ErrPermission):
		kind = KindDenied
	}
	e := &Error{Op: op, URI: uri, Kind: kind, Err: err}
	if kind == KindDenied {
		e.Remedy = "check the owner and the permissions of the file and its folders"
	}
	return e
}

func described(uri string, st fs.FileInfo) Object {
	if st.IsDir() {
		return Object{URI: uri, Dir: true}
	}
	return Object{URI: uri, Size: st.Size(), Version: stamp(st.ModTime(), st.Size())}
}

func fileIdentity(st fs.FileInfo) identity { return identity{modified: st.ModTime(), size: st.Size()} }

// openFile opens a file for reading that is not a folder.
func openFile(op, path string) (*os.File, identity, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, identity{}, diskError(op, path, err)
	}
	st, err := f.Stat()
	if err == nil && st.IsDir() {
		err = &Error{Op: op, URI: path, Kind: KindInvalid, Err: errors.New("it is a folder, not a file"), Remedy: "name a file"}
	} else if err != nil {
		err = diskError(op, path, err)
	}
	if err != nil {
		f.Close()
		return nil, identity{}, err
	}
	return f, fileIdentity(st), nil
}

func listDisk(ctx context.Context, root string) ([]Object, error) {
	const op = "listing"
	st, err := os.Stat(root)
	if err == nil && !st.IsDir() {
		err = &fs.PathError{Op: "list", Path: root, Err: syscall.ENOTDIR}
	}
	if err != nil {
		return nil, diskError(op, root, err)
	}
	var found []Object
	// A trailing slash makes the walk enter a root that is a link to a folder; links further down are not entered.
	err = filepath.WalkDir(root+string(filepath.Separator), func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if e.IsDir() || strings.HasSuffix(path, partial) {
			return nil
		}
		st, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) || err == nil && !st.Mode().IsRegular() {
			return nil // a link that leads nowhere, a socket, a folder elsewhere
		}
		if err != nil {
			return err
		}
		found = append(found, described(filepath.Clean(path), st))
		return nil
	})
	if err != nil {
		return nil, diskError(op, root, err)
	}
	slices.SortFunc(found, func(a, b Object) int { return strings.Compare(a.URI, b.URI) })
	return found, nil
}

func globDisk(pattern string) ([]string, error) {
	found, err := filepath.Glob(pattern)
	if err != nil {
		return nil, &Error{Op: "looking for", URI: pattern, Kind: KindInvalid, Err: err, Remedy: "close the bracket, or escape it with a backslash"}
	}
	slices.Sort(found)
	return found, nil
}

// appear makes a file from what write puts into it: whole, and on the disk for good, or not at all.
func appear(path string, write func(f *os.File) error) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	part := path + partial
	f, err := os.OpenFile(part, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return err
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(part))
	}
	// The new name is safe when the folder is; file systems that cannot sync a folder need not.
	if d, err := os.Open(filepath.Dir(path)); err == nil {
		_ = d.Sync()
		d.Close()
	}
	return nil
}

// copyFile copies a file whose version is known; another one is an error.
func copyFile(ctx context.Context, op, from, to string, pinned *identity) error {
	src, id, err := openFile(op, from)
	if err != nil {
		return err
	}
	defer src.Close()
	if pinned != nil && !pinned.same(id) {
		return changed(op, from)
	}
	err = appear(to, func(f *os.File) error {
		n, err := io.Copy(f, reader{ctx, src})
		if err == nil && n != id.size {
			return changed(op, from)
		}
		return err
	})
	var e *Error
	if err != nil && !errors.As(err, &e) {
		err = diskError(op, to, err)
	}
	return err
}

func changed(op, uri string) error {
	return &Error{Op: op, URI: uri, Kind: KindChanged, Err: errors.New("its size or its time of modification differ")}
}

// reader stops when its context does.
type reader struct {
	ctx context.Context
	io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}
