package store

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tuban/raster/store/storetest"
)

// TestPutIsWholeOrNothing: faults on the way change nothing, and what cannot be sent leaves what was there.
func TestPutIsWholeOrNothing(t *testing.T) {
	srv, proxy := serve(t)
	content := noise(3*largest+77, 1)
	path := write(t, filepath.Join(t.TempDir(), "mask.tif"), content)
	const uri = "s3://county/out/mask.tif"
	for _, fault := range []storetest.Fault{"", storetest.Busy, storetest.Failing, storetest.Reset, storetest.Expired} {
		times := 3
		if fault == storetest.Expired {
			times = 1 // each request renews the credentials once
		}
		proxy.Set(storetest.Rule{Path: "/county/out", First: times, Fault: fault})
		s, _ := tuned(t, Options{Endpoint: proxy.URL})
		if err := s.Put(t.Context(), path, uri); err != nil {
			t.Errorf("%s: %v", fault, err)
			continue
		}
		if got, err := os.ReadFile(filepath.Join(srv.Root, "county/out/mask.tif")); err != nil || !bytes.Equal(got, content) {
			t.Errorf("%s: other bytes, or %v", fault, err)
		}
	}
	for _, c := range []struct {
		fault storetest.Fault
		want  Kind
	}{{storetest.Failing, KindBusy}, {storetest.Denied, KindDenied}, {storetest.Reset, KindUnreachable}} {
		next := write(t, filepath.Join(t.TempDir(), "next.tif"), noise(2*largest, 2))
		proxy.Set(storetest.Rule{Method: "PUT", Path: "/county/out", Fault: c.fault})
		s, _ := tuned(t, Options{Endpoint: proxy.URL})
		wantKind(t, s.Put(t.Context(), next, uri), c.want)
		if got, err := os.ReadFile(filepath.Join(srv.Root, "county/out/mask.tif")); err != nil || !bytes.Equal(got, content) {
			t.Errorf("%s: what was there is gone, %v", c.fault, err)
		}
		aborted := false
		for _, r := range proxy.Requests() {
			aborted = aborted || r.Method == http.MethodDelete && strings.Contains(r.Query, "uploadId")
		}
		if !aborted {
			t.Errorf("%s: the parts that were sent are left with the server", c.fault)
		}
		if n := proxy.Count("PUT", ""); n > lanes*maxAttempts*2 {
			t.Errorf("%s: %d requests", c.fault, n)
		}
	}
}

// TestPutCancelled: who cancels leaves no parts with the server, which would cost for ever.
func TestPutCancelled(t *testing.T) {
	srv, proxy := serve(t)
	path := write(t, filepath.Join(t.TempDir(), "mask.tif"), noise(3*largest, 1))
	ctx, cancel := context.WithCancel(t.Context())
	proxy.Set(storetest.Rule{Method: "PUT", First: 1, Fault: storetest.Mute, Before: cancel})
	s, _ := tuned(t, Options{Endpoint: proxy.URL})
	if err := s.Put(ctx, path, "s3://county/mask.tif"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if n := proxy.Count("DELETE", "/county/mask.tif"); n != 1 {
		t.Errorf("the upload was given up %d times, want once", n)
	}
	if _, err := os.Stat(filepath.Join(srv.Root, "county/mask.tif")); err == nil {
		t.Error("a part of it is there")
	}
}

// TestLostAnswer: when the answer that an upload is finished is lost, asking again finds no upload, and it is sent again.
func TestLostAnswer(t *testing.T) {
	srv, proxy := serve(t)
	content := noise(largest+1, 1)
	path := write(t, filepath.Join(t.TempDir(), "mask.tif"), content)
	s, _ := tuned(t, Options{Endpoint: proxy.URL})
	// The first POST begins the upload; the answer to the second, which ends it, is cut off; the third asks again.
	proxy.Set(
		storetest.Rule{Method: "POST", Path: "/county/mask.tif", Every: 2, First: 2, Fault: storetest.Truncated},
		storetest.Rule{Method: "POST", Path: "/county/mask.tif", Every: 2, First: 2, Fault: storetest.Forgotten})
	if err := s.Put(t.Context(), path, "s3://county/mask.tif"); err != nil {
		t.Error(err)
	}
	if n := proxy.Count("POST", ""); n != 5 {
		t.Errorf("%d requests to begin and end, want 5: %v", n, proxy.Requests())
	}
	if got, err := os.ReadFile(filepath.Join(srv.Root, "county/mask.tif")); err != nil || !bytes.Equal(got, content) {
		t.Errorf("other bytes, or %v", err)
	}
	proxy.Set(storetest.Rule{Method: "PUT", Path: "/county/mask.tif", Fault: storetest.Forgotten})
	wantKind(t, s.Put(t.Context(), path, "s3://county/mask.tif"), KindOther)
	if n := proxy.Count("POST", ""); n != 2 {
		t.Errorf("%d uploads were begun of one that is always forgotten, want 2", n)
	}
}

// TestFetchIsOfOneVersion: a copy never mixes two, and what was at the path stays.
func TestFetchIsOfOneVersion(t *testing.T) {
	srv, proxy := serve(t)
	upload(t, srv, "s3://county/dlbm.gpkg", noise(4*largest, 1))
	path := write(t, filepath.Join(t.TempDir(), "dlbm.gpkg"), []byte("before"))
	next := noise(4*largest, 2)
	proxy.Set(storetest.Rule{Method: "GET", First: 1, Before: func() { upload(t, srv, "s3://county/dlbm.gpkg", next) }})
	s, _ := tuned(t, Options{Endpoint: proxy.URL, Requests: 1})
	wantKind(t, s.Fetch(t.Context(), "s3://county/dlbm.gpkg", path), KindChanged)
	if got, _ := os.ReadFile(path); string(got) != "before" {
		t.Error("what was there is gone")
	}
	if left, _ := filepath.Glob(path + "?*"); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
}

// TestPutThroughTLS: signatures over TLS leave the body out; the bytes arrive all the same.
func TestPutThroughTLS(t *testing.T) {
	srv, _ := serve(t)
	secure := storetest.NewTLS(t, srv.Endpoint)
	for _, n := range []int{0, 10, largest + 1} {
		content := noise(n, 1)
		s, _ := tuned(t, Options{Endpoint: secure.URL, CA: secure.CA})
		if err := s.Put(t.Context(), write(t, filepath.Join(t.TempDir(), "x"), content), "s3://county/x"); err != nil {
			t.Fatal(err)
		}
		if got, err := s.ReadFile(t.Context(), "s3://county/x", 1<<30); err != nil || !bytes.Equal(got, content) {
			t.Errorf("%d bytes: others, or %v", n, err)
		}
	}
}
