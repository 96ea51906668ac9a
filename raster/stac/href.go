package stac

import (
	"fmt"
	"path"
	"regexp"
	"strings"
)

var scheme = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]*):`)

// Resolve is the address of the asset's file: a path, or s3://bucket/key. A relative href counts from the folder of base,
// where the item was read from. Only files and object storage are read, so that a run never depends on a web server, and
// an item cannot lead to one.
func (a Asset) Resolve(base string) (string, error) {
	refuse := func(remedy string) (string, error) {
		return "", fmt.Errorf("asset %q is at %s: %s", a.Key, a.Href, remedy)
	}
	if m := scheme.FindStringSubmatch(a.Href); m != nil {
		switch s := strings.ToLower(m[1]); s {
		case "s3":
			if !strings.HasPrefix(a.Href, "s3://") {
				return refuse("write it as s3://bucket/key")
			}
			return a.Href, nil
		case "file":
			file := strings.TrimPrefix(strings.TrimPrefix(a.Href[len("file:"):], "//"), "localhost")
			if !strings.HasPrefix(file, "/") || strings.ContainsAny(file, "%?#") {
				return refuse("write the path of a file of this machine, without file:")
			}
			return file, nil
		case "http", "https":
			return refuse("files and s3:// are read, the web is not: download it beside the item and write its name, or give its s3:// address")
		default:
			return refuse(s + ": is not read, files and s3:// are")
		}
	}
	switch {
	case strings.HasPrefix(a.Href, "/vsi"):
		return refuse("write a path or s3://bucket/key")
	case strings.HasPrefix(a.Href, "/"):
		return a.Href, nil
	case strings.HasPrefix(base, "s3://"):
		bucket, key, _ := strings.Cut(strings.TrimPrefix(base, "s3://"), "/")
		joined := path.Join(path.Dir(key), a.Href)
		if joined == "." || joined == ".." || strings.HasPrefix(joined, "../") {
			return refuse("this leads out of the bucket " + bucket)
		}
		return "s3://" + bucket + "/" + joined, nil
	}
	return path.Join(path.Dir(base), a.Href), nil
}
