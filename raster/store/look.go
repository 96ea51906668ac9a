package store

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// look asks which version of an object is there.
func (r *remote) look(ctx context.Context, op string, a address) (identity, error) {
	var id identity
	err := r.do(ctx, op, a, 0, func(t try) error {
		out, err := r.s3.HeadObject(t, &s3.HeadObjectInput{Bucket: &a.bucket, Key: &a.key}, t.at)
		if err != nil {
			return err
		}
		id = identity{etag: aws.ToString(out.ETag), modified: aws.ToTime(out.LastModified), size: aws.ToInt64(out.ContentLength)}
		return nil
	})
	var fail *Error
	if !errors.As(err, &fail) || fail.Code != "" {
		return id, err
	}
	switch fail.Kind {
	case KindNotFound:
		if r.known(a.bucket) {
			return id, err
		}
	case KindDenied, KindOther:
	default:
		return id, err
	}
	// An answer to HEAD has no body, and so does not say whether the key, the secret, the bucket or the object is wrong.
	id, second := r.lookByReading(ctx, op, a)
	switch kindOf(second) {
	case KindChanged: // the object is empty, and thus there is no first byte; HEAD knows best
		return id, err
	case KindNotFound:
		r.exists(a.bucket)
	}
	return id, second
}

// lookByReading asks for the first byte.
func (r *remote) lookByReading(ctx context.Context, op string, a address) (id identity, err error) {
	err = r.do(ctx, op, a, 1, func(t try) error {
		out, err := r.s3.GetObject(t, &s3.GetObjectInput{Bucket: &a.bucket, Key: &a.key, Range: aws.String("bytes=0-0")}, t.at)
		if err != nil {
			return err
		}
		defer out.Body.Close()
		id, err = answered(out)
		return err
	})
	return id, err
}

// answered is the version that an answer to a ranged GET is of.
func answered(out *s3.GetObjectOutput) (identity, error) {
	id := identity{etag: aws.ToString(out.ETag), modified: aws.ToTime(out.LastModified)}
	_, total, ok := strings.Cut(aws.ToString(out.ContentRange), "/")
	size, err := strconv.ParseInt(total, 10, 64)
	if !ok || err != nil {
		return id, &corrupt{"the answer to a ranged read does not say which range it is"}
	}
	id.size = size
	return id, nil
}
