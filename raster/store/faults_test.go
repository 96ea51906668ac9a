package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tuban/raster/store/storetest"
)

// passing are faults that a second attempt may get past.
var passing = []storetest.Fault{
	storetest.Busy, storetest.Failing, storetest.Reset, storetest.ResetBody, storetest.Truncated, storetest.Slow,
	storetest.ShortLength, storetest.WrongRange,
}

// TestBoundedFaultsChangeNothing: whatever goes wrong now and then, the bytes are the same and no error shows.
func TestBoundedFaultsChangeNothing(t *testing.T) {
	srv, proxy := serve(t)
	content := noise(5<<20+777, 1)
	upload(t, srv, "s3://county/scene.tif", content)
	dir := t.TempDir()
	tb := t
	rapid.Check(t, func(t *rapid.T) {
		var rules []storetest.Rule
		left := 4 // a request has five attempts
		for range rapid.IntRange(1, 3).Draw(t, "rules") {
			r := storetest.Rule{Method: "GET", Path: "/county/scene.tif", Body: true, Fault: rapid.SampledFrom(passing).Draw(t, "fault")}
			if n := rapid.IntRange(0, left).Draw(t, "first"); n > 0 {
				left -= n
				r.First = n
				rules = append(rules, r)
			}
		}
		if rapid.Bool().Draw(t, "every") && left == 4 {
			rules = append(rules, storetest.Rule{Path: "/county", Every: rapid.IntRange(2, 5).Draw(t, "k"), Fault: storetest.Busy})
		}
		proxy.Set(rules...)
		s, _ := tuned(tb, Options{Endpoint: proxy.URL, Requests: 1 /* so that "every second" never hits one request five times */})
		f := s.Mount(tb.Context())
		switch rapid.IntRange(0, 2).Draw(t, "by") {
		case 0:
			off := rapid.Int64Range(0, int64(len(content))).Draw(t, "off")
			buf := make([]byte, rapid.IntRange(0, len(content)-int(off)).Draw(t, "n"))
			if n, err := f.ReadAt("county/scene.tif", buf, off); err != nil || n != len(buf) || !bytes.Equal(buf, content[off:off+int64(n)]) {
				t.Fatalf("Files: %d of %d bytes at %d, %v", n, len(buf), off, err)
			}
		case 1:
			got, err := s.ReadFile(tb.Context(), "s3://county/scene.tif", 1<<30)
			if err != nil || !bytes.Equal(got, content) {
				t.Fatalf("ReadFile: other bytes, or %v", err)
			}
		case 2:
			to := filepath.Join(dir, "copy")
			if err := s.Fetch(tb.Context(), "s3://county/scene.tif", to); err != nil {
				t.Fatal(err)
			}
			if got, _ := os.ReadFile(to); !bytes.Equal(got, content) {
				t.Fatal("Fetch: other bytes")
			}
		}
		if n := proxy.Count("", ""); n > 20 {
			t.Fatalf("%d requests for one read", n)
		}
	})
}

// TestLastingFaults: each has its kind, a bounded number of requests, and in the end nobody asks again.
func TestLastingFaults(t *testing.T) {
	srv, proxy := serve(t)
	upload(t, srv, "s3://county/scene.tif", noise(3<<20, 1))
	for _, c := range []struct {
		fault storetest.Fault
		want  Kind
		// gets is how often the object is asked for; net/http itself repeats one that a reused connection broke.
		gets int
	}{
		{storetest.Busy, KindBusy, 5},
		{storetest.Failing, KindBusy, 5},
		{storetest.Reset, KindUnreachable, 5},
		{storetest.ResetBody, KindUnreachable, 5},
		{storetest.Truncated, KindCorrupt, 5},
		{storetest.ShortLength, KindCorrupt, 5},
		{storetest.WrongRange, KindCorrupt, 5},
		{storetest.Stalled, KindTimeout, 5},
		{storetest.Mute, KindTimeout, 5},
		{storetest.Denied, KindDenied, 1},
		{storetest.Expired, KindExpired, 2},
		{storetest.Skewed, KindClock, 2},
		{storetest.Replaced, KindChanged, 1},
	} {
		t.Run(string(c.fault), func(t *testing.T) {
			proxy.Set(storetest.Rule{Method: "GET", Path: "/county/scene.tif", Fault: c.fault})
			s, _ := tuned(t, Options{Endpoint: proxy.URL, Timeout: 500 * time.Millisecond})
			f := s.Mount(t.Context())
			if _, err := f.Size("county/scene.tif"); err != nil {
				t.Fatal(err)
			}
			buf := make([]byte, 100)
			_, err := f.ReadAt("county/scene.tif", buf, 0)
			wantKind(t, err, c.want)
			asked := proxy.Count("GET", "/county/scene.tif")
			if asked != c.gets && !(c.fault == storetest.Reset && asked == c.gets+1) {
				t.Errorf("%d requests, want %d", asked, c.gets)
			}
			var e *Error
			if errors.As(err, &e) && e.server {
				// The server may recover. When it has not for a while, nobody asks it any more.
				for range outages {
					_, _ = f.ReadAt("county/scene.tif", buf, 0)
				}
				asked = proxy.Count("GET", "/county/scene.tif")
				if asked > (outages+1)*(c.gets+1) {
					t.Errorf("%d requests", asked)
				}
				_, err = f.ReadAt("county/scene.tif", buf, 0)
			}
			_, again := f.ReadAt("county/scene.tif", buf, 2<<20)
			if again == nil || err == nil || again.Error() != err.Error() || f.Err("s3://county/scene.tif") == nil {
				t.Errorf("the second read says %v, Err says %v, the first said %v", again, f.Err("s3://county/scene.tif"), err)
			}
			if _, err := f.Size("county/scene.tif"); err == nil {
				t.Error("an object that has finally failed can be opened")
			}
			if n := proxy.Count("GET", "/county/scene.tif"); n != asked {
				t.Errorf("%d requests after more reads, want %d", n, asked)
			}
			t.Log(err)
		})
	}
}

