package store

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"golang.org/x/sync/errgroup"
)

// lanes is how many pieces of one object travel at once; each needs memory of the size of a piece.
const lanes = 4

// fetch copies one version of an object into a file that is as large already.
func (r *remote) fetch(ctx context.Context, a address, id identity, f *os.File) error {
	g, ctx := errgroup.WithContext(ctx)
	spare := make(chan []byte, lanes)
	for range lanes {
		spare <- nil
	}
	for off := int64(0); off < id.size; off += largest {
		var buf []byte
		select {
		case buf = <-spare:
		case <-ctx.Done():
			return cmp.Or(g.Wait(), context.Cause(ctx))
		}
		n := int(min(largest, id.size-off))
		if buf == nil {
			buf = make([]byte, min(largest, id.size))
		}
		g.Go(func() error {
			defer func() { spare <- buf }()
			if err := r.readRange(ctx, "fetching", a, id, off, buf[:n]); err != nil {
				return err
			}
			_, err := f.WriteAt(buf[:n], off)
			return err
		})
	}
	return g.Wait()
}

// gone reports whether the server no longer knows an upload of many parts that was never said to be finished: the
// answer that said so was lost, or someone swept it away.
func gone(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == "NoSuchUpload"
}

// put copies a file to an object and returns what is there then.
func (r *remote) put(ctx context.Context, a address, path string) (identity, error) {
	const op = "writing"
	var id identity
	size, err := r.upload(ctx, op, a, path)
	if gone(err) {
		size, err = r.upload(ctx, op, a, path)
	}
	if err != nil {
		return id, err
	}
	id, err = r.look(ctx, op, a)
	if err == nil && id.size != size {
		err = &Error{Op: op, URI: a.String(), Kind: KindCorrupt,
			Err: fmt.Errorf("%d bytes were sent and %d have arrived", size, id.size)}
	}
	return id, err
}

func (r *remote) upload(ctx context.Context, op string, a address, path string) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, diskError("reading", path, err)
	}
	defer f.Close()
	before, err := f.Stat()
	if err != nil {
		return 0, diskError("reading", path, err)
	}
	tm := transfermanager.New(&uploader{r.s3, r, op, a}, func(o *transfermanager.Options) {
		o.PartSizeBytes, o.MultipartUploadThreshold, o.Concurrency = largest, largest, lanes
		o.FailTimeout = r.opts.Timeout // to abort, also when ctx has ended
		o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
	})
	_, err = tm.UploadObject(ctx, &transfermanager.UploadObjectInput{Bucket: &a.bucket, Key: &a.key, Body: f})
	var fail *Error
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return 0, fmt.Errorf("%s %s: %w", op, a, context.Cause(ctx))
	case errors.As(err, &fail):
		return 0, fail
	default:
		return 0, &Error{Op: op, URI: a.String(), Kind: KindOther, Err: err}
	}
	after, err := f.Stat()
	if err == nil && (after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime())) {
		err = &Error{Op: op, URI: a.String(), Kind: KindChanged, Err: fmt.Errorf("%s changed while it was sent", path)}
	}
	return before.Size(), err
}

// uploader passes what the transfer manager sends through do. Bodies are pieces in memory, so they can be sent again.
type uploader struct {
	*s3.Client
	r  *remote
	op string
	a  address
}

// send is do for a request with a body.
func (u *uploader) send(ctx context.Context, body io.Reader, opts []func(*s3.Options), f func(t try, opts []func(*s3.Options)) error) error {
	size := 0
	piece, _ := body.(*bytes.Reader)
	if piece != nil {
		size = int(piece.Size())
	}
	return u.r.do(ctx, u.op, u.a, size, func(t try) error {
		if piece != nil {
			if _, err := piece.Seek(0, io.SeekStart); err != nil {
				return err
			}
		}
		return f(t, append(opts[:len(opts):len(opts)], t.at))
	})
}

func (u *uploader) PutObject(ctx context.Context, in *s3.PutObjectInput, opts ...func(*s3.Options)) (out *s3.PutObjectOutput, err error) {
	err = u.send(ctx, in.Body, opts, func(t try, opts []func(*s3.Options)) (err error) {
		out, err = u.Client.PutObject(t, in, opts...)
		return err
	})
	return out, err
}

func (u *uploader) UploadPart(ctx context.Context, in *s3.UploadPartInput, opts ...func(*s3.Options)) (out *s3.UploadPartOutput, err error) {
	err = u.send(ctx, in.Body, opts, func(t try, opts []func(*s3.Options)) (err error) {
		out, err = u.Client.UploadPart(t, in, opts...)
		return err
	})
	return out, err
}

func (u *uploader) CreateMultipartUpload(ctx context.Context, in *s3.CreateMultipartUploadInput, opts ...func(*s3.Options)) (out *s3.CreateMultipartUploadOutput, err error) {
	err = u.send(ctx, nil, opts, func(t try, opts []func(*s3.Options)) (err error) {
		out, err = u.Client.CreateMultipartUpload(t, in, opts...)
		return err
	})
	return out, err
}

func (u *uploader) CompleteMultipartUpload(ctx context.Context, in *s3.CompleteMultipartUploadInput, opts ...func(*s3.Options)) (out *s3.CompleteMultipartUploadOutput, err error) {
	err = u.send(ctx, nil, opts, func(t try, opts []func(*s3.Options)) (err error) {
		out, err = u.Client.CompleteMultipartUpload(t, in, opts...)
		return err
	})
	return out, err
}

func (u *uploader) AbortMultipartUpload(ctx context.Context, in *s3.AbortMultipartUploadInput, opts ...func(*s3.Options)) (out *s3.AbortMultipartUploadOutput, err error) {
	err = u.send(ctx, nil, opts, func(t try, opts []func(*s3.Options)) (err error) {
		out, err = u.Client.AbortMultipartUpload(t, in, opts...)
		return err
	})
	return out, err
}
