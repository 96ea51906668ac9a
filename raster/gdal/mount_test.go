package gdal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/airbusgeo/godal"

	"tuban/raster"
)

// bucket is a storage in memory. failAt counts reads down: the one that finds it at 1 fails.
type bucket struct {
	mu      sync.Mutex
	objects map[string][]byte
	failAt  int
	multi   atomic.Int32
	reads   int
}

// outage is what a storage says of a read that it could not do.
type outage struct{ key string }

func (e *outage) Error() string { return "the storage is out of order at " + e.key }

func (b *bucket) Size(key string) (int64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	o, ok := b.objects[key]
	if !ok {
		return 0, fmt.Errorf("%s: %w", key, fs.ErrNotExist)
	}
	return int64(len(o)), nil
}

func (b *bucket) ReadAt(key string, buf []byte, off int64) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reads++
	if b.failAt--; b.failAt == 0 {
		return 0, fmt.Errorf("get: %w", &outage{key})
	}
	n := copy(buf, b.objects[key][off:])
	if n < len(buf) {
		return n, io.EOF
	}
	return n, nil
}

func (b *bucket) ReadAtMulti(key string, bufs [][]byte, offs []int64) ([]int, error) {
	out := make([]int, len(bufs))
	b.multi.Add(1)
	for i := range bufs {
		var err error
		if out[i], err = b.ReadAt(key, bufs[i], offs[i]); err != nil {
			return out, err
		}
	}
	return out, nil
}

func (b *bucket) Siblings(string) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Collect(maps.Keys(b.objects))
}

func (b *bucket) Err(string) error { return nil }

// reset arranges that the n-th read from now fails; 0 is none.
func (b *bucket) reset(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failAt, b.reads = n, 0
}

// bucketOf puts all files of a folder under key, mounted as a scheme of its own.
func bucketOf(t *testing.T, dir string) (b *bucket, prefix string) {
	t.Helper()
	b = &bucket{objects: map[string][]byte{}}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		b.objects["county/影像/"+e.Name()] = text
	}
	scheme := strings.ToLower(strings.NewReplacer("/", "", ",", "", " ", "", "_", "").Replace(t.Name())) + "://"
	if err := Mount(scheme, b); err != nil {
		t.Fatal(err)
	}
	return b, scheme + "county/影像/"
}

// withSidecars writes an image all of whose georeference, mask, metadata and overviews lie in files of their own.
func withSidecars(t *testing.T) string {
	t.Helper()
	f := file{w: 300, h: 170, bands: 3, dataType: "Byte", options: []string{"PROFILE=BASELINE", "TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64", "COMPRESS=DEFLATE"}}
	path, _, _ := f.write(t)
	stem := strings.TrimSuffix(path, ".tif")
	ds, err := godal.Open(path, policy)
	if err != nil {
		t.Fatal(err)
	}
	m, err := ds.CreateMaskBand(maskPerDataset, godal.ConfigOption("GDAL_TIFF_INTERNAL_MASK=NO"), policy)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Fill(255, 0, policy); err != nil {
		t.Fatal(err)
	}
	if err := m.Write(10, 20, make([]uint8, 900), 30, 30, policy); err != nil {
		t.Fatal(err)
	}
	if err := ds.BuildOverviews(godal.Levels(2, 4), policy); err != nil {
		t.Fatal(err)
	}
	if err := ds.Close(policy); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		stem + ".tfw":     "10\n0\n0\n-10\n500005\n4799995\n",
		path + ".aux.xml": "<PAMDataset><SRS>EPSG:32651</SRS><Metadata><MDI key=\"place\">台州</MDI></Metadata></PAMDataset>",
	} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// spilled writes an .img whose pixels lie in an .ige.
func spilled(t *testing.T) string {
	t.Helper()
	plain, _, _ := file{w: 200, h: 130, bands: 3, dataType: "UInt16", noData: number(0)}.write(t)
	src, err := godal.Open(plain, policy)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close(policy)
	path := filepath.Join(t.TempDir(), "scene.img")
	ds, err := src.Translate(path, []string{"-of", "HFA", "-co", "USE_SPILL=YES"}, policy)
	if err != nil {
		t.Fatal(err)
	}
	if err := ds.Close(policy); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(strings.TrimSuffix(path, ".img") + ".ige"); err != nil {
		t.Fatal(err)
	}
	return path
}