// TestChangedBetweenReads: bytes of two versions never mix.
func TestChangedBetweenReads(t *testing.T) {
	srv, proxy := serve(t)
	for name, next := range map[string][]byte{"other bytes": noise(3<<20, 2), "shorter": noise(1<<20, 2), "longer": noise(4<<20, 2)} {
		t.Run(name, func(t *testing.T) {
			upload(t, srv, "s3://county/scene.tif", noise(3<<20, 1))
			proxy.Set(storetest.Rule{Method: "GET", First: 1, Before: func() { upload(t, srv, "s3://county/scene.tif", next) }})
			s, _ := tuned(t, Options{Endpoint: proxy.URL})
			f := s.Mount(t.Context())
			if _, err := s.Stat(t.Context(), "s3://county/scene.tif"); err != nil {
				t.Fatal(err)
			}
			_, err := f.ReadAt("county/scene.tif", make([]byte, 10), 2<<20)
			wantKind(t, err, KindChanged)
			if n := proxy.Count("GET", ""); n != 1 {
				t.Errorf("%d requests, want 1", n)
			}
			_, err = s.Stat(t.Context(), "s3://county/scene.tif")
			wantKind(t, err, KindChanged)
			if err == nil || !strings.Contains(err.Error(), "changed while it was being read") {
				t.Errorf("%v does not say what happened", err)
			}
		})
	}
}

// TestBackoff: pauses double up to their bound, and the server's wish is heard within reason.
func TestBackoff(t *testing.T) {
	srv, proxy := serve(t)
	upload(t, srv, "s3://county/scene.tif", noise(10, 1))
	for fault, want := range map[storetest.Fault]string{
		storetest.Failing: "[100ms 200ms 400ms 800ms]",
		storetest.Busy:    "[1s 1s 1s 1s]", // it says Retry-After: 1
	} {
		proxy.Set(storetest.Rule{Fault: fault})
		s, clock := tuned(t, Options{Endpoint: proxy.URL})
		_, err := s.Stat(t.Context(), "s3://county/scene.tif")
		wantKind(t, err, KindBusy)
		if got := fmt.Sprint(clock.waits); got != want {
			t.Errorf("%s: waits %s, want %s", fault, got, want)
		}
	}
	r := remote{tuning: tuning{random: func() float64 { return 1 }}}
	if got := r.pause(60, time.Hour); got != backoffMost {
		t.Errorf("the longest pause is %s, want %s", got, backoffMost)
	}
}

// TestAnOutageOpensTheBreaker: three final failures in a row, then nobody is asked until a probe succeeds.
func TestAnOutageOpensTheBreaker(t *testing.T) {
	srv, proxy := serve(t)
	for i := range 6 {
		upload(t, srv, fmt.Sprintf("s3://county/%d.tif", i), noise(10, 1))
	}
	s, clock := tuned(t, Options{Endpoint: proxy.URL})
	f := s.Mount(t.Context())
	down := storetest.Rule{Fault: storetest.Failing}
	proxy.Set(down)
	for i := range 3 {
		_, err := f.Size(fmt.Sprintf("county/%d.tif", i))
		wantKind(t, err, KindBusy)
	}
	asked := proxy.Count("", "")
	if asked != 15 {
		t.Errorf("%d requests for three objects, want 15", asked)
	}
	for range 50 {
		_, err := f.Size("county/3.tif")
		wantKind(t, err, KindUnavailable)
		var all interface{ Unavailable() bool }
		if e, ok := err.(*Error); ok {
			all = e
		}
		if all == nil || !all.Unavailable() || f.Err("s3://county/3.tif") == nil {
			t.Fatalf("%v does not say that nothing can be had", err)
		}
	}
	clock.pass(31 * time.Second)
	_, err := f.Size("county/3.tif") // the probe fails
	wantKind(t, err, KindBusy)
	_, err = f.Size("county/4.tif")
	wantKind(t, err, KindUnavailable)
	if n := proxy.Count("", "") - asked; n != 1 {
		t.Errorf("%d requests while it was open, want the probe alone", n)
	}
	clock.pass(31 * time.Second)
	proxy.Set()
	for _, i := range []int{4, 5} {
		if _, err := f.Size(fmt.Sprintf("county/%d.tif", i)); err != nil {
			t.Errorf("after the outage: %v", err)
		}
	}
}

