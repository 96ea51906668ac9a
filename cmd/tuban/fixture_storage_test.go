package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tuban/pipeline"
	"tuban/pipeline/runfile"
	"tuban/raster/store/storetest"
)

// bucket is where tests keep their inputs and products.
const bucket = "tuban"

// uploaded puts all inputs of f into the bucket and returns f with their addresses there.
func uploaded(t testing.TB, s *storetest.Server, f *runfile.File) *runfile.File {
	t.Helper()
	dir := s.Bucket(t, bucket)
	up := *f
	put := func(path string) string {
		if path == "" || path == "default" {
			return path
		}
		// What belongs to a file has its stem.
		stem := strings.TrimSuffix(path, filepath.Ext(path))
		parts, err := filepath.Glob(stem + "*")
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range parts {
			b, err := os.ReadFile(p)
			if err == nil {
				err = os.WriteFile(filepath.Join(dir, filepath.Base(p)), b, 0o666)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		return "s3://" + bucket + "/" + filepath.Base(path)
	}
	scenes := func(im runfile.Imagery) runfile.Imagery {
		im.Scenes = append([]runfile.Scene(nil), im.Scenes...)
		for i := range im.Scenes {
			im.Scenes[i].URI = put(im.Scenes[i].URI)
		}
		return im
	}
	up.Before, up.After, up.Rules = scenes(f.Before), scenes(f.After), put(f.Rules)
	if f.Survey != nil {
		survey := *f.Survey
		survey.Source = nil
		for _, source := range f.Survey.Source {
			survey.Source = append(survey.Source, put(source))
		}
		up.Survey = &survey
	}
	return &up
}

// through makes the environment that of a client of the server, by way of endpoint.
func through(t *testing.T, s *storetest.Server, endpoint string) {
	t.Helper()
	for k, v := range s.Env() {
		t.Setenv(k, v)
	}
	t.Setenv("AWS_ENDPOINT_URL", endpoint)
}

// inStorage plans and runs on object storage, as the environment says.
func inStorage(f *runfile.File, o pipeline.Options) (*pipeline.Manifest, error) {
	d, err := storageDrivers(ctx, f.Storage)
	if err != nil {
		return nil, err
	}
	return detectWith(ctx, d, f, o)
}

// contents reports the first difference of what two products say of the ground; where their inputs lay is not part of that.
func contents(a, b *product) error {
	if i := firstDifference(a.mask, b.mask); i >= 0 {
		return fmt.Errorf("mask.tif differs at pixel %d: %v and %v", i, a.mask[i], b.mask[i])
	}
	for _, l := range layers {
		if i := firstDifference(a.rows[l], b.rows[l]); i >= 0 {
			return fmt.Errorf("layer %s differs in row %d of %d and %d:\n%s\n%s", l, i, len(a.rows[l]), len(b.rows[l]), at(a.rows[l], i), at(b.rows[l], i))
		}
	}
	return nil
}
