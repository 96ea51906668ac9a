package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"tuban/raster/vector"
)

// fetching is Vectors that reads layers from object storage too: each is copied to a local folder first, because vector
// formats are read here and there, which would be a request each time.
type fetching struct {
	Vectors
	storage Storage
	// dir keeps the copies, each in a folder named by address and version: a resumed run finds them again.
	dir string

	mu    sync.Mutex
	local map[string]string
}

// fetchingInto returns d with vectors that are fetched into dir.
func (d Drivers) fetchingInto(dir string) Drivers {
	if _, done := d.Vectors.(*fetching); !done && d.Storage != nil {
		d.Vectors = &fetching{Vectors: d.Vectors, storage: d.Storage, dir: dir, local: map[string]string{}}
	}
	return d
}

// Local returns the path of a copy of uri on disk, with the files that belong to it, made in dir; a path is its own copy.
func (d Drivers) Local(ctx context.Context, uri, dir string) (string, error) {
	if !remote(uri) {
		return uri, nil
	}
	s, err := d.storage(uri)
	if err != nil {
		return "", err
	}
	f := &fetching{Vectors: d.Vectors, storage: s, dir: dir, local: map[string]string{}}
	return f.fetch(ctx, uri)
}

// DescribeLayer describes the local copy of a layer.
func (f *fetching) DescribeLayer(ctx context.Context, s vector.LayerSpec) (vector.LayerInfo, error) {
	var err error
	if s.Source, err = f.fetch(ctx, s.Source); err != nil {
		return vector.LayerInfo{}, err
	}
	return f.Vectors.DescribeLayer(ctx, s)
}

// ReadLayer reads the local copy of a layer.
func (f *fetching) ReadLayer(ctx context.Context, s vector.LayerSpec, crs string, visit func(vector.Feature) error) error {
	var err error
	if s.Source, err = f.fetch(ctx, s.Source); err != nil {
		return err
	}
	return f.Vectors.ReadLayer(ctx, s, crs, visit)
}

// fetch returns the path of the local copy of uri, with the files that belong to it; a path is its own copy.
func (f *fetching) fetch(ctx context.Context, uri string) (string, error) {
	if !remote(uri) {
		return uri, nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if path, ok := f.local[uri]; ok {
		return path, nil
	}
	parts, err := partsOf(ctx, f.storage, uri)
	if err != nil {
		return "", err
	}
	if len(parts) == 0 {
		return "", fmt.Errorf("%s: the folder is empty", uri)
	}
	name := sha256.New()
	for _, o := range parts {
		fmt.Fprintf(name, "%s %d %s\n", o.URI, o.Size, o.Version)
	}
	dir := filepath.Join(f.dir, hex.EncodeToString(name.Sum(nil)[:8]))
	parent := uri[:strings.LastIndexByte(strings.TrimRight(uri, "/"), '/')+1]
	for _, o := range parts {
		rest := filepath.FromSlash(strings.TrimPrefix(o.URI, parent))
		if !filepath.IsLocal(rest) {
			return "", fmt.Errorf("%s: the address leads out of its folder: rename the object", o.URI)
		}
		path := filepath.Join(dir, rest)
		if st, err := os.Stat(path); err == nil && st.Size() == o.Size {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return "", err
		}
		if err := f.storage.Fetch(ctx, o.URI, path); err != nil {
			return "", err
		}
	}
	path := filepath.Join(dir, baseOf(uri))
	f.local[uri] = path
	return path, nil
}
