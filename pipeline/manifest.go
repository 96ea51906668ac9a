package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"tuban/pipeline/overlay"
	"tuban/raster"
)

// ManifestName is the file that makes a folder a product. It is written last: a folder without it holds no result.
const ManifestName = "manifest.json"

// Manifest says what a product was made from, how, and what it consists of.
type Manifest struct {
	Name    string `json:"name"`
	Key     string `json:"key"`
	Version string `json:"version"`
	// Asked names what the run file asked for, whatever of it could be read.
	Asked   string    `json:"asked"`
	Created time.Time `json:"created"`
	// Complete is false when part of the run was not observed for a reason that another run could mend (unreadable).
	Complete bool        `json:"complete"`
	Grid     raster.Grid `json:"grid"`
	Inputs   []Source    `json:"inputs"`
	// Imagery says how the scenes were read; nil in products of earlier versions.
	Imagery  *ImageryRecord `json:"imagery,omitempty"`
	Rules    string         `json:"rules"`
	Measured *Measured      `json:"measured"`
	// Judging says of each kind by what it was decided, where it could not be, and what its evidence is.
	Judging []Judging     `json:"judging,omitempty"`
	Survey  *SurveyReport `json:"survey,omitempty"`
	// Layers says what reading the legal layers met, file by file; LayerAreas what the published patches have in each kind.
	Layers     []overlay.Report `json:"layers,omitempty"`
	LayerAreas []LayerArea      `json:"layer_areas,omitempty"`
	// Triage sums up how the published patches stand to approvals.
	Triage *TriageReport `json:"triage,omitempty"`
	// Tracking says what became of the candidates of earlier runs; nil for a run that was given none.
	Tracking *Tracking `json:"tracking,omitempty"`
	// Watched counts how the places of the watch list stand; nil for a run without one.
	Watched *Watched `json:"watched,omitempty"`
	Counts  Counts   `json:"counts"`
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
	return Drivers{}.ReadManifest(context.Background(), dir)
}

// maxManifest bounds what is read of a manifest in bytes; it lists files, not patches.
const maxManifest = 64 << 20

// ReadManifest reads the manifest of the product in dir, on disk or in object storage; fs.ErrNotExist when there is none.
func (d Drivers) ReadManifest(ctx context.Context, dir string) (*Manifest, error) {
	at := Below(dir, ManifestName)
	b, err := d.readFile(ctx, at, maxManifest)
	if err != nil {
		return nil, err
	}
	m := &Manifest{}
	if err := json.Unmarshal(b, m); err != nil {
		return nil, fmt.Errorf("%s: %w: the product is damaged, run again with --force", at, err)
	}
	return m, nil
}

// Finished returns the manifest of the product that p would make, when it is in o.Out already, and nothing is left to do for
// it; nil when there is work to do. ErrExists says that o.Out holds another product, and o.Force is not set.
func (p *Plan) Finished(ctx context.Context, d Drivers, o Options) (*Manifest, error) {
	if o.Out == "" || o.Force {
		return nil, nil
	}
	m, err := d.ReadManifest(ctx, o.Out)
	if isMissing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, &InputError{err}
	}
	if m.Key != p.Key && !m.Complete && m.Asked == p.Asked {
		return nil, nil // a scene that was left out may have come back
	}
	if m.Key != p.Key {
		return nil, badInput("%s: %w (key %s, not %s): choose another folder, or replace it with --force", o.Out, ErrExists, m.Key, p.Key)
	}
	whole, err := d.whole(ctx, m, o.Out)
	if err != nil || !whole {
		return nil, err // another try may read what could not be read, and writes what is missing
	}
	return m, nil
}

// whole reports whether nothing is left to do for the product in dir: no gaps that another try may close, no file missing.
func (d Drivers) whole(ctx context.Context, m *Manifest, dir string) (bool, error) {
	size := func(uri string) (int64, error) {
		st, err := os.Stat(uri)
		if err != nil {
			return 0, err
		}
		return st.Size(), nil
	}
	if remote(dir) {
		size = func(uri string) (int64, error) {
			o, err := d.Storage.Stat(ctx, uri)
			return o.Size, err
		}
	}
	for _, o := range m.Outputs {
		n, err := size(Below(dir, o.Path))
		switch {
		case isMissing(err):
			return false, nil
		case err != nil:
			return false, err
		case n != o.Bytes:
			return false, nil
		}
	}
	return m.Complete, nil
}

// describeOutput hashes a finished file, and makes sure that it is on the disk: a manifest must not survive a power loss that
// its files do not.
func describeOutput(dir, name string) (Output, error) {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return Output{}, err
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return Output{}, err
	}
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
	if err := os.Rename(path+".part", path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes the names in a folder survive a power loss.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
