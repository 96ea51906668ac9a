package evidence

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"tuban/pipeline"
)

// The files of a folder of sheets beside the sheets themselves; both are written last.
const (
	indexName = "index.html"
	listName  = "sheets.json"
)

//go:embed index.tmpl
var indexText string

var index = template.Must(template.New("index").Funcs(template.FuncMap{"plus": func(a, b int) int { return a + b }}).Parse(indexText))

// Entry is a sheet of the folder, by its path below it.
type Entry struct {
	CID      string `json:"cid"`
	Number   string `json:"jcbh,omitempty"`
	Path     string `json:"path"`
	PDF      string `json:"pdf,omitempty"`
	SHA256   string `json:"sha256"`
	SM3      string `json:"sm3"`
	County   string `json:"county,omitempty"`
	Place    string `json:"place,omitempty"`
	Kind     string `json:"kind"`
	Category string `json:"category,omitempty"`
	Mu       string `json:"mu"`
	Matching string `json:"matching,omitempty"`
	Why      string `json:"why,omitempty"`
	// Gaps says that part of the imagery could not be read: the same call makes the sheet again.
	Gaps bool `json:"gaps,omitempty"`
}

// folderList is sheets.json.
type folderList struct {
	Product  string                 `json:"product"`
	Key      string                 `json:"key"`
	Clue     string                 `json:"clue"`
	Failures []pipeline.ReadFailure `json:"failures,omitempty"`
	// Volumes are the PDFs of whole counties.
	Volumes []string `json:"volumes,omitempty"`
	Sheets  []Entry  `json:"sheets"`
}

// folder makes o.To, and refuses one with the sheets of another product: case files of two runs are not mixed.
func (m *maker) folder() error {
	m.scratch = filepath.Join(m.o.To, scratchName)
	if m.o.DryRun {
		var err error
		if m.scratch, err = os.MkdirTemp("", "tuban-sheets-"); err != nil {
			return err
		}
	} else if err := os.MkdirAll(m.scratch, 0o755); err != nil {
		return pipeline.NewInputError(fmt.Errorf("%w: choose a folder that can be written, with --to", err))
	}
	b, err := os.ReadFile(filepath.Join(m.o.To, inputsName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return pipeline.NewInputError(err)
	}
	var there inputList
	if json.Unmarshal(b, &there) == nil && there.Key != "" && there.Key != m.p.Manifest.Key {
		return pipeline.NewInputError(fmt.Errorf("%s holds the sheets of another product (key %s, not %s): choose another folder with --to, or remove it", m.o.To, there.Key, m.p.Manifest.Key))
	}
	return nil
}

// name is the path of a sheet below o.To, with slashes: a folder for each county.
func (s *subject) name(ext string) string {
	return path.Join(cmp.Or(s.Text("XZQDM"), "未分县"), s.cid+ext)
}

func (m *maker) path(s *subject) string {
	return filepath.Join(m.o.To, filepath.FromSlash(s.name(".html")))
}

// hasStamp reports whether the file at path is a sheet with this stamp. A sheet appears whole, so that its head is enough.
func hasStamp(path, stamp string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 512)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false
	}
	return strings.Contains(string(head[:n]), `name="tuban-sheet" content="`+stamp+`"`)
}

// writeIndex lists the sheets of the folder: those asked for now, in their order, then those that an earlier call left.
func (m *maker) writeIndex(failures []pipeline.ReadFailure) error {
	list := folderList{Product: m.p.Manifest.Name, Key: m.p.Manifest.Key, Clue: pipeline.Clue, Failures: failures, Volumes: m.bound}
	listed := map[string]bool{}
	for _, s := range m.subjects {
		e, err := m.entry(s)
		if err != nil {
			return err
		}
		list.Sheets = append(list.Sheets, e)
		listed[e.Path] = true
	}
	var before folderList
	if b, err := os.ReadFile(filepath.Join(m.o.To, listName)); err == nil && json.Unmarshal(b, &before) == nil && before.Key == list.Key {
		for _, e := range before.Sheets {
			if _, err := os.Stat(filepath.Join(m.o.To, e.Path)); err == nil && !listed[e.Path] {
				list.Sheets = append(list.Sheets, e)
			}
		}
		for _, v := range before.Volumes {
			if _, err := os.Stat(filepath.Join(m.o.To, v)); err == nil && !slices.Contains(list.Volumes, v) {
				list.Volumes = append(list.Volumes, v)
			}
		}
		slices.Sort(list.Volumes)
	}
	var b bytes.Buffer
	if err := index.Execute(&b, list); err != nil {
		return err
	}
	if err := put(filepath.Join(m.o.To, indexName), b.Bytes()); err != nil {
		return err
	}
	js, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		return err
	}
	return put(filepath.Join(m.o.To, listName), append(js, '\n'))
}

func (m *maker) entry(s *subject) (Entry, error) {
	b, err := os.ReadFile(m.path(s))
	if err != nil {
		return Entry{}, pipeline.NewInputError(err)
	}
	d := digestOf(b)
	e := Entry{
		CID: s.cid, Number: s.number, Path: s.name(".html"), SHA256: d.SHA256, SM3: d.SM3,
		County: cmp.Or(s.Text("XMC"), s.Text("XZQDM")), Place: strings.TrimSpace(s.Text("XZMC") + " " + cmp.Or(s.Text("CMC"), s.Text("ZLDWMC"))),
		Kind: strings.TrimSpace(s.Text("TBLX") + " " + s.Text("TZ")), Category: cmp.Or(s.Text("QBLB"), s.Text("LBMC")), Mu: mu(s.Row, "JCMJ"),
		Matching: s.Text("SPPP"), Why: s.Text("YXJYY"), Gaps: strings.HasSuffix(m.stamps[s], gapped),
	}
	if hasPDF(m.pdf(s), m.stamps[s]) {
		e.PDF = s.name(".pdf")
	}
	return e, nil
}
