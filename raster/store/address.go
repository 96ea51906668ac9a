package store

import (
	"errors"
	"strings"
)

const scheme = "s3://"

// address is where an object is in S3; key is "" for the bucket itself.
type address struct{ bucket, key string }

func (a address) String() string {
	if a.key == "" {
		return scheme + a.bucket
	}
	return scheme + a.bucket + "/" + a.key
}

// folder is the prefix of what lies below a, "" for a whole bucket.
func (a address) folder() string {
	if a.key == "" || strings.HasSuffix(a.key, "/") {
		return a.key
	}
	return a.key + "/"
}

// inS3 reports whether uri is in object storage, not on disk.
func inS3(uri string) bool { return strings.HasPrefix(uri, scheme) }

// parse splits s3://bucket/key.
func parse(op, uri string) (address, error) {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(uri, scheme), "/")
	if bucket == "" {
		return address{}, &Error{Op: op, URI: uri, Kind: KindInvalid, Err: errors.New("the address has no bucket"),
			Remedy: "write s3://bucket/key"}
	}
	return address{bucket, key}, nil
}

// parseObject is parse for operations on one object.
func parseObject(op, uri string) (address, error) {
	a, err := parse(op, uri)
	if err == nil && a.folder() == a.key {
		err = &Error{Op: op, URI: uri, Kind: KindInvalid, Err: errors.New("the address is a folder, not an object"),
			Remedy: "write s3://bucket/key"}
	}
	return a, err
}
