package store

import (
	"fmt"
	"path/filepath"
	"testing"

	"tuban/raster/store/storetest"
)

// TestPages: listings longer than a page are whole, also when pages are asked for again.
func TestPages(t *testing.T) {
	srv, proxy := serve(t)
	dir := srv.Bucket(t, "county")
	const n = 2345
	for i := range n { // files that the server did not write have no ETag
		write(t, filepath.Join(dir, fmt.Sprintf("tiles/%05d.tif", i)), []byte("x"))
	}
	proxy.Set(storetest.Rule{Every: 2, Fault: storetest.Truncated})
	s, _ := tuned(t, Options{Endpoint: proxy.URL})
	objects, err := s.List(t.Context(), "s3://county/tiles")
	if err != nil || len(objects) != n {
		t.Errorf("%d objects, %v, want %d", len(objects), err, n)
	}
	found, err := s.Glob(t.Context(), "s3://county/tiles/*[05].tif")
	if err != nil || len(found) != n/5 {
		t.Errorf("%d addresses, %v, want %d", len(found), err, n/5)
	}
	proxy.Set()
	if dir, err := s.Stat(t.Context(), "s3://county/tiles"); err != nil || !dir.Dir {
		t.Errorf("%+v, %v", dir, err)
	}
}

// TestWithoutETag: a server that has none for a file is believed by time and size.
func TestWithoutETag(t *testing.T) {
	srv, _ := serve(t)
	path := write(t, filepath.Join(srv.Root, "county/a.tif"), noise(100, 1))
	s, _ := tuned(t, Options{Endpoint: srv.Endpoint})
	o, err := s.Stat(t.Context(), "s3://county/a.tif")
	if err != nil || o.Version == "" {
		t.Fatalf("%+v, %v", o, err)
	}
	if _, err := s.ReadFile(t.Context(), "s3://county/a.tif", 100); err != nil {
		t.Error(err)
	}
	write(t, path, noise(101, 1))
	wantKind(t, s.ReadAt(t.Context(), "s3://county/a.tif", make([]byte, 1), 0), KindChanged)
}