// longIndex writes an image of so many strips that libtiff reads their places in parts, some of them when they are asked for.
func longIndex(t *testing.T) string {
	t.Helper()
	path, _, _ := file{w: 8, h: 5_000, bands: 3, dataType: "Byte", options: []string{"BLOCKYSIZE=1", "COMPRESS=DEFLATE", "SPARSE_OK=TRUE"}}.write(t)
	return path
}

// An object and what lies beside it read as the same files on disk do.
func TestMountReadsAsFiles(t *testing.T) {
	for name, make := range map[string]func(*testing.T) string{"sidecars": withSidecars, "spilled": spilled} {
		t.Run(name, func(t *testing.T) {
			local := make(t)
			bucket, prefix := bucketOf(t, filepath.Dir(local))
			remote := prefix + filepath.Base(local)
			want, err := Inspect(context.Background(), local)
			if err != nil {
				t.Fatal(err)
			}
			if !want.GeoTransform || want.Native.CRS != "EPSG:32651" || name == "sidecars" && (!want.Mask || want.Overviews != 2 || want.Metadata["place"] != "台州") {
				t.Fatalf("the file on disk lacks something: %+v", want)
			}
			got, err := Inspect(context.Background(), remote)
			if err != nil {
				t.Fatal(err)
			}
			got.URI = want.URI
			if !reflect.DeepEqual(got, want) {
				t.Errorf("inspected:\n%+v\n%+v", got, want)
			}
			a, b := sceneFrom(want, 3), sceneFrom(want, 3)
			b.URI = remote
			g := a.Native
			r, err := NewReader(g, []raster.Scene{a, b}, ReaderOptions{Roles: testRoles[:3]})
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			if err := same(readAll(t, r, 0, g, 100), readAll(t, r, 1, g, 100)); err != nil {
				t.Error(err)
			}
			if name == "sidecars" && bucket.multi.Load() == 0 {
				t.Error("the tiles of a chunk were not asked for together")
			}
			small := g
			small.W, small.H = g.W/4, g.H/4
			small.Transform[1], small.Transform[5] = 40, -40
			p, err := Preview(context.Background(), a, small, testRoles[:3])
			if err != nil {
				t.Fatal(err)
			}
			q, err := Preview(context.Background(), b, small, testRoles[:3])
			if err != nil {
				t.Fatal(err)
			}
			if err := same(p, q); err != nil {
				t.Errorf("preview: %v", err)
			}
		})
	}
}

// Whichever read fails, the operation fails with the storage's own error, and the next one succeeds with the same pixels.
func TestMountFaults(t *testing.T) {
	for name, make := range map[string]func(*testing.T) string{"sidecars": withSidecars, "spilled": spilled, "long index": longIndex} {
		t.Run(name, func(t *testing.T) {
			local := make(t)
			b, prefix := bucketOf(t, filepath.Dir(local))
			info, err := Inspect(context.Background(), prefix+filepath.Base(local))
			if err != nil {
				t.Fatal(err)
			}
			s := sceneFrom(info, 3)
			g := s.Native
			var want [][]float32
			read := func() ([][]float32, error) {
				r, err := NewReader(g, []raster.Scene{s}, ReaderOptions{Roles: testRoles[:3]})
				if err != nil {
					t.Fatal(err)
				}
				defer r.Close()
				p := planes(int(g.Pixels()), 3)
				err = r.Read(context.Background(), 0, g.Window(), p)
				return p, err
			}
			small := g
			small.W, small.H = g.W/4, g.H/4
			small.Transform[1], small.Transform[5] = 40, -40
			for name, op := range map[string]func() error{
				"inspect": func() error { _, err := Inspect(context.Background(), s.URI); return err },
				"read": func() error {
					p, err := read()
					if err == nil && want == nil {
						want = p
					}
					return errors.Join(err, sameIf(err == nil, p, want))
				},
				"preview": func() error { _, err := Preview(context.Background(), s, small, testRoles[:3]); return err },
			} {
				b.reset(0)
				if err := op(); err != nil {
					t.Fatal(err)
				}
				n := b.reads
				if n == 0 {
					t.Fatalf("%s: nothing was read", name)
				}
				for i := 1; i <= n; i += max(1, n/40) { // an .img is read in thousands of small pieces
					b.reset(i)
					err := op()
					var out *outage
					var at *ReadError
					if !errors.As(err, &out) || name != "inspect" && !errors.As(err, &at) {
						t.Errorf("%s, read %d of %d: %v", name, i, n, err)
					}
					if errors.Is(err, ErrNotRaster) {
						t.Errorf("%s, read %d: an outage passes for a damaged file: %v", name, i, err)
					}
					if err := op(); err != nil {
						t.Errorf("%s after the outage: %v", name, err)
					}
				}
			}
			// One reader goes on after a fault.
			r, err := NewReader(g, []raster.Scene{s}, ReaderOptions{Roles: testRoles[:3]})
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			p := planes(int(g.Pixels()), 3)
			b.reset(7)
			if err := r.Read(context.Background(), 0, g.Window(), p); err == nil {
				t.Error("the seventh read did not fail")
			}
			if err := r.Read(context.Background(), 0, g.Window(), p); err != nil {
				t.Error(err)
			}
			if err := same(p, want); err != nil {
				t.Error(err)
			}
		})
	}
}

