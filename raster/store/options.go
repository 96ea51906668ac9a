package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"time"
)

// Options say how object storage is reached. What is left empty comes from the standard chain of the AWS tools:
// environment, shared files, profile, role of the machine. The zero value is usable.
type Options struct {
	// Endpoint is the URL of an S3 server, such as https://minio.example:9000. Empty means AWS, or AWS_ENDPOINT_URL.
	Endpoint string
	// Region signs the requests. Empty means that of the standard chain, or us-east-1.
	Region string
	// PathStyle puts the bucket into the path rather than into the host name. Nil means true with an Endpoint.
	PathStyle *bool
	// CA is a file of certificates (PEM) that are trusted besides the system's.
	CA string
	// Profile names a section of the shared configuration files.
	Profile string
	// Anonymous sends no credentials, for public buckets.
	Anonymous bool
	// Timeout bounds an attempt until its answer begins; a body has more time, by its size. 0 means 30 s.
	Timeout time.Duration
	// Requests bounds how many requests run at once. 0 means 16.
	Requests int
	// CacheBytes bounds the blocks that Files keeps, those in flight included. 0 means 64 MiB, the least is 4 MiB.
	CacheBytes int64
	// Log takes what a user may want to know of retries. Nil means slog.Default.
	Log *slog.Logger
}

func (o Options) withDefaults() Options {
	if o.Timeout == 0 {
		o.Timeout = 30 * time.Second // what the SDKs allow; beyond it, asking again is quicker
	}
	if o.Requests == 0 {
		o.Requests = 16 // saturates a gigabit with 8 MiB requests, and is polite to a small server
	}
	if o.CacheBytes == 0 {
		o.CacheBytes = 64 << 20 // eight of the largest requests
	}
	o.CacheBytes = max(o.CacheBytes, 4*blockSize)
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return o
}

func (o Options) validate() error {
	if o.Timeout < 0 || o.Requests < 0 || o.CacheBytes < 0 {
		return errors.New("object storage: timeout, requests and cache must not be negative")
	}
	if o.Endpoint != "" {
		u, err := url.Parse(o.Endpoint)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return fmt.Errorf("object storage: the endpoint %q is not a URL such as https://s3.example.org:9000", o.Endpoint)
		}
	}
	if o.Anonymous && o.Profile != "" {
		return errors.New("object storage: a profile gives credentials, anonymous sends none: choose one")
	}
	return nil
}

// tuning is what tests turn and nobody else needs to.
type tuning struct {
	// stall is how long a body may bring no byte.
	stall time.Duration
	// probe is how long the breaker stays open before one request may try again.
	probe time.Duration
	// lookup bounds the search for credentials, which asks the network of machines in a cloud.
	lookup time.Duration
	now    func() time.Time
	// random is uniform in [0, 1).
	random func() float64
	wait   func(ctx context.Context, d time.Duration) error
}

func defaultTuning() tuning {
	return tuning{
		stall: 10 * time.Second, probe: 30 * time.Second, lookup: 10 * time.Second,
		now: time.Now, random: rand.Float64, wait: wait,
	}
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
