package store

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"tuban/raster/store/storetest"
)

// clock is time that passes only when a test or a back-off says so.
type clock struct {
	mu    sync.Mutex
	t     time.Time
	waits []time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

// wait does not wait.
func (c *clock) wait(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waits = append(c.waits, d)
	return ctx.Err()
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// tuned makes a Store that waits for nobody.
func tuned(t testing.TB, o Options) (*Store, *clock) {
	t.Helper()
	c := &clock{t: time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC)}
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	s, err := open(t.Context(), o, tuning{
		stall: 300 * time.Millisecond, probe: 30 * time.Second, lookup: time.Second,
		now: c.now, random: func() float64 { return 1 }, wait: c.wait,
	})
	if err != nil {
		t.Fatal(err)
	}
	return s, c
}

// environment hides the machine's own configuration, and gives credentials.
func environment(t testing.TB, key, secret string) {
	t.Helper()
	none := filepath.Join(t.TempDir(), "none")
	for k, v := range map[string]string{
		"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": "", "AWS_PROFILE": "",
		"AWS_REGION": "", "AWS_DEFAULT_REGION": "", "AWS_ENDPOINT_URL": "", "AWS_ENDPOINT_URL_S3": "", "AWS_CA_BUNDLE": "",
		"AWS_CONFIG_FILE": none, "AWS_SHARED_CREDENTIALS_FILE": none, "AWS_EC2_METADATA_DISABLED": "true",
	} {
		t.Setenv(k, v)
	}
}

// serve starts a server with the bucket "county", behind a proxy for faults, and gives the environment its account.
func serve(t testing.TB) (*storetest.Server, *storetest.Faults) {
	t.Helper()
	srv := storetest.Start(t)
	environment(t, srv.Key, srv.Secret)
	srv.Bucket(t, "county")
	return srv, storetest.NewFaults(t, srv.Endpoint)
}

// noise is bytes that no shift or repetition leaves the same.
func noise(n int, seed uint64) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)}).Read(b)
	return b
}

func write(t testing.TB, path string, content []byte) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// upload puts content where a store's client would.
func upload(t testing.TB, srv *storetest.Server, uri string, content []byte) {
	t.Helper()
	s, _ := tuned(t, Options{Endpoint: srv.Endpoint})
	if err := s.Put(t.Context(), write(t, filepath.Join(t.TempDir(), "content"), content), uri); err != nil {
		t.Fatal(err)
	}
}

func wantKind(t testing.TB, err error, want Kind) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Kind != want {
		t.Errorf("got the error %v, want one of kind %q", err, want)
	}
}
