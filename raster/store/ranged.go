package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// largest is how many bytes one request asks for.
const largest = 8 << 20

// readRange fills the buffers, one after the other, from off on, with the bytes of one version of an object.
func (r *remote) readRange(ctx context.Context, op string, a address, id identity, off int64, dst ...[]byte) error {
	n := 0
	for _, b := range dst {
		n += len(b)
	}
	if n == 0 {
		return nil
	}
	err := r.do(ctx, op, a, n, func(t try) error {
		span := fmt.Sprintf("bytes=%d-%d", off, off+int64(n)-1)
		out, err := r.s3.GetObject(t, &s3.GetObjectInput{
			Bucket: &a.bucket, Key: &a.key, Range: &span, IfMatch: id.ifMatch(),
		}, t.at)
		if err != nil {
			return err
		}
		defer out.Body.Close()
		if err := promises(out, id, off, n); err != nil {
			return err
		}
		return r.fill(t, out.Body, dst)
	})
	return err
}

// promises checks that an answer is of the version and the range that were asked for.
func promises(out *s3.GetObjectOutput, id identity, off int64, n int) error {
	got, err := answered(out)
	if err != nil {
		return err
	}
	if !got.same(id) {
		return fmt.Errorf("%w: %s of %d bytes, not %s of %d", errChanged, got.version(), got.size, id.version(), id.size)
	}
	want := fmt.Sprintf("bytes %d-%d/%d", off, off+int64(n)-1, id.size)
	if have := aws.ToString(out.ContentRange); have != want {
		return &corrupt{fmt.Sprintf("the answer is the range %q, not %q", have, want)}
	}
	if have := aws.ToInt64(out.ContentLength); have != int64(n) {
		return &corrupt{fmt.Sprintf("the answer has %d bytes, not %d", have, n)}
	}
	return nil
}

// fill reads a body that must be as long as the buffers together, and gives it up when nothing comes for a while.
func (r *remote) fill(t try, body io.Reader, dst [][]byte) error {
	watch := time.AfterFunc(r.stall, func() { t.cancel(errStalled) })
	defer watch.Stop()
	for _, b := range dst {
		for len(b) > 0 {
			n, err := body.Read(b)
			r.count.bytes.Add(int64(n))
			if b = b[n:]; n > 0 {
				watch.Reset(r.stall)
			}
			if err != nil && len(b) > 0 {
				return broken(err)
			}
			if err != nil {
				break
			}
		}
	}
	// Reading to the end lets the connection serve the next request, and shows a body that is too long.
	var more [1]byte
	n, err := io.ReadFull(body, more[:])
	if n > 0 {
		return &corrupt{"the body is longer than its header says"}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return broken(err)
	}
	return nil
}

// broken is a body that ended early: cut short, or by a failing connection.
func broken(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &corrupt{"the body is shorter than its header says"}
	}
	return err
}
