package store

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestConformance holds disk and S3 to one contract.
func TestConformance(t *testing.T) {
	t.Run("disk", func(t *testing.T) {
		s, _ := tuned(t, Options{})
		conform(t, s, filepath.Join(t.TempDir(), "county"))
	})
	t.Run("s3", func(t *testing.T) {
		srv, _ := serve(t)
		s, _ := tuned(t, Options{Endpoint: srv.Endpoint})
		conform(t, s, "s3://county")
		if left, err := s.List(t.Context(), "s3://county"); err != nil || len(left) != 0 {
			t.Errorf("%v are left in the bucket, %v", left, err)
		}
	})
}

func conform(t *testing.T, s *Store, root string) {
	ctx := t.Context()
	local := t.TempDir()
	contents := map[string][]byte{
		"a.tif":              noise(100_000, 1),
		"a.tif.ovr":          noise(10, 2),
		"b c+ü%20.tif":       noise(7, 3),
		"empty":              {},
		"dlbm.gdb/a0001.gdb": noise(5, 4),
		"deep/x/1.tif":       noise(6, 5),
		"deep/x/2.tif":       noise(6, 6),
		"deep/y/3.tif":       noise(6, 7),
		"big.tif":            noise(2*largest+12345, 8),
	}
	var uris []string
	for name, content := range contents {
		uri := root + "/" + name
		uris = append(uris, uri)
		if err := s.Put(ctx, write(t, filepath.Join(local, "in"), content), uri); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(uris)

	versions := map[string]string{}
	for name, content := range contents {
		uri := root + "/" + name
		o, err := s.Stat(ctx, uri)
		if err != nil || o.URI != uri || o.Size != int64(len(content)) || o.Version == "" || o.Dir {
			t.Errorf("Stat(%s) = %+v, %v", uri, o, err)
		}
		versions[uri] = o.Version
		got, err := s.ReadFile(ctx, uri, int64(len(content)))
		if err != nil || !bytes.Equal(got, content) {
			t.Errorf("ReadFile(%s): other bytes, or %v", uri, err)
		}
		to := filepath.Join(local, "out", name)
		if err := s.Fetch(ctx, uri, to); err != nil {
			t.Error(err)
		}
		if got, _ := os.ReadFile(to); !bytes.Equal(got, content) {
			t.Errorf("Fetch(%s): other bytes", uri)
		}
		if _, err := os.Stat(to + partial); err == nil {
			t.Errorf("Fetch(%s) leaves %s", uri, to+partial)
		}
		if len(content) > 0 {
			if _, err := s.ReadFile(ctx, uri, int64(len(content))-1); err == nil || !strings.Contains(err.Error(), uri) {
				t.Errorf("ReadFile(%s) with a limit below the size: %v", uri, err)
			}
		}
	}

	// Any part of an object is what it is of the whole, and nothing is read beyond the end.
	a := contents["a.tif"]
	for _, c := range []struct{ off, n int }{{0, 1}, {0, len(a)}, {5, 70_000}, {len(a) - 1, 1}, {len(a), 0}} {
		buf := make([]byte, c.n)
		if err := s.ReadAt(ctx, root+"/a.tif", buf, int64(c.off)); err != nil || !bytes.Equal(buf, a[c.off:c.off+c.n]) {
			t.Errorf("ReadAt(%d bytes at %d): other bytes, or %v", c.n, c.off, err)
		}
	}
	for _, c := range []struct{ off, n int }{{len(a) - 1, 2}, {len(a), 1}, {1 << 40, 1}, {-1, 1}} {
		wantKind(t, s.ReadAt(ctx, root+"/a.tif", make([]byte, c.n), int64(c.off)), KindInvalid)
	}

	// Folders.
	for _, dir := range []string{root, root + "/", root + "/deep", root + "/deep/", root + "/deep/x", root + "/dlbm.gdb"} {
		if o, err := s.Stat(ctx, dir); err != nil || !o.Dir {
			t.Errorf("Stat(%s) = %+v, %v, want a folder", dir, o, err)
		}
	}
	list := func(uri string) (found []string) {
		t.Helper()
		objects, err := s.List(ctx, uri)
		if err != nil {
			t.Error(err)
		}
		for _, o := range objects {
			found = append(found, o.URI)
			if o.Size != int64(len(contents[strings.TrimPrefix(o.URI, root+"/")])) || o.Version != versions[o.URI] {
				t.Errorf("List says %+v of what Stat says has version %s", o, versions[o.URI])
			}
		}
		return found
	}
	under := func(prefix string) (want []string) {
		for _, u := range uris {
			if strings.HasPrefix(u, prefix) {
				want = append(want, u)
			}
		}
		return want
	}
	for _, dir := range []string{root, root + "/deep", root + "/deep/x"} {
		if got, want := list(dir), under(dir+"/"); !slices.Equal(got, want) {
			t.Errorf("List(%s) = %q, want %q", dir, got, want)
		}
		if got, want := list(dir+"/"), under(dir+"/"); !slices.Equal(got, want) {
			t.Errorf("List(%s/) = %q, want %q", dir, got, want)
		}
	}

	for pattern, want := range map[string]string{
		"*.tif":         "a.tif b c+ü%20.tif|big.tif",
		"[ab]*.tif":     "a.tif|b c+ü%20.tif|big.tif",
		"?.tif":         "a.tif",
		"deep/*/?.tif":  "deep/x/1.tif|deep/x/2.tif|deep/y/3.tif",
		"deep/x/*":      "deep/x/1.tif|deep/x/2.tif",
		"*/1.tif":       "",
		"*.gdb":         "dlbm.gdb",
		"de?p":          "deep",
		"a.tif":         "a.tif",
		"none*":         "",
		"absent/*/*":    "",
		`b\ c*`:         "b c+ü%20.tif",
		"dlbm.gdb/*":    "dlbm.gdb/a0001.gdb",
		"[^a-c]mpty":    "empty",
		"deep/[x]/*tif": "deep/x/1.tif|deep/x/2.tif",
	} {
		var full []string
		for _, w := range strings.Split(strings.Replace(want, "a.tif b", "a.tif|b", 1), "|") {
			if w != "" {
				full = append(full, root+"/"+w)
			}
		}
		got, err := s.Glob(ctx, root+"/"+pattern)
		if err != nil || !slices.Equal(got, full) {
			t.Errorf("Glob(%s) = %q, %v, want %q", pattern, got, err, full)
		}
	}
	if _, err := s.Glob(ctx, root+"/[a"); err == nil {
		t.Error("a pattern with an open bracket is taken")
	}

	// What is not there.
	absent := root + "/absent.tif"
	_, err := s.Stat(ctx, absent)
	_, listing := s.List(ctx, root+"/absent")
	_, reading := s.ReadFile(ctx, absent, 10)
	for _, err := range []error{err, listing, reading, s.ReadAt(ctx, absent, make([]byte, 1), 0), s.Fetch(ctx, absent, filepath.Join(local, "no"))} {
		if !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("what is not there: %v", err)
		}
	}
	if _, err := os.Stat(filepath.Join(local, "no")); err == nil {
		t.Error("fetching nothing makes a file")
	}
	if err := s.Remove(ctx, absent); err != nil {
		t.Error(err)
	}
	if err := s.Put(ctx, filepath.Join(local, "absent"), absent); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("putting a file that is not there: %v", err)
	}

	// A replaced object is another one at once for the Store that did it.
	next := noise(100_000, 9)
	if err := s.Put(ctx, write(t, filepath.Join(local, "in"), next), root+"/a.tif"); err != nil {
		t.Fatal(err)
	}
	if o, err := s.Stat(ctx, root+"/a.tif"); err != nil || o.Version == versions[root+"/a.tif"] {
		t.Errorf("replaced: %+v, %v, want another version", o, err)
	}
	if got, err := s.ReadFile(ctx, root+"/a.tif", 1<<20); err != nil || !bytes.Equal(got, next) {
		t.Errorf("replaced: other bytes, or %v", err)
	}
	// For another one it has changed.
	other, _ := tuned(t, s.opts)
	if err := other.Put(ctx, write(t, filepath.Join(local, "in"), noise(100_001, 10)), root+"/a.tif"); err != nil {
		t.Fatal(err)
	}
	wantKind(t, s.ReadAt(ctx, root+"/a.tif", make([]byte, 1), 0), KindChanged)

	ended, cancel := context.WithCancel(ctx)
	cancel()
	if err := s.Fetch(ended, root+"/big.tif", filepath.Join(local, "cancelled")); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(local, "cancelled*")); len(left) != 0 {
		t.Errorf("cancelled, and %v is left", left)
	}

	for _, uri := range uris {
		if err := s.Remove(ctx, uri); err != nil {
			t.Error(err)
		}
		if _, err := s.Stat(ctx, uri); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("removed: %v", err)
		}
	}
}
