package evidence

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/emmansun/gmsm/sm3"
)

// Digest is a content named by two hash functions: SHA-256, and SM3 (GB/T 32905).
type Digest struct {
	SHA256 string `json:"sha256,omitempty"`
	SM3    string `json:"sm3,omitempty"`
}

// hasher computes both at once.
type hasher struct{ sha, sm hash.Hash }

func newHasher() hasher { return hasher{sha256.New(), sm3.New()} }

func (h hasher) add(p []byte) {
	h.sha.Write(p)
	h.sm.Write(p)
}

func (h hasher) sum() Digest {
	return Digest{hex.EncodeToString(h.sha.Sum(nil)), hex.EncodeToString(h.sm.Sum(nil))}
}

func digestOf(b []byte) Digest {
	h := newHasher()
	h.add(b)
	return h.sum()
}

// digestFile hashes a file as a stream; read is told how many bytes were read since it was last told.
func digestFile(ctx context.Context, path string, read func(int64)) (Digest, error) {
	f, err := os.Open(path)
	if err != nil {
		return Digest{}, err
	}
	defer f.Close()
	h := newHasher()
	buf := make([]byte, 1<<20)
	for {
		n, err := f.Read(buf)
		h.add(buf[:n])
		read(int64(n))
		switch {
		case err == io.EOF:
			return h.sum(), nil
		case err != nil:
			return Digest{}, fmt.Errorf("hashing %s: %w", path, err)
		case ctx.Err() != nil:
			return Digest{}, ctx.Err()
		}
	}
}

// digestPath hashes a file, or a folder such as a FileGDB: of that, the lines "digest, two spaces, path below the folder" of its
// files, sorted by path, as sha256sum prints them. Lock files do not count.
func digestPath(ctx context.Context, path string, read func(int64)) (Digest, error) {
	files, folder, err := filesOf(path)
	if err != nil {
		return Digest{}, err
	}
	if !folder {
		return digestFile(ctx, path, read)
	}
	var sha, sm strings.Builder
	for _, f := range files {
		d, err := digestFile(ctx, filepath.Join(path, f), read)
		if err != nil {
			return Digest{}, err
		}
		fmt.Fprintf(&sha, "%s  %s\n", d.SHA256, f)
		fmt.Fprintf(&sm, "%s  %s\n", d.SM3, f)
	}
	return Digest{digestOf([]byte(sha.String())).SHA256, digestOf([]byte(sm.String())).SM3}, nil
}

// filesOf lists the regular files of a folder, sorted by their path below it; a file is in none.
func filesOf(path string) (files []string, folder bool, err error) {
	st, err := os.Stat(path)
	if err != nil || !st.IsDir() {
		return nil, false, err
	}
	err = filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && filepath.Ext(p) != ".lock" {
			rel, _ := filepath.Rel(path, p)
			files = append(files, filepath.ToSlash(rel))
		}
		return err
	})
	slices.Sort(files)
	return files, true, err
}

// stamp is what a file looks like from outside: while it stays, the content is taken to stay.
type stamp struct {
	Bytes    int64 `json:"bytes"`
	Modified int64 `json:"modified_ns"`
}

// stampOf sums up a file, or those of a folder: their sizes, and the latest time of modification.
func stampOf(path string) (s stamp, err error) {
	files, folder, err := filesOf(path)
	if err != nil {
		return s, err
	}
	if !folder {
		files = []string{""}
	}
	for _, f := range files {
		st, err := os.Stat(filepath.Join(path, f))
		if err != nil {
			return s, err
		}
		s.Bytes += st.Size()
		s.Modified = max(s.Modified, st.ModTime().UnixNano())
	}
	return s, nil
}
