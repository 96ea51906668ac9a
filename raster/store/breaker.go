package store

import (
	"sync"
	"time"
)

// outages is how many final failures of the server in a row, without an answer in between, are an outage.
const outages = 3

// breaker stops asking a server that is down: it opens after some failures in a row, and lets one request at a time
// probe when a while has passed.
type breaker struct {
	now   func() time.Time
	after time.Duration

	mu      sync.Mutex
	failed  int
	open    bool
	probing bool
	next    time.Time
	cause   error
}

// enter asks to start an operation. probe says that it is the one that tries an open breaker; err is what opened it.
func (b *breaker) enter() (probe bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.open {
		return false, nil
	}
	if b.probing || b.now().Before(b.next) {
		return false, b.cause
	}
	b.probing = true
	return true, nil
}

// opened is the failure that opened the breaker, nil when it is closed.
func (b *breaker) opened() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.open {
		return nil
	}
	return b.cause
}

// answered says that the server gave an answer, good or bad: it is there.
func (b *breaker) answered() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failed, b.open, b.probing, b.cause = 0, false, false, nil
}

// gone says that an operation finally failed by the server's fault, and reports whether that opened the breaker.
func (b *breaker) gone(probe bool, cause error) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failed++
	if probe {
		b.probing = false
	}
	if !probe && (b.open || b.failed < outages) {
		return false
	}
	b.open, b.next, b.cause = true, b.now().Add(b.after), cause
	return !probe
}

// left says that a probe ended without learning anything.
func (b *breaker) left(probe bool) {
	if !probe {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.probing = false
}
