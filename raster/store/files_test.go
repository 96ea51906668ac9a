package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"tuban/raster/store/storetest"
)

// TestFilesReadWhatIsThere: any reads, by any number of readers, through a cache that holds little, give the object's bytes.
func TestFilesReadWhatIsThere(t *testing.T) {
	srv, _ := serve(t)
	content := noise(11*blockSize+4321, 1)
	upload(t, srv, "s3://county/scene.tif", content)
	s, _ := tuned(t, Options{Endpoint: srv.Endpoint, CacheBytes: 1})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	f := s.Mount(ctx)
	var readers sync.WaitGroup
	for seed := range uint64(8) {
		readers.Go(func() {
			rnd := rand.New(rand.NewPCG(seed, 1))
			for range 40 {
				bufs := make([][]byte, 1+rnd.IntN(4))
				offs := make([]int64, len(bufs))
				var end error
				for i := range bufs {
					offs[i] = rnd.Int64N(int64(len(content)) + 5000)
					bufs[i] = make([]byte, rnd.IntN(1<<(8+rnd.IntN(15))))
					if offs[i]+int64(len(bufs[i])) > int64(len(content)) {
						end = io.EOF
					}
				}
				n, err := f.ReadAtMulti("county/scene.tif", bufs, offs)
				if !errors.Is(err, end) {
					t.Errorf("reading at %d: %v, want %v", offs, err, end)
				}
				for i := range bufs {
					from := min(offs[i], int64(len(content)))
					want := content[from:min(from+int64(len(bufs[i])), int64(len(content)))]
					if n[i] != len(want) || !bytes.Equal(bufs[i][:n[i]], want) {
						t.Errorf("%d bytes at %d: %d or others", len(want), offs[i], n[i])
					}
				}
			}
		})
	}
	readers.Wait()
	cancel()
	f.background.Wait()
	if c := s.cache; c.used > c.limit || c.used != int64(c.idle.Len())*blockSize && c.used > int64(c.idle.Len())*blockSize {
		t.Errorf("the cache holds %d bytes in %d blocks, its limit is %d", c.used, c.idle.Len(), c.limit)
	}
	if _, err := f.ReadAt("county/scene.tif", make([]byte, len(content)), 0); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end of its context: %v", err)
	}
}

// TestFilesAskLittle: one look, one request for adjacent blocks, none for what is there or on its way.
func TestFilesAskLittle(t *testing.T) {
	srv, proxy := serve(t)
	content := noise(20*blockSize, 1)
	upload(t, srv, "s3://county/scene.tif", content)
	proxy.Set()
	s, _ := tuned(t, Options{Endpoint: proxy.URL})
	f := s.Mount(t.Context())
	const key = "county/scene.tif"
	expect := func(heads, gets int, what string) {
		t.Helper()
		if h, g := proxy.Count("HEAD", ""), proxy.Count("GET", ""); h != heads || g != gets {
			t.Errorf("%s: %d looks and %d reads, want %d and %d: %v", what, h, g, heads, gets, proxy.Requests())
		}
		for _, r := range proxy.Requests() {
			if r.Method == http.MethodGet && r.IfMatch == "" {
				t.Errorf("%s: %+v is of any version", what, r)
			}
		}
		proxy.Set()
	}
	read := func(off, n int64) {
		t.Helper()
		buf := make([]byte, n)
		if got, err := f.ReadAt(key, buf, off); got != len(buf) || err != nil || !bytes.Equal(buf, content[off:off+n]) {
			t.Errorf("%d bytes at %d: %d, %v", n, off, got, err)
		}
	}
	for range 3 {
		if size, err := f.Size(key); size != int64(len(content)) || err != nil {
			t.Errorf("%d, %v", size, err)
		}
	}
	expect(1, 0, "opening three times")
	read(5, 10)
	read(100, blockSize-100)
	expect(0, 1, "two reads in one block")
	read(10*blockSize+5, 4*blockSize)
	expect(0, 1, "five adjacent blocks")
	read(9*blockSize, 7*blockSize)
	expect(0, 2, "two blocks around those")
	var readers sync.WaitGroup
	for range 20 {
		readers.Go(func() { read(18*blockSize+7, 99) })
	}
	readers.Wait()
	expect(0, 1, "twenty readers of one block")
	bufs := [][]byte{make([]byte, 10), make([]byte, 10), make([]byte, 10)}
	if _, err := f.ReadAtMulti(key, bufs, []int64{3 * blockSize, 2 * blockSize, 5 * blockSize}); err != nil {
		t.Error(err)
	}
	expect(0, 2, "three places, two of them adjacent")
	if st := f.Stats(); st.Requests != 8 || st.Bytes != 12*blockSize || st.Retries != 0 || st.Hits == 0 {
		t.Errorf("%+v", st)
	}
}

