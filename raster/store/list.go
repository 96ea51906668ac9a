package store

import (
	"context"
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// errEnough ends a listing early.
var errEnough = errors.New("enough")

// each visits the objects whose key begins with a.key, page by page, in the order of their keys. With a delimiter,
// what has it after the prefix is left out. Folder markers (keys that end in /) are no objects.
func (r *remote) each(ctx context.Context, op string, a address, delimiter string, visit func(types.Object) error) error {
	in := &s3.ListObjectsV2Input{Bucket: &a.bucket, Prefix: &a.key}
	if delimiter != "" {
		in.Delimiter = &delimiter
	}
	for {
		var page *s3.ListObjectsV2Output
		err := r.do(ctx, op, a, 1<<20, func(t try) (err error) {
			page, err = r.s3.ListObjectsV2(t, in, t.at)
			return err
		})
		if err != nil {
			return err
		}
		for _, o := range page.Contents {
			if strings.HasSuffix(aws.ToString(o.Key), "/") {
				continue
			}
			if err := visit(o); err != nil {
				return err
			}
		}
		next := aws.ToString(page.NextContinuationToken)
		if !aws.ToBool(page.IsTruncated) {
			return nil
		}
		if next == "" || next == aws.ToString(in.ContinuationToken) {
			return &Error{Op: op, URI: a.String(), Kind: KindCorrupt, Err: errors.New("the listing does not go on where it says it does")}
		}
		in.ContinuationToken = &next
	}
}

// page returns the base names of the objects in a folder, and whether they are all: of a large folder there are more.
func (r *remote) page(ctx context.Context, op string, folder address) (names []string, whole bool, err error) {
	var out *s3.ListObjectsV2Output
	err = r.do(ctx, op, folder, 1<<20, func(t try) (err error) {
		out, err = r.s3.ListObjectsV2(t, &s3.ListObjectsV2Input{Bucket: &folder.bucket, Prefix: &folder.key, Delimiter: aws.String("/")}, t.at)
		return err
	})
	if err != nil {
		return nil, false, err
	}
	names = make([]string, 0, len(out.Contents))
	for _, o := range out.Contents {
		names = append(names, path.Base(aws.ToString(o.Key)))
	}
	return names, !aws.ToBool(out.IsTruncated), nil
}

// isFolder reports whether there are objects below a; a bucket is a folder even when it is empty.
func (r *remote) isFolder(ctx context.Context, op string, a address) (bool, error) {
	err := r.each(ctx, op, address{a.bucket, a.folder()}, "", func(types.Object) error { return errEnough })
	if errors.Is(err, errEnough) {
		return true, nil
	}
	return a.key == "", err
}

func (r *remote) list(ctx context.Context, a address) ([]Object, error) {
	const op = "listing"
	var found []Object
	err := r.each(ctx, op, address{a.bucket, a.folder()}, "", func(o types.Object) error {
		id := identity{etag: aws.ToString(o.ETag), modified: aws.ToTime(o.LastModified), size: aws.ToInt64(o.Size)}
		uri := address{a.bucket, aws.ToString(o.Key)}.String()
		found = append(found, Object{URI: uri, Size: id.size, Version: id.version()})
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 && a.key != "" {
		return nil, &Error{Op: op, URI: a.String(), Kind: KindNotFound, Err: errors.New("no object is below this address")}
	}
	slices.SortFunc(found, func(x, y Object) int { return strings.Compare(x.URI, y.URI) })
	return found, nil
}

// wildcards are what makes an address a pattern.
const wildcards = `*?[\`

// glob matches as filepath.Glob does, folders included: *.gdb finds a folder of that name.
func (r *remote) glob(ctx context.Context, a address) ([]string, error) {
	const op = "looking for"
	if _, err := path.Match(a.key, ""); err != nil {
		return nil, &Error{Op: op, URI: a.String(), Kind: KindInvalid, Err: err, Remedy: "close the bracket, or escape it with a backslash"}
	}
	constant := a.key
	if i := strings.IndexAny(a.key, wildcards); i >= 0 {
		constant = a.key[:i]
	}
	depth := strings.Count(a.key, "/") + 1
	var found []string
	err := r.each(ctx, op, address{a.bucket, constant}, "", func(o types.Object) error {
		name := ancestor(aws.ToString(o.Key), depth)
		uri := address{a.bucket, name}.String()
		if ok, _ := path.Match(a.key, name); ok && (len(found) == 0 || found[len(found)-1] != uri) {
			found = append(found, uri)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}

// ancestor is the first so many parts of a key.
func ancestor(key string, parts int) string {
	for i := range len(key) {
		if key[i] == '/' {
			if parts--; parts == 0 {
				return key[:i]
			}
		}
	}
	return key
}
