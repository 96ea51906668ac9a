package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// remote reports whether an address is one of object storage rather than a path.
func remote(uri string) bool { return strings.HasPrefix(uri, "s3://") }

// baseOf is the last part of a path or address.
func baseOf(uri string) string {
	if remote(uri) {
		return path.Base(uri)
	}
	return filepath.Base(uri)
}

// Below is the address of name in the folder dir.
func Below(dir, name string) string {
	if remote(dir) {
		return strings.TrimRight(dir, "/") + "/" + name
	}
	return filepath.Join(dir, name)
}

// storage returns what reaches the address uri of object storage.
func (d Drivers) storage(uri string) (Storage, error) {
	if d.Storage == nil {
		return nil, badInput("%s: there is no object storage here: give a path", uri)
	}
	return d.Storage, nil
}

// expandGlob returns the files that an address or pattern stands for, in the order of their names.
func (d Drivers) expandGlob(ctx context.Context, uri string) ([]string, error) {
	if !strings.ContainsAny(uri, "*?[") {
		return []string{uri}, nil
	}
	var files []string
	var err error
	if remote(uri) {
		var s Storage
		if s, err = d.storage(uri); err == nil {
			files, err = s.Glob(ctx, uri)
		}
	} else if files, err = filepath.Glob(uri); err != nil {
		err = fmt.Errorf("the pattern %q is malformed: %w", uri, err)
	}
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no file matches %q: check the folder and the extension", uri)
	}
	slices.Sort(files)
	return files, nil
}

// readFile returns the content of a file or object, which must not be larger than limit bytes.
func (d Drivers) readFile(ctx context.Context, uri string, limit int64) ([]byte, error) {
	if remote(uri) {
		s, err := d.storage(uri)
		if err != nil {
			return nil, err
		}
		return s.ReadFile(ctx, uri, limit)
	}
	f, err := os.Open(uri)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = fmt.Errorf("%s: larger than %d KiB", uri, limit>>10)
	}
	return b, err
}

// exists reports whether there is a file, a folder or an object at the address.
func (d Drivers) exists(ctx context.Context, uri string) (bool, error) {
	var err error
	if remote(uri) {
		var s Storage
		if s, err = d.storage(uri); err == nil {
			_, err = s.Stat(ctx, uri)
		}
	} else {
		_, err = os.Stat(uri)
	}
	if isMissing(err) {
		return false, nil
	}
	return err == nil, err
}

func isMissing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
