package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// lockName is held by the command that writes into a folder.
const lockName = ".tuban.lock"

// lockPatience is how long a run waits for another to leave its folder: the children of one that was killed are gone a
// moment after it.
const lockPatience = 2 * time.Second

// LockFolder makes the folder, and makes it this command's own until unlock, or until the process ends: what two write at once would
// mix.
func LockFolder(ctx context.Context, dir string) (unlock func(), err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, badInput("%w: choose a folder that can be written", err)
	}
	path := filepath.Join(dir, lockName)
	patience := time.After(lockPatience)
	for {
		f, err := tryLock(path)
		if err != nil {
			return nil, err
		}
		if f != nil {
			return func() {
				os.Remove(path)
				f.Close()
			}, nil
		}
		select {
		case <-time.After(lockPatience / 50):
		case <-patience:
			return nil, badInput("another run is writing to %s: wait for it, or choose another folder", dir)
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// tryLock returns the locked file, nil when another process holds it.
func tryLock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, badInput("%w: choose a folder that can be written", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		// Who held it before removes the name: a lock on a file that no longer has it keeps nobody out.
		held, err := f.Stat()
		named, err2 := os.Stat(path)
		if err == nil && err2 == nil && os.SameFile(held, named) {
			return f, nil
		}
	}
	f.Close()
	if err != nil && !errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("locking %s: %w", path, err)
	}
	return nil, nil
}

// protectInputs refuses a folder in which the product would replace a file that the run reads.
func (p *Plan) protectInputs(dir string) error {
	for _, name := range append(productFiles(), ManifestName) {
		there, err := os.Stat(filepath.Join(dir, name))
		for _, s := range p.Sources {
			same := remote(dir) && s.URI == Below(dir, name)
			if err == nil && !remote(dir) && !remote(s.URI) {
				in, err := os.Stat(s.URI)
				same = err == nil && os.SameFile(there, in)
			}
			if same {
				return badInput("the product's %s would replace the %s input %s: choose another folder with --out", name, s.Role, s.URI)
			}
		}
	}
	return nil
}

// productFiles are the names that a product can use.
func productFiles() []string {
	return append([]string{runsName, maskName, packageName, reportName, mapName}, shapeFiles...)
}

// removeProduct takes an earlier product out of the folder, the manifest first: from then on the folder holds none until
// the new manifest stands in it.
func removeProduct(dir string) error {
	m, err := ReadManifest(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := os.Remove(filepath.Join(dir, ManifestName)); err != nil {
		return err
	}
	if err != nil {
		return nil //nolint:nilerr // a damaged manifest names nothing; what this run writes replaces its files
	}
	for _, o := range m.Outputs {
		if err := os.Remove(filepath.Join(dir, filepath.Base(o.Path))); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
