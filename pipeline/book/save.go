package book

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

// Prepare makes the folder dir, and takes the data called name+".json" out of it: from then on it holds no whole document of that name
// until Save is done.
func Prepare(dir, name string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return pipeline.NewInputError(fmt.Errorf("%w: choose a folder that can be written", err))
	}
	if err := os.Remove(filepath.Join(dir, name+".json")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return pipeline.NewInputError(err)
	}
	return nil
}

// Save leaves the book in the folder dir as name.xlsx and name.html, and the data that it is made of as name.json, which comes last: a
// folder without that holds no whole document. at is the time that the workbook records as its own.
func (b Book) Save(dir, name string, data any, at time.Time) error {
	if err := Prepare(dir, name); err != nil {
		return err
	}
	for _, f := range []struct {
		ext   string
		write func(io.Writer) error
	}{
		{".xlsx", func(w io.Writer) error { return b.WriteXLSX(w, at) }},
		{".html", b.WriteHTML},
		{".json", func(w io.Writer) error {
			e := json.NewEncoder(w)
			e.SetIndent("", " ")
			e.SetEscapeHTML(false)
			return e.Encode(data)
		}},
	} {
		if err := pipeline.ReplaceFile(filepath.Join(dir, name+f.ext), f.write); err != nil {
			return err
		}
	}
	return nil
}
