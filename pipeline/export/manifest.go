package export

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tuban/pipeline"
)

// Manifest is what an export consists of. Its file is written last: a delivery without it is not whole.
type Manifest struct {
	// Key names what was exported and how: the same key is the same export.
	Key     string    `json:"key"`
	Version string    `json:"version"`
	Created time.Time `json:"created"`
	Clue    string    `json:"clue"`
	Source  Source    `json:"source"`
	Batch   string    `json:"batch"`
	// By, Schema, Encoding, CRS, Scheme and Formats are the options.
	By       string   `json:"by"`
	Schema   string   `json:"schema"`
	Encoding string   `json:"encoding"`
	CRS      string   `json:"crs"`
	Scheme   string   `json:"scheme"`
	Formats  []Format `json:"formats"`
	Count    int      `json:"count"`
	AreaM2   float64  `json:"area_m2"`
	// Suppressed counts patches left out for the category that they were returned under.
	Suppressed int `json:"suppressed"`
	// Superseded counts those whose number another has taken the place of.
	Superseded int      `json:"superseded"`
	Folders    []Folder `json:"folders,omitempty"`
	// Tables are those of the database.
	Tables []string `json:"tables,omitempty"`
	// Again says that the export was there already, and nothing was written.
	Again bool `json:"-"`
}

// Folder is what one county got in the batch. The same stands in the folder itself, as package.json.
type Folder struct {
	Key      string            `json:"key"`
	Clue     string            `json:"clue"`
	Dir      string            `json:"dir"`
	Packages []Package         `json:"packages"`
	Notes    []string          `json:"notes,omitempty"`
	Outputs  []pipeline.Output `json:"outputs"`
}

// folderManifest is the file that says that a county's folder is whole.
const folderManifest = "package.json"

// manifestName is the file in the delivery's folder that says that a batch is whole.
func manifestName(batch string) string { return "export-" + batch + ".json" }

// key names the export.
func (j *job) key(content string) (string, error) {
	b, err := json.Marshal(struct {
		Source                                              Source
		Content, By, Schema, Encoding, CRS, Scheme, Version string
		Formats                                             []Format
		Plan                                                *Plan
		Related                                             int
	}{j.src.Source, content, j.o.By, j.o.Schema, j.o.Encoding, j.src.crs, j.o.Scheme, j.o.Version, j.o.Formats, j.plan, len(j.src.related)})
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8]), err
}

// describe hashes the files below dir whose path begins with prefix, but for manifests.
func describe(dir, prefix string) ([]pipeline.Output, error) {
	var out []pipeline.Output
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil || name == folderManifest || !strings.HasPrefix(name, prefix) {
			return err
		}
		f, err := pipeline.DescribeOutput(dir, name)
		f.Path = filepath.ToSlash(name)
		out = append(out, f)
		return err
	})
	return out, err
}

// readFolder reads what a county's folder says of itself; nil when there is no folder. One that does not say it, or has other
// files than it says, is somebody's.
func readFolder(dir string) (f *Folder, whole bool, err error) {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	b, err := os.ReadFile(filepath.Join(dir, folderManifest))
	if errors.Is(err, fs.ErrNotExist) {
		return &Folder{}, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	f = &Folder{}
	if err := json.Unmarshal(b, f); err != nil {
		return &Folder{}, false, nil //nolint:nilerr // a damaged record is as good as none: the folder is somebody's
	}
	there, err := describe(dir, "")
	return f, err == nil && sameOutputs(there, f.Outputs), err
}

func sameOutputs(a, b []pipeline.Output) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// readManifest reads the manifest at path; nil when there is none.
func readManifest(path string) (*Manifest, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	m := &Manifest{}
	if err := json.Unmarshal(b, m); err != nil {
		return nil, badInput("%s is damaged (%w): export with --force", path, err)
	}
	return m, nil
}

func writeJSON(path string, v any) error {
	return pipeline.ReplaceFile(path, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(v)
	})
}
