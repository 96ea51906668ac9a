package gdal

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// createFile has fill write a new file, or folder, of the driver. It grows beside path and takes its place, replacing what
// was there, only when it is complete and on the disk; settings are GDAL's configuration meanwhile.
func createFile(ctx context.Context, driver, path string, settings map[string]string, fill func(*sink) error) (err error) {
	part := partName(path)
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("writing %s: %w", path, whyFull(part, err)), removePart(part))
		}
	}()
	if err := removePart(part); err != nil {
		return err
	}
	s, err := createSink(driver, part, settings)
	if err != nil {
		return err
	}
	if err := fill(s); err != nil {
		_ = s.close() // what it says, the first error has said
		return err
	}
	if err := s.close(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return persist(part, path)
}

// removePart removes what an earlier try left, with what SQLite keeps beside its files.
func removePart(part string) error {
	var errs []error
	for _, suffix := range []string{"", "-journal", "-wal", "-shm"} {
		errs = append(errs, os.RemoveAll(part+suffix))
	}
	return errors.Join(errs...)
}

// persist flushes the file or folder to disk and renames it into place.
func persist(from, to string) error {
	st, err := os.Stat(from)
	if err != nil {
		return err
	}
	if !st.IsDir() {
		if err := flush(from); err != nil {
			return err
		}
		return os.Rename(from, to)
	}
	err = filepath.WalkDir(from, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return flush(path)
	})
	if err != nil {
		return err
	}
	// A folder does not take the place of another: the old one goes first.
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	return os.Rename(from, to)
}

// whyFull adds to a writer's error that the disk at path is full, when it is: GDAL's own words seldom say so.
func whyFull(path string, err error) error {
	const least = 256 << 10
	var disk syscall.Statfs_t
	if syscall.Statfs(filepath.Dir(path), &disk) == nil && int64(disk.Bavail)*disk.Bsize < least {
		return fmt.Errorf("the disk is full: free some space, or write elsewhere: %w", err)
	}
	return err
}

func flush(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// partName is the name beside path under which a file grows: its extension, by which drivers go, stays.
func partName(path string) string {
	ext := filepath.Ext(path)
	return path[:len(path)-len(ext)] + ".part" + ext
}
