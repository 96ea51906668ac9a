package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"tuban/raster"
)

// ManifestName is the file that makes a folder a product. It is written last: a folder without it holds no result.
const ManifestName = "manifest.json"

// Manifest says what a product was made from, how, and what it consists of.
type Manifest struct {
	Name    string    `json:"name"`
	Key     string    `json:"key"`
	Version string    `json:"version"`
	Created time.Time `json:"created"`
	// Complete is false when part of the run was not observed for a reason that another run could mend (unreadable).
	Complete bool          `json:"complete"`
	Grid     raster.Grid   `json:"grid"`
	Inputs   []Source      `json:"inputs"`
	Rules    string        `json:"rules"`
	Measured *Measured     `json:"measured"`
	Survey   *SurveyReport `json:"survey,omitempty"`
	Counts   Counts        `json:"counts"`
	// Unobserved sums areas in m² by reason; a pixel is counted once.
	Unobserved map[string]float64 `json:"unobserved_m2"`
	Failures   []ReadFailure      `json:"failures,omitempty"`
	Outputs    []Output           `json:"outputs"`
}

// Counts are the product's totals.
type Counts struct {
	Published int            `json:"published"`
	Dropped   int            `json:"dropped"`
	AreaM2    float64        `json:"area_m2"`
	ByKind    map[string]int `json:"by_kind"`
	// ByCategory counts a patch in each category that it has.
	ByCategory map[string]int `json:"by_category"`
}

// Output is a file of the product, by its path below the folder.
type Output struct {
	Path   string `json:"path"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// ReadManifest reads the manifest of the product in dir; fs.ErrNotExist when there is none.
func ReadManifest(dir string) (*Manifest, error) {
	path := filepath.Join(dir, ManifestName)
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	m := &Manifest{}
	if err := json.Unmarshal(b, m); err != nil {
		return nil, fmt.Errorf("%s: %w: the product is damaged, run again with --force", path, err)
	}
	return m, nil
}

// occupied decides what an output folder's state means for a run with this key: done says that the product is there
// already, and complete; ErrExists that another one is.
func occupied(dir, key string, force bool) (done *Manifest, err error) {
	m, err := ReadManifest(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case force:
		return nil, nil
	case err != nil:
		return nil, &InputError{err}
	case m.Key == key && m.Whole(dir):
		return m, nil
	case m.Key == key:
		return nil, nil // another try may read what could not be read, and writes what is missing
	}
	return nil, &InputError{fmt.Errorf("%s: %w (key %s, not %s): choose another folder, or replace it with --force", dir, ErrExists, m.Key, key)}
}

// Whole reports whether nothing is left to do for the product in dir: no gaps that another try may close, no file missing.
func (m *Manifest) Whole(dir string) bool {
	for _, o := range m.Outputs {
		if st, err := os.Stat(filepath.Join(dir, o.Path)); err != nil || st.Size() != o.Bytes {
			return false
		}
	}
	return m.Complete
}

// describeOutput hashes a finished file.
func describeOutput(dir, name string) (Output, error) {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return Output{}, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	return Output{name, n, hex.EncodeToString(h.Sum(nil))}, err
}

// write puts the manifest in place atomically: it appears whole or not at all.
func (m *Manifest) write(dir string) error {
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return replaceFile(filepath.Join(dir, ManifestName), func(w io.Writer) error {
		_, err := w.Write(append(b, '\n'))
		return err
	})
}

// replaceFile writes path by way of a temporary file beside it, synced before it takes the name.
func replaceFile(path string, write func(io.Writer) error) error {
	f, err := os.Create(path + ".part")
	if err != nil {
		return err
	}
	defer os.Remove(path + ".part")
	if err := write(f); err != nil {
		f.Close()
		return fmt.Errorf("writing %s: %w", path, err)
	}
	if err := f.Sync(); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}
