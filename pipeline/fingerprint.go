package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

const (
	// sampleBytes at each of samplePlaces evenly spread places identify a large file; a smaller one is hashed whole.
	// Hashing a pair of 20,000² whole would read as much as the run itself.
	sampleBytes  = 64 << 10
	samplePlaces = 64
)

// fingerprint identifies the content of a file or object, or of all in a folder (a FileGDB), with the files that belong to
// it, without reading all of it. On disk: the size, the time of modification, and samples that include both ends. In
// object storage: the size and the version that the storage gives each object.
func (d Drivers) fingerprint(ctx context.Context, uri string) (size int64, sum string, err error) {
	if !remote(uri) {
		return fingerprint(uri)
	}
	s, err := d.storage(uri)
	if err != nil {
		return 0, "", err
	}
	parts, err := partsOf(ctx, s, uri)
	if err != nil {
		return 0, "", err
	}
	h := sha256.New()
	for _, o := range parts {
		fmt.Fprintf(h, "%s %d %s\n", strings.TrimPrefix(o.URI, uri), o.Size, o.Version)
		size += o.Size
	}
	return size, hex.EncodeToString(h.Sum(nil)), nil
}

// partsOf lists an object with those that belong to it, or all objects below a folder, sorted.
func partsOf(ctx context.Context, s Storage, uri string) ([]Object, error) {
	o, err := s.Stat(ctx, uri)
	if err != nil {
		return nil, err
	}
	if o.Dir {
		return s.List(ctx, uri)
	}
	parts := []Object{o}
	base := baseOf(uri)
	stem := strings.TrimSuffix(base, path.Ext(base))
	quoted := strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(strings.TrimSuffix(uri, base) + stem)
	near, err := s.Glob(ctx, quoted+"*")
	if err != nil {
		return nil, err
	}
	for _, n := range near {
		if !belongs(base, baseOf(n)) {
			continue
		}
		o, err := s.Stat(ctx, n)
		if err != nil {
			return nil, err
		}
		parts = append(parts, o)
	}
	slices.SortFunc(parts, func(a, b Object) int { return strings.Compare(a.URI, b.URI) })
	return parts, nil
}

// fingerprint identifies a file or folder on disk.
func fingerprint(path string) (size int64, sum string, err error) {
	h := sha256.New()
	st, err := os.Stat(path)
	if err != nil {
		return 0, "", err
	}
	files := []string{path}
	if !st.IsDir() {
		beside, err := sidecars(path)
		if err != nil {
			return 0, "", err
		}
		files = append(files, beside...)
	} else {
		files = nil
		err = filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() && filepath.Ext(p) != ".lock" {
				files = append(files, p)
			}
			return err
		})
		if err != nil {
			return 0, "", err
		}
		slices.Sort(files)
	}
	for _, f := range files {
		n, err := sample(h, f)
		if err != nil {
			return 0, "", err
		}
		size += n
	}
	return size, hex.EncodeToString(h.Sum(nil)), nil
}

// besideName are the endings that follow the whole name of a file in the names of those that belong to its content,
// besideStem those that follow its name without extension: masks, georeferences and no-data, the parts of a Shapefile and
// of a MapInfo table, what a GeoPackage has not yet taken over. Overviews only repeat the content.
var (
	besideName = []string{".msk", ".aux.xml", "-wal"}
	besideStem = []string{".aux.xml", ".tfw", ".tifw", ".jgw", ".jpgw", ".pgw", ".pngw", ".j2w", ".bpw", ".wpw", ".wld", ".ige", ".hdr", ".dbf", ".shx", ".prj", ".cpg", ".dat", ".map", ".id", ".mid"}
)

// belongs reports whether the file name is part of the content of the file base in the same folder.
func belongs(base, name string) bool {
	rest, ok := strings.CutPrefix(name, base)
	if ok && slices.Contains(besideName, strings.ToLower(rest)) {
		return true
	}
	rest, ok = strings.CutPrefix(name, strings.TrimSuffix(base, filepath.Ext(base)))
	return ok && name != base && slices.Contains(besideStem, strings.ToLower(rest))
}

// sidecars are the files beside path that belong to its content, sorted.
func sidecars(path string) ([]string, error) {
	dir, base := filepath.Split(path)
	f, err := os.Open(filepath.Clean(dir))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	all, err := f.Readdirnames(-1)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, name := range all {
		if !belongs(base, name) {
			continue
		}
		// A reader of a GeoPackage can leave an empty log behind.
		if st, err := os.Stat(dir + name); err == nil && st.Mode().IsRegular() && (st.Size() > 0 || !strings.HasSuffix(name, "-wal")) {
			out = append(out, dir+name)
		}
	}
	slices.Sort(out)
	return out, nil
}

func sample(h hash.Hash, path string) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return 0, err
	}
	fmt.Fprintf(h, "%d %d\n", st.Size(), st.ModTime().UnixNano())
	if st.Size() <= sampleBytes*samplePlaces {
		_, err := io.Copy(h, f)
		return st.Size(), err
	}
	buf := make([]byte, sampleBytes)
	for i := range int64(samplePlaces) {
		if _, err := f.ReadAt(buf, (st.Size()-sampleBytes)*i/(samplePlaces-1)); err != nil {
			return 0, err
		}
		h.Write(buf)
	}
	return st.Size(), nil
}
