package store

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"
)

func (r *remote) remove(ctx context.Context, op string, a address) error {
	err := r.do(ctx, op, a, 0, func(t try) error {
		_, err := r.s3.DeleteObject(t, &s3.DeleteObjectInput{Bucket: &a.bucket, Key: &a.key}, t.at)
		return err
	})
	if kindOf(err) == KindNotFound {
		return nil
	}
	return err
}