// TestAnOutageEndsRetries: who waits to try again learns that others have found the server down.
func TestAnOutageEndsRetries(t *testing.T) {
	srv, proxy := serve(t)
	upload(t, srv, "s3://county/scene.tif", noise(10, 1))
	s, clock := tuned(t, Options{Endpoint: proxy.URL})
	s.tuning.wait = func(ctx context.Context, d time.Duration) error {
		for range outages {
			s.conn.breaker.gone(false, errSlow)
		}
		return clock.wait(ctx, d)
	}
	proxy.Set(storetest.Rule{Fault: storetest.Failing})
	_, err := s.Stat(t.Context(), "s3://county/scene.tif")
	wantKind(t, err, KindUnavailable)
	if n := proxy.Count("", ""); n != 1 {
		t.Errorf("%d requests, want 1", n)
	}
}

// TestErrorsOfObjectsAreNoOutage: however many are missing, denied or damaged, the others are read.
func TestErrorsOfObjectsAreNoOutage(t *testing.T) {
	srv, proxy := serve(t)
	upload(t, srv, "s3://county/good.tif", noise(10, 1))
	upload(t, srv, "s3://county/cut.tif", noise(10, 1))
	proxy.Set(storetest.Rule{Path: "/county/denied", Fault: storetest.Denied}, storetest.Rule{Method: "GET", Path: "/county/cut", Fault: storetest.Truncated})
	s, _ := tuned(t, Options{Endpoint: proxy.URL})
	f := s.Mount(t.Context())
	for i := range 10 {
		_, err := f.Size(fmt.Sprintf("county/denied%d.tif", i))
		wantKind(t, err, KindDenied)
		_, err = f.Size(fmt.Sprintf("county/absent%d.tif", i))
		wantKind(t, err, KindNotFound)
		_, err = f.ReadAt("county/cut.tif", make([]byte, 10), 0)
		wantKind(t, err, KindCorrupt)
	}
	if n, err := f.ReadAt("county/good.tif", make([]byte, 10), 0); n != 10 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

// TestNoRetryStorm: many readers of a failing server share a hundred retries.
func TestNoRetryStorm(t *testing.T) {
	srv, proxy := serve(t)
	upload(t, srv, "s3://county/good.tif", noise(10, 1))
	s, _ := tuned(t, Options{Endpoint: proxy.URL})
	proxy.Set(storetest.Rule{Path: "/county/bad", Fault: storetest.Failing})
	f := s.Mount(t.Context())
	for i := range 100 { // good answers in between keep the breaker closed
		_, err := f.Size(fmt.Sprintf("county/bad%d.tif", i))
		wantKind(t, err, KindBusy)
		if _, err := s.Stat(t.Context(), "s3://county/good.tif"); err != nil {
			t.Fatal(err)
		}
	}
	if n := proxy.Count("", "/county/bad"); n > 100+100+100/costRetry+1 {
		t.Errorf("%d requests for a hundred objects", n)
	}
}

// TestRegionThatTheServerNames is used at once, and once.
func TestRegionThatTheServerNames(t *testing.T) {
	srv, proxy := serve(t)
	upload(t, srv, "s3://county/scene.tif", noise(10, 1))
	proxy.Set(storetest.Rule{First: 1, Fault: storetest.Elsewhere})
	s, _ := tuned(t, Options{Endpoint: proxy.URL})
	// The test server knows one region only: what is asserted is what was asked, not what it says.
	_, _ = s.Stat(t.Context(), "s3://county/scene.tif")
	if got := s.conn.regions["county"]; got != "eu-north-1" || proxy.Count("", "") < 2 {
		t.Errorf("the region is %q after %d requests", got, proxy.Count("", ""))
	}
	proxy.Set(storetest.Rule{Fault: storetest.Elsewhere})
	_, err := s.Stat(t.Context(), "s3://county/scene.tif")
	if n := proxy.Count("", ""); n > 2 || err == nil {
		t.Errorf("%d requests, %v: it goes in circles", n, err)
	}
}
