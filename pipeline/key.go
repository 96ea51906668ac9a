package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tuban/pipeline/runfile"
	"tuban/raster"
)

// Source is a file that went into a run, as the manifest records it.
type Source struct {
	Role string `json:"role"`
	URI  string `json:"uri"`
	// Bytes is the size, with that of the files that belong to it: all below a folder, else its sidecars.
	Bytes int64 `json:"bytes"`
	// Fingerprint identifies the content: a SHA-256 of the size, the time of modification and samples (fingerprint).
	Fingerprint string `json:"fingerprint"`
}

// sources lists the run's inputs with their fingerprints.
func (p *Plan) sources(f *runfile.File) ([]Source, error) {
	var out []Source
	add := func(role, uri string) error {
		n, sum, err := fingerprint(uri)
		if err != nil {
			return badInput("%s: %w", role, err)
		}
		out = append(out, Source{role, uri, n, sum})
		return nil
	}
	for _, s := range p.Before {
		if err := add("before", s.URI); err != nil {
			return nil, err
		}
	}
	for _, s := range p.After {
		if err := add("after", s.URI); err != nil {
			return nil, err
		}
	}
	if p.Survey != nil {
		if err := add("survey", p.Survey.Layer.Source); err != nil {
			return nil, err
		}
	}
	if f.Region != nil && f.Region.Source != "" {
		if err := add("region", f.Region.Source); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// key hashes everything that decides the product. Where it goes and how the work is cut do not.
func (p *Plan) key(f *runfile.File, version string) (string, error) {
	var err error
	if p.Sources, err = p.sources(f); err != nil {
		return "", err
	}
	prints := make([]string, len(p.Sources))
	for i, s := range p.Sources {
		prints[i] = s.Role + " " + s.Fingerprint
	}
	b, err := json.Marshal(struct {
		Version, Name           string
		Grid                    raster.Grid
		Region                  *runfile.Region
		Before, After           []sceneKey
		Survey                  *runfile.Survey
		Normalise, Registration string
		Rules                   string
		Outputs                 []string
		Sources                 []string
	}{
		version, p.Name, p.Grid, regionKey(f.Region), sceneKeys(p.Before), sceneKeys(p.After), surveyKey(f.Survey),
		f.Normalise, f.Registration, string(p.RulesText), f.Outputs, prints,
	})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8]), nil
}

// sceneKey is what of a scene decides its pixels beside the file's content: not where it lies.
type sceneKey struct {
	ID, Date, Bands string
	Native          raster.Grid
}

func sceneKeys(scenes []raster.Scene) []sceneKey {
	out := make([]sceneKey, len(scenes))
	for i, s := range scenes {
		var bands string
		for _, r := range raster.Roles {
			if b, ok := s.Bands[r]; ok {
				bands += fmt.Sprintf("%s=%v ", r, b)
			}
		}
		out[i] = sceneKey{s.ID, s.Date.Format("20060102"), bands, s.Native}
	}
	return out
}

// surveyKey is the survey's settings without its place, which its fingerprint stands for.
func surveyKey(s *runfile.Survey) *runfile.Survey {
	if s == nil {
		return nil
	}
	k := *s
	k.Source = nil
	return &k
}

// regionKey is the region's settings without its place.
func regionKey(r *runfile.Region) *runfile.Region {
	if r == nil {
		return nil
	}
	k := *r
	k.Source = ""
	return &k
}

const (
	// sampleBytes at each of samplePlaces evenly spread places identify a large file; a smaller one is hashed whole.
	// Hashing a pair of 20,000² whole would read as much as the run itself.
	sampleBytes  = 64 << 10
	samplePlaces = 64
)

// fingerprint identifies the content of a file, or of the files of a folder (a FileGDB), without reading all of it:
// the size, the time of modification, and samples that include both ends.
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
	besideStem = []string{".aux.xml", ".tfw", ".tifw", ".jgw", ".pgw", ".wld", ".dbf", ".shx", ".prj", ".cpg", ".dat", ".map", ".id", ".mid"}
)

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
	stem := strings.TrimSuffix(base, filepath.Ext(base))
	var out []string
	for _, name := range all {
		rest, ok := strings.CutPrefix(name, base)
		part := ok && slices.Contains(besideName, strings.ToLower(rest))
		rest, ok = strings.CutPrefix(name, stem)
		part = part || ok && name != base && slices.Contains(besideStem, strings.ToLower(rest))
		if !part {
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