// TestLargeReads: what is large is asked for as it lies in the object, what is near together, and the cache is left alone.
func TestLargeReads(t *testing.T) {
	srv, proxy := serve(t)
	content := noise(30*blockSize+9, 1)
	upload(t, srv, "s3://county/scene.tif", content)
	proxy.Set()
	s, _ := tuned(t, Options{Endpoint: proxy.URL})
	f := s.Mount(t.Context())
	const key = "county/scene.tif"
	for _, c := range []struct {
		what  string
		offs  []int64
		sizes []int
		gets  int
		kept  int // blocks of the cache
	}{
		// In no order, so that nothing is read ahead.
		{"one", []int64{700}, []int{blockSize + 3}, 1, 0},
		{"two side by side, the second first", []int64{3*blockSize + 9, 2*blockSize + 1}, []int{blockSize, blockSize + 8}, 1, 0},
		{"two far apart", []int64{8 * blockSize, 12 * blockSize}, []int{blockSize, blockSize}, 2, 0},
		{"two with a gap", []int64{5 * blockSize, 6*blockSize + 77}, []int{blockSize, 900}, 1, 0},
		{"two that overlap", []int64{14 * blockSize, 14*blockSize + 5}, []int{blockSize, blockSize}, 2, 0},
		{"more than a request brings", []int64{15*blockSize + 1}, []int{largest + 1}, 2, 0},
		{"beyond the end", []int64{28*blockSize + 8}, []int{3 * blockSize}, 1, 0},
		{"a large one and a small one", []int64{10 * blockSize, 27*blockSize + 5}, []int{blockSize, 7}, 2, 1},
		{"what the cache has of it", []int64{26*blockSize + 5}, []int{blockSize + 9}, 1, 2},
	} {
		var bufs [][]byte
		for _, n := range c.sizes {
			bufs = append(bufs, make([]byte, n))
		}
		n, err := f.ReadAtMulti(key, bufs, c.offs)
		if err != nil && !errors.Is(err, io.EOF) {
			t.Errorf("%s: %v", c.what, err)
		}
		for i, off := range c.offs {
			if want := content[off:min(int64(len(content)), off+int64(c.sizes[i]))]; n[i] != len(want) || !bytes.Equal(bufs[i][:n[i]], want) {
				t.Errorf("%s: %d bytes at %d, or others", c.what, n[i], off)
			}
		}
		if g := proxy.Count("GET", ""); g != c.gets {
			t.Errorf("%s: %d requests, want %d: %v", c.what, g, c.gets, proxy.Requests())
		}
		if got := len(s.cache.blocks); got != c.kept {
			t.Errorf("%s: %d blocks in the cache, want %d", c.what, got, c.kept)
		}
		proxy.Set()
	}
}

// TestReadAhead: who reads on is met half-way, and the blocks are read once.
func TestReadAhead(t *testing.T) {
	srv, proxy := serve(t)
	content := noise(40*blockSize+5, 1)
	upload(t, srv, "s3://county/scene.tif", content)
	proxy.Set()
	s, _ := tuned(t, Options{Endpoint: proxy.URL})
	f := s.Mount(t.Context())
	got := make([]byte, len(content))
	for off := 0; off < len(content); off += blockSize / 2 {
		if _, err := f.ReadAt("county/scene.tif", got[off:min(len(got), off+blockSize/2)], int64(off)); err != nil {
			t.Fatal(err)
		}
	}
	f.background.Wait()
	if !bytes.Equal(got, content) {
		t.Error("other bytes")
	}
	if n := proxy.Count("GET", ""); n > 14 {
		t.Errorf("%d requests for 41 blocks in a row: %v", n, proxy.Requests())
	}
	if b := f.Stats().Bytes; b != int64(len(content)) {
		t.Errorf("%d bytes were read of %d", b, len(content))
	}
}

// TestAdvance: windows of a stream follow each other, within the object, and only for who reads on.
func TestAdvance(t *testing.T) {
	var s stream
	read := int64(-1)
	for k := range int64(100) {
		from, to := s.advance(k, k, 100, 8)
		if from == to {
			continue
		}
		if from <= k || from < read || to > 100 || to-from > 8 {
			t.Errorf("at %d: [%d, %d) after %d", k, from, to, read)
		}
		read = to
	}
	if read != 100 {
		t.Errorf("the last read ahead ends at %d, want 100", read)
	}
	rnd := rand.New(rand.NewPCG(1, 1))
	for range 1000 {
		if k := rnd.Int64N(1 << 40); s.steps < 2 {
			if from, to := s.advance(k, k, 1<<41, 8); from != to {
				t.Fatalf("random reads are read ahead: [%d, %d)", from, to)
			}
		} else {
			s = stream{}
		}
	}
}

