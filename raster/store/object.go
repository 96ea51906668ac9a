package store

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Object is what storage says of a file without reading it.
type Object struct {
	URI  string
	Size int64
	// Version changes with the content: an ETag, or the time of modification and the size.
	Version string
	// Dir says that URI is a folder (on disk) or a prefix (of objects).
	Dir bool
}

// identity is one version of an object.
type identity struct {
	etag     string
	modified time.Time
	size     int64
}

func (id identity) version() string {
	if id.etag != "" {
		return id.etag
	}
	return stamp(id.modified, id.size)
}

// stamp is the version of what has no ETag.
func stamp(t time.Time, size int64) string { return fmt.Sprintf("%d-%d", t.UnixNano(), size) }

// same reports whether two looks saw one version. Some servers have no ETag for files that they did not write.
func (id identity) same(o identity) bool {
	return id.etag == o.etag && id.size == o.size && (id.etag != "" || id.modified.Equal(o.modified))
}

// ifMatch is the condition under which a read is of this version.
func (id identity) ifMatch() *string {
	if id.etag == "" {
		return nil
	}
	return aws.String(id.etag)
}

// memory is what a Store knows of the objects that it met.
type memory struct {
	mu      sync.Mutex
	objects map[string]*met
}

type met struct {
	// pinned is the version of the first look.
	pinned *identity
	// final is what every later read fails with.
	final error
	// last is the last error, final or not; a success clears it.
	last error
	// misses counts failures in a row that were the server's fault, each after all its attempts.
	misses int
}

func (m *memory) of(uri string) *met {
	o := m.objects[uri]
	if o == nil {
		if m.objects == nil {
			m.objects = map[string]*met{}
		}
		o = &met{}
		m.objects[uri] = o
	}
	return o
}

// recall returns the pinned version, nil when nobody looked, and the final error.
func (m *memory) recall(uri string) (*identity, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if o := m.objects[uri]; o != nil {
		return o.pinned, o.final
	}
	return nil, nil
}

// pin notes what a look saw, and fails if an earlier one saw another version.
func (m *memory) pin(op, uri string, id identity) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	o := m.of(uri)
	if o.pinned != nil && !o.pinned.same(id) {
		err := &Error{Op: op, URI: uri, Kind: KindChanged,
			Err: fmt.Errorf("%s of %d bytes was %s of %d", id.version(), id.size, o.pinned.version(), o.pinned.size)}
		o.final, o.last = err, err
		return err
	}
	if kindOf(o.final) == KindNotFound { // it has come
		o.final, o.last = nil, nil
	}
	o.pinned = &id
	return nil
}

// fail notes how a read ended. Cancellation says nothing of the object, and an outage may end: what the server is to blame
// for becomes the object's own fault only when it happens to it as often as would be an outage, while others are served.
func (m *memory) fail(uri string, err error) {
	var e *Error
	if err != nil && !errors.As(err, &e) {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err == nil {
		if o := m.objects[uri]; o != nil {
			o.last, o.misses = nil, 0
		}
		return
	}
	o := m.of(uri)
	o.last = err
	if e.server {
		o.misses++
	}
	if e.Kind != KindUnavailable && (!e.server || o.misses >= outages) {
		o.final = err
	}
}

// lastError is how the last read ended.
func (m *memory) lastError(uri string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if o := m.objects[uri]; o != nil {
		return o.last
	}
	return nil
}

// forget drops what is known of an object that was replaced or removed.
func (m *memory) forget(uri string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.objects, uri)
}
