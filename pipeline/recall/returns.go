package recall

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tuban/pipeline"
	"tuban/pipeline/register"
	"tuban/pipeline/verification"
	"tuban/raster/vector"
)

// ReturnOptions say how to read a table of returns.
type ReturnOptions struct {
	// File is an XLSX workbook, or a layer that counties filled in; Layer and Encoding are of the latter.
	File, Layer, Encoding string
	// Register is the folder of the register.
	Register string
	Scheme   verification.Scheme
	// Partial takes the valid rows where others are refused; else one refused row keeps all out.
	Partial bool
	// DryRun checks, and adds nothing.
	DryRun bool
	// Now is the time of the events; nobody can have been there after its day.
	Now time.Time
}

// Checked is what reading a table of returns came to.
type Checked struct {
	File, Hash, Register, Scheme string
	Findings                     []Finding
	// Unread are the headings that were not read back.
	Unread []string
	// Added counts the events that were added to the register.
	Added int
}

// Count is how many rows have that status.
func (c *Checked) Count(s Status) int { return count(c.Findings, s) }

// Returns reads a table of returns, checks each row against the register, and adds those that are valid and new: all of them, or
// none where a row is refused and o.Partial is not set. The same table once more adds nothing.
func Returns(ctx context.Context, v pipeline.Vectors, o ReturnOptions) (*Checked, error) {
	if _, err := os.Stat(o.Register); errors.Is(err, fs.ErrNotExist) {
		return nil, pipeline.NewInputError(fmt.Errorf("%s holds no register: give the folder that `tuban release` wrote to", o.Register))
	}
	table, hash, err := readTable(ctx, v, o)
	if err != nil {
		return nil, err
	}
	out := &Checked{File: o.File, Hash: hash, Register: o.Register, Scheme: o.Scheme.Name, Unread: table.Unread}
	local := o.Now.Local()
	today := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC)
	var events []register.Event
	_, err = register.Update(ctx, o.Register, o.Now, func(r *register.Register) ([]register.Event, error) {
		out.Findings = newChecker(r, o.Scheme, today, filepath.Base(o.File), hash).table(table)
		events = nil
		if o.DryRun || out.Count(Refused) > 0 && !o.Partial {
			return nil, nil
		}
		for _, f := range out.Findings {
			if f.Status == Accepted {
				events = append(events, register.Event{Return: f.Return})
			}
		}
		return events, nil
	})
	if err != nil {
		return nil, err
	}
	out.Added = len(events)
	return out, nil
}

// readTable reads the table, and names its content by a SHA-256.
func readTable(ctx context.Context, v pipeline.Vectors, o ReturnOptions) (*Table, string, error) {
	hash, err := hashFile(o.File)
	if err != nil {
		return nil, "", pipeline.NewInputError(err)
	}
	switch strings.ToLower(filepath.Ext(o.File)) {
	case ".xlsx", ".xlsm":
		b, err := os.ReadFile(o.File)
		if err != nil {
			return nil, "", pipeline.NewInputError(err)
		}
		t, err := ReadWorkbook(bytes.NewReader(b))
		if err != nil {
			return nil, "", pipeline.NewInputError(fmt.Errorf("%s: %w", o.File, err))
		}
		return t, hash, nil
	case ".xls":
		return nil, "", pipeline.NewInputError(fmt.Errorf("%s is in the old XLS format: save it as .xlsx", o.File))
	}
	t, err := ReadTableLayer(ctx, v, vector.LayerSpec{Source: o.File, Layer: o.Layer, Encoding: o.Encoding})
	return t, hash, err
}

// hashFile is the SHA-256 of a file with its attributes (the .dbf of a Shapefile), of all files of a folder (a FileGDB).
func hashFile(path string) (string, error) {
	var files []string
	err := filepath.WalkDir(path, func(p string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			files = append(files, p)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	if strings.EqualFold(filepath.Ext(path), ".shp") {
		beside, err := filepath.Glob(strings.TrimSuffix(path, filepath.Ext(path)) + ".[dD][bB][fF]")
		if err != nil {
			return "", err
		}
		files = append(files, beside...)
	}
	slices.Sort(files)
	h := sha256.New()
	for _, p := range files {
		f, err := os.Open(p)
		if err != nil {
			return "", err
		}
		_, err = io.Copy(h, f)
		f.Close()
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
