package evidence

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"tuban/pipeline"
	"tuban/pipeline/product"
)

// allow notes where sheets may stand, whether they are asked for now or not, and of which candidates no others may: without a register
// of none.
func (m *maker) allow(all []*subject, rows []product.Row) {
	m.allowed, m.known = map[string]bool{}, map[string]bool{}
	if m.o.Register == nil {
		return
	}
	for _, s := range all {
		if !s.withheld {
			m.allowed[s.name("")] = true
		}
	}
	for _, r := range rows {
		m.known[r.Text("cid")] = true
	}
	for _, x := range m.o.Register.Releases() {
		if m.own(x) {
			m.known[x.CID] = true
		}
	}
}

// sweep removes what earlier calls left and may not stay: sheets of candidates that are withheld now, or that were released in another
// county or as part of others, and the volumes of counties of which a sheet goes or is made anew. Without a register only volumes go: nothing
// else is known to be wrong.
func (m *maker) sweep() error {
	changed := map[string]bool{}
	for _, o := range m.todo {
		changed[o.folder()] = true
	}
	folders, err := os.ReadDir(m.o.To)
	if err != nil {
		return pipeline.NewInputError(err)
	}
	for _, f := range folders {
		if !f.IsDir() || f.Name() == scratchName || len(m.known) == 0 {
			continue
		}
		files, err := os.ReadDir(filepath.Join(m.o.To, f.Name()))
		if err != nil {
			return pipeline.NewInputError(err)
		}
		for _, file := range files {
			ext := filepath.Ext(file.Name())
			cid := strings.TrimSuffix(file.Name(), ext)
			if ext != ".html" && ext != ".pdf" || !m.known[cid] || m.allowed[path.Join(f.Name(), cid)] {
				continue
			}
			changed[f.Name()] = true
			if err := remove(filepath.Join(m.o.To, f.Name(), file.Name())); err != nil {
				return err
			}
		}
	}
	for _, county := range sortedKeys(changed) {
		if err := m.dropVolumes(county, nil); err != nil {
			return err
		}
	}
	return nil
}

// dropVolumes removes the volumes of a county but for those to keep.
func (m *maker) dropVolumes(county string, keep []string) error {
	files, err := os.ReadDir(m.o.To)
	if err != nil {
		return pipeline.NewInputError(err)
	}
	volume := regexp.MustCompile(`^` + regexp.QuoteMeta(county) + `(-\d+)?\.pdf$`)
	for _, f := range files {
		if f.IsDir() || !volume.MatchString(f.Name()) || slices.Contains(keep, f.Name()) {
			continue
		}
		if err := remove(filepath.Join(m.o.To, f.Name())); err != nil {
			return err
		}
	}
	return nil
}

// remove deletes a file; one that is not there is no error.
func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return pipeline.NewInputError(err)
	}
	return nil
}
