package evidence

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"tuban/pipeline"
)

// inputsName is the file beside the sheets that lists what the product was made from, with the hashes of each file. It serves
// the next call as well: what has not changed is not read again.
const inputsName = "inputs.json"

// Input is a file that the product was made from.
type Input struct {
	Role string `json:"role"`
	// URI is where the file was found now, Recorded where the run found it when that was elsewhere.
	URI      string `json:"uri"`
	Recorded string `json:"recorded,omitempty"`
	// Fingerprint is that of the run, which did not read the whole file.
	Fingerprint string `json:"fingerprint"`
	stamp
	Digest
	// Version is what object storage says of the content, where the file was not downloaded to be hashed.
	Version string `json:"version,omitempty"`
	// Missing says that the file is not there any more, and only its fingerprint is known; Changed that it has the size that the
	// run recorded, but not the fingerprint.
	Missing bool `json:"missing,omitempty"`
	Changed bool `json:"changed,omitempty"`
}

// inputList is the file.
type inputList struct {
	Product string  `json:"product"`
	Key     string  `json:"key"`
	Inputs  []Input `json:"inputs"`
}

// inputs hashes what the product was made from, and leaves the list in o.To. at are the addresses of the scenes of both dates,
// in the order of the manifest.
func (m *maker) inputs(ctx context.Context, s *pipeline.Scenery) error {
	known := map[string]Input{}
	var before inputList
	if b, err := os.ReadFile(filepath.Join(m.o.To, inputsName)); err == nil && json.Unmarshal(b, &before) == nil {
		for _, in := range before.Inputs {
			known[in.URI] = in
		}
	}
	list := inputList{Product: m.p.Manifest.Name, Key: m.p.Manifest.Key}
	at := s.Addresses()
	for _, src := range m.p.Manifest.Inputs {
		in := Input{Role: src.Role, URI: src.URI, Fingerprint: src.Fingerprint, stamp: stamp{Bytes: src.Bytes}}
		for d, role := range [2]string{"before", "after"} {
			if src.Role == role && len(at[d]) > 0 {
				in.URI, at[d] = at[d][0], at[d][1:]
			}
		}
		if in.URI != src.URI {
			in.Recorded = src.URI
		}
		for _, uri := range s.Changed {
			in.Changed = in.Changed || uri == in.URI
		}
		list.Inputs = append(list.Inputs, in)
	}
	var todo []*Input
	var total int64
	for i := range list.Inputs {
		in := &list.Inputs[i]
		if strings.HasPrefix(in.URI, "s3://") {
			o, err := m.d.Storage.Stat(ctx, in.URI)
			if err != nil {
				return err
			}
			in.Version, in.Bytes = o.Version, o.Size
			continue
		}
		st, err := stampOf(in.URI)
		if errors.Is(err, fs.ErrNotExist) {
			in.Missing = true
			continue
		}
		if err != nil {
			return pipeline.NewInputError(err)
		}
		in.stamp = st
		if k, ok := known[in.URI]; ok && k.stamp == st && k.Fingerprint == in.Fingerprint && k.SHA256 != "" {
			in.Digest = k.Digest
			continue
		}
		todo, total = append(todo, in), total+st.Bytes
	}
	if m.unhashed = total; m.o.DryRun {
		m.inputList = list
		return nil
	}
	if err := m.hash(ctx, todo, total); err != nil {
		return err
	}
	b, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		return err
	}
	b = append(b, '\n')
	m.inputList, m.listDigest = list, digestOf(b)
	return put(filepath.Join(m.o.To, inputsName), b)
}

// hash reads files, as many at once as there are workers.
func (m *maker) hash(ctx context.Context, list []*Input, total int64) error {
	if len(list) == 0 {
		return nil
	}
	m.o.Progress.Stage("hash", total)
	var mu sync.Mutex
	read := func(n int64) {
		mu.Lock()
		defer mu.Unlock()
		m.o.Progress.Advance(n)
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(m.o.Workers)
	for _, in := range list {
		g.Go(func() (err error) {
			in.Digest, err = digestPath(ctx, in.URI, read)
			return err
		})
	}
	return g.Wait()
}
