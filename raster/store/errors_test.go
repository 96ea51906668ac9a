package store

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tuban/raster/store/storetest"
)

// TestErrorsSayWhichAndWhatToDo covers what an operator gets wrong: each has its kind, its remedy, and few requests.
func TestErrorsSayWhichAndWhatToDo(t *testing.T) {
	srv, proxy := serve(t)
	upload(t, srv, "s3://county/scene.tif", noise(1000, 1))
	secure := storetest.NewTLS(t, srv.Endpoint)
	closed := func() string {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		return "http://" + l.Addr().String()
	}()
	for _, c := range []struct {
		name        string
		key, secret string
		uri         string
		o           Options
		want        Kind
		says        string
		// requests is the most that may be sent.
		requests int
	}{
		{"all is well", srv.Key, srv.Secret, "s3://county/scene.tif", Options{Endpoint: proxy.URL}, "", "", 1},
		{"wrong key", "nobody", srv.Secret, "s3://county/scene.tif", Options{Endpoint: proxy.URL}, KindBadKey, "AWS_ACCESS_KEY_ID", 2},
		{"wrong secret", srv.Key, "wrong", "s3://county/scene.tif", Options{Endpoint: proxy.URL}, KindBadSecret, "AWS_SECRET_ACCESS_KEY", 2},
		{"missing bucket", srv.Key, srv.Secret, "s3://province/scene.tif", Options{Endpoint: proxy.URL}, KindNoBucket, "bucket", 2},
		{"missing object", srv.Key, srv.Secret, "s3://county/absent.tif", Options{Endpoint: proxy.URL}, KindNotFound, "no such object", 3},
		{"nobody listens", srv.Key, srv.Secret, "s3://county/scene.tif", Options{Endpoint: closed}, KindUnreachable, "endpoint", 3},
		{"no such host", srv.Key, srv.Secret, "s3://county/scene.tif", Options{Endpoint: "http://storage.invalid:9000"}, KindNoHost, "DNS", 1},
		{"no such host, without path style", srv.Key, srv.Secret, "s3://county/scene.tif",
			Options{Endpoint: "http://storage.invalid:9000", PathStyle: new(bool)}, KindNoHost, "DNS", 1},
		{"a certificate that nobody trusts", srv.Key, srv.Secret, "s3://county/scene.tif", Options{Endpoint: secure.URL}, KindTLS, "CA", 1},
		{"a certificate that is trusted", srv.Key, srv.Secret, "s3://county/scene.tif", Options{Endpoint: secure.URL, CA: secure.CA}, "", "", 1},
		{"https to a server that speaks http", srv.Key, srv.Secret, "s3://county/scene.tif",
			Options{Endpoint: strings.Replace(proxy.URL, "http:", "https:", 1)}, KindTLS, "http or https", 1},
		{"no credentials", "", "", "s3://county/scene.tif", Options{Endpoint: proxy.URL}, KindNoCredentials, "AWS_ACCESS_KEY_ID", 1},
		{"a profile that is nowhere", srv.Key, srv.Secret, "s3://county/scene.tif", Options{Endpoint: proxy.URL, Profile: "surveyor"}, KindNoCredentials, "surveyor", 0},
		{"anonymous where that is not allowed", "", "", "s3://county/scene.tif", Options{Endpoint: proxy.URL, Anonymous: true}, KindDenied, "permission", 2},
		{"an address without a bucket", srv.Key, srv.Secret, "s3:///scene.tif", Options{Endpoint: proxy.URL}, KindInvalid, "s3://bucket/key", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			environment(t, c.key, c.secret)
			s, _ := tuned(t, c.o)
			began := time.Now()
			_, err := s.Stat(t.Context(), c.uri)
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("it took %s", took)
			}
			if got := s.Mount(t.Context()).Stats().Requests; got > int64(c.requests) {
				t.Errorf("%d requests, want at most %d", got, c.requests)
			}
			if c.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wantKind(t, err, c.want)
			if err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), c.uri) {
				t.Errorf("%v: names neither %q nor the object", err, c.says)
			}
			if missing := c.want == KindNotFound || c.want == KindNoBucket; errors.Is(err, fs.ErrNotExist) != missing {
				t.Errorf("%v: fs.ErrNotExist is %t", err, !missing)
			}
			if errors.Is(err, fs.ErrPermission) != (c.want == KindDenied) {
				t.Errorf("%v: fs.ErrPermission is %t", err, c.want != KindDenied)
			}
			// Reading says the same as looking.
			_, err = s.Mount(t.Context()).Size(strings.TrimPrefix(c.uri, scheme))
			wantKind(t, err, c.want)
			t.Log(err)
		})
	}
}

func TestErrorText(t *testing.T) {
	err := fmt.Errorf("planning: %w", &Error{Op: "reading", URI: "s3://bucket/scene.tif", Kind: KindBadKey, Code: "InvalidAccessKeyId"})
	want := "planning: reading s3://bucket/scene.tif: the access key is not known to the server (InvalidAccessKeyId): check AWS_ACCESS_KEY_ID or the profile"
	if err.Error() != want {
		t.Errorf("got  %s\nwant %s", err, want)
	}
	var all interface{ Unavailable() bool }
	if !errors.As(err, &all) || !all.Unavailable() {
		t.Error("a wrong key is not said to lose everything")
	}
}

// TestOptionsAreChecked: what cannot work is said before anything is read.
func TestOptionsAreChecked(t *testing.T) {
	empty := write(t, filepath.Join(t.TempDir(), "ca.pem"), []byte("no certificate"))
	for _, o := range []Options{
		{Endpoint: "localhost:9000"}, {Endpoint: "ftp://host"}, {Timeout: -1}, {Requests: -1},
		{CA: empty}, {CA: empty + "absent"}, {Anonymous: true, Profile: "p"},
	} {
		if _, err := New(t.Context(), o); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
}