func sameIf(ok bool, a, b [][]float32) error {
	if !ok {
		return nil
	}
	return same(a, b)
}

// final is a storage that remembers that it gave up.
type final struct{ *bucket }

func (f final) Err(uri string) error { return &outage{uri} }

func TestMountRefusals(t *testing.T) {
	ctx := context.Background()
	path1, _, _ := file{w: 20, h: 10, bands: 1, dataType: "Byte"}.write(t)
	b, prefix := bucketOf(t, filepath.Dir(path1))
	if _, err := Inspect(ctx, prefix+"gone.tif"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing object: %v", err)
	}
	b.objects["county/影像/text.tif"] = []byte("no image")
	if _, err := Inspect(ctx, prefix+"text.tif"); !errors.Is(err, ErrNotRaster) {
		t.Errorf("an object that is no image: %v", err)
	}
	s := sceneOf(t, prefix+path.Base(path1), 1)
	r, err := NewReader(s.Native, []raster.Scene{s}, ReaderOptions{Roles: testRoles[:1]})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	delete(b.objects, "county/影像/"+path.Base(path1))
	p := planes(200, 1)
	if err := r.Read(ctx, 0, s.Native.Window(), p); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an object that went: %v", err)
	}
	// The storage is replaced under the reader.
	text, err := os.ReadFile(path1)
	if err != nil {
		t.Fatal(err)
	}
	scheme := prefix[:strings.Index(prefix, "://")+3]
	if err := Mount(scheme, &bucket{objects: map[string][]byte{"county/影像/scene.tif": text}}); err != nil {
		t.Fatal(err)
	}
	if err := r.Read(ctx, 0, s.Native.Window(), p); err != nil {
		t.Errorf("after another mount: %v", err)
	}
	// What the storage remembers is in the error, also where GDAL's reads met nothing.
	if err := Mount(scheme, final{&bucket{objects: map[string][]byte{"county/影像/scene.tif": text[:100]}}}); err != nil {
		t.Fatal(err)
	}
	var out *outage
	if _, err := Inspect(ctx, prefix+"scene.tif"); !errors.As(err, &out) {
		t.Errorf("a remembered error: %v", err)
	}
	for _, scheme := range []string{"", "://", "s3", "/vsis3/"} {
		if Mount(scheme, b) == nil {
			t.Errorf("%q was mounted", scheme)
		}
	}
	if Mount("s3://", nil) == nil {
		t.Error("nothing was mounted")
	}
}

// No name brings in more than the file that it names.
func TestNamesRefused(t *testing.T) {
	dir := t.TempDir()
	path1, _, _ := file{w: 20, h: 10, bands: 1, dataType: "Byte"}.write(t)
	vrt := filepath.Join(dir, "all.vrt")
	text := `<VRTDataset rasterXSize="20" rasterYSize="10"><VRTRasterBand dataType="Byte" band="1"><SimpleSource><SourceFilename>` +
		path1 + `</SourceFilename><SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>`
	if err := os.WriteFile(vrt, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ uri, says string }{
		{vrt, "list its files as scenes"},
		{"/vsizip/" + path1, "unpack"},
		{"/vsicurl/http://localhost/a.tif", "bucket"},
		{"https://localhost/a.tif", "bucket"},
		{"GTIFF_DIR:1:" + path1, "gdal_translate"},
		{"GTIFF_RAW:" + path1, "gdal_translate"},
		{"WMS:http://localhost/", "gdal_translate"},
		{dir, "folder"},
		{"/dev/zero", "device"},
		{text, "opening"},
	} {
		_, err := Inspect(context.Background(), c.uri)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", brief(c.uri), err, c.says)
		}
	}
}
