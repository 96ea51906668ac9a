package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"tuban/pipeline"
	"tuban/pipeline/runfile"
	"tuban/raster/store"
	"tuban/raster/store/storetest"
)

// TestStorageSameProduct: with all inputs and the product in object storage the product is the same, and nothing is left on disk.
func TestStorageSameProduct(t *testing.T) {
	s := storetest.Start(t)
	through(t, s, s.Endpoint)
	f := randomPair(t, 31, 150, 110)
	want := detect(t, f, pipeline.Options{Tile: 64})
	up := uploaded(t, s, f)
	o := pipeline.Options{Tile: 64, Out: "s3://" + bucket + "/product/2025", Cache: t.TempDir(), Clock: testClock}
	m, err := inStorage(up, o)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(s.Root, bucket, "product", "2025")
	got := readProduct(t, dir)
	if err := contents(want, got); err != nil {
		t.Error(err)
	}
	for _, in := range m.Inputs {
		if !strings.HasPrefix(in.URI, "s3://") {
			t.Errorf("the manifest names the input %s", in.URI)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(o.Cache, "*", "*")); len(left) > 0 {
		t.Errorf("left in the cache: %v", left)
	}
	if code, out, errw := tuban("check", o.Out); code != exitComplete {
		t.Errorf("check: exit code %d\n%s%s", code, out, errw)
	}

	// The same run again has nothing to do; another one is refused; with force it takes the place of the first.
	before, err := os.ReadFile(filepath.Join(dir, pipeline.ManifestName))
	if err != nil {
		t.Fatal(err)
	}
	again := o
	again.Clock = testClock.AddDate(0, 0, 1)
	if _, err := inStorage(up, again); err != nil {
		t.Error(err)
	}
	if after, err := os.ReadFile(filepath.Join(dir, pipeline.ManifestName)); err != nil || string(after) != string(before) {
		t.Errorf("the finished product was touched: %v", err)
	}
	other := *up
	other.Name, other.Outputs = "other", nil
	if _, err := inStorage(&other, o); !errors.Is(err, pipeline.ErrExists) {
		t.Errorf("another product in its place: %v", err)
	}
	o.Force = true
	if _, err := inStorage(&other, o); err != nil {
		t.Error(err)
	}
	if err := contents(want, readProduct(t, dir)); err != nil {
		t.Error(err)
	}
}

// TestStorageErrors: what is wrong with the storage is named, with what to do, by exit code 5 and a bounded number of requests.
func TestStorageErrors(t *testing.T) {
	s := storetest.Start(t)
	dir := s.Bucket(t, bucket)
	im := image{name: "scene", grid: testGrid(0, 0, 1, 40, 30), bands: 4, value: patchy(1)}
	if path := im.write(t, dir); filepath.Base(path) != "scene.tif" {
		t.Fatal(path)
	}
	secure := storetest.NewTLS(t, s.Endpoint)
	text := func(uri, storage string) string {
		return storage + "\nbefore: {scenes: [\"" + uri + "\"], bands: {red: 1}, date: 2024-08-14}\nafter: {scenes: [\"" + uri + "\"], bands: {red: 1}, date: 2025-08-14}\nout: out\n"
	}
	const there = "s3://" + bucket + "/scene.tif"
	for _, c := range []struct {
		name, uri, storage string
		env                map[string]string
		code               int
		says               []string
	}{
		{"a wrong key", there, "", map[string]string{"AWS_ACCESS_KEY_ID": "nobody"}, exitStorage, []string{there, "AWS_ACCESS_KEY_ID"}},
		{"a wrong secret", there, "", map[string]string{"AWS_SECRET_ACCESS_KEY": "wrong"}, exitStorage, []string{there, "AWS_SECRET_ACCESS_KEY"}},
		{"a bucket that is not there", "s3://nothing-here/scene.tif", "", nil, exitStorage, []string{"nothing-here", "bucket"}},
		{"an object that is not there", "s3://" + bucket + "/none.tif", "", nil, exitStorage, []string{"none.tif"}},
		{"a pattern that nothing matches", "s3://" + bucket + "/none*.tif", "", nil, exitInput, []string{"no file matches"}},
		{"nobody listens", there, "storage: {endpoint: \"http://127.0.0.1:1\"}", nil, exitStorage, []string{"127.0.0.1:1"}},
		{"no such host", there, "storage: {endpoint: \"http://storage.invalid:9000\"}", nil, exitStorage, []string{"storage.invalid"}},
		{"a certificate that nobody knows", there, "storage: {endpoint: \"" + secure.URL + "\"}", nil, exitStorage, []string{"certificate", "ca"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			through(t, s, s.Endpoint)
			for k, v := range c.env {
				t.Setenv(k, v)
			}
			run := filepath.Join(folder(t, map[string]string{"run.yaml": text(c.uri, c.storage)}), "run.yaml")
			for _, verb := range []string{"plan", "run"} {
				code, _, errw := tuban(verb, "--isolate=false", run)
				if code != c.code {
					t.Errorf("%s: exit code %d, want %d: %s", verb, code, c.code, errw)
				}
				for _, w := range c.says {
					if !strings.Contains(errw, w) {
						t.Errorf("%s: says nothing of %q: %s", verb, w, errw)
					}
				}
			}
		})
	}
	// With the certificate it is a storage like any other.
	through(t, s, s.Endpoint)
	d, err := storageDrivers(ctx, runfile.Storage{Endpoint: secure.URL, CA: secure.CA})
	if err != nil {
		t.Fatal(err)
	}
	if o, err := d.Storage.Stat(ctx, there); err != nil || o.Size == 0 {
		t.Errorf("with the certificate: %+v, %v", o, err)
	}
}

// TestStorageFaults: what passes leaves no trace in the product; what does not is a gap that says so.
func TestStorageFaults(t *testing.T) {
	s := storetest.Start(t)
	proxy := storetest.NewFaults(t, s.Endpoint)
	through(t, s, proxy.URL)
	size := 700
	if testing.Short() {
		size = 300
	}
	f := countyPair(t, 9, size, size-100)
	want := detect(t, f, pipeline.Options{Tile: 256})
	up := uploaded(t, s, f)
	scene := "/" + bucket + "/after.tif"
	run := func(rules ...storetest.Rule) (*product, *pipeline.Manifest, error) {
		proxy.Set(rules...)
		o := pipeline.Options{Tile: 256, Out: t.TempDir(), Clock: testClock}
		m, err := inStorage(up, o)
		if err != nil {
			return nil, nil, err
		}
		return readProduct(t, o.Out), m, nil
	}
	quiet, _, err := run()
	if err != nil {
		t.Fatal(err)
	}
	if err := contents(want, quiet); err != nil {
		t.Fatal(err)
	}
	usual := len(proxy.Requests())

	for _, c := range []struct {
		name string
		rule storetest.Rule
	}{
		{"busy now and then", storetest.Rule{Path: "/", Every: 3, Fault: storetest.Busy}},
		{"failing at first", storetest.Rule{Path: "/", First: 3, Fault: storetest.Failing}},
		{"bodies cut off", storetest.Rule{Method: "GET", Path: scene, Body: true, Every: 2, Fault: storetest.Truncated}},
		{"connections reset", storetest.Rule{Path: "/", Every: 4, Fault: storetest.Reset}},
		{"reset within bodies", storetest.Rule{Method: "GET", Path: scene, Body: true, Every: 3, Fault: storetest.ResetBody}},
		{"of a wrong length", storetest.Rule{Method: "GET", Path: scene, Body: true, Every: 3, Fault: storetest.ShortLength}},
		{"of another place", storetest.Rule{Method: "GET", Path: scene, Body: true, Every: 3, Fault: storetest.WrongRange}},
		{"slow", storetest.Rule{Method: "GET", Path: scene, Body: true, Fault: storetest.Slow}},
		{"expired credentials once", storetest.Rule{Path: scene, First: 1, Fault: storetest.Expired}},
	} {
		got, m, err := run(c.rule)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if !m.Complete {
			t.Errorf("%s: not complete: %v", c.name, m.Failures)
		}
		if err := contents(want, got); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if n := len(proxy.Requests()); n > 3*usual+20 {
			t.Errorf("%s: %d requests, %d without", c.name, n, usual)
		}
	}

	// What stays wrong with one object, once the run has begun to read it, is a gap of that scene.
	for _, fault := range []storetest.Fault{storetest.Denied, storetest.Truncated, storetest.Replaced} {
		got, m, err := run(storetest.Rule{Method: "GET", Path: scene, Body: true, Every: 1, Fault: fault})
		if err != nil {
			var se *store.Error
			if !errors.As(err, &se) {
				t.Errorf("%s for ever: %v", fault, err)
			}
			continue
		}
		if m.Complete || m.Unobserved["unreadable"] == 0 || len(m.Failures) == 0 {
			t.Errorf("%s for ever: complete %t, unobserved %v", fault, m.Complete, m.Unobserved)
		}
		if n := len(got.rows["changes"]); n > 0 {
			t.Errorf("%s for ever: %d patches", fault, n)
		}
		if n := proxy.Count("", scene); n > 200 {
			t.Errorf("%s for ever: %d requests", fault, n)
		}
	}
}

// TestStorageOutage: when the whole storage is gone the run ends, soon, and what is finished is kept.
func TestStorageOutage(t *testing.T) {
	s := storetest.Start(t)
	proxy := storetest.NewFaults(t, s.Endpoint)
	through(t, s, proxy.URL)
	f := countyPair(t, 9, 1600, 1200) // larger than what is read ahead
	want := detect(t, f, pipeline.Options{Tile: 400})
	up := uploaded(t, s, f)
	o := pipeline.Options{Tile: 400, Workers: 1, Out: t.TempDir(), Clock: testClock}
	d, err := storageDrivers(ctx, up.Storage)
	if err != nil {
		t.Fatal(err)
	}
	proxy.Set()
	var gone atomic.Bool
	w := &watch{each: func(stage string, _ int) {
		if stage == "measure" && !gone.Swap(true) {
			proxy.Set(storetest.Rule{Path: "/", Fault: storetest.Failing})
		}
	}}
	o.Progress = w
	_, err = detectWith(ctx, d, up, o)
	var away interface{ Unavailable() bool }
	if !errors.As(err, &away) || !away.Unavailable() {
		t.Fatalf("the storage is gone: %v", err)
	}
	if n := len(proxy.Requests()); n > 100 {
		t.Errorf("%d requests to a storage that is gone", n)
	}
	if exists(filepath.Join(o.Out, pipeline.ManifestName)) {
		t.Error("there is a manifest")
	}
	proxy.Set()
	o.Progress = nil
	if _, err := inStorage(up, o); err != nil {
		t.Fatal(err)
	}
	if err := contents(want, readProduct(t, o.Out)); err != nil {
		t.Error(err)
	}
}
