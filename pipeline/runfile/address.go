package runfile

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// address is one path of a run file and where it is written.
type address struct {
	at  string // YAML path
	uri *string
}

// addresses lists every path of the file but the CA's, which is never an address in storage.
func (f *File) addresses() []address {
	var out []address
	add := func(at string, uri *string) {
		if *uri != "" {
			out = append(out, address{at, uri})
		}
	}
	if f.Region != nil {
		add("$.region.source", &f.Region.Source)
	}
	for _, d := range []struct {
		at string
		im *Imagery
	}{{"$.before", &f.Before}, {"$.after", &f.After}} {
		masks := func(at string, c *Cloud, s *Seams) {
			if c != nil {
				add(at+".cloud.source", &c.Source)
			}
			if s != nil {
				add(at+".seams.source", &s.Source)
			}
		}
		masks(d.at, d.im.Cloud, d.im.Seams)
		for i := range d.im.Scenes {
			s, at := &d.im.Scenes[i], fmt.Sprintf("%s.scenes[%d]", d.at, i)
			add(at+".uri", &s.URI)
			add(at+".stac", &s.STAC)
			masks(at, s.Cloud, s.Seams)
		}
	}
	if f.Survey != nil {
		for i := range f.Survey.Source {
			add(fmt.Sprintf("$.survey.source[%d]", i), &f.Survey.Source[i])
		}
	}
	for i := range f.Layers {
		for k := range f.Layers[i].Source {
			add(fmt.Sprintf("$.layers[%d].source[%d]", i, k), &f.Layers[i].Source[k])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.Probabilities)) {
		p, at := f.Probabilities[name], "$.probabilities."+name
		add(at+".before", &p.Before)
		add(at+".after", &p.After)
		add(at+".pair", &p.Pair)
	}
	if f.Rules != "default" {
		add("$.rules", &f.Rules)
	}
	if f.Triage != "default" {
		add("$.triage", &f.Triage)
	}
	add("$.earlier", &f.Earlier)
	add("$.register", &f.Register)
	if f.Watch != nil {
		add("$.watch.source", &f.Watch.Source)
	}
	add("$.out", &f.Out)
	return out
}

// resolve makes relative paths relative to the folder of the run file, which may be in object storage, and checks the
// addresses there. What has another scheme is left as it is.
func (f *File) resolve(from string, text []byte) error {
	for _, a := range f.addresses() {
		uri, err := join(from, *a.uri)
		if err != nil {
			return at(text, a.at, "%v", err)
		}
		*a.uri = uri
	}
	if err := f.checkRegister(text); err != nil {
		return err
	}
	if ca := f.Storage.CA; ca != "" {
		uri, err := join(from, ca)
		if err != nil || strings.Contains(uri, "://") {
			return at(text, "$.storage.ca", "storage: ca: %q is not a file of this machine: what storage is reached with cannot be in it; give an absolute path", ca)
		}
		f.Storage.CA = uri
	}
	return nil
}

// join is uri as written in the file at from: an absolute path, an s3:// address that is checked, or what has a scheme.
func join(from, uri string) (string, error) {
	scheme, rest, ok := strings.Cut(uri, ":")
	switch {
	case ok && strings.EqualFold(scheme, "s3") && (scheme != "s3" || !strings.HasPrefix(rest, "//")):
		return "", fmt.Errorf("%q: write it as s3://bucket/key", uri)
	case strings.HasPrefix(uri, "/vsis3"):
		return "", fmt.Errorf("%q: write s3://bucket/key: object storage is reached by the settings of `storage`, not by GDAL's", uri)
	case strings.HasPrefix(uri, "s3://"):
		return uri, checkS3(uri)
	case filepath.IsAbs(uri) || strings.Contains(uri, "://") || strings.HasPrefix(uri, "{dir}"):
		return uri, nil
	case strings.HasPrefix(from, "s3://"):
		bucket, key, _ := strings.Cut(strings.TrimPrefix(from, "s3://"), "/")
		joined := path.Join(path.Dir(key), uri)
		if joined == ".." || strings.HasPrefix(joined, "../") {
			return "", fmt.Errorf("%q leads out of the bucket %s", uri, bucket)
		}
		uri = "s3://" + bucket + "/" + joined
		return uri, checkS3(uri)
	}
	return filepath.Join(filepath.Dir(from), uri), nil
}

var (
	bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	ipAddress  = regexp.MustCompile(`^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$`)
)

// checkS3 checks an address s3://bucket/key. Servers take other keys too, but a folder on the way to the object that is
// called nothing, "." or ".." is a slip of the pen, and copies on disk could not keep it.
func checkS3(uri string) error {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(uri, "s3://"), "/")
	switch {
	case bucket == "":
		return fmt.Errorf("%q has no bucket: write it as s3://bucket/key", uri)
	case !bucketName.MatchString(bucket) || strings.Contains(bucket, "..") || ipAddress.MatchString(bucket):
		return fmt.Errorf("%q: %q is no name of a bucket, which has 3 to 63 lower-case letters, digits, dots and hyphens; a server is named in `storage: {endpoint: …}`", uri, bucket)
	case strings.Trim(key, "/") == "":
		return fmt.Errorf("%q has no key: write it as s3://bucket/key", uri)
	case len(key) > 1024:
		return errors.New("a key of more than 1024 bytes: object storage has no such object")
	}
	for _, part := range strings.Split(strings.TrimSuffix(key, "/"), "/") {
		if part == "" || part == "." || part == ".." {
			return fmt.Errorf("%q: the key has a folder called %q: write the address without it", uri, part)
		}
	}
	return nil
}
