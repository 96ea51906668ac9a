package storetest

import (
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Fault is what can go wrong on the way.
type Fault string

// The faults. Those of a body spoil its second half.
const (
	// Busy answers 503 SlowDown; Failing answers 500; Denied answers 403 AccessDenied.
	Busy    Fault = "busy"
	Failing Fault = "failing"
	Denied  Fault = "denied"
	// Expired answers 400 ExpiredToken; Skewed answers 403 RequestTimeTooSkewed.
	Expired Fault = "expired"
	Skewed  Fault = "skewed"
	// Forgotten answers 404 NoSuchUpload.
	Forgotten Fault = "forgotten"
	// Elsewhere answers 400 and names the region eu-north-1.
	Elsewhere Fault = "elsewhere"
	// Reset breaks the connection before an answer; ResetBody breaks it in the body.
	Reset     Fault = "reset"
	ResetBody Fault = "reset-body"
	// Truncated ends the body early; Stalled stops it without an end; Mute never answers.
	Truncated Fault = "truncated"
	Stalled   Fault = "stalled"
	Mute      Fault = "mute"
	// Slow sends the body in small pieces, a few milliseconds apart.
	Slow Fault = "slow"
	// ShortLength promises and sends half of what was asked for; WrongRange says that it is of another place.
	ShortLength Fault = "short-length"
	WrongRange  Fault = "wrong-range"
	// Replaced answers with the ETag of another version.
	Replaced Fault = "replaced"
)

// Rule says which requests meet a fault: those of a method ("" for all) whose path begins with Path and, if Body, that ask
// for bytes of the object. With First, only so many of them; with Every, only each so manieth.
type Rule struct {
	Method, Path string
	Body         bool
	First, Every int
	Fault        Fault
	// Before runs before such a request is passed on, such as to replace the object. Fault may be empty then.
	Before func()
}

// Request is one that passed.
type Request struct {
	Method, Path, Query, Range, IfMatch string
	// Key is the access key that it is signed with.
	Key string
}

// Faults is a proxy on loopback before a server.
type Faults struct {
	// URL is the endpoint to give to the client.
	URL string
	// CA is a file with the proxy's certificate, when it speaks TLS.
	CA string

	target string
	client http.Client
	mu     sync.Mutex
	rules  []Rule
	met    []int
	seen   []Request
	end    chan struct{}
}

// NewFaults starts a proxy before the server at endpoint, for the time of the test.
func NewFaults(t T, endpoint string) *Faults {
	t.Helper()
	return start(t, endpoint, false)
}

// NewTLS is NewFaults with a certificate that nobody trusts but who reads CA.
func NewTLS(t T, endpoint string) *Faults {
	t.Helper()
	return start(t, endpoint, true)
}

func start(t T, endpoint string, secure bool) *Faults {
	t.Helper()
	f := &Faults{target: endpoint, end: make(chan struct{})}
	f.client.Transport = &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}
	f.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	s := httptest.NewUnstartedServer(f)
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // handshakes that fail are wanted
	if secure {
		s.StartTLS()
		f.CA = filepath.Join(t.TempDir(), "ca.pem")
		cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
		if err := os.WriteFile(f.CA, cert, 0o666); err != nil {
			t.Fatalf("writing the certificate: %v", err)
		}
	} else {
		s.Start()
	}
	f.URL = s.URL
	t.Cleanup(func() {
		close(f.end)
		s.CloseClientConnections()
		s.Close()
		f.client.CloseIdleConnections()
	})
	return f
}

// Set replaces the rules and forgets the requests so far.
func (f *Faults) Set(rules ...Rule) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rules, f.met, f.seen = rules, make([]int, len(rules)), nil
}

// Requests returns what has passed since Set.
func (f *Faults) Requests() []Request {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Request(nil), f.seen...)
}

// Count is how many requests of a method ("" for all) to paths that begin with path have passed since Set.
func (f *Faults) Count(method, path string) int {
	n := 0
	for _, r := range f.Requests() {
		if (method == "" || r.Method == method) && strings.HasPrefix(r.Path, path) {
			n++
		}
	}
	return n
}

