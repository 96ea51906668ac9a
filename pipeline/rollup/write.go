package rollup

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"tuban/pipeline"
)

// Files of a summary, in the order in which they are written: the last makes it whole.
const (
	WorkbookName = "summary.xlsx"
	PageName     = "summary.html"
	DataName     = "summary.json"
)

// Write leaves the summary in the folder dir, as a workbook, a page and data. The data come last: a folder without them holds no whole
// summary. at is the time that the workbook records as its own.
func (s *Summary) Write(dir, version string, at time.Time) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return pipeline.NewInputError(fmt.Errorf("%w: choose a folder that can be written", err))
	}
	if err := os.Remove(filepath.Join(dir, DataName)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return pipeline.NewInputError(err)
	}
	b := s.Book(version)
	for _, f := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{WorkbookName, func(w io.Writer) error { return b.WriteXLSX(w, at) }},
		{PageName, b.WriteHTML},
		{DataName, func(w io.Writer) error {
			e := json.NewEncoder(w)
			e.SetIndent("", " ")
			e.SetEscapeHTML(false)
			return e.Encode(s)
		}},
	} {
		if err := pipeline.ReplaceFile(filepath.Join(dir, f.name), f.write); err != nil {
			return err
		}
	}
	return nil
}
