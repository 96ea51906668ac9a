package pipeline

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// lockName is held by the run that writes into a folder.
const lockName = ".tuban.lock"

// lock makes the folder this run's own until unlock, or until the process ends: two runs that write one product would mix.
func lock(dir string) (unlock func(), err error) {
	path := filepath.Join(dir, lockName)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, badInput("%w: choose a folder that can be written", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, badInput("another run is writing to %s: wait for it, or choose another folder with --out", dir)
		}
		return nil, fmt.Errorf("locking %s: %w", path, err)
	}
	return func() {
		os.Remove(path)
		f.Close()
	}, nil
}

// protectInputs refuses a folder in which the product would replace a file that the run reads.
func (p *Plan) protectInputs(dir string) error {
	for _, name := range append(productFiles(), ManifestName) {
		there, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			continue
		}
		for _, s := range p.Sources {
			if in, err := os.Stat(s.URI); err == nil && os.SameFile(there, in) {
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
