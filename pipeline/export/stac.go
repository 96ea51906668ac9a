package export

import (
	_ "embed"
	"encoding/json"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"tuban/pipeline"
)

//go:embed media.csv
var mediaText string

// medium is what an item says of a kind of file.
type medium struct{ extension, mime, role, name string }

var media = func() []medium {
	var out []medium
	for _, r := range embedded("media.csv", mediaText, 4) {
		out = append(out, medium{r[0], r[1], r[2], r[3]})
	}
	return out
}()

// itemSuffix is what the name of a package's STAC item ends in.
const itemSuffix = "-stac.json"

// item is a STAC Item 1.0.0.
type item struct {
	Type       string           `json:"type"`
	Version    string           `json:"stac_version"`
	Extensions []string         `json:"stac_extensions"`
	ID         string           `json:"id"`
	Geometry   polygon          `json:"geometry"`
	BBox       [4]float64       `json:"bbox"`
	Properties map[string]any   `json:"properties"`
	Links      []link           `json:"links"`
	Assets     map[string]asset `json:"assets"`
}

// polygon is a geometry of GeoJSON.
type polygon struct {
	Type        string      `json:"type"`
	Coordinates orb.Polygon `json:"coordinates"`
}

type link struct {
	Rel   string `json:"rel"`
	Href  string `json:"href"`
	Type  string `json:"type,omitempty"`
	Title string `json:"title,omitempty"`
}

type asset struct {
	Href     string   `json:"href"`
	Type     string   `json:"type,omitempty"`
	Title    string   `json:"title"`
	Roles    []string `json:"roles"`
	Size     int64    `json:"file:size,omitempty"`
	Checksum string   `json:"file:checksum,omitempty"`
}

// writeItem writes the STAC item of a package that describes the files of it in dir.
func (j *job) writeItem(dir string, p Package) error {
	files, err := describe(dir, p.Stem)
	if err != nil {
		return err
	}
	b := bounds(p, func(i int) orb.Geometry { return j.src.lonlat[i].Geom })
	start, end := j.interval(p)
	it := item{
		Type: "Feature", Version: "1.0.0",
		Extensions: []string{"https://stac-extensions.github.io/projection/v1.1.0/schema.json", "https://stac-extensions.github.io/file/v2.1.0/schema.json"},
		ID:         p.Stem, Geometry: polygon{"Polygon", b.ToPolygon()}, BBox: [4]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]},
		Properties: map[string]any{
			"datetime": nil, "start_datetime": start, "end_datetime": end, "created": j.o.Clock.Format(time.RFC3339),
			"title": j.heading(p), "description": title, "proj:epsg": epsg(j.src.crs),
			"tuban:product": j.src.Key, "tuban:batch": j.plan.Batch, "tuban:count": p.Count, "tuban:area_m2": p.AreaM2,
		},
		Links:  []link{j.derivedFrom(p)},
		Assets: assets(files),
	}
	return pipeline.ReplaceFile(filepath.Join(dir, p.Stem+itemSuffix), func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(it)
	})
}

// interval is the time from the first image before to the last image after: whole days.
func (j *job) interval(p Package) (start, end string) {
	var first, last string
	for _, i := range p.rows {
		r := j.src.rows[i]
		if s := r.Text("QSX"); s != "" && (first == "" || s < first) {
			first = s
		}
		last = max(last, r.Text("HSX"))
	}
	clock := func(day, at string) string {
		t, err := time.Parse("20060102", day)
		if err != nil {
			return ""
		}
		return t.Format(time.DateOnly) + at
	}
	start, end = clock(first, "T00:00:00Z"), clock(last, "T23:59:59Z")
	return start, end
}

// derivedFrom links to what the package was made of, as seen from its folder where that can be.
func (j *job) derivedFrom(p Package) link {
	href := j.src.Path
	if !strings.Contains(href, "://") {
		from, err1 := filepath.Abs(filepath.Join(j.o.To, p.Dir))
		to, err2 := filepath.Abs(href)
		if err1 == nil && err2 == nil {
			if rel, err := filepath.Rel(from, to); err == nil {
				href = filepath.ToSlash(rel)
			}
		}
	}
	if j.src.Kind == "product" {
		return link{Rel: "derived_from", Href: pipeline.Below(href, pipeline.ManifestName), Type: "application/json", Title: j.src.Name}
	}
	return link{Rel: "derived_from", Href: href}
}

// assets are the files that media.csv knows; a FileGDB is a folder, which has no checksum.
func assets(files []pipeline.Output) map[string]asset {
	out := map[string]asset{}
	for _, f := range files {
		if dir, _, in := strings.Cut(f.Path, ".gdb/"); in {
			out["gdb"] = asset{Href: dir + ".gdb/", Title: "FileGDB", Roles: []string{"data"}}
			continue
		}
		for _, m := range media {
			if strings.HasSuffix(f.Path, m.extension) {
				// A checksum is a multihash: 12 is SHA-256, 20 its length in bytes.
				out[m.extension[1:]] = asset{Href: f.Path, Type: m.mime, Title: m.name, Roles: []string{m.role}, Size: f.Bytes, Checksum: "1220" + f.SHA256}
			}
		}
	}
	return out
}

// epsg is the number of a system, nil for one without.
func epsg(crs string) any {
	code, ok := strings.CutPrefix(crs, "EPSG:")
	if n, err := strconv.Atoi(code); ok && err == nil {
		return n
	}
	return nil
}