// TestReadAheadFailsSilently: what goes wrong ahead is met by who reads it, if it still is wrong.
func TestReadAheadFailsSilently(t *testing.T) {
	srv, proxy := serve(t)
	content := noise(20*blockSize, 1)
	upload(t, srv, "s3://county/scene.tif", content)
	s, _ := tuned(t, Options{Endpoint: proxy.URL})
	f := s.Mount(t.Context())
	for k := range int64(20) {
		if k == 3 { // from now on blocks are read ahead
			proxy.Set(storetest.Rule{Method: "GET", First: 6, Fault: storetest.Truncated}) // one request fails five times
		}
		buf := make([]byte, blockSize)
		n, err := f.ReadAt("county/scene.tif", buf, k*blockSize)
		if err != nil || n != len(buf) || !bytes.Equal(buf, content[k*blockSize:(k+1)*blockSize]) {
			t.Fatalf("block %d: %v", k, err)
		}
		f.background.Wait()
	}
	if f.Stats().Retries < 4 {
		t.Errorf("%+v: nothing went wrong ahead, so nothing was tested", f.Stats())
	}
}

func TestSiblings(t *testing.T) {
	srv, proxy := serve(t)
	for _, name := range []string{"a.tif", "a.tfw", "a.tif.ovr", "a_cloud.tif", "ab.tif", "b.tif", "a/x.tif", "a.tif.d/y"} {
		upload(t, srv, "s3://county/2024/"+name, noise(5, 1))
	}
	proxy.Set()
	s, _ := tuned(t, Options{Endpoint: proxy.URL})
	f := s.Mount(t.Context())
	want := []string{"a.tfw", "a.tif", "a.tif.ovr", "a_cloud.tif"}
	for range 3 {
		got := f.Siblings("s3://county/2024/a.tif")
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for _, name := range []string{"a.tif.aux.xml", "a.aux", "a.tif.msk", "a_x.IMD", "METADATA.DIM", "HDRa.txt"} {
		if _, err := f.Size("county/2024/" + name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := proxy.Count("", ""); n != 1 {
		t.Errorf("%d requests, want the one listing", n)
	}
	if size, err := f.Size("county/2024/a.tif.ovr"); size != 5 || err != nil {
		t.Errorf("%d, %v", size, err)
	}
	if got := f.Siblings("s3://absent/a.tif"); got != nil {
		t.Errorf("of a bucket that is not there: %q", got)
	}
	if got := f.Siblings("/a/file.tif"); got != nil {
		t.Errorf("of a file on disk: %q", got)
	}
}

// TestSiblingsOfMany: in a folder that one answer does not tell, the kin are listed, and others are asked for.
func TestSiblingsOfMany(t *testing.T) {
	srv, proxy := serve(t)
	dir := srv.Bucket(t, "county")
	for i := range 1100 {
		write(t, filepath.Join(dir, fmt.Sprintf("tiles/%05d.tif", i)), []byte("x"))
	}
	write(t, filepath.Join(dir, "tiles/summary.txt"), []byte("text"))
	s, _ := tuned(t, Options{Endpoint: proxy.URL})
	f := s.Mount(t.Context())
	for _, name := range []string{"00007.tif", "01099.tif", "00007.tif"} {
		if got := f.Siblings("s3://county/tiles/" + name); !slices.Equal(got, []string{name}) {
			t.Errorf("got %q, want %s", got, name)
		}
	}
	if n := proxy.Count("", ""); n != 3 {
		t.Errorf("%d requests, want one for the folder and one for each name", n)
	}
	if size, err := f.Size("county/tiles/summary.txt"); size != 4 || err != nil {
		t.Errorf("%d, %v", size, err)
	}
}

// TestCancellation ends a read at once, harms no other reader, and is not remembered.
func TestCancellation(t *testing.T) {
	srv, proxy := serve(t)
	content := noise(2*blockSize, 1)
	upload(t, srv, "s3://county/scene.tif", content)
	s, _ := tuned(t, Options{Endpoint: proxy.URL, Timeout: time.Minute})
	ctx, cancel := context.WithCancel(t.Context())
	proxy.Set(storetest.Rule{Method: "GET", First: 1, Fault: storetest.Mute, Before: cancel})
	f := s.Mount(ctx)
	if _, err := f.ReadAt("county/scene.tif", make([]byte, 10), 0); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if err := f.Err("s3://county/scene.tif"); err != nil {
		t.Errorf("it is remembered: %v", err)
	}
	buf := make([]byte, 10)
	if _, err := s.Mount(t.Context()).ReadAt("county/scene.tif", buf, 0); err != nil || !bytes.Equal(buf, content[:10]) {
		t.Errorf("another reader: %v", err)
	}
}