// rule returns the rule that a request meets.
func (f *Faults) rule(r *http.Request) Rule {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := r.Header.Get("Authorization")
	_, key, _ = strings.Cut(key, "Credential=")
	key, _, _ = strings.Cut(key, "/")
	f.seen = append(f.seen, Request{r.Method, r.URL.Path, r.URL.RawQuery, r.Header.Get("Range"), r.Header.Get("If-Match"), key})
	for i, x := range f.rules {
		if x.Method != "" && x.Method != r.Method || !strings.HasPrefix(r.URL.Path, x.Path) || x.Body && r.Header.Get("Range") == "" {
			continue
		}
		f.met[i]++
		n := f.met[i]
		if x.First > 0 && n > x.First || x.Every > 0 && n%x.Every != 0 {
			continue
		}
		return x
	}
	return Rule{}
}

// ServeHTTP passes a request on, or not.
func (f *Faults) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rule := f.rule(r)
	if rule.Before != nil {
		rule.Before()
	}
	if a, ok := answers[rule.Fault]; ok {
		_, _ = io.Copy(io.Discard, r.Body)
		for k, v := range a.header {
			w.Header().Set(k, v)
		}
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(a.status)
		fmt.Fprintf(w, "<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>injected</Message></Error>", a.code)
		return
	}
	switch rule.Fault {
	case Reset:
		reset(w)
		return
	case Mute:
		f.hang(r)
		return
	}
	out, err := http.NewRequestWithContext(r.Context(), r.Method, f.target+r.URL.RequestURI(), r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	out.Header, out.Host, out.ContentLength = r.Header.Clone(), r.Host, r.ContentLength // signed, so they must stay
	res, err := f.client.Do(out)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer res.Body.Close()
	f.pass(w, r, res, rule.Fault)
}

// pass hands on an answer, spoilt by a fault.
func (f *Faults) pass(w http.ResponseWriter, r *http.Request, res *http.Response, fault Fault) {
	h := w.Header()
	for k, v := range res.Header {
		h[k] = v
	}
	size := max(0, res.ContentLength)
	switch fault {
	case ShortLength:
		size /= 2
		h.Set("Content-Length", strconv.FormatInt(size, 10))
	case WrongRange:
		h.Set("Content-Range", strings.Replace(h.Get("Content-Range"), "bytes ", "bytes 1", 1))
	case Replaced:
		h.Set("ETag", `"another"`)
	}
	w.WriteHeader(res.StatusCode)
	switch fault {
	case Truncated, ResetBody, Stalled:
		_, _ = io.CopyN(w, res.Body, size/2)
		_ = http.NewResponseController(w).Flush()
		switch fault {
		case ResetBody:
			reset(w)
			return
		case Stalled:
			f.hang(r)
		}
		panic(http.ErrAbortHandler)
	case Slow:
		f.trickle(w, r, res.Body, size)
	default:
		_, _ = io.CopyN(w, res.Body, size)
	}
}

// hang keeps a request until its client or the test goes.
func (f *Faults) hang(r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-f.end:
	}
}

func (f *Faults) trickle(w http.ResponseWriter, r *http.Request, body io.Reader, size int64) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for left := size; left > 0; left -= size/16 + 1 {
		if _, err := io.CopyN(w, body, min(left, size/16+1)); err != nil {
			return
		}
		_ = http.NewResponseController(w).Flush()
		select {
		case <-tick.C:
		case <-r.Context().Done():
			return
		}
	}
}

// reset breaks the connection with a RST rather than an end.
func reset(w http.ResponseWriter) {
	c, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	c.Close()
}

// answer is one that needs no server.
type answer struct {
	status int
	code   string
	header map[string]string
}

var answers = map[Fault]answer{
	Busy:      {http.StatusServiceUnavailable, "SlowDown", map[string]string{"Retry-After": "1"}},
	Failing:   {http.StatusInternalServerError, "InternalError", nil},
	Denied:    {http.StatusForbidden, "AccessDenied", nil},
	Expired:   {http.StatusBadRequest, "ExpiredToken", nil},
	Skewed:    {http.StatusForbidden, "RequestTimeTooSkewed", nil},
	Forgotten: {http.StatusNotFound, "NoSuchUpload", nil},
	Elsewhere: {http.StatusBadRequest, "AuthorizationHeaderMalformed", map[string]string{"X-Amz-Bucket-Region": "eu-north-1"}},
}
