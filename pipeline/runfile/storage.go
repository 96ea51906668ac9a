package runfile

import (
	"net/url"
	"strings"
	"time"
)

// What a request may be given: less than a second is no request over a network, and an hour is a hang.
const (
	minTimeout, maxTimeout = time.Second, time.Hour
	maxRequests            = 256
)

func (f *File) checkStorage(text []byte) error {
	s := f.Storage
	if s.Endpoint != "" {
		u, err := url.Parse(s.Endpoint)
		switch {
		case err == nil && u.User != nil:
			// Without the excerpt, which would carry the secret into logs.
			return at(nil, "", "storage: endpoint holds a user or a password: credentials come from the environment or a profile (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_PROFILE), never from a run file")
		case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
			return at(text, "$.storage.endpoint", "storage: endpoint: %q is not the URL of a server, such as https://minio.example.org:9000", s.Endpoint)
		case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
			return at(text, "$.storage.endpoint", "storage: endpoint: %q is more than a server: the bucket belongs into the addresses, as in s3://bucket/key", s.Endpoint)
		}
	}
	if s.Timeout != "" {
		if d, err := time.ParseDuration(s.Timeout); err != nil || d < minTimeout || d > maxTimeout {
			return at(text, "$.storage.timeout", "storage: timeout: %q is not a duration from 1s to 1h, such as 30s", s.Timeout)
		}
	}
	if s.Requests < 0 || s.Requests > maxRequests || s.Requests == 0 && given(text, "$.storage.requests") {
		return at(text, "$.storage.requests", "storage: requests: %d is not a number from 1 to %d", s.Requests, maxRequests)
	}
	if s.Anonymous && s.Profile != "" {
		return at(text, "$.storage", "storage: anonymous asks without credentials, profile names some: leave out one")
	}
	return nil
}
